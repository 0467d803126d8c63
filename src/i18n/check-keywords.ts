import type { Lang } from '../message.ts';
import type { KeyReport } from './check-entry.ts';
import { fold } from './fold.ts';
import type { Locale } from './locale.ts';

/** Words that always work → the flow that means the same. */
const SAME_MEANING: Readonly<Record<string, string>> = { human: 'handoff' };

interface Phrase {
  meaning: string;
  lang: Lang;
  key: string;
}

/**
 * Rule `keywords`: a phrase, folded, means one thing, in all languages together, for the engine knows every
 * language's words at once. Phrases are the lists `keywords` and `urgent.<step>` of flows and `words.*` of common.
 */
export function checkKeywords(locales: ReadonlyMap<Lang, Locale>, report: KeyReport): void {
  const known = new Map<string, Phrase>();
  const reported = new Set<string>();
  for (const locale of locales.values()) {
    for (const [key, entry] of locale.entries) {
      const meaning = meaningOf(key);
      if (meaning === undefined || typeof entry === 'string') continue;
      for (const text of entry) {
        const word = fold(text);
        if (word === '')
          report(locale, key, 'keywords', `"${text}" has no letters and matches nothing`, 'remove it');
        const before = known.get(word);
        const clash = `${word} ${before?.meaning} ${meaning}`;
        if (before === undefined) known.set(word, { meaning, lang: locale.lang, key });
        else if (before.meaning !== meaning && !reported.has(clash)) {
          reported.add(clash);
          const message = `"${text}" already means ${before.key} in ${before.lang}`;
          report(locale, key, 'keywords', message, 'keep it in one of the two');
        }
      }
    }
  }
}

function meaningOf(key: string): string | undefined {
  const word = /^common:words\.([^.]+)$/.exec(key)?.[1];
  if (word !== undefined) return SAME_MEANING[word] ?? word;
  const urgent = /^([^:]+):urgent\.([^.]+)$/.exec(key);
  if (urgent !== null) return `${urgent[1]}.${urgent[2]}`;
  return /^([^:]+):keywords$/.exec(key)?.[1];
}
