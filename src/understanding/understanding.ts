import { learnPhrases } from './learn.ts';
import { digestOf, readLearnt } from './learnt-file.ts';
import { type Phrase, readPhrases } from './phrases.ts';
import { Reader } from './reader.ts';
import type { Understanding } from './types.ts';

/** Understands what these phrases teach. Learning takes seconds when they are thousands. */
export function createUnderstanding(phrases: readonly Phrase[]): Understanding {
  return new Reader(learnPhrases(phrases));
}

/**
 * Understands the phrases under `locales/`: at once when the build has learnt just these, else after learning them.
 *
 * @param root the project's folder
 * @param built the folder whose `dist/` the build has written to, when that is another one
 * @throws AppError LOCALE_INVALID when a file of phrases cannot be read
 */
export function loadUnderstanding(root: string, built = root): Understanding {
  const learnt = readLearnt(built, digestOf(root));
  return learnt === undefined ? createUnderstanding(readPhrases(root)) : new Reader(learnt);
}
