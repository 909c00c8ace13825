/** How the page looks: one column on a phone, two where there is room; plain on paper. */
import { COLOR_STYLE, PICTURE_STYLE } from "./colors";

export const PAGE_STYLE = `${COLOR_STYLE}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:1080px;margin:0 auto;padding:0 20px}
header{padding-top:40px}
.eyebrow{margin:0;color:var(--accent);font-size:13px;font-weight:600;letter-spacing:.06em;text-transform:uppercase}
h1{margin:2px 0 4px;font-size:34px;line-height:1.2;letter-spacing:-.02em}
h1 span{color:var(--muted);font-weight:400}
h2{margin:0 0 4px;font-size:20px;letter-spacing:-.01em}
p{margin:0}
.lead{color:var(--muted);margin-bottom:16px}
small,.note{color:var(--muted);font-size:13px;line-height:1.4}
small{display:block}
.note{margin-top:12px}
section{background:var(--card);border:1px solid var(--rule);border-radius:14px;padding:24px;margin:20px 0}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:16px;margin:8px 0 20px}
.tile{display:flex;flex-direction:column;background:var(--card);border:1px solid var(--rule);border-radius:14px;padding:16px 18px;color:inherit;text-decoration:none}
.tile:hover,.tile:focus-visible{border-color:var(--accent)}
.tile .label{color:var(--muted);font-size:13px}
.tile .value{font-size:26px;font-weight:650;line-height:1.25;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.tile .note{margin:0}
.good{color:var(--good)}.bad{color:var(--bad)}.running{color:var(--accent)}
figure{margin:0}
figure .picture{display:block;width:100%;height:auto;margin:0 auto}
figure .wide{max-width:960px}
figure .narrow{display:none}
details{margin-top:16px}
summary{cursor:pointer;color:var(--accent);font-size:14px}
.words{columns:2;column-gap:32px;padding:0;margin:12px 0 0;list-style:none;font-size:14px}
.words li{break-inside:avoid;margin-bottom:12px}
.words small{display:inline}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:20px}
.pair section{margin:0}
dl{margin:0}dd{margin:0}
.meter{display:block;height:10px;border-radius:5px;background:var(--ground);border:1px solid var(--rule);overflow:hidden}
.meter span{display:block;height:100%;background:var(--accent)}
.bar{margin-bottom:14px}
.bar dt{display:flex;justify-content:space-between;font-weight:600;font-size:14px;margin-bottom:4px}
.bar dt span{color:var(--muted);font-weight:400;font-size:13px}
.amounts{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 12px;font-size:13px;color:var(--muted);margin-top:4px}
.amounts b{color:var(--ink)}
.facts{border-top:1px solid var(--rule);margin-top:18px;font-size:14px}
.facts div{display:grid;grid-template-columns:minmax(96px,2fr) 5fr;gap:12px;padding:8px 0;border-bottom:1px solid var(--rule)}
.facts div:last-child{border-bottom:0;padding-bottom:0}
.facts dt{color:var(--muted)}
.controls{list-style:none;margin:0;padding:0;font-size:14px;columns:2;column-gap:32px}
.controls li{break-inside:avoid}
#security .facts{columns:2;column-gap:32px;padding-top:4px}
#security .facts div{break-inside:avoid;border:0;padding:6px 0}
.controls li{display:flex;gap:10px;padding:5px 0}
.sign{flex:none;width:1.2em;text-align:center;font-weight:700;color:var(--good)}
.some .sign,.none .sign{color:var(--watch)}
.total{font-size:22px;color:var(--ink);letter-spacing:-.02em}
.services{border-top:1px solid var(--rule);font-size:14px}
.service{margin:0;border-bottom:1px solid var(--rule)}
.service summary{display:grid;grid-template-columns:minmax(0,5fr) 4fr 72px;gap:12px;align-items:center;padding:7px 0;color:var(--ink);list-style:none}
.service summary::-webkit-details-marker{display:none}
.service .name::before{content:"▸";display:inline-block;width:1.1em;color:var(--accent)}
.service[open] .name::before{content:"▾"}
.service[open] summary{font-weight:650}
.service .meter{height:8px}
table{width:100%;border-collapse:collapse;margin-bottom:8px;font-size:13px}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;vertical-align:top;padding:5px 0;font-weight:400}
th{padding-left:15px}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.number{padding-left:16px}
.life{display:grid;grid-template-columns:minmax(150px,1.6fr) repeat(var(--columns),minmax(0,1fr));gap:3px;align-items:stretch;padding:5px 0}
.axis{color:var(--muted);font-size:13px;border-bottom:1px solid var(--rule);font-variant-numeric:tabular-nums}
.zone{padding-right:12px;line-height:1.3;font-size:14px}
.stage{border-radius:6px;padding:5px 10px;font-size:13px;font-weight:600;line-height:1.3;border:1px solid var(--storage);background:var(--ground);color:var(--ink);min-width:0}
.stage small{font-weight:400;font-size:12px}
.s1{border-color:var(--accent);border-style:dashed}.s2{border-color:var(--guard);border-style:dotted;border-width:2px}
.open{border-right-width:0;border-top-right-radius:0;border-bottom-right-radius:0}
.end{border:0;background:none;color:var(--bad);align-self:center}
.runs{list-style:none;margin:0;padding:0;font-size:14px}
.runs li{display:grid;grid-template-columns:120px 2fr 2fr 1.2fr;gap:4px 16px;padding:11px 0;border-top:1px solid var(--rule)}
.state{font-weight:650;color:inherit}
.runs li>span:not(.state){color:var(--ink)}
.runs .wrote{text-align:right;font-variant-numeric:tabular-nums}
.runs .failure{grid-column:2/-1;border-left:3px solid var(--bad);padding-left:10px}
footer{color:var(--muted);font-size:13px;padding-bottom:40px}
code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.95em}
${PICTURE_STYLE}
figure .picture .ground{fill:none}
@media (max-width:760px){
header,main,footer{padding-left:14px;padding-right:14px}
header{padding-top:24px}
h1{font-size:28px}
section{padding:18px 16px;border-radius:12px}
.tiles{grid-template-columns:1fr 1fr;gap:10px}
.tile{padding:12px 14px}.tile .value{font-size:21px}
figure .wide{display:none}figure .narrow{display:block}
figure{margin:0 -10px}
.pair{grid-template-columns:minmax(0,1fr)}
.words,.controls,#security .facts{columns:1}
.life{display:block;padding:10px 0;border-top:1px solid var(--rule)}
.axis{display:none}
.zone{margin-bottom:5px}
.stage{margin-bottom:3px}
.stage small{display:inline;margin-left:8px}
.open{border-right-width:1px;border-radius:6px}
.runs li{grid-template-columns:1fr auto}
.runs .what{grid-column:1}.runs .state{grid-column:1/-1}
.runs .when{grid-column:1}.runs .wrote{grid-column:2;grid-row:2}
.runs .failure{grid-column:1/-1}
}
@media print{
body{background:none}section,.tile{break-inside:avoid;border-color:var(--rule)}
#cost,#architecture,#security{break-inside:auto}.pair{display:block}.pair section{margin:20px 0}
details::details-content{content-visibility:visible;block-size:auto}summary{color:inherit}
}`;
