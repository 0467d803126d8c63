import { readHours, type WallHours } from './opening-hours.ts';
import type { Desk } from './types.ts';
import type { Zone } from './zone.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** How far ahead an opening is looked for. */
export const DAYS_AHEAD = 60;

/** A day on which a team keeps other hours than usual. */
export interface OtherDay {
  /** `2026-03-08` */
  day: string;
  /** `10:00-14:00`, several with commas, or `off`. */
  hours: string;
}

/** When a team is on duty. Instants are ms since 1970 (UTC); the clock is the one on its wall. */
export interface Hours {
  isOpen(now: number): boolean;
  /** The next opening; its `at` is `now` itself (to the minute) while it is open, undefined when there is none in {@link DAYS_AHEAD} days. */
  next(now: number): Opening | undefined;
}

/** An opening as an instant and as people say it, see {@link Desk}. */
export type Opening = { at: number } & Required<Desk>['opens'];

/**
 * Opening hours in a place.
 *
 * @param usual OSM syntax, checked
 * @param others wins over `usual` from midnight to midnight; the later one of a day wins
 */
export function openingHours(usual: string, others: readonly OtherDay[], zone: Zone): Hours {
  const rules = others.map(({ day, hours }) => `${spell(day)} ${hours}`);
  const wall = readHours([usual, ...rules].join('; '));
  return {
    isOpen: (now) => {
      const minute = floor(now);
      return wall.isOpen(minute + zone.offset(minute));
    },
    next: (now) => {
      const at = nextOpening(wall, zone, floor(now));
      return at === undefined ? undefined : { at, ...say(at + zone.offset(at), now + zone.offset(now)) };
    },
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-03-08` → `2026 Mar 08` */
function spell(day: string): string {
  const [year, month, date] = day.split('-');
  return `${year} ${MONTHS[Number(month) - 1]} ${date}`;
}

function floor(ms: number): number {
  return Math.floor(ms / MINUTE) * MINUTE;
}

/** Looks through stretches without a change of the clock: only in one of these does the wall clock run like time itself. */
function nextOpening(wall: WallHours, zone: Zone, now: number): number | undefined {
  const end = now + DAYS_AHEAD * DAY;
  let from = now;
  while (from < end) {
    const to = zone.nextShift(from, Math.min(from + DAY, end));
    const offset = zone.offset(from);
    const found = wall.nextOpen(from + offset, to + offset);
    if (found !== undefined) return found - offset;
    from = to;
  }
  return undefined;
}

/** Wall clocks of an opening and of now → how people say when it is. */
function say(at: number, now: number): Required<Desk>['opens'] {
  const day = Math.floor(at / DAY);
  // 1 January 1970 was a Thursday.
  const weekday = (((day + 3) % 7) + 1) as Required<Desk>['opens']['weekday'];
  return { days: day - Math.floor(now / DAY), weekday, time: new Date(at).toISOString().slice(11, 16) };
}
