import type { Flow } from '../flow/types.ts';
import { fold } from '../i18n/fold.ts';
import { LANGS, type Lang } from '../message.ts';
import { foldedList } from './match.ts';
import type { Env, Route, Texts } from './types.ts';

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

/** A single word shorter than this must stand alone to start a flow. */
const MIN_WITHIN = 5;

interface Vocabulary {
  globals: Map<string, GlobalWord>;
  /** Whole phrases that start a flow. */
  exact: Map<string, Route>;
  /** Phrases found anywhere in what was typed. */
  within: Phrases;
  urgent: Phrases;
  commands: Map<string, Route>;
}

/** A phrase of a locale, with a space after it so that only whole words are found. */
interface Phrase {
  words: string;
  route: Route;
  lang: Lang;
}

/** Phrases by their first word: what was typed is gone through once, however many phrases there are. */
class Phrases {
  readonly #byFirst = new Map<string, Phrase[]>();

  add(phrase: string, route: Route, lang: Lang): void {
    const first = phrase.split(' ', 1)[0] ?? '';
    const among = this.#byFirst.get(first) ?? [];
    among.push({ words: `${phrase} `, route, lang });
    this.#byFirst.set(first, among);
  }

  /** The longest phrase in folded words: "pregnant and no pills" must not stop at "pills". */
  find(folded: string): Phrase | undefined {
    const text = `${folded} `;
    let best: Phrase | undefined;
    for (let at = 0; at < text.length; ) {
      const end = text.indexOf(' ', at);
      for (const phrase of this.#byFirst.get(text.slice(at, end)) ?? []) {
        const longer = best === undefined || phrase.words.length > best.words.length;
        if (longer && text.startsWith(phrase.words, at)) best = phrase;
      }
      at = end + 1;
    }
    return best;
  }
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
  const v: Vocabulary = {
    globals: new Map(),
    exact: new Map(),
    within: new Phrases(),
    urgent: new Phrases(),
    commands: new Map(),
  };
  for (const word of GLOBAL_WORDS) {
    for (const lang of LANGS) {
      for (const typed of foldedList(env.texts, lang, `common:words.${word}`)) v.globals.set(typed, word);
    }
  }
  for (const flow of env.flows.values()) {
    const route: Route = { flow: flow.id };
    if (flow.triggers.command !== undefined) v.commands.set(flow.triggers.command, route);
    for (const lang of LANGS) {
      for (const phrase of foldedList(env.texts, lang, `${flow.id}:keywords`))
        addPhrase(v, phrase, route, lang);
      if (flow.triggers.urgent) addUrgent(v, env, flow, lang);
    }
  }
  return v;
}

/** Phrases that cannot wait stand under the step they lead to: `emergency:urgent.exposure`. */
function addUrgent(v: Vocabulary, env: Env, flow: Flow, lang: Lang): void {
  for (const step of flow.steps.keys()) {
    for (const phrase of foldedList(env.texts, lang, `${flow.id}:urgent.${step}`)) {
      if (phrase !== '') v.urgent.add(phrase, { flow: flow.id, step }, lang);
    }
  }
}

function addPhrase(v: Vocabulary, phrase: string, route: Route, lang: Lang): void {
  if (phrase === '') return;
  v.exact.set(phrase, route);
  if (phrase.includes(' ') || phrase.length >= MIN_WITHIN) v.within.add(phrase, route, lang);
}

/**
 * The global word that was typed, alone or as a command (`/menu`).
 * @param folded the same text, folded
 */
export function globalWord(env: Env, typed: string, folded: string): GlobalWord | undefined {
  if (!typed.startsWith('/')) return vocabularyOf(env).globals.get(folded);
  const command = typed.slice(1).toLowerCase();
  return GLOBAL_WORDS.find((w) => w === command);
}

/** An urgent phrase anywhere in folded words, in any language; with the language it was written in. */
export function urgentRoute(env: Env, folded: string): { route: Route; lang: Lang } | undefined {
  return vocabularyOf(env).urgent.find(folded);
}

/** The flow that a command or a free phrase asks for. */
export function routeOf(env: Env, typed: string): Route | undefined {
  const v = vocabularyOf(env);
  if (typed.startsWith('/')) return v.commands.get(typed.slice(1).toLowerCase());
  const folded = fold(typed);
  return v.exact.get(folded) ?? v.within.find(folded)?.route;
}
