/*
 * Folding: the many ways in which one word is typed are brought to one sound form, so that few phrases teach many.
 * Each folding has a name and can be left out, to measure what it earns. All take time linear in the text.
 */
import { APOSTROPHES, digitValue, INVISIBLE, MARKS, PLAIN, SHORT_I } from '../i18n/fold.ts';

/** One way in which people type the same thing differently. They are applied in this order. */
export const FOLDINGS = [
  'case',
  'digits',
  'apostrophes',
  'marks',
  'script',
  'repeats',
  'typos',
  'layout',
] as const;
export type Folding = (typeof FOLDINGS)[number];

/** Every folding: what the program itself uses. */
export const ALL_FOLDINGS: ReadonlySet<Folding> = new Set(FOLDINGS);

const OTHER_DIGIT = /[^\P{Nd}0-9]/gu;
const NOT_WORD = /[^\p{L}\p{M}\p{N}]+/gu;

/** The plain letters of `fold`, and those that are told apart here by how they sound. */
const BARE: Readonly<Record<string, string>> = {
  ...PLAIN,
  ...{ ҷ: 'ж', ў: 'о', ӯ: 'у', ї: 'и' },
  ...{ ş: 'sh', ș: 'sh', ç: 'ch', š: 'sh', č: 'ch', ž: 'zh', ğ: 'g', ñ: 'n', ə: 'a' },
};
const MARKED = new RegExp(`[${Object.keys(BARE).join('')}]`, 'gu');
/** ё is е to those who leave its dots out, but at the start of a word and after a vowel it is heard as йо. */
const YO_HEARD = /(?<![бвгджзйклмнпрстфхцчшщқғҳҷң])ё/gu;

/** Cyrillic letters by sound, one Latin letter each: c is ч, w is ш, j is ж, h is х. */
const SOUND: Readonly<Record<string, string>> = {
  ...{
    а: 'a',
    б: 'b',
    в: 'v',
    г: 'g',
    д: 'd',
    е: 'e',
    ё: 'io',
    ж: 'j',
    з: 'z',
    и: 'i',
    й: 'i',
    к: 'k',
    л: 'l',
  },
  ...{
    м: 'm',
    н: 'n',
    о: 'o',
    п: 'p',
    р: 'r',
    с: 's',
    т: 't',
    у: 'u',
    ф: 'f',
    х: 'h',
    ц: 's',
    ч: 'c',
    ш: 'w',
  },
  ...{ щ: 'w', ъ: '', ы: 'i', ь: '', э: 'e', ю: 'iu', я: 'ia' },
  // Only when the marks were not taken off before.
  ...{
    ә: 'ä',
    ғ: 'ğ',
    қ: 'ķ',
    ң: 'ň',
    ө: 'ö',
    ұ: 'ū',
    ү: 'ü',
    һ: 'ħ',
    і: 'ì',
    ҳ: 'ĥ',
    ҷ: 'ĵ',
    ў: 'õ',
    ӯ: 'ũ',
    ӣ: 'í',
  },
};
const CYRILLIC = /[а-яёәғқңөұүһіҳҷўӯӣ]/gu;

/** Latin spellings by sound, longest first: the alternatives are tried in this order. */
const LATIN: Readonly<Record<string, string>> = {
  ...{
    shch: 'w',
    sch: 'w',
    dzh: 'j',
    sh: 'w',
    ch: 'c',
    zh: 'j',
    dj: 'j',
    kh: 'h',
    gh: 'g',
    ph: 'f',
    ck: 'k',
  },
  ...{
    ye: 'e',
    yo: 'io',
    yu: 'iu',
    ya: 'ia',
    y: 'i',
    tz: 's',
    ce: 'se',
    ci: 'si',
    cy: 'si',
    c: 'k',
    q: 'k',
    x: 'h',
  },
};
const LATIN_SPELLING = new RegExp(Object.keys(LATIN).join('|'), 'g');

/** Latin letters that look like Cyrillic ones; in a word with both, the word is Cyrillic. */
const LOOKALIKES: Readonly<Record<string, string>> = Object.fromEntries(
  [...'aeopcxykmthbi'].map((letter, i) => [letter, [...'аеорсхукмтнви'][i] ?? letter]),
);

/** The same keys on a Russian keyboard, with and without shift; digits are Kazakh letters there. */
const QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const JCUKEN = 'йцукенгшщзхъфывапролджэячсмитьбюё';
const TO_CYRILLIC = keys(`${QWERTY}{}:"<>~234589`, `${JCUKEN}хъжэбюёәіңғүұ`);
const TO_LATIN = keys(JCUKEN, QWERTY);
/** Between words a comma is a comma: few words end in б. */
const COMMA = /,(?=\s|$)/g;

function keys(from: string, to: string): ReadonlyMap<string, string> {
  const letters = [...to];
  return new Map([...from].map((key, i) => [key, letters[i] ?? key]));
}

/**
 * The words of a text in their sound form: `foldWords('Oʻzbek тилида')` → `['ozbek', 'tilida']`.
 *
 * @param on which foldings are applied; `typos` and `layout` are none of letters alone, see `Spelling` and {@link otherLayout}
 */
export function foldWords(text: string, on: ReadonlySet<Folding> = ALL_FOLDINGS): string[] {
  let t = text.normalize('NFC');
  // Before the compatible forms are taken, for that of ´ is a space and a mark.
  if (on.has('apostrophes')) t = t.replace(APOSTROPHES, '');
  if (on.has('case')) t = t.normalize('NFKC').toLowerCase().normalize('NFC').replace(INVISIBLE, '');
  if (on.has('digits')) t = t.replace(OTHER_DIGIT, (digit) => String(digitValue(digit.codePointAt(0) ?? 0)));
  if (on.has('marks')) t = withoutMarks(t);
  t = t.replace(NOT_WORD, ' ').trim();
  if (t === '') return [];
  let words = t.split(' ');
  if (on.has('script')) words = words.map(soundOf);
  if (on.has('repeats')) words = words.map(withoutRepeats);
  return words.filter((word) => word !== '');
}

/**
 * What the same keys would have written with the other keyboard layout: `ghbdtn` → `привет`, `руддщ` → `hello`.
 *
 * @returns undefined when the text has no letters of one layout alone
 */
export function otherLayout(text: string): string | undefined {
  const lower = text.toLowerCase();
  const latin = /[a-z]/.test(lower);
  const cyrillic = /[а-яё]/.test(lower);
  if (latin === cyrillic) return undefined;
  const map = latin ? TO_CYRILLIC : TO_LATIN;
  let other = '';
  for (const key of lower.replace(COMMA, ' ')) other += map.get(key) ?? key;
  return other;
}

function withoutMarks(text: string): string {
  return text
    .replace(YO_HEARD, 'йо')
    .replace(MARKED, (letter) => BARE[letter] ?? letter)
    .normalize('NFD')
    .replace(SHORT_I, 'й')
    .replace(MARKS, '')
    .normalize('NFC');
}

function soundOf(word: string): string {
  let w = word;
  const cyrillic = /\p{Script=Cyrillic}/u.test(w);
  if (cyrillic && /[a-z]/.test(w)) w = w.replace(/[a-z]/g, (letter) => LOOKALIKES[letter] ?? letter);
  if (!cyrillic) w = w.replace(/(?<=[a-z])[46]|[46](?=e|to)/g, (d) => (d === '4' ? 'ch' : 'sh'));
  // "tests" keeps its ts; "tsentr" and Russian -тся are said with one sound, which Uzbek writes s.
  return w
    .replace(LATIN_SPELLING, (letters) => LATIN[letters] ?? letters)
    .replace(CYRILLIC, (letter) => SOUND[letter] ?? letter)
    .replace(/ts(?=[aeiou])/g, 's')
    .replace(/ng/g, 'n');
}

function withoutRepeats(word: string): string {
  return word.replace(/(\p{L})\1+/gu, '$1');
}
