import type { Problem } from '../errors.ts';
import { fold } from '../i18n/fold.ts';
import type { ContentData, Entry } from './data.ts';
import type { GapRecord } from './schema.ts';

/** Shorter beginnings begin too many words. */
const SHORTEST_STEM = 4;
const STEM = '*';

/** A word of the vocabulary, folded, or the beginning of words. */
interface Word {
  text: string;
  isStem: boolean;
}

/** Finds topics of `gaps.yaml` in what people typed: a look-up a word and beginning of a word, whatever is in it. */
export class GapFinder {
  /** In the order of the file. */
  readonly topics: readonly string[];
  readonly #words = new Map<string, string>();
  readonly #stems = new Map<string, string>();
  #longest = 0;

  constructor(records: readonly GapRecord[]) {
    this.topics = records.map(({ id }) => id);
    for (const { id, words } of records) {
      for (const word of Object.values(words).flat()) {
        const { text, isStem } = readWord(word);
        const known = isStem ? this.#stems : this.#words;
        if (!known.has(text)) known.set(text, id);
        if (isStem) this.#longest = Math.max(this.#longest, text.length);
      }
    }
  }

  /** Topics in the order in which they stand in the text, none twice. */
  find(text: string): string[] {
    const found = fold(text)
      .split(' ')
      .flatMap((word) => this.topicsOf(word)[0] ?? []);
    return [...new Set(found)];
  }

  /**
   * Topics of the word itself and of a beginning of it: more than one only where the check finds fault.
   * @param word folded
   */
  topicsOf(word: string): string[] {
    const topics = [this.#words.get(word) ?? []].flat();
    for (let length = Math.min(word.length, this.#longest); length >= SHORTEST_STEM; length -= 1)
      topics.push(...[this.#stems.get(word.slice(0, length)) ?? []].flat());
    return topics;
  }
}

function readWord(raw: string): Word {
  const isStem = raw.endsWith(STEM);
  return { text: fold(raw), isStem };
}

/** Rules `gap-word` and `gap-double`: a word is one word, long enough, belongs to one topic and stands there once. */
export function checkGaps({ gaps }: ContentData): Problem[] {
  const finder = new GapFinder(gaps.map(({ record }) => record));
  return gaps.flatMap((entry) =>
    Object.entries(entry.record.words).flatMap(([lang, words]) => checkWords(finder, entry, lang, words)),
  );
}

function checkWords(
  finder: GapFinder,
  entry: Entry<GapRecord>,
  lang: string,
  words: readonly string[],
): Problem[] {
  const { id } = entry.record;
  const here = new Set<string>();
  return words.flatMap((raw, at) => {
    const report = (rule: string, message: string, hint: string) =>
      problem(entry, ['words', lang, at], rule, `"${raw}" ${message}`, hint);
    const word = readWord(raw);
    const wrong = wrongIn(word);
    if (wrong !== undefined) return [report('gap-word', wrong.message, wrong.hint)];
    const other = finder.topicsOf(word.text).find((topic) => topic !== id);
    if (other !== undefined)
      return [report('gap-double', `is a word of "${other}" as well`, 'leave it where it fits best')];
    const key = `${word.text}${word.isStem ? STEM : ''}`;
    if (here.has(key)) return [report('gap-double', 'stands twice', 'marks and case do not count')];
    here.add(key);
    return [];
  });
}

function wrongIn({ text, isStem }: Word): { message: string; hint: string } | undefined {
  if (text === '') return { message: 'has no letters', hint: 'write a word' };
  if (text.includes(' ')) return { message: 'is more than one word', hint: 'choose the word that says it' };
  if (isStem && text.length < SHORTEST_STEM)
    return { message: 'begins too many words', hint: `at least ${SHORTEST_STEM} letters before the ${STEM}` };
  return undefined;
}

function problem(
  entry: Entry<GapRecord>,
  path: readonly PropertyKey[],
  rule: string,
  message: string,
  hint: string,
): Problem {
  const line = entry.source.lineOf([...entry.path, ...path]);
  return { file: entry.source.file, line, rule, message, hint, level: 'error' };
}
