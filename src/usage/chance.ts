import type { Shown } from './sheet.ts';

/** Variance of the noise in every released counter: two-sided geometric, ε = 1. */
const NOISE = (2 * Math.E) / (Math.E - 1) ** 2;
/** Variance of rounding to 5. */
const ROUNDING = 25 / 12;

/** A number with what is needed to tell a change of it from chance. */
export interface Amount {
  shown: Shown;
  /** Weeks it is the sum of. */
  weeks: number;
  /** Counters a week that it is the sum of. */
  cells: number;
}

/** How a number stands to the one before, per week, because months and quarters differ in length. */
export interface Change {
  direction: 'up' | 'down' | 'same';
  /** Whole per cent of the number before; not negative. */
  percent: number;
  /** Difference in standard deviations of what chance alone does. */
  strength: number;
}

/**
 * Compares two numbers. A difference that the noise of the release and the chance in whom a week brings could make
 * is none.
 *
 * @param sure how many standard deviations a difference must have; more where many numbers are compared
 * @returns undefined when a part of either is hidden
 */
export function compare(now: Amount, before: Amount, sure: number): Change | undefined {
  if (!isWhole(now.shown) || !isWhole(before.shown)) return undefined;
  const [a, b] = [now.shown.n / now.weeks, before.shown.n / before.weeks];
  const strength = Math.abs(a - b) / Math.sqrt(spread(now) + spread(before));
  const direction = strength < sure ? 'same' : a > b ? 'up' : 'down';
  return { direction, percent: Math.round((Math.abs(a - b) / b) * 100), strength };
}

/** Compares two shares, `part ÷ whole` each, likewise. @param cells counters in the part */
export function compareShares(
  now: { part: number; whole: number },
  before: { part: number; whole: number },
  cells: number,
): number {
  const [a, b] = [now.part / now.whole, before.part / before.whole];
  const spreadOf = (share: number, whole: number) => {
    const p = Math.min(Math.max(share, 0), 1);
    return (p * (1 - p)) / whole + ((NOISE + ROUNDING) * (cells + p * p)) / whole ** 2;
  };
  return (a - b) / Math.sqrt(spreadOf(a, now.whole) + spreadOf(b, before.whole));
}

/** Whether a number is shown in every week. */
export function isWhole({ n, hidden }: Shown): boolean {
  return n > 0 && hidden === 0;
}

/** Variance of the mean of a week. */
function spread({ shown, weeks, cells }: Amount): number {
  return (shown.n + weeks * (cells * NOISE + ROUNDING)) / weeks ** 2;
}
