/*
 * Folding: what people type and what we print are brought to one plain form before they are compared. It imports
 * nothing, works in linear time and is idempotent, so that the engine, the flow checker and the locale checker can
 * all share it.
 */

/** ' ` ´ ‘ ’ ‛ ′ ʹ ʻ ʼ ʽ ʾ ʿ ˈ ＇: in Uzbek all of them are typed for ʻ and ʼ, or none is. */
export const APOSTROPHES = /['`´‘’‛′ʹʻʼʽʾʿˈ＇]/gu;
/** й is и with a mark in decomposed text, but a letter of its own to its readers. */
export const SHORT_I = /и\u0306/gu;
export const MARKS = /\p{M}+/gu;
/** Joiners, soft hyphens and direction marks: inside a word they are nothing. */
export const INVISIBLE = /\p{Cf}+/gu;
const NOT_WORD = /[^\p{L}\p{N}]+/gu;
const SPECIAL = /[әғқңөұүһіҳҷҥҗӷґєıßøłæœ]|[^\P{Nd}0-9]/gu;

/**
 * Letters that people type without their marks, where the mark does not come off by itself. ҷ is ч and not ж: Tajik
 * speakers with a Russian keyboard write both, ч more often, and one letter must have one form. ў ӣ ӯ ё ї need no
 * line here: they are a letter and a mark in Unicode.
 */
export const PLAIN: Readonly<Record<string, string>> = {
  ә: 'а',
  ғ: 'г',
  қ: 'к',
  ң: 'н',
  ө: 'о',
  ұ: 'у',
  ү: 'у',
  һ: 'х',
  і: 'и',
  ҳ: 'х',
  ҷ: 'ч',
  ҥ: 'н',
  җ: 'ж',
  ӷ: 'г',
  ґ: 'г',
  є: 'е',
  ı: 'i',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  æ: 'ae',
  œ: 'oe',
};

/**
 * The plain form of a typed or printed text: lower case, letters without marks (ё → е, қ → к, oʻ → o), digits of any
 * script and keycaps as 0–9, everything else one space. й stays й. A text without letters and digits (`👍`, `?`)
 * becomes '' and must match nothing.
 *
 * `fold(' Oʻzbekcha! ')` → `ozbekcha`, `fold('3️⃣')` → `3`
 */
export function fold(text: string): string {
  return text
    .normalize('NFC')
    .replace(APOSTROPHES, '')
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(SHORT_I, 'й')
    .replace(MARKS, '')
    .replace(INVISIBLE, '')
    .replace(SPECIAL, plainLetter)
    .replace(NOT_WORD, ' ')
    .trim();
}

/**
 * The number a person typed alone, with what people put around it: `3`, `３`, `٣`, `३`, `3️⃣`, `3.`, `№3`, `(3)`, `③`.
 *
 * @returns a whole number from 0 to 999,999,999, or undefined
 */
export function parseNumber(text: string): number | undefined {
  if (text.length > 64) return undefined;
  const plain = text
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(INVISIBLE, '')
    .replace(SPECIAL, plainLetter);
  const digits = /^[\s(#[*]*(?:No\.?\s*)?([0-9]{1,9})[\s)\].,:;!]*$/u.exec(plain)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function plainLetter(letter: string): string {
  return PLAIN[letter] ?? String(digitValue(letter.codePointAt(0) ?? 0));
}

/**
 * Digits of a script stand in tens from zero up, so the distance to the first of the run, modulo ten, is the value.
 * No run is longer than fifty.
 */
export function digitValue(codePoint: number): number {
  let first = codePoint;
  while (codePoint - first < 50 && /\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--;
  return (codePoint - first) % 10;
}
