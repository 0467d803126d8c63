import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';
import type { opening_hours as OpeningHours } from 'opening_hours';

/*
 * The library opening_hours reads the OSM syntax. It reckons with the local time of the process, and a process in a zone with
 * daylight saving has hours that do not exist. So it runs in a context of its own, in which local time is UTC: what goes in and
 * comes out is a wall clock written as if it were UTC, wherever the process runs.
 */

/** Opening hours by the clock on the wall, in ms since 1970 as if that clock stood in UTC. */
export interface WallHours {
  /** @param wall a whole minute */
  isOpen(wall: number): boolean;
  /** The first open minute from `wall` on that lies before `end`. */
  nextOpen(wall: number, end: number): number | undefined;
}

/** Why hours are not taken, and what to write instead. */
export interface HoursFault {
  message: string;
  hint: string;
}

/** What the syntax allows and we cannot answer "open or closed?" from. */
const REFUSED: readonly [found: RegExp, message: string, hint: string][] = [
  [
    /\b(PH|SH)\b/,
    'holidays do not belong into the hours',
    'name a list with `holidays:`; other days stand in `days:`',
  ],
  [/sunrise|sunset|dawn|dusk/i, 'the sun is not a clock', 'write the time, e.g. 09:00-18:00'],
  [/"|unknown|\|\|/, 'this leaves open whether somebody is there', 'leave out comments, `unknown` and `||`'],
  [/\+/, 'an open end leaves open whether somebody is there', 'write when it closes, e.g. 18:00-22:00'],
];
/** A day of two years is looked at before hours are taken. */
const PROVEN = 730 * 86_400_000;

/**
 * Reads hours in OSM syntax.
 *
 * @param text e.g. `Mo-Fr 09:00-18:00; Sa 10:00-14:00`
 * @throws the library's own error; {@link hoursFault} says beforehand whether it will
 */
export function readHours(text: string): WallHours {
  const { read, date } = loadLibrary();
  const hours = read(text);
  return {
    isOpen: (wall) => hours.getState(date(wall)),
    nextOpen: (wall, end) => {
      if (wall >= end) return undefined;
      const from = date(wall);
      if (hours.getState(from)) return wall;
      return hours.getNextChange(from, date(end))?.getTime();
    },
  };
}

/**
 * What is wrong with hours as somebody wrote them.
 *
 * @param today ms since 1970 of the day from which on they must be definite
 */
export function hoursFault(text: string, today: number): HoursFault | undefined {
  for (const [found, message, hint] of REFUSED) if (found.test(text)) return { message, hint };
  const { read, date } = loadLibrary();
  try {
    const hours = read(text);
    const [warning] = hours.getStructuredWarnings().filter((w) => w.type !== 'public_holiday');
    if (warning !== undefined)
      return { message: firstSentence(warning.message), hint: `perhaps: ${hours.prettifyValue()}` };
    const unclear = hours
      .getOpenIntervals(date(today), date(today + PROVEN))
      .some(([, , unknown]) => unknown);
    return unclear ? { message: 'open or closed cannot be told', hint: 'write plain times' } : undefined;
  } catch (error) {
    // The library throws strings and errors; either is its explanation to whoever wrote the hours.
    const why = error instanceof Error ? error.message : String(error);
    return { message: firstSentence(why), hint: 'expected e.g. Mo-Fr 09:00-18:00; Sa 10:00-14:00' };
  }
}

function firstSentence(message: string): string {
  return message.split('\n')[0]?.split('. ')[0] ?? message;
}

interface Library {
  read(text: string): OpeningHours;
  date(wall: number): Date;
}

let library: Library | undefined;

/** Read once, when the first team is: most installations begin without one. */
function loadLibrary(): Library {
  library ??= startLibrary();
  return library;
}

/** In the context a date's local fields are its UTC fields, and "now", which the library asks for in warnings only, is 1970. */
const UTC_DATE = `
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...parts) {
      super(parts.length > 1 ? Real.UTC(...parts) : (parts[0] ?? 0));
    }
    getTimezoneOffset() {
      return 0;
    }
  };
  for (const field of ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds']) {
    for (const verb of ['get', 'set']) {
      const method = Real.prototype[verb + 'UTC' + field];
      if (method !== undefined) Date.prototype[verb + field] = method;
    }
  }
`;

function startLibrary(): Library {
  const file = createRequire(import.meta.url).resolve('opening_hours');
  const context = createContext({});
  runInContext(`{${UTC_DATE}}`, context);
  const module = { exports: {} };
  const run = runInContext(
    `(function (exports, module, require) {${readFileSync(file, 'utf8')}\n})`,
    context,
    {
      filename: file,
    },
  ) as (exports: object, module: { exports: object }, require: () => object) => void;
  // Its only dependency reckons with the sun, and hours by the sun are refused.
  run(module.exports, module, () => ({}));
  const Hours = module.exports as typeof OpeningHours;
  const date = runInContext('(ms) => new Date(ms)', context) as (ms: number) => Date;
  return { read: (text) => new Hours(text, null, { ...SETTINGS }), date };
}

/** Every warning the library has, in English. */
const SETTINGS = {
  mode: undefined,
  tag_key: undefined,
  map_value: undefined,
  warnings_severity: 7,
  locale: 'en',
};
