/*
 * City names are compared by a key that is the same in every script and spelling we know of: Cyrillic and Latin,
 * with and without marks, apostrophes and hyphens, "kh" and "x", "zh" and "j". `Жалал-Абад`, `Jalal Abad` and
 * `Djalal-Abad` have the same key.
 */

/** Letters whose mark changes the sound, before marks are taken off. */
const BEFORE: Readonly<Record<string, string>> = {
  ў: 'u',
  ӯ: 'u',
  қ: 'k',
  ғ: 'g',
  ҳ: 'h',
  ҷ: 'j',
  җ: 'j',
  ң: 'n',
  ө: 'o',
  ү: 'u',
  ұ: 'u',
  ә: 'a',
  һ: 'h',
  і: 'i',
  ı: 'i',
  ł: 'l',
};

const CYRILLIC: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  д: 'd',
  е: 'e',
  ж: 'j',
  з: 'z',
  и: 'i',
  к: 'k',
  л: 'l',
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
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'sh',
  ъ: '',
  ы: 'i',
  ь: '',
  э: 'e',
  ю: 'u',
  я: 'a',
};

/** Latin spellings of one sound, longest first. */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/shch/g, 'sh'],
  [/dzh|dj|zh/g, 'j'],
  [/kh|x/g, 'h'],
  [/gh/g, 'g'],
  [/q/g, 'k'],
  [/w/g, 'v'],
  [/y([aeou])/g, '$1'],
  [/y/g, 'i'],
  [/(.)\1+/g, '$1'],
];

const MARKS = /\p{M}+/gu;
/** Apostrophes of every kind belong to the word, and so does a hyphen. */
const INSIDE = /['`´‘’‛′ʹʻʼʽʾʿˈ＇\-‐‑–]/gu;

/** The words of a text as keys: only the first `limit` words, none longer than 32 letters. */
export function cityKeys(text: string, limit: number): string[] {
  const words = text
    .slice(0, 512)
    .replace(INSIDE, '')
    .toLowerCase()
    .split(/[^\p{L}\p{M}]+/u)
    .filter((word) => word !== '' && word.length <= 32);
  return words
    .slice(0, limit)
    .map(key)
    .filter((k) => k !== '');
}

function key(word: string): string {
  const plain = Array.from(word.normalize('NFC'), (letter) => BEFORE[letter] ?? letter).join('');
  let latin = Array.from(
    plain.normalize('NFKD').replace(MARKS, ''),
    (letter) => CYRILLIC[letter] ?? letter,
  ).join('');
  for (const [sound, one] of SOUNDS) latin = latin.replace(sound, one);
  return latin.replace(/[^a-z]/g, '');
}
