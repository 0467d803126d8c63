import { MINUTE_MS } from './agenda.ts';
import type { Chance } from './chance.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const DAY_MS = DAY_HOURS * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const HOUR_MINUTES = 60;
const DAY_MINUTES = DAY_HOURS * HOUR_MINUTES;
/** People write on the half hour: many of them share a commit then, and no figure is finer than an hour. */
const SLOT_MINUTES = 30;
/** Late (UTC) they hurry: who goes on after midnight counts as another visit. */
const LATE_MINUTES = 3 * HOUR_MINUTES;
const LATE_SLOT_MINUTES = 10;

/** How many come by month (from January): in the cold fewer work abroad, and many have gone home. */
const MONTHS = [0.86, 0.9, 1.02, 1.08, 1.1, 1.06, 0.98, 0.95, 1.06, 1.1, 1.04, 0.92];
/** By hour of the clock on the wall, Monday to Friday: the break, and the evening after work … */
const WORKDAY = [
  ...[3, 2, 1.2, 0.8, 0.7, 1, 2, 3.5, 4, 4, 4.2, 4.5],
  ...[6.5, 5.5, 4.2, 4.2, 4.5, 5.5, 7, 9, 10.5, 10.5, 8.5, 5.5],
];
/** … and Saturday and Sunday. */
const DAY_OFF = [
  ...[4, 3, 2, 1.2, 0.8, 0.8, 1.2, 2.2, 4, 6, 7, 7.5],
  ...[7.5, 7, 7, 7, 7, 7, 7.5, 8.5, 9, 9, 8, 6],
];
/** How much of the last week's crowd the first week has. */
const AT_FIRST = 0.5;
const NEW_YEAR = 0.55;
const SPRING_FEAST = 0.75;
const CAMPAIGN = 1.9;
/** Comes once more after this visit. */
const AGAIN = 0.06;

/** A stretch of whole weeks, the last one perhaps not over. */
export interface Span {
  /** A Monday (UTC), ms since 1970. */
  start: number;
  /** ms since 1970 */
  end: number;
  /** What is added to UTC for the clocks of the country, in ms. */
  offset: (now: number) => number;
}

/** Somebody comes. */
export interface Visit {
  /** Since 1970. */
  minute: number;
  /** From 0 on. */
  person: number;
  /** Times they came before. */
  before: number;
}

/** When somebody who does something at a minute does the next thing. */
export function nextSlot(minute: number): number {
  const left = DAY_MINUTES - (minute % DAY_MINUTES);
  const slot = left <= LATE_MINUTES ? LATE_SLOT_MINUTES : SLOT_MINUTES;
  return minute - (minute % slot) + slot;
}

/** So many weeks, the current one the last. @param now ms since 1970 */
export function spanOf(weeks: number, now: number, offset: Span['offset']): Span {
  // 1970-01-01 was a Thursday.
  const monday = Math.floor((now - 4 * DAY_MS) / WEEK_MS) * WEEK_MS + 4 * DAY_MS;
  return { start: monday - (weeks - 1) * WEEK_MS, end: now, offset };
}

/**
 * Who comes when: more with every month, by the season, by the hour, fewer on holidays, many more in the week of 1
 * December; some of them again.
 *
 * @returns in the order of time
 */
export function planVisits(span: Span, people: number, chance: Chance): Visit[] {
  const hours = hoursOf(span);
  const visits: Visit[] = [];
  for (let person = 0; person < people; person += 1) {
    let hour: number | undefined = hours.draw(chance);
    for (let before = 0; hour !== undefined; before += 1) {
      if (hour * HOUR_MS >= span.end) break;
      const slot = chance.below(HOUR_MINUTES / SLOT_MINUTES) * SLOT_MINUTES;
      const late = hour * HOUR_MS + slot * MINUTE_MS >= span.end;
      const minute = hour * HOUR_MINUTES + (late ? 0 : slot);
      visits.push({ minute, person, before });
      hour = chance.happens(AGAIN) ? hours.later(hour, chance) : undefined;
    }
  }
  return visits.sort((a, b) => a.minute - b.minute);
}

/** Whether a campaign runs: the week of World AIDS Day. @param at ms since 1970 */
export function isCampaign(at: number): boolean {
  const monday = spanOf(1, at, () => 0).start;
  return daysOf(monday).some((day) => day.endsWith('-12-01'));
}

/** How far the span has gone, 0 to 1. */
export function progressOf({ start, end }: Span, at: number): number {
  return Math.min(1, Math.max(0, (at - start) / (end - start)));
}

/** The hours of a span (since 1970), each with its share of the people. */
function hoursOf(span: Span) {
  const first = Math.floor(span.start / HOUR_MS);
  const upTo: number[] = [];
  let sum = 0;
  for (let day = span.start; day < span.end; day += DAY_MS) {
    const weight = (AT_FIRST + (1 - AT_FIRST) * progressOf(span, day)) * seasonOf(day);
    for (const hour of hoursOfDay(span, day)) {
      if (hour.at >= span.end) break;
      sum += hour.weight * weight;
      upTo.push(sum);
    }
  }
  return {
    draw(chance: Chance): number {
      const wanted = chance.next() * sum;
      let [low, high] = [0, upTo.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((upTo[middle] ?? 0) > wanted) high = middle;
        else low = middle + 1;
      }
      return first + low;
    },
    /** Some days later, at an hour as people have them. */
    later(hour: number, chance: Chance): number {
      const day = Math.floor(hour / DAY_HOURS) + 1 + Math.floor(chance.around(5, 0.9));
      const at = chance.weighted(hoursOfDay(span, day * DAY_MS), ({ weight }) => weight)?.at;
      return Math.floor((at ?? day * DAY_MS) / HOUR_MS);
    },
  };
}

/** The hours of a day (UTC), ms since 1970, by how many people write in them. */
function hoursOfDay({ offset }: Span, day: number): { at: number; weight: number }[] {
  // Clocks that change on this day are an hour off for the rest of it.
  const wall = day + offset(day);
  return Array.from({ length: DAY_HOURS }, (_, i) => {
    const clock = new Date(wall + i * HOUR_MS);
    const table = clock.getUTCDay() % 6 === 0 ? DAY_OFF : WORKDAY;
    return { at: day + i * HOUR_MS, weight: table[clock.getUTCHours()] ?? 0 };
  });
}

/** @param day its midnight (UTC), ms since 1970 */
function seasonOf(day: number): number {
  const [, month = 0, date = 0] = new Date(day).toISOString().slice(0, 10).split('-').map(Number);
  const usual = MONTHS[month - 1] ?? 1;
  if ((month === 12 && date >= 29) || (month === 1 && date <= 8)) return usual * NEW_YEAR;
  if (month === 3 && date >= 20 && date <= 24) return usual * SPRING_FEAST;
  return isCampaign(day) ? usual * CAMPAIGN : usual;
}

/** `2026-11-23` and the six days after. */
function daysOf(monday: number): string[] {
  return Array.from({ length: 7 }, (_, i) => new Date(monday + i * DAY_MS).toISOString().slice(0, 10));
}
