import { describe, expect, it } from 'vitest';
import { cutAtPhones, mapLink, toWire } from '../../src/web/wire.ts';

const LOCAL = ['112', '103', '8 800 350-22-99', '8-800-2000-122'];
const tels = (text: string) =>
  cutAtPhones(text, LOCAL).flatMap((part) => (typeof part === 'string' ? [] : [part.tel]));

describe('phone numbers in our texts', () => {
  it.each<[string, string[]]>([
    ['Call +7 727 246 53 36 now', ['+77272465336']],
    ['+7 (7172) 38-15-85', ['+77172381585']],
    ['+998 71 277-50-50, +992 37 221-21-21', ['+998712775050', '+992372212121']],
    ['+996 312 43-40-76', ['+996312434076']],
    ['112', ['112']],
    ['(103 or 112).', ['103', '112']],
    ['103, 112', ['103', '112']],
    ['8 800 350-22-99 is free', ['88003502299']],
    ['8-800-2000-122', ['88002000122']],
    ['1120 tenge, 112% and 112th, 2112', []],
    ['11.112, 112.5, 10-112-3', []],
    ['2026-11-22 at 10:30', []],
    ['+ 5, +7, ++', []],
    ['', []],
  ])('%s', (text, found) => {
    expect(tels(text)).toEqual(found);
  });

  it('lose no character of the text', () => {
    for (const text of ['a +7 727 246 53 36 b 112 c', '112', '', 'no number', '+77272465336+77272465337']) {
      const whole = cutAtPhones(text, LOCAL).map((part) => (typeof part === 'string' ? part : part.text));
      expect(whole.join('')).toBe(text);
    }
  });
});

describe('a message for the page', () => {
  it('marks labels that are names of languages', () => {
    const choices = [
      { data: 'tg:welcome:lang:tg', label: 'Тоҷикӣ', number: '1' },
      { data: 'tg:menu:top:test', label: 'Test', number: '2' },
    ];
    const wire = toWire({ id: 'a', message: { lang: 'en', text: 'x', choices } });
    expect(wire.choices.map(({ lang }) => lang)).toEqual(['tg', undefined]);
  });
  it('opens a map at the point', () => {
    const link = mapLink({ name: 'a', address: 'b', lat: 43.2, lon: 76.9 });
    expect(link).toBe('https://www.openstreetmap.org/?mlat=43.20000&mlon=76.90000#map=17/43.20000/76.90000');
  });
});
