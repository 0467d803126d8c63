import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold, parseNumber } from '../../src/i18n/fold.ts';

describe('what is typed differently folds to the same', () => {
  const table: [name: string, same: string[], folded: string][] = [
    ['case and punctuation', ['Menu', ' MENU!! ', '«menu»', '🙂 menu 🙂', 'menu…'], 'menu'],
    [
      'apostrophes',
      ['oʻzbekcha', "o'zbekcha", 'o‘zbekcha', 'o`zbekcha', 'oʼzbekcha', 'o´zbekcha', 'O’zbekcha', 'ozbekcha'],
      'ozbekcha',
    ],
    ['Kazakh without its letters', ['Қазақша', 'Казакша'], 'казакша'],
    ['Kazakh', ['Әңгіме үшін, өтінемін', 'ангиме ушин отинемин'], 'ангиме ушин отинемин'],
    ['Kyrgyz', ['Өмүр', 'Омур'], 'омур'],
    ['Tajik', ['Тоҷикӣ', 'точики'], 'точики'],
    ['Tajik ҳ ғ қ ӯ', ['Ҳуқуқи ғарибон, ӯ', 'хукуки гарибон у'], 'хукуки гарибон у'],
    ['Uzbek Cyrillic', ['Ўзбекча ғам', 'Узбекча гам'], 'узбекча гам'],
    ['ё', ['Ещё', 'еще'], 'еще'],
    ['decomposed', ['Ещё'.normalize('NFD'), 'ещё'], 'еще'],
    ['й stays й', ['Мой'.normalize('NFD'), 'мой'], 'мой'],
    ['Latin marks', ['Türkçe', 'Turkce'], 'turkce'],
    ['full width', ['ＭＥＮＵ', 'menu'], 'menu'],
    ['spaces and line breaks', ['talk \n to a  person', 'talk to\ta person'], 'talk to a person'],
    ['hyphens', ['тест-система', 'тест система'], 'тест система'],
    ['joiners inside a word', ['me\u200Bnu', 'me\u00ADnu', 'menu'], 'menu'],
    ['digits of any script', ['3', '３', '٣', '۳', '३', '3️⃣', '③', '𝟛'], '3'],
    ['nothing to match', ['', '?', '👍', '…', '​'], ''],
  ];
  for (const [name, same, folded] of table) {
    test(name, () => expect(same.map(fold)).toEqual(same.map(() => folded)));
  }
  test('и and й, and different words, stay apart', () => {
    expect(fold('мои')).not.toBe(fold('мой'));
    expect(fold('бас')).not.toBe(fold('бос'));
  });
});

describe('numbers', () => {
  const typed: [string, number | undefined][] = [
    ...['3', '３', '٣', '۳', '३', '3️⃣', '③', '3.', '3)', '(3)', '№3', '№ 3', '#3', '[3]', ' 3 ', '3!'].map(
      (t): [string, number] => [t, 3],
    ),
    ['12', 12],
    ['٠', 0],
    ['00', 0],
    ['१२', 12],
    ['999999999', 999_999_999],
    ['1234567890', undefined],
    ['-3', undefined],
    ['3.5', undefined],
    ['1 2', undefined],
    ['3a', undefined],
    ['three', undefined],
    ['', undefined],
    ['()', undefined],
  ];
  for (const [text, number] of typed)
    test(JSON.stringify(text), () => expect(parseNumber(text)).toBe(number));
});

test('folding twice changes nothing, never throws, leaves only letters, digits and single spaces', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const once = fold(text);
      expect(fold(once)).toBe(once);
      expect(once).toMatch(/^(?:[\p{L}\p{N}]+(?: [\p{L}\p{N}]+)*)?$/u);
      expect(once).not.toMatch(/[^\P{Nd}0-9]/u);
    }),
    { numRuns: 500 },
  );
});

test('the longest hostile texts fold to something bounded', () => {
  const hostile = ['ﷺ', 'a\u0301', '\u0301', "'", ' ', '🏳️‍🌈', '٣', 'İ', 'ΐ', '\u{E0061}'];
  for (const piece of hostile) {
    const text = piece.repeat(20_000);
    expect(fold(text).length).toBeLessThanOrEqual(text.length * 18);
    expect(parseNumber(text)).toBeUndefined();
  }
});
