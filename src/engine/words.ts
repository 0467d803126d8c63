import { LANGS } from '../message.ts';
import { foldedList } from './match.ts';
import type { Env, Texts } from './types.ts';

/** Words that work in every wait, in every language. */
export const GLOBAL_WORDS = [
  'menu',
  'hello',
  'back',
  'language',
  'human',
  'stop',
  'help',
  'forget',
  'hide',
] as const;
export type GlobalWord = (typeof GLOBAL_WORDS)[number];

const vocabularies = new WeakMap<Texts, ReadonlyMap<string, GlobalWord>>();

function vocabularyOf({ texts }: Env): ReadonlyMap<string, GlobalWord> {
  const known = vocabularies.get(texts);
  if (known !== undefined) return known;
  const words = new Map<string, GlobalWord>();
  for (const word of GLOBAL_WORDS) {
    for (const lang of LANGS) {
      for (const typed of foldedList(texts, lang, `common:words.${word}`)) words.set(typed, word);
    }
  }
  vocabularies.set(texts, words);
  return words;
}

/**
 * The global word that was typed, alone or as a command (`/menu`).
 * @param folded the same text, folded
 */
export function globalWord(env: Env, typed: string, folded: string): GlobalWord | undefined {
  if (!typed.startsWith('/')) return vocabularyOf(env).get(folded);
  const command = typed.slice(1).toLowerCase();
  return GLOBAL_WORDS.find((w) => w === command);
}

/** The flow of a command, `/test`. */
export function commandFlow(env: Env, typed: string): string | undefined {
  if (!typed.startsWith('/')) return undefined;
  const command = typed.slice(1).toLowerCase();
  return [...env.flows.values()].find((flow) => flow.triggers.command === command)?.id;
}
