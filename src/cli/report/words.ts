/** Numbers and times as the page writes them. */

/** `1,234.50`: always so many digits. */
export function figure(value: number, digits = 0): string {
  return value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** `$1,234.50`. */
export function usd(value: number): string {
  return `$${figure(value, 2)}`;
}

/** `2026-11-23 23:05 UTC`. */
export function moment(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A share as `73 %`, never more than there is; empty where there is nothing to share. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? "" : `${Math.floor((100 * part) / whole)} %`;
}
