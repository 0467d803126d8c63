import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paginate, shorten, splitText } from '../../src/channels/pages.ts';

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

describe('shorten', () => {
  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['ab cd', 4, 'ab…'],
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 22, '👨‍👩‍👧‍👦👨‍👩‍👧‍👦'],
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 21, '👨‍👩‍👧‍👦…'],
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 5, '…'],
    ['e\u0301e\u0301e\u0301', 4, 'e\u0301…'],
  ])('%s to %i', (text, limit, expected) => {
    expect(shorten(text, limit)).toBe(expected);
  });
});

describe('pages', () => {
  const lines = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, i) => `${from + i}  Option number ${from + i}`);

  test('what fits is one message without a mark', () => {
    expect(paginate('Which?', lines(1, 3), 100)).toEqual([`Which?\n\n${lines(1, 3).join('\n')}`]);
    expect(paginate('', [], 100)).toEqual(['']);
  });

  test('a menu that fits alone is not torn apart', () => {
    expect(paginate('x'.repeat(60), lines(1, 3), 100)).toEqual([
      `${'x'.repeat(60)}\n\n(1/2)`,
      `${lines(1, 3).join('\n')}\n\n(2/2)`,
    ]);
  });

  test('a long menu is cut between two options; every page says that there are more', () => {
    const pages = paginate('Which?', lines(1, 12), 130);
    expect(pages).toEqual([
      `Which?\n\n${lines(1, 5).join('\n')}\n\n(1/3)`,
      `${lines(6, 11).join('\n')}\n\n(2/3)`,
      `${lines(12, 12).join('\n')}\n\n(3/3)`,
    ]);
    expect(pages.every((page) => page.length <= 130)).toBe(true);
  });

  test('any text and any lines: within the limit, in order, nothing lost', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 });
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.array(line, { maxLength: 20 }), (body, menu) => {
        const pages = paginate(body, menu, 60);
        expect(pages.every((page) => page.length <= 60)).toBe(true);
        const unmarked = pages.length === 1 ? pages : pages.map((p) => p.replace(/\n\n\(\d+\/\d+\)$/, ''));
        const black = (s: string): string => s.replace(/\s/g, '');
        expect(black(unmarked.join(''))).toBe(black(body + menu.join('')));
        // A line that fits on a page is on one page.
        for (const l of menu)
          if (l.trim() === l && l.length <= 40) expect(pages.some((p) => p.includes(l))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

/** No half of a surrogate pair stands alone. */
function isWhole(text: string): boolean {
  return !/\p{Cs}/u.test(text);
}
