/** One JSON object a line, as the log group's readers expect it. */
export function log(level: "info" | "error", message: string, fields: object): void {
  console[level](JSON.stringify({ level, message, ...fields }));
}
