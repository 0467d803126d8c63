import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, MAX_INBOUND_CODE_POINTS } from '../src/message.ts';

describe('cleanText', () => {
  it.each([
    ['spaces around', '  салом \n', 'салом'],
    ['composed letters', 'й', 'й'],
    ['control characters', 'a\u0000b\u0007c\u001bd', 'abcd'],
    ['a tab is a space', 'a\tb', 'a b'],
    ['line ends', 'a\r\nb\rc', 'a\nb\nc'],
    ['direction overrides', '\u202eabc\u202c \u2066x\u2069', 'abc x'],
    ['a byte order mark', '\ufeffabc', 'abc'],
    ['half of a surrogate pair', 'a\ud800b', 'ab'],
    ['tag characters', `a\u{e0041}\u{e007f}b`, 'ab'],
    ['joiners of letters are kept', 'ک\u200cت 👩‍❤️‍👨', 'ک\u200cت 👩‍❤️‍👨'],
    ['four marks on a letter stay, more do not', `e${'\u0323'.repeat(9)}`, `ẹ${'\u0323'.repeat(4)}`],
    ['only marks and controls', '\u0000\u202e', ''],
  ])('%s', (_, raw, text) => {
    expect(cleanText(raw).text).toBe(text.normalize('NFC'));
  });

  it('cuts at the limit in code points and says so', () => {
    const long = cleanText('👍'.repeat(MAX_INBOUND_CODE_POINTS + 1));
    expect(Array.from(long.text).length).toBe(MAX_INBOUND_CODE_POINTS);
    expect(long.cut).toBe(true);
    expect(cleanText('я'.repeat(MAX_INBOUND_CODE_POINTS)).cut).toBe(false);
    expect(cleanText('я'.repeat(20_000)).cut).toBe(true);
  });

  it('cleans what is clean to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (raw) => {
        const once = cleanText(raw).text;
        expect(cleanText(once)).toEqual({ text: once, cut: false });
      }),
      { numRuns: 1000 },
    );
  });
});
