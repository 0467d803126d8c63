import type { Lang } from '../message.ts';
import { extractFeatures, stemsOf } from './features.ts';
import { ALL_FOLDINGS, type Folding, foldWords } from './folding.ts';
import type { Group, Weights } from './model.ts';
import { type Files, filePhrases } from './neighbours.ts';
import { NOISE } from './noise.ts';
import { createPhraseBook, type PhraseBook } from './phrase-book.ts';
import type { Phrase } from './phrases.ts';
import { createSpelling, type KnownWord, type Spelling } from './spelling.ts';
import { type Example, trainWeights } from './train.ts';
import { INTENTS } from './types.ts';

/** What phrases taught: a model, the words it has met, and the phrases themselves. */
export interface Learnt {
  weights: Weights;
  /** Beginnings of words that stand in at least {@link FAMILIAR} phrases. */
  stems: ReadonlySet<number>;
  /** Made of the words that stand in at least {@link FAMILIAR} phrases. */
  spelling: Spelling;
  book: PhraseBook;
  files: Files;
}

/** A word is familiar when so many other phrases have it. */
export const FAMILIAR = 2;

/**
 * Learns phrases: seconds of work for thousands of them. The same phrases in the same order always teach the same.
 *
 * @param on foldings that are applied; others than all of them only to measure what each earns
 */
export function learnPhrases(phrases: readonly Phrase[], on: ReadonlySet<Folding> = ALL_FOLDINGS): Learnt {
  const folded = phrases.map(({ text }) => foldWords(text, on));
  const noise = NOISE.map((text) => foldWords(text, on));
  const counts = new Map<number, number>();
  const all = [...folded, ...noise];
  for (const words of all) for (const stem of stemsOf(words)) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  // A phrase must not make its own words familiar: those of people's phrases are not so either.
  const isFamiliar = (stem: number) => (counts.get(stem) ?? 0) > FAMILIAR;
  const examples = phrases.map(({ lang, intent, detail }, i): Example => {
    const labels = { intent, lang: languageOf(lang), [`${intent}.`]: detail ?? '' };
    return { features: extractFeatures(folded[i] ?? [], isFamiliar), labels };
  });
  for (const words of noise) {
    examples.push({ features: extractFeatures(words, isFamiliar), labels: { intent: 'none' } });
  }
  const stems = new Set([...counts].filter(([, count]) => count >= FAMILIAR).map(([stem]) => stem));
  return {
    weights: trainWeights(groupsOf(phrases), examples),
    stems,
    spelling: createSpelling(countWords(all)),
    book: createPhraseBook(
      phrases,
      folded.map((words) => words.join(' ')),
    ),
    files: filePhrases(phrases, folded),
  };
}

function countWords(phrases: readonly (readonly string[])[]): KnownWord[] {
  const counts = new Map<string, number>();
  for (const words of phrases)
    for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= FAMILIAR);
}

/** What is told apart: intents, languages, and the details of each intent (`''`: none). */
function groupsOf(phrases: readonly Phrase[]): Group[] {
  const details = INTENTS.map((intent) => {
    const own = phrases.filter((phrase) => phrase.intent === intent).map(({ detail }) => detail ?? '');
    return { name: `${intent}.`, labels: [...new Set(own)].sort() };
  });
  const langs = [...new Set(phrases.map(({ lang }) => languageOf(lang)))].sort();
  return [
    { name: 'intent', labels: INTENTS },
    { name: 'lang', labels: langs },
    ...details.filter(({ labels }) => labels.length > 1),
  ];
}

/** Both scripts of Uzbek sound the same. */
function languageOf(lang: Lang): Lang {
  return lang === 'uz-Cyrl' ? 'uz' : lang;
}
