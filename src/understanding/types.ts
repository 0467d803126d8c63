import type { Lang } from '../message.ts';

/** What a free phrase can be about; ids are fixed. `none`: anything else. */
export const INTENTS = [
  'testing',
  'art',
  'rights',
  'handoff',
  'pep',
  'crisis',
  'prevention',
  'pregnancy',
  'basics',
  'privacy',
  'language',
  'menu',
  'none',
] as const;
export type Intent = (typeof INTENTS)[number];

/** What a phrase was understood as. */
export interface Understood {
  /** `none` when nothing is sure enough. */
  intent: Intent;
  /** More exactly, as in `art.running-out`; absent when the words do not say. */
  detail?: string;
  /** How sure, 0..1. */
  score: number;
  /** Sure enough to go there without asking "Did you mean …". */
  sure: boolean;
  /** Cannot wait: exposure in the last days, self-harm, violence. Also when it may be so; then `doubtful`. */
  urgent: boolean;
  /** It may be urgent or not: ask first. */
  doubtful: boolean;
  /** Language of the phrases it is nearest to. A guess: the same words are written in several. */
  lang: Lang;
  /** The best guesses, best first, at most three, without `none`; for "Did you mean …". */
  near: readonly Guess[];
}

/** One thing that could have been meant. */
export interface Guess {
  intent: Exclude<Intent, 'none'>;
  detail?: string;
  score: number;
}

/** Understands free words, on this machine. Pure: the same words are always understood in the same way. */
export interface Understanding {
  /** Never throws; takes time linear in the length of the text (of which the first 4,096 characters count). */
  read(text: string): Understood;
}

/** Places named in a text. */
export interface PlacesSaid {
  /** Id of a city we know, where the person is or goes. */
  city?: string;
  /** Country of stay: "in Kazakhstan". */
  country?: string;
  /** "from Uzbekistan", "citizen of Uzbekistan". */
  citizenship?: string;
}

/** The key of a meaning: `art`, `art.running-out`. */
export function keyOf({ intent, detail }: { intent: Intent; detail?: string }): string {
  return detail === undefined ? intent : `${intent}.${detail}`;
}

/** Whether an intent cannot wait. */
export function isUrgent(intent: Intent): boolean {
  return intent === 'pep' || intent === 'crisis';
}
