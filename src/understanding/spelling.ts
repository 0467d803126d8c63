/*
 * A word that nobody was heard to say, but for one letter missing, added, wrong or in the wrong place, is taken for the
 * one that was. Every known word is filed under itself and under each form of it with a letter left out; a typo and
 * the word it stands for then meet under a common form, and nothing has to be compared with all words.
 */

import { firstFrom } from './sorted.ts';

/** Letters of the shortest word that is mended: among short words nearly all are one letter apart. */
const SHORTEST = 5;
const LONGEST = 24;

/** A known word and how many phrases have it. */
export type KnownWord = readonly [word: string, phrases: number];

/** Known words, to mend others by. */
export class Spelling {
  readonly words: readonly KnownWord[];
  /** Hash of a form × 2^20 + number of the word, ascending. */
  readonly forms: Float64Array;

  constructor(words: readonly KnownWord[], forms: Float64Array) {
    this.words = words;
    this.forms = forms;
  }

  /** The commonest known word that is one slip away, or the word as it is. */
  mend(word: string): string {
    if (!isMendable(word)) return word;
    let best = word;
    let most = 0;
    for (const form of formsOf(word)) {
      for (
        let at = firstFrom(this.forms, form * 2 ** 20);
        Math.floor((this.forms[at] ?? -1) / 2 ** 20) === form;
        at++
      ) {
        const [known, count] = this.words[(this.forms[at] ?? 0) % 2 ** 20] ?? ['', 0];
        if (known === word) return word;
        if (count > most && isOneSlip(word, known)) [best, most] = [known, count];
      }
    }
    return best;
  }
}

/** @param counts words in their sound form, each with how many phrases have it; at most a million are used */
export function createSpelling(counts: Iterable<KnownWord>): Spelling {
  const words = [...counts].filter(([word]) => isMendable(word)).slice(0, 2 ** 20);
  const forms = words.flatMap(([word], n) => [...formsOf(word)].map((form) => form * 2 ** 20 + n));
  return new Spelling(words, Float64Array.from(forms).sort());
}

function isMendable(word: string): boolean {
  return word.length >= SHORTEST && word.length <= LONGEST;
}

/** Hashes of a word and of each form with one letter left out. */
function formsOf(word: string): Set<number> {
  const forms = new Set<number>([hashWithout(word, -1)]);
  for (let at = 0; at < word.length; at++) forms.add(hashWithout(word, at));
  return forms;
}

function hashWithout(word: string, gap: number): number {
  let hash = 2166136261;
  for (let i = 0; i < word.length; i++) if (i !== gap) hash = Math.imul(hash ^ word.charCodeAt(i), 16777619);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/**
 * Words that meet under a form can be two slips apart. The first letter is hardly ever wrong, and vowels are not typed for
 * consonants: without that many a word would be mended that was right.
 */
function isOneSlip(word: string, known: string): boolean {
  if (word[0] !== known[0]) return false;
  let start = 0;
  while (start < word.length && word[start] === known[start]) start++;
  let end = 0;
  const shorter = Math.min(word.length, known.length) - start;
  while (end < shorter && word.at(-1 - end) === known.at(-1 - end)) end++;
  const [a, b] = [word.slice(start, word.length - end), known.slice(start, known.length - end)];
  if (a.length + b.length === 1) return true;
  if (a.length === 1 && b.length === 1) return isVowel(a) === isVowel(b);
  return a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0];
}

function isVowel(letter: string): boolean {
  return 'aeiou'.includes(letter);
}
