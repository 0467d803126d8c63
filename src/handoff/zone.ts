const MINUTE = 60_000;

/** The clock on the wall in one time zone. */
export interface Zone {
  /** What is added to an instant (ms since 1970, UTC) to read the wall clock there as if it were UTC, in ms. */
  offset(ms: number): number;
  /** The first whole minute after `from` with another offset, or `to` when there is none before it. */
  nextShift(from: number, to: number): number;
}

/** A zone by its IANA name, e.g. `Asia/Almaty`; undefined when there is no such zone. */
export function openZone(name: string): Zone | undefined {
  // Abbreviations (`EST`) and fixed offsets (`+05:00`) know no daylight saving: a place is meant.
  if (!/^[A-Z][A-Za-z_]+(\/[A-Z][A-Za-z_+-]+)+$/.test(name)) return undefined;
  const format = formatterOf(name);
  if (format === undefined) return undefined;
  const offset = (ms: number) => readWall(format, ms) - Math.floor(ms / 1000) * 1000;
  return { offset, nextShift: (from, to) => findShift(offset, from, to) };
}

function formatterOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const digits = '2-digit';
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: digits,
      day: digits,
      hour: digits,
      minute: digits,
      second: digits,
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The wall clock as ms since 1970, as if it stood in UTC. */
function readWall(format: Intl.DateTimeFormat, ms: number): number {
  const at = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of format.formatToParts(ms)) {
    if (type in at) at[type as keyof typeof at] = Number(value);
  }
  return Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second);
}

/** At most one shift lies between `from` and `to`: they are a day apart or less. */
function findShift(offset: (ms: number) => number, from: number, to: number): number {
  const before = offset(from);
  if (offset(to) === before) return to;
  let [low, high] = [from, to];
  while (high - low > MINUTE) {
    const middle = Math.floor((low + high) / 2 / MINUTE) * MINUTE;
    if (offset(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}
