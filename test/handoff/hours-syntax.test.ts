import { describe, expect, it } from 'vitest';
import { hoursFault } from '../../src/handoff/opening-hours.ts';
import { openZone } from '../../src/handoff/zone.ts';

const HOUR = 3_600_000;
const TODAY = Date.parse('2026-11-22T00:00:00Z');
const at = (instant: string) => Date.parse(instant);

describe('hours that are not taken', () => {
  it.each([
    ['Mo-Fr 9-18', /minutes/, /Mo-Fr 09:00-18:00/],
    ['Mon-Fri 09:00-18:00', /Mo/, /Mo-Fr 09:00-18:00/],
    ['пн 09:00-18:00', /Mo/, /Mo 09:00-18:00/],
    ['Mo-Fr 09:00-18:00; PH off', /holidays/, /days:/],
    ['Mo-Fr sunrise-18:00', /sun/, /09:00/],
    ['Mo-Fr 09:00+', /open end/, /18:00/],
    ['Mo-Fr 09:00-18:00 "call first"', /whether somebody is there/, /leave out/],
    ['Mo-Fr 10:00-12:00 || 14:00-15:00', /whether somebody is there/, /leave out/],
    ['Mo-Fr 09:00', /hyphen/, /Mo-Fr/],
    ['whenever', /./, /Mo-Fr/],
    // The Saturday would cut off the night from Friday.
    ['Mo-Fr 22:00-02:00; Sa 10:00-12:00', /overwrites/, /22:00-02:00/],
  ])('%s', (text, message, hint) => {
    const fault = hoursFault(text, TODAY);
    expect(fault?.message).toMatch(message);
    expect(fault?.hint).toMatch(hint);
  });

  it.each([
    '24/7',
    'Mo-Fr 09:00-13:00,14:00-18:15; Sa 10:00-14:00',
    'Mo-Fr 22:00-02:00, Sa 10:00-12:00',
    'Jun-Aug Mo-Fr 10:00-16:00',
    'off',
    'week 01-53/2 Mo 10:00-12:00',
  ])('%s is taken', (text) => expect(hoursFault(text, TODAY)).toBeUndefined());
});

describe('time zones', () => {
  it.each(['', 'Almaty', 'Asia/Atlantis', '+05:00', 'EST', 'UTC+5', 'asia/almaty'])(
    '"%s" is none',
    (name) => {
      expect(openZone(name)).toBeUndefined();
    },
  );

  it('Almaty is five hours ahead since March 2024', () => {
    const zone = openZone('Asia/Almaty')!;
    expect(zone.offset(at('2024-02-01T00:00Z'))).toBe(6 * HOUR);
    expect(zone.offset(at('2026-11-22T00:00:30.5Z'))).toBe(5 * HOUR);
    expect(zone.nextShift(at('2024-02-29T12:00Z'), at('2024-03-01T12:00Z'))).toBe(at('2024-02-29T18:00Z'));
  });
});
