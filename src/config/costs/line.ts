/** One line of the estimate. */
import { type PriceKey, priceOf } from "../prices";

/** Something that AWS bills, in a month of 730 hours. */
export interface Line {
  /** Stable: `monthly_estimate` of a deployed lake is compared by it, such as `emr.jobs.vcpu`. */
  readonly key: string;
  readonly service: string;
  readonly item: string;
  /** A month's, in `unit`; unrounded. */
  readonly quantity: number;
  readonly unit: string;
  readonly usdPerUnit: number;
  /** USD a month, unrounded. */
  readonly usd: number;
  /** How the quantity came about, in words and numbers. */
  readonly basis: string;
}

/** A line of what is billed at this price. */
export function line(
  key: string,
  price: PriceKey,
  item: string,
  quantity: number,
  basis: string,
): Line {
  const { service, unit, usd: usdPerUnit } = priceOf(price);
  return { key, service, item, quantity, unit, usdPerUnit, usd: quantity * usdPerUnit, basis };
}

/** Hours of a month, as AWS's own calculator has them: 365 × 24 / 12. */
export const MONTH_HOURS = 730;
/** Days of a month: 730 hours, and 365 / 12 as near as makes no difference. */
export const MONTH_DAYS = 730 / 24;

// Made once: a format costs more than a thousand numbers in it.
const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const THREE_DIGITS = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** A number as it stands in a basis: whole from 100 on, else three digits that count. */
export function amount(value: number): string {
  return (value >= 100 ? WHOLE : THREE_DIGITS).format(value);
}
