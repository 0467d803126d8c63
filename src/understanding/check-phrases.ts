import type { Problem } from '../errors.ts';
import { fold } from '../i18n/fold.ts';
import { LANGS } from '../message.ts';
import { foldWords } from './folding.ts';
import { loadPhrases, type PlacedPhrase, phraseFile } from './phrases.ts';
import { INTENTS, type Intent, keyOf } from './types.ts';

/** Phrases of each intent that every language has at least; half of what people write would be missed with fewer. */
const FEWEST: Readonly<Partial<Record<Intent, number>>> = {
  testing: 40,
  art: 40,
  rights: 40,
  handoff: 40,
  pep: 40,
  crisis: 40,
};
const FEWEST_OF_OTHERS = 15;

/** In characters: nobody can overlook what a longer one teaches. */
const LONGEST = 300;

/**
 * Everything that can be wrong with the phrases under `locales/`: unknown intents, phrases that are empty, too long,
 * doubled, or under two intents (in whatever script and spelling), and intents with too few of them.
 */
export function checkPhrases(root: string): Problem[] {
  return checkLoaded(loadPhrases(root));
}

/** The same for phrases that were read already. */
export function checkLoaded({ phrases, problems }: ReturnType<typeof loadPhrases>): Problem[] {
  const found = [...problems, ...checkTexts(phrases), ...checkMeanings(phrases)];
  // A file that cannot be read has no phrases; that each of its intents has too few is not worth a line.
  return found.length > 0 ? found : checkCounts(phrases);
}

function checkTexts(phrases: readonly PlacedPhrase[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, PlacedPhrase>();
  for (const phrase of phrases) {
    const folded = fold(phrase.text);
    if (!/\p{L}.*\p{L}/u.test(folded)) {
      problems.push(problemOf(phrase, 'empty', 'has fewer than two letters', 'remove it'));
      continue;
    }
    if (phrase.text.length > LONGEST)
      problems.push(problemOf(phrase, 'long', `is longer than ${LONGEST} characters`, 'shorten it'));
    const key = `${phrase.lang} ${folded}`;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, phrase);
    else {
      const message = `"${phrase.text}" already stands in line ${before.line}`;
      problems.push(problemOf(phrase, 'duplicate', message, 'remove one of the two'));
    }
  }
  return problems;
}

/** One phrase, one meaning, in all languages and scripts together: they are understood by one model. */
function checkMeanings(phrases: readonly PlacedPhrase[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, PlacedPhrase>();
  for (const phrase of phrases) {
    const folded = foldWords(phrase.text).join(' ');
    const before = seen.get(folded);
    if (before === undefined) seen.set(folded, phrase);
    else if (keyOf(before) !== keyOf(phrase)) {
      const message = `"${phrase.text}" is ${keyOf(phrase)} here and ${keyOf(before)} in ${before.file}:${before.line}`;
      problems.push(problemOf(phrase, 'two-meanings', message, 'keep it in one of the two'));
    }
  }
  return problems;
}

function checkCounts(phrases: readonly PlacedPhrase[]): Problem[] {
  const problems: Problem[] = [];
  for (const lang of LANGS) {
    for (const intent of INTENTS) {
      const count = phrases.filter((phrase) => phrase.lang === lang && phrase.intent === intent).length;
      const fewest = FEWEST[intent] ?? FEWEST_OF_OTHERS;
      if (count >= fewest) continue;
      const message = `${count} phrases of "${intent}"; at least ${fewest} are needed`;
      const hint = 'add what people really type, each different from the others';
      problems.push({ file: phraseFile(lang), rule: 'few', message, hint, level: 'error' });
    }
  }
  return problems;
}

function problemOf({ file, line }: PlacedPhrase, rule: string, message: string, hint: string): Problem {
  return { file, line, rule, message, hint, level: 'error' };
}
