/*
 * Uzbek in Latin letters → Uzbek in Cyrillic letters, by rule. The rules are those of the 1995 alphabet read
 * backwards (uz.wikipedia, "Oʻzbek lotin alifbosi qoidalari"); where Latin spelling has lost something (ц written s,
 * ь not written), the words themselves are listed in uz-cyrillic-words.ts.
 */
import { LATIN_NAMES, STEMS, WHOLE_WORDS } from './uz-cyrillic-words.ts';

const APOSTROPHE = "'`´‘’ʻʼ′";
/** Never touched: placeholders, addresses on the net, mail, commands and @names. */
const KEPT =
  /\{\{[^{}]*\}\}|https?:\/\/\S+|[\w.-]+@[\w.-]+|(?<![\w/])[/@]\w+|\b(?:[\w-]+\.)+[a-z]{2,6}\b(?:\/\S*)?|\be-mail\b/giu;
const WORD = new RegExp(`[A-Za-z]+(?:[${APOSTROPHE}][A-Za-z]+)*(?:(?<=[oOgG])[${APOSTROPHE}])?`, 'gu');
const ROMAN = /^(?=.)X{0,3}(?:IX|IV|V?I{0,3})$/;
const ABBREVIATION = new RegExp(`^((?:[CS]h|[A-Z](?!h)){2,})((?:[${APOSTROPHE}]?[a-z]).*)$`, 'u');
const OF_O_AND_G = new RegExp(`([og])[${APOSTROPHE}]`, 'gu');
const OF_ITS_OWN = new RegExp(`(?<![og])[${APOSTROPHE}]`, 'gu');
const VOWELS = 'aeiouʻ';
const STEM_STARTS = Object.keys(STEMS);

/** Longest first: three letters, two, one. `e`, `ye`, `ts` and `s` depend on their neighbours and are not here. */
const LETTERS: Readonly<Record<string, string>> = {
  sʼh: 'сҳ',
  yoʻ: 'йў',
  oʻ: 'ў',
  gʻ: 'ғ',
  sh: 'ш',
  ch: 'ч',
  yo: 'ё',
  yu: 'ю',
  ya: 'я',
  ...Object.fromEntries(
    [...'abdfghijklmnopqrstuvxyz'].map((l, i) => [l, [...'абдфгҳижклмнопқрстувхйз'][i] ?? l]),
  ),
  ʼ: 'ъ',
};

/** After a vowel: `tsiya` is ция, but `ketsa`, `hujjatsiz`, `aytsin` are т + с of two parts of a word. */
const TS_IS_ONE = /^ts(?:iya|iye|io|ia|ik|ir|it|is[td]|en|es|ed|ep|er)/;

/**
 * `Oʻzbekcha` → `Ўзбекча`, `OIV` → `ОИВ`; names in `latin` and what is not words stay as they are, suffixes after
 * them do not: `Telegramda` → `Telegramда`.
 *
 * @param latin words that keep their Latin letters, besides {@link LATIN_NAMES}
 */
export function toCyrillic(text: string, latin: Iterable<string> = []): string {
  return cyrillicWith(latin)(text);
}

/** {@link toCyrillic} for many texts: a word that comes again is not worked out again. */
export function cyrillicWith(latin: Iterable<string>): (text: string) => string {
  const names = sortNames(latin);
  const known = new Map<string, string>();
  const convert = (word: string): string => {
    let cyrillic = known.get(word);
    if (cyrillic === undefined) {
      cyrillic = convertWord(word, names);
      known.set(word, cyrillic);
    }
    return cyrillic;
  };
  return (text) => mapWords(text, convert);
}

/** Words with Latin letters left in a Cyrillic text that no exception allows: `['wifi']`. */
export function checkCyrillic(text: string, latin: Iterable<string> = []): string[] {
  const names = sortNames(latin);
  const left: string[] = [];
  for (const [word] of text.replace(KEPT, ' ').matchAll(/[\p{L}\p{M}]+/gu)) {
    const name = names.find((one) => word.startsWith(one)) ?? '';
    if (/\p{Script=Latin}/u.test(word.slice(name.length)) && !ROMAN.test(word)) left.push(word);
  }
  return left;
}

function sortNames(latin: Iterable<string>): string[] {
  return [...new Set([...LATIN_NAMES, ...latin])].sort((a, b) => b.length - a.length);
}

function mapWords(text: string, change: (word: string) => string): string {
  let result = '';
  let from = 0;
  for (const kept of text.matchAll(KEPT)) {
    result += text.slice(from, kept.index).replace(WORD, change) + kept[0];
    from = kept.index + kept[0].length;
  }
  return result + text.slice(from).replace(WORD, change);
}

function convertWord(word: string, names: readonly string[]): string {
  if (ROMAN.test(word)) return word;
  for (const name of names) {
    if (word === name) return word;
    const rest = word.startsWith(name) ? word.slice(name.length) : '';
    const isSuffix = rest !== '' && rest === rest.toLowerCase();
    if (isSuffix) return name + convertSuffix(rest);
  }
  // OIVga, AQShda: an abbreviation in capitals, then a suffix.
  const [, letters, suffix] = ABBREVIATION.exec(word) ?? [];
  if (letters !== undefined && suffix !== undefined) {
    return convertLetters(lowerWord(letters), '').toUpperCase() + convertSuffix(suffix);
  }
  const lower = lowerWord(word);
  const whole = WHOLE_WORDS[lower];
  if (whole !== undefined) return likeCase(whole, word);
  const stem = STEM_STARTS.find((start) => lower.startsWith(start));
  if (stem === undefined) return likeCase(convertLetters(lower, ''), word);
  return likeCase((STEMS[stem] ?? '') + convertLetters(lower.slice(stem.length), stem.slice(-1)), word);
}

/** A suffix after a name or an abbreviation; some write an apostrophe in front of it. */
function convertSuffix(suffix: string): string {
  return convertLetters(lowerWord(suffix).replace(/^ʼ/, ''), 'x');
}

/** Lower case with one kind of apostrophe for each use: ʻ belongs to o and g, ʼ is a sign of its own. */
function lowerWord(word: string): string {
  return word.toLowerCase().replace(OF_O_AND_G, '$1ʻ').replace(OF_ITS_OWN, 'ʼ');
}

/** @param before the letter in front of the text, '' at the start of a word */
function convertLetters(text: string, before: string): string {
  let result = '';
  let previous = before;
  let at = 0;
  while (at < text.length) {
    const [cyrillic, length] = convertNext(text, at, previous);
    result += cyrillic;
    at += length;
    previous = text[at - 1] ?? '';
  }
  return result;
}

function convertNext(text: string, at: number, previous: string): [cyrillic: string, length: number] {
  const rest = text.slice(at, at + 6);
  const afterConsonant = previous !== '' && !VOWELS.includes(previous);
  if (rest.startsWith('ye')) return [afterConsonant && previous !== 'ʼ' ? 'ье' : 'е', 2];
  if (rest.startsWith('e')) return [afterConsonant && previous !== 'ʼ' ? 'е' : 'э', 1];
  // `infektsiya`, with ts after a consonant, is a common misspelling of infeksiya.
  if (afterConsonant ? rest.startsWith('tsiya') : TS_IS_ONE.test(rest)) return ['ц', 2];
  // ц after a consonant is written s: infeksiya, konferensiya. (pensiya has a real с and is a listed stem.)
  if (rest.startsWith('siya') && (previous === 'k' || previous === 'n')) return ['ц', 1];
  for (const length of [3, 2, 1]) {
    const cyrillic = rest.length >= length ? LETTERS[rest.slice(0, length)] : undefined;
    if (cyrillic !== undefined) return [cyrillic, length];
  }
  return [text[at] ?? '', 1];
}

function likeCase(cyrillic: string, latin: string): string {
  const letters = latin.replace(/[^A-Za-z]/g, '');
  if (letters.length > 1 && letters === letters.toUpperCase()) return cyrillic.toUpperCase();
  // MChJ, AQSh: an abbreviation whose last digraph is half small.
  if (/^[A-Z](?:[A-Z]|(?<=[SC])h)+$/.test(letters)) return cyrillic.toUpperCase();
  const first = latin.charAt(0);
  return first === first.toLowerCase() ? cyrillic : cyrillic.charAt(0).toUpperCase() + cyrillic.slice(1);
}
