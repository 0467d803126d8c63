/*
 * What words stand for, whatever the language: `таблетка`, `dori`, `дәрі` and `дору` are one thing. With it, what is
 * learnt from the phrases of one language helps in all. A concept decides nothing by itself; it is one more hint.
 *
 * Form of the lists: a name, the beginnings of words that stand for it, and after `|` words that do so only whole.
 * Words are written as usual; they are compared folded, so one spelling and one script of each is enough.
 */
import { CARE } from './concepts-care.ts';
import { LIFE } from './concepts-life.ts';
import { foldWords } from './folding.ts';

const SHORTEST = 2;
const LONGEST = 14;

const beginnings = new Map<string, number[]>();
const whole = new Map<string, number[]>();
for (const [id, list] of readLists().entries()) {
  const [starts = '', alone = ''] = list.split('|');
  for (const word of foldWords(starts)) add(beginnings, word, id);
  for (const word of foldWords(alone)) add(whole, word, id);
}

/**
 * The concepts a word may stand for, as small numbers.
 *
 * @param word in its sound form, see `foldWords`
 */
export function conceptsOf(word: string): readonly number[] {
  const found = [...(whole.get(word) ?? [])];
  for (let length = SHORTEST; length <= Math.min(word.length, LONGEST); length++) {
    found.push(...(beginnings.get(word.slice(0, length)) ?? []));
  }
  return found;
}

/** The lists of words, one for each concept; a line that begins with a space goes on with the one before. */
function readLists(): string[] {
  const concepts = `${CARE}${LIFE}`.trim().split(/\n+(?=\S)/);
  return concepts.map((concept) => concept.slice(concept.indexOf(':') + 1));
}

function add(map: Map<string, number[]>, word: string, id: number): void {
  const ids = map.get(word);
  if (ids === undefined) map.set(word, [id]);
  else if (!ids.includes(id)) ids.push(id);
}
