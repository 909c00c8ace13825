/** An environment's proof of capacity as text that fits 80 columns. */
import type { Resources } from "../config/capacity";
import type { Headroom, PricedResources, Workers } from "../config/headroom";
import { type Column, formatTable } from "./table";
import { count, plural } from "./terminal";

const COLUMNS: readonly Column[] = [
  { name: "", type: "varchar" },
  ...["asked", "available", "headroom"].map((name) => ({ name, type: "double" })),
  { name: "", type: "double" },
];

const ROWS: readonly (readonly [title: string, key: keyof PricedResources, digits: number])[] = [
  ["vCPU", "vcpu", 0],
  ["memory, GB", "memoryGb", 0],
  ["disk, GB", "diskGb", 0],
  ["USD an hour", "usdPerHour", 2],
];

/** A head line, the table, and a line for what each column is. */
export function formatHeadroom(room: Headroom): string {
  const { asked, available, headroom } = room;
  const rows = ROWS.map(([title, key, digits]) => [
    title,
    ...[asked, available, headroom].map((column) => amount(column[key], digits)),
    share(headroom[key], available[key]),
  ]);
  return [
    `${room.name}: ${room.release}, ${room.architecture}, ${room.region}`,
    formatTable(COLUMNS, rows),
    `driver     ${size(room.driver)}`,
    `executors  up to ${workersWords(room.executors)}`,
    `workers    ${workersWords(room.workers)}`,
    `at once    ${runsWords(room)}`,
    ...warmLines(room),
  ].join("\n");
}

function workersWords({ count: number, worker }: Workers): string {
  return `${count(number)} of ${size(worker)}`;
}

function size({ vcpu, memoryGb, diskGb }: Resources): string {
  return `${vcpu} vCPU, ${memoryGb} GB, ${diskGb} GB disk`;
}

function runsWords({ runsAtOnce, runsThatFit }: Headroom): string {
  const more = runsThatFit > runsAtOnce ? `; ${count(runsThatFit)} would fit` : "";
  return `${plural(runsAtOnce, "run")}${more}`;
}

function warmLines({ preWarmed }: Headroom): string[] {
  if (preWarmed === undefined) return [];
  const kept = `1 driver, ${plural(preWarmed.executors, "executor")}`;
  return [`kept warm  ${kept}: ${amount(preWarmed.usdPerHour, 2)} USD an hour while started`];
}

function amount(value: number, digits: number): string {
  return value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

function share(part: number, whole: number): string {
  return whole === 0 ? "" : `${Math.floor((100 * part) / whole)} %`;
}
