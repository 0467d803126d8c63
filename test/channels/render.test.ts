import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Capabilities } from '../../src/channels/channel.ts';
import { limitProblems, render, shorten, splitText } from '../../src/channels/render.ts';
import { TELEGRAM_CAPABILITIES } from '../../src/channels/telegram-send.ts';
import { TERMINAL_CAPABILITIES } from '../../src/channels/terminal.ts';
import type { Choice, OutboundMessage } from '../../src/message.ts';

const caps: Capabilities = { ...TELEGRAM_CAPABILITIES, textLimit: 200, maxButtons: 6, labelLimit: 20 };
const numbered: Capabilities = { ...TERMINAL_CAPABILITIES, textLimit: 200 };

function choices(...labels: string[]): Choice[] {
  return labels.map((label, i) => ({ data: `en:menu:menu:c${i}`, label, number: String(i + 1) }));
}
const back: Choice = { data: 'en:menu:menu:back', label: 'Back', number: '0' };
const menu: Choice = { data: 'en:menu:menu:menu', label: 'Menu', number: '0' };
const place = { name: 'AIDS centre', address: '2 Basenov St', lat: 43.2567, lon: 76.9286 };

function message(part: Partial<OutboundMessage>): OutboundMessage {
  return { lang: 'en', text: 'What do you need?', choices: [], ...part };
}
const labels = (rows: { label: string }[][]): string[][] => rows.map((row) => row.map((b) => b.label));

describe('buttons', () => {
  test('two short ones share a row, a long one has its own, back and menu are last', () => {
    const [part, ...more] = render(
      message({ choices: [back, ...choices('One', 'Two', 'Quite a long label', 'Three'), menu] }),
      caps,
    );
    expect(more).toEqual([]);
    expect(part?.text).toBe('What do you need?');
    expect(labels(part?.buttons ?? [])).toEqual([
      ['One', 'Two'],
      ['Quite a long label'],
      ['Three'],
      ['Back', 'Menu'],
    ]);
    expect(part?.buttons[0]?.[0]).toEqual({ label: 'One', data: 'en:menu:menu:c0' });
  });

  test('a label too long is shortened on the button and written out as a numbered line', () => {
    const [part] = render(message({ choices: choices('Short', 'Where can I be tested for free?') }), caps);
    expect(labels(part?.buttons ?? [])).toEqual([['Short'], ['Where can I be test…']]);
    expect(part?.text).toBe('What do you need?\n\n2  Where can I be tested for free?');
  });

  test('surplus choices become numbered lines; back keeps its button', () => {
    const [part] = render(message({ choices: [...choices('a', 'b', 'c', 'd', 'e', 'f', 'g'), back] }), caps);
    expect(labels(part?.buttons ?? [])).toEqual([['a', 'b'], ['c', 'd'], ['e'], ['Back']]);
    expect(part?.text).toBe('What do you need?\n\n6  f\n7  g');
  });

  test('data that no button can carry becomes a numbered line, not a refused message', () => {
    const long = { data: 'x'.repeat(65), label: 'Other', number: '2' };
    const [part] = render(message({ choices: [...choices('One'), long] }), caps);
    expect(labels(part?.buttons ?? [])).toEqual([['One']]);
    expect(part?.text).toContain('2  Other');
  });

  test('a blank label shows its number', () => {
    expect(render(message({ choices: choices(' ') }), caps)[0]?.buttons).toEqual([
      [{ label: '1', data: 'en:menu:menu:c0' }],
    ]);
  });
});

describe('numbered lines', () => {
  test('text, source, then every choice as "1  Label"', () => {
    const [part] = render(
      message({ note: 'Source: X, 2025', choices: [...choices('One', 'Two'), back] }),
      numbered,
    );
    expect(part).toEqual({
      text: 'What do you need?\n\nSource: X, 2025\n\n1  One\n2  Two\n0  Back',
      buttons: [],
    });
  });

  test('a point becomes name, address and coordinates, never a link', () => {
    const [part] = render(message({ place, ask: 'location' }), numbered);
    expect(part).toEqual({
      text: 'What do you need?\n\nAIDS centre, 2 Basenov St\n43.25670, 76.92860',
      buttons: [],
    });
    expect(part?.text).not.toMatch(/https?:|geo:/);
  });
});

describe('what a channel has natively', () => {
  test('a point and the location button go with the last part', () => {
    const parts = render(
      message({ text: 'x'.repeat(250), place, ask: 'location', choices: choices('One') }),
      caps,
    );
    expect(parts.map((p) => p.place)).toEqual([undefined, place]);
    expect(parts.map((p) => p.askLocation)).toEqual([undefined, true]);
    expect(parts.map((p) => p.buttons.length)).toEqual([0, 1]);
  });

  test('a point without text stays one part', () => {
    expect(render(message({ text: '', place }), caps)).toEqual([{ text: '', buttons: [], place }]);
  });
});

describe('long text', () => {
  test('is cut after a paragraph, else a line, a sentence, a word', () => {
    expect(splitText(`${'a'.repeat(60)}\n\n${'b'.repeat(60)}`, 100)).toEqual([
      `${'a'.repeat(60)}\n\n`,
      'b'.repeat(60),
    ]);
    expect(splitText(`${'a'.repeat(60)}\n${'b'.repeat(60)}`, 100)).toEqual([
      `${'a'.repeat(60)}\n`,
      'b'.repeat(60),
    ]);
    expect(splitText(`First one. ${'b '.repeat(20)}End. ${'c '.repeat(40)}`, 80)[0]).toMatch(/End\. $/);
    expect(splitText(`${'word '.repeat(30)}`, 52)[0]).toBe('word '.repeat(10));
  });

  test('does not cut a phone number at its spaces', () => {
    const text = `${'слово '.repeat(14)}+7 727 246 53 36`;
    expect(splitText(text, 95)).toEqual(['слово '.repeat(14), '+7 727 246 53 36']);
  });

  test('loses no character and keeps every part within the limit', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.integer({ min: 20, max: 120 }),
        (text, limit) => {
          const parts = splitText(text, limit);
          expect(parts.every((part) => part.length <= limit)).toBe(true);
          const black = (s: string): string => s.replace(/\s/g, '');
          expect(black(parts.join(''))).toBe(black(text));
          if (!/\s{8}/.test(text) && text.trim() !== '') expect(parts.join('').trim()).toBe(text.trim());
          expect(parts.every(isWhole)).toBe(isWhole(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('keeps a family of emoji together, and survives one cluster longer than a message', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(splitText(family.repeat(20), 50).every((p) => p.length % family.length === 0)).toBe(true);
    const tower = `a${'\u0301'.repeat(300)}😀`;
    const parts = splitText(tower, 51);
    expect(parts.join('')).toBe(tower);
    expect(parts.every((p) => isWhole(p) && p.length <= 51)).toBe(true);
    const astral = splitText(`a${'\u{E0100}'.repeat(300)}`, 50);
    expect(astral.every((p) => isWhole(p) && p.length <= 50)).toBe(true);
  });

  test('no part is empty: platforms refuse those', () => {
    expect(splitText(`a${' '.repeat(300)}b`, 100)).toSatisfy((p: string[]) =>
      p.every((s) => s.trim() !== ''),
    );
    expect(splitText('   ', 100)).toEqual(['']);
  });
});

describe('no option is ever lost', () => {
  const label = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((s) => s.trim() !== '');
  test.each([
    ['buttons', caps],
    ['numbered', numbered],
  ])('%s', (_, capabilities) => {
    fc.assert(
      fc.property(fc.array(label, { maxLength: 15 }), fc.string({ maxLength: 500 }), (names, text) => {
        const all = choices(...names);
        const parts = render(message({ text, choices: all }), capabilities);
        const buttons = parts.flatMap((p) => p.buttons.flat());
        const written = parts.map((p) => p.text).join('');
        for (const choice of all) {
          const whole = buttons.some((b) => b.data === choice.data && b.label === choice.label);
          const squeeze = (s: string): string => s.replace(/\s+/g, '');
          expect(whole || squeeze(written).includes(squeeze(`${choice.number}  ${choice.label}`))).toBe(true);
        }
        expect(buttons.every((b) => graphemeCount(b.label) <= capabilities.labelLimit)).toBe(true);
        expect(parts.slice(0, -1).every((p) => p.buttons.length === 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('shorten', () => {
  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['ab cd', 4, 'ab…'],
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 3, '👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦'],
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 2, '👨‍👩‍👧‍👦…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ])('%s to %i', (text, limit, expected) => {
    expect(shorten(text, limit)).toBe(expected);
  });
});

describe('limitProblems', () => {
  test('is silent about a message that fits', () => {
    expect(
      limitProblems(message({ note: 'Source', choices: [...choices('One', 'Two'), back] }), caps),
    ).toEqual([]);
  });

  test.each<[string, Partial<OutboundMessage>, RegExp]>([
    ['text', { text: 'x'.repeat(201) }, /201 characters, the limit is 200/],
    ['text with its source', { text: 'x'.repeat(190), note: 'x'.repeat(9) }, /201 characters/],
    ['empty', { text: '' }, /empty/],
    ['label', { choices: choices('x'.repeat(21)) }, /label "x{21}" has 21 characters, the limit is 20/],
    ['blank label', { choices: choices('') }, /choice 1 has no label/],
    ['data', { choices: [{ data: 'я'.repeat(33), label: 'x', number: '1' }] }, /66 bytes, the limit is 64/],
    ['number of buttons', { choices: choices(...'abcdefg') }, /7 choices, at most 6/],
  ])('%s', (_, part, problem) => {
    expect(limitProblems(message(part), caps).join('\n')).toMatch(problem);
  });

  test('64 bytes and 20 letters with marks are not too many', () => {
    const fine = { data: 'я'.repeat(32), label: 'e\u0301'.repeat(20), number: '1' };
    expect(limitProblems(message({ choices: [fine] }), caps)).toEqual([]);
  });
});

/** No half of a surrogate pair stands alone. */
function isWhole(text: string): boolean {
  return !/\p{Cs}/u.test(text);
}

function graphemeCount(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length;
}
