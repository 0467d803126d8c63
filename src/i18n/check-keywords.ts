import type { Lang } from '../message.ts';
import type { KeyReport } from './check-entry.ts';
import { fold } from './fold.ts';
import type { Locale } from './locale.ts';

interface Phrase {
  meaning: string;
  lang: Lang;
  key: string;
}

/**
 * Rule `keywords`: a word that always works (`words.*` of common), folded, means one thing, in all languages together,
 * for the engine knows every language's words at once.
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
  return /^common:words\.([^.]+)$/.exec(key)?.[1];
}
