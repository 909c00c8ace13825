/** The colours of page and picture, for light and dark: text has a contrast of 4.5 or more on them. */

const LIGHT = {
  ground: "#f6f8fb",
  card: "#ffffff",
  ink: "#16202e",
  muted: "#536071",
  rule: "#d5dce6",
  accent: "#1f5fbf",
  storage: "#2c7a3f",
  events: "#a8327a",
  compute: "#b3560f",
  catalog: "#5a48c0",
  watch: "#9a6700",
  guard: "#4a5a6e",
  good: "#1d7039",
  bad: "#b3261e",
  data: "#44618f",
  call: "#8593a6",
};

const DARK: typeof LIGHT = {
  ground: "#0f1621",
  card: "#182231",
  ink: "#e8edf4",
  muted: "#a3b0c2",
  rule: "#2d3a4d",
  accent: "#7db2ff",
  storage: "#6fce87",
  events: "#f08bc6",
  compute: "#f5a563",
  catalog: "#b0a2ff",
  watch: "#e6b84a",
  guard: "#a9b8cb",
  good: "#6fce87",
  bad: "#ff9389",
  data: "#86a8dc",
  call: "#66758b",
};

const variables = (colors: typeof LIGHT) =>
  Object.entries(colors)
    .map(([name, value]) => `--${name}:${value}`)
    .join(";");

/** Custom properties, by the reader's scheme; print is light. */
export const COLOR_STYLE = `:root{color-scheme:light dark;${variables(LIGHT)}}
@media screen and (prefers-color-scheme:dark){:root{${variables(DARK)}}}`;

/** How the picture's elements look. */
export const PICTURE_STYLE = `.picture{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.picture .ground{fill:var(--ground)}
.picture .card{fill:var(--card);stroke:var(--tone);stroke-width:1.25}
.picture .icon{fill:none;stroke:var(--tone);stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.picture .name{fill:var(--ink);font-size:13.5px;font-weight:600}
.picture .line{fill:var(--muted);font-size:11.5px}
.picture .arrow{fill:none;stroke-width:1.6;stroke:var(--data)}
.picture .arrow.call{stroke:var(--call);stroke-dasharray:1.5 4;stroke-linecap:round;stroke-width:2}
.picture .arrow.failure{stroke:var(--bad);stroke-dasharray:6 4}
.picture .head{fill:var(--data)}
.picture .head.call{fill:var(--call)}
.picture .head.failure{fill:var(--bad)}
.picture .frame rect{fill:none;stroke:var(--guard);stroke-width:1.25;stroke-dasharray:5 4}
${["storage", "events", "compute", "catalog", "watch", "guard"].map((tone) => `.picture .${tone}{--tone:var(--${tone})}`).join("\n")}`;
