import { isoDate } from '../clock.ts';

/** What figures are put together by. */
export const PERIOD_KINDS = ['week', 'month', 'quarter'] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** Whole weeks, Monday to Sunday in UTC, under one name. A week belongs to the month and quarter of its Thursday. */
export interface Period {
  /** `2026-W46`, `2026-11`, `2026-Q4`. */
  id: string;
  kind: PeriodKind;
  year: number;
  /** Number of the week, month (1–12) or quarter in its year. */
  n: number;
  /** Its Mondays, `2026-11-09`, in order. */
  weeks: readonly string[];
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const THURSDAY = 3;
const ID = /^(\d{4})-(?:W(\d{2})|(\d{2})|Q([1-4]))$/;

/** The period of a kind that a week lies in. @param monday `2026-11-09` */
export function periodOf(monday: string, kind: PeriodKind): Period {
  const thursday = new Date(Date.parse(monday) + THURSDAY * DAY_MS);
  const year = thursday.getUTCFullYear();
  const month = thursday.getUTCMonth();
  switch (kind) {
    case 'week': {
      const n = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / WEEK_MS);
      return { id: `${year}-W${two(n)}`, kind, year, n, weeks: [monday] };
    }
    case 'month':
      return { id: `${year}-${two(month + 1)}`, kind, year, n: month + 1, weeks: mondays(year, month, 1) };
    case 'quarter': {
      const n = 1 + Math.floor(month / 3);
      return { id: `${year}-Q${n}`, kind, year, n, weeks: mondays(year, (n - 1) * 3, 3) };
    }
  }
}

/** Reads `2026-W46`, `2026-11` or `2026-Q4`. @returns undefined when it is none, or there is no such week */
export function readPeriod(id: string): Period | undefined {
  const found = ID.exec(id);
  if (found === null) return undefined;
  const year = Number(found[1]);
  const [week, month, quarter] = [found[2], found[3], found[4]].map(Number);
  const within = (n: number | undefined, last: number) => n !== undefined && n >= 1 && n <= last;
  const start =
    found[2] !== undefined && within(week, 53)
      ? firstMonday(year, 0) + ((week ?? 1) - 1) * WEEK_MS
      : found[3] !== undefined && within(month, 12)
        ? firstMonday(year, (month ?? 1) - 1)
        : found[4] === undefined
          ? undefined
          : firstMonday(year, ((quarter ?? 1) - 1) * 3);
  if (start === undefined) return undefined;
  const kind = found[2] !== undefined ? 'week' : found[3] !== undefined ? 'month' : 'quarter';
  const period = periodOf(isoDate(start), kind);
  return period.id === id ? period : undefined;
}

/** The period of the same kind just before. */
export function periodBefore({ weeks, kind }: Period): Period {
  return periodOf(isoDate(Date.parse(weeks[0] ?? '') - WEEK_MS), kind);
}

/** The periods that weeks lie in, each once, the newest first. @param weeks Mondays in order */
export function periodsOf(weeks: readonly string[], kind: PeriodKind): Period[] {
  const found = new Map<string, Period>();
  for (const week of weeks) {
    const period = periodOf(week, kind);
    found.set(period.id, period);
  }
  return [...found.values()].reverse();
}

/** The day after the last of a period, `2026-11-16`. */
export function endOf({ weeks }: Period): string {
  return isoDate(Date.parse(weeks.at(-1) ?? '') + WEEK_MS);
}

/** Monday of the week whose Thursday is the first one of a month, in ms. */
function firstMonday(year: number, month: number): number {
  const first = Date.UTC(year, month, 1);
  const weekday = (new Date(first).getUTCDay() + 6) % 7;
  return first + (weekday <= THURSDAY ? -weekday : 7 - weekday) * DAY_MS;
}

function mondays(year: number, month: number, months: number): string[] {
  const end = firstMonday(year, month + months);
  const list: string[] = [];
  for (let at = firstMonday(year, month); at < end; at += WEEK_MS) list.push(isoDate(at));
  return list;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
