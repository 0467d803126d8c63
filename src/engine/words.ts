import { fold } from '../i18n/fold.ts';
import { LANGS, type Lang } from '../message.ts';
import { foldedList } from './match.ts';
import type { Env, Route, Texts } from './types.ts';

/** Words that work in every wait, in every language. */
export const GLOBAL_WORDS = ['menu', 'back', 'language', 'human', 'stop', 'help', 'forget', 'hide'] as const;
export type GlobalWord = (typeof GLOBAL_WORDS)[number];

interface Vocabulary {
  globals: Map<string, GlobalWord>;
  /** Whole phrases that start a flow. */
  exact: Map<string, Route>;
  /** Phrases found anywhere in what was typed, with a space on either side so that only whole words are. */
  within: { phrase: string; route: Route }[];
  urgent: { phrase: string; route: Route; lang: Lang }[];
  commands: Map<string, Route>;
}

const vocabularies = new WeakMap<Texts, { env: Env['flows']; words: Vocabulary }>();

function vocabularyOf(env: Env): Vocabulary {
  const known = vocabularies.get(env.texts);
  if (known?.env === env.flows) return known.words;
  const words = build(env);
  vocabularies.set(env.texts, { env: env.flows, words });
  return words;
}

function build(env: Env): Vocabulary {
  const v: Vocabulary = { globals: new Map(), exact: new Map(), within: [], urgent: [], commands: new Map() };
  for (const word of GLOBAL_WORDS) {
    for (const lang of LANGS) {
      for (const typed of foldedList(env.texts, lang, `common:words.${word}`)) v.globals.set(typed, word);
    }
  }
  for (const flow of env.flows.values()) {
    const route: Route = { flow: flow.id, urgent: flow.triggers.urgent };
    if (flow.triggers.command !== undefined) v.commands.set(flow.triggers.command, route);
    for (const lang of LANGS) {
      for (const phrase of foldedList(env.texts, lang, `${flow.id}:keywords`))
        addPhrase(v, phrase, route, lang);
    }
  }
  // The longest phrase first: "pregnant and no pills" must not stop at "pills".
  v.within.sort((a, b) => b.phrase.length - a.phrase.length);
  return v;
}

function addPhrase(v: Vocabulary, phrase: string, route: Route, lang: Lang): void {
  if (phrase === '') return;
  v.exact.set(phrase, route);
  const whole = ` ${phrase} `;
  if (route.urgent) v.urgent.push({ phrase: whole, route, lang });
  else if (phrase.includes(' ') || phrase.length >= 5) v.within.push({ phrase: whole, route });
}

/** The global word that was typed, alone or as a command (`/menu`). */
export function globalWord(env: Env, typed: string): GlobalWord | undefined {
  if (typed.startsWith('/')) {
    const command = typed.slice(1).toLowerCase();
    return GLOBAL_WORDS.find((w) => w === command);
  }
  return typed.length > 40 ? undefined : vocabularyOf(env).globals.get(fold(typed));
}

/** An urgent phrase anywhere in what was typed, in any language; with the language it was written in. */
export function urgentRoute(env: Env, typed: string): { route: Route; lang: Lang } | undefined {
  const words = ` ${fold(typed)} `;
  const hit = vocabularyOf(env).urgent.find((u) => words.includes(u.phrase));
  return hit === undefined ? undefined : { route: hit.route, lang: hit.lang };
}

/** The flow that a command or a free phrase asks for. */
export function routeOf(env: Env, typed: string): Route | undefined {
  const v = vocabularyOf(env);
  if (typed.startsWith('/')) return v.commands.get(typed.slice(1).toLowerCase());
  const folded = fold(typed);
  const whole = v.exact.get(folded);
  if (whole !== undefined) return whole;
  const words = ` ${folded} `;
  return v.within.find((w) => words.includes(w.phrase))?.route;
}
