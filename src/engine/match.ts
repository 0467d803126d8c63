import { fold, parseNumber } from '../i18n/fold.ts';
import type { Lang } from '../message.ts';
import type { Option } from './run.ts';
import type { Env, Texts } from './types.ts';

/** A label typed only in part must have at least this many characters to be taken. */
const MIN_PREFIX = 4;

const foldedLists = new WeakMap<Texts, Map<string, readonly string[]>>();

/** A translators' list of words, folded once per process. */
export function foldedList(texts: Texts, lang: Lang, key: string): readonly string[] {
  const cache = foldedLists.get(texts) ?? new Map<string, readonly string[]>();
  foldedLists.set(texts, cache);
  const name = `${lang}|${key}`;
  const list = cache.get(name) ?? texts.list(lang, key).map(fold);
  cache.set(name, list);
  return list;
}

/**
 * Tap = type: which option a typed answer means. By its number as it stood on the screen, its label, a synonym,
 * or the beginning of exactly one label.
 *
 * @param shown ids in the order of the numbers the person saw
 */
export function matchOption(
  env: Env,
  lang: Lang,
  options: readonly Option[],
  shown: readonly string[],
  typed: string,
): Option | undefined {
  const number = parseNumber(typed);
  if (number !== undefined) {
    const id = shown[number - 1];
    return options.find((o) => o.id === id);
  }
  const word = fold(typed);
  if (word === '') return undefined;
  const labels = options.map((o) => fold(o.label));
  const exact = labels.indexOf(word);
  if (exact >= 0) return options[exact];
  const named = options.find((o) =>
    o.synonyms.some((key) => foldedList(env.texts, lang, key).includes(word)),
  );
  return named ?? byBeginning(options, labels, word);
}

function byBeginning(
  options: readonly Option[],
  labels: readonly string[],
  word: string,
): Option | undefined {
  if (word.length < MIN_PREFIX) return undefined;
  const hits = options.filter((_, i) => labels[i]?.startsWith(word));
  return hits.length === 1 ? hits[0] : undefined;
}
