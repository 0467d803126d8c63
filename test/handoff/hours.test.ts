import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { DAYS_AHEAD, type Hours, type OtherDay, openingHours } from '../../src/handoff/hours.ts';
import { openZone } from '../../src/handoff/zone.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const home = process.env.TZ;

/** The process now lives in this zone; proven by the offset of a day in July. */
function moveTo(zone: string, minutesWest: number): void {
  process.env.TZ = zone;
  expect(new Date(2026, 6, 1).getTimezoneOffset()).toBe(minutesWest);
}

afterEach(() => {
  if (home === undefined) delete process.env.TZ;
  else process.env.TZ = home;
});

function open(usual: string, zone: string, others: OtherDay[] = []): Hours {
  return openingHours(usual, others, openZone(zone)!);
}

const at = (instant: string) => Date.parse(instant);

/** Minutes from midnight to midnight in which somebody is there, by weekday (0 is Monday). */
type Week = (weekday: number) => [from: number, to: number][];

/** Every stretch in which somebody is there in a zone without shifts: plain arithmetic, nothing of ours. */
function stretches(
  year: number,
  offset: number,
  week: Week,
  others: Record<string, [number, number][]>,
): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += DAY) {
    const spans =
      others[new Date(day).toISOString().slice(0, 10)] ?? week((new Date(day).getUTCDay() + 6) % 7);
    for (const [from, to] of spans)
      found.push({ from: day + from * MINUTE - offset, to: day + to * MINUTE - offset });
  }
  return found;
}

const OFFICE = 'Mo-Fr 09:00-13:00,14:00-18:15; Sa 10:00-14:00';
const office: Week = (weekday) => {
  if (weekday === 6) return [];
  if (weekday === 5) return [[600, 840]];
  return [
    [540, 780],
    [840, 1095],
  ];
};
const OTHER_DAYS: OtherDay[] = [
  ...['2027-01-01', '2027-01-02', '2027-03-08', '2027-03-22', '2027-12-16'].map((day) => ({
    day,
    hours: 'off',
  })),
  // A working Sunday, a short day, and a holiday on which somebody comes in.
  { day: '2027-03-14', hours: '09:00-18:00' },
  { day: '2027-12-31', hours: '09:00-13:00' },
  { day: '2027-03-22', hours: '10:00-12:00, 15:00-16:30' },
];
const otherDays: Record<string, [number, number][]> = {
  '2027-01-01': [],
  '2027-01-02': [],
  '2027-03-08': [],
  '2027-03-22': [
    [600, 720],
    [900, 990],
  ],
  '2027-12-16': [],
  '2027-03-14': [[540, 1080]],
  '2027-12-31': [[540, 780]],
};

describe.each([
  ['UTC', 0],
  ['Asia/Almaty', -300],
  ['America/New_York', 240],
])('a year in Almaty, with the process in %s', (zone, minutesWest) => {
  it('is open and opens exactly as reckoned by hand', () => {
    moveTo(zone, minutesWest);
    const hours = open(OFFICE, 'Asia/Almaty', OTHER_DAYS);
    const expected = stretches(2027, 5 * HOUR, office, otherDays);
    const wrong: string[] = [];
    const expectAt = (ms: number, isOpen: boolean) => {
      if (hours.isOpen(ms) !== isOpen) wrong.push(`${new Date(ms).toISOString()} is not ${isOpen}`);
    };
    expected.forEach(({ from, to }, i) => {
      expectAt(from - MINUTE, false);
      expectAt(from, true);
      expectAt(to - MINUTE, true);
      expectAt(to, false);
      const opens = expected[i + 1]?.from;
      if (opens === undefined) return;
      for (const ms of [to, opens - MINUTE]) {
        const next = hours.next(ms);
        const wall = new Date(opens + 5 * HOUR);
        const days = Math.floor((opens + 5 * HOUR) / DAY) - Math.floor((ms + 5 * HOUR) / DAY);
        const weekday = wall.getUTCDay() === 0 ? 7 : wall.getUTCDay();
        const said = { at: opens, days, weekday, time: wall.toISOString().slice(11, 16) };
        if (JSON.stringify(next) !== JSON.stringify(said))
          wrong.push(`${JSON.stringify(next)} ≠ ${JSON.stringify(said)}`);
      }
    });
    // Between its edges nothing else may happen: every quarter of an hour of the year.
    let i = 0;
    for (let ms = Date.UTC(2027, 0, 1) - 5 * HOUR; ms < Date.UTC(2028, 0, 1) - 5 * HOUR; ms += 15 * MINUTE) {
      while (i < expected.length && expected[i]!.to <= ms) i++;
      expectAt(ms, i < expected.length && expected[i]!.from <= ms);
    }
    expect(expected.length).toBeGreaterThan(550);
    expect(wrong).toEqual([]);
  });
});

describe('daylight saving in Warsaw', () => {
  const NIGHTS: [string, (minute: number) => boolean][] = [
    ['02:30-04:00', (m) => m >= 150 && m < 240],
    ['09:00-02:30', (m) => m >= 540 || m < 150],
    ['22:00-06:00', (m) => m >= 1320 || m < 360],
    ['01:15-02:45', (m) => m >= 75 && m < 165],
    ['00:00-24:00', () => true],
  ];
  // 29 March 2026, 02:00 → 03:00; 25 October 2026, 03:00 → 02:00.
  const offset = (ms: number) =>
    (ms >= at('2026-03-29T01:00Z') && ms < at('2026-10-25T01:00Z') ? 2 : 1) * HOUR;

  it.each(['America/New_York', 'Europe/Warsaw'])(
    'both days, minute by minute, with the process in %s',
    (zone) => {
      moveTo(zone, zone === 'Europe/Warsaw' ? -120 : 240);
      for (const [span, isOpen] of NIGHTS) {
        const hours = open(`Mo-Su ${span}`, 'Europe/Warsaw');
        for (const start of [at('2026-03-28T12:00Z'), at('2026-10-24T12:00Z')]) {
          const minutes = Array.from({ length: 36 * 60 }, (_, i) => start + i * MINUTE);
          const expected = minutes.map((ms) => isOpen(((ms + offset(ms)) % DAY) / MINUTE));
          expect(
            minutes.map((ms) => hours.isOpen(ms)),
            span,
          ).toEqual(expected);
          for (let i = 0; i < minutes.length - 24 * 60; i += 7) {
            const next = expected.indexOf(true, i);
            expect(hours.next(minutes[i]!)?.at, `${span} ${new Date(minutes[i]!).toISOString()}`).toBe(
              minutes[next],
            );
          }
        }
      }
    },
  );

  it('an opening in the hour that is left out is when the clock jumps', () => {
    const hours = open('Mo-Su 02:30-04:00', 'Europe/Warsaw');
    expect(hours.next(at('2026-03-28T23:30Z'))).toEqual({
      at: at('2026-03-29T01:00Z'),
      days: 0,
      weekday: 7,
      time: '03:00',
    });
  });

  it('in the hour that comes twice the clock on the wall decides', () => {
    const hours = open('Mo-Su 02:30-04:00', 'Europe/Warsaw');
    // 02:45 for the first time, 02:15 for the second, 02:45 for the second.
    expect(hours.isOpen(at('2026-10-25T00:45Z'))).toBe(true);
    expect(hours.isOpen(at('2026-10-25T01:15Z'))).toBe(false);
    expect(hours.next(at('2026-10-25T01:15Z'))?.at).toBe(at('2026-10-25T01:30Z'));
    expect(hours.isOpen(at('2026-10-25T01:45Z'))).toBe(true);
  });
});

describe('other days', () => {
  it('a holiday closes from midnight to midnight, also the end of the night before', () => {
    const hours = open('Mo-Su 22:00-02:00', 'Asia/Almaty', [{ day: '2026-12-16', hours: 'off' }]);
    const almaty = (time: string) => hours.isOpen(at(`2026-12-${time}+05:00`));
    expect(almaty('15T23:59')).toBe(true);
    expect(almaty('16T00:00')).toBe(false);
    expect(almaty('16T23:00')).toBe(false);
    expect(almaty('17T22:00')).toBe(true);
  });

  it('an extra day may go past midnight', () => {
    const hours = open('Mo-Fr 09:00-18:00', 'Asia/Almaty', [{ day: '2026-12-19', hours: '20:00-01:00' }]);
    expect(hours.isOpen(at('2026-12-20T00:59+05:00'))).toBe(true);
    expect(hours.isOpen(at('2026-12-20T01:00+05:00'))).toBe(false);
  });

  it('seconds do not matter: what counts is what the clock shows', () => {
    const hours = open('Mo-Fr 09:00-18:00', 'Asia/Almaty');
    expect(hours.isOpen(at('2026-11-23T08:59:59.999+05:00'))).toBe(false);
    expect(hours.next(at('2026-11-23T08:59:59.999+05:00'))?.at).toBe(at('2026-11-23T09:00+05:00'));
    expect(hours.isOpen(at('2026-11-23T17:59:59.999+05:00'))).toBe(true);
  });

  it('nothing for sixty days is said, not searched for ever', () => {
    const hours = open('Mo-Su 09:00-18:00; Dec-Mar off', 'Asia/Almaty');
    expect(hours.next(at('2026-12-01T12:00Z'))).toBeUndefined();
    expect(hours.next(at('2027-03-01T12:00Z'))).toMatchObject({ days: 31, time: '09:00' });
    expect(open('off', 'Asia/Almaty').next(at('2026-12-01T12:00Z'))).toBeUndefined();
  });
});

const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const clock = fc
  .integer({ min: 0, max: 95 })
  .map((q) => `${String(q >> 2).padStart(2, '0')}:${String((q & 3) * 15).padStart(2, '0')}`);
const span = fc
  .tuple(clock, clock)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => `${a}-${b}`);
const rule = fc
  .tuple(fc.subarray(DAYS, { minLength: 1 }), span)
  .map(([days, times]) => `${days.join(',')} ${times}`);
const usual = fc.oneof(
  fc.constant('24/7'),
  fc.array(rule, { minLength: 1, maxLength: 3 }).map((r) => r.join(', ')),
);
const zones = fc.constantFrom(
  'Asia/Almaty',
  'Europe/Warsaw',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
);
const others = fc.array(
  fc.record({
    day: fc
      .integer({ min: 0, max: 60 })
      .map((n) => new Date(at('2026-10-01T00:00Z') + n * DAY).toISOString().slice(0, 10)),
    hours: fc.oneof(fc.constant('off'), span),
  }),
  { maxLength: 4 },
);
const instants = fc.integer({ min: at('2026-10-01T00:00Z'), max: at('2026-11-30T00:00Z') });

describe('any hours, anywhere', () => {
  it('open now or an opening that is the first one, told by the clock of the place', () => {
    moveTo('America/New_York', 240);
    fc.assert(
      fc.property(
        usual,
        zones,
        others,
        fc.array(instants, { minLength: 5, maxLength: 5 }),
        (text, zone, days, nows) => {
          const hours = open(text, zone, days);
          for (const now of nows) {
            const minute = Math.floor(now / MINUTE) * MINUTE;
            const next = hours.next(now);
            expect(hours.isOpen(now)).toBe(next?.at === minute);
            if (next === undefined) continue;
            expect(hours.isOpen(next.at)).toBe(true);
            expect(hours.next(next.at)?.at).toBe(next.at);
            expect(next.at - minute).toBeLessThan(DAYS_AHEAD * DAY);
            if (next.at > minute) {
              expect(hours.isOpen(next.at - MINUTE)).toBe(false);
              const between = minute + Math.floor((next.at - minute) / 3 / MINUTE) * MINUTE;
              expect(hours.isOpen(between)).toBe(false);
              expect(hours.next(between)?.at).toBe(next.at);
            }
            const said = new Intl.DateTimeFormat('en-GB', {
              timeZone: zone,
              weekday: 'short',
              hour: '2-digit',
              minute: '2-digit',
            });
            expect(`${DAYS[next.weekday - 1]} ${next.time}`).toBe(
              said.format(next.at).replace(/^(..)./, '$1'),
            );
            const date = (ms: number) =>
              Date.parse(new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(ms));
            expect(next.days).toBe((date(next.at) - date(now)) / DAY);
          }
        },
      ),
      { numRuns: 120 },
    );
  });
});
