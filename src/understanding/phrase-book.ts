import type { Lang } from '../message.ts';
import type { Phrase } from './phrases.ts';
import { placeOf } from './sorted.ts';
import { keyOf } from './types.ts';

/** The meaning of a phrase that was learnt: its key (`art.running-out`) and whose phrase it is. */
export type Meaning = readonly [key: string, lang: Lang];

/**
 * Learnt phrases by their folded words. They are kept as numbers, not as texts: tens of thousands of them are read
 * from a file at once and take little room.
 */
export class PhraseBook {
  /** Hashes of 53 bits, ascending: that two of a hundred thousand are the same is a chance of one in a million. */
  readonly hashes: Float64Array;
  /** For each hash the number of its meaning. */
  readonly codes: Uint16Array;
  readonly meanings: readonly Meaning[];

  constructor(hashes: Float64Array, codes: Uint16Array, meanings: readonly Meaning[]) {
    this.hashes = hashes;
    this.codes = codes;
    this.meanings = meanings;
  }

  /** The meaning of a phrase, if it was learnt. */
  find(folded: string): Meaning | undefined {
    return this.meanings[this.codes[placeOf(this.hashes, hashOf(folded))] ?? -1];
  }
}

/** @param folded the folded words of each phrase; of phrases that are the same the first one counts */
export function createPhraseBook(phrases: readonly Phrase[], folded: readonly string[]): PhraseBook {
  const meanings: Meaning[] = [];
  const codes = new Map<string, number>();
  const found = new Map<number, number>();
  phrases.forEach((phrase, i) => {
    const { lang } = phrase;
    const key = keyOf(phrase);
    const name = `${key} ${lang}`;
    const code = codes.get(name) ?? meanings.push([key, lang]) - 1;
    codes.set(name, code);
    const hash = hashOf(folded[i] ?? '');
    if (!found.has(hash)) found.set(hash, code);
  });
  const hashes = Float64Array.from(found.keys()).sort();
  return new PhraseBook(
    hashes,
    Uint16Array.from(hashes, (hash) => found.get(hash) ?? 0),
    meanings,
  );
}

/** Two FNV-1a hashes of 32 and 21 bits. */
function hashOf(text: string): number {
  let [high, low] = [2166136261, 374761393];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 16777619);
    low = Math.imul(low ^ unit, 2246822519);
    low ^= low >>> 15;
  }
  return (high >>> 0) * 2 ** 21 + (low >>> 11);
}
