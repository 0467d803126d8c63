import type { Lang } from '../message.ts';
import { extractFeatures, stemOf } from './features.ts';
import { ALL_FOLDINGS, type Folding, foldWords, otherLayout } from './folding.ts';
import type { Learnt } from './learn.ts';
import { type Likelihoods, Model } from './model.ts';
import { Neighbours } from './neighbours.ts';
import { parseKey } from './phrases.ts';
import { type Guess, INTENTS, type Intent, isUrgent, type Understanding, type Understood } from './types.ts';

/** From this score on an answer is certain; below it the person is asked "Did you mean …". */
export const CONFIDENT = 0.82;
/** Below this score nothing is an answer. */
const LEAST = 0.2;
/** How likely a phrase must be urgent for us to ask. A miss can cost a life, a false alarm costs one question. */
const MAYBE_URGENT = 0.21;
/** How likely it must be that it is urgent for us not to ask. */
const SURELY_URGENT = 0.7;
/** How likely a detail must be; without one the whole topic is offered. */
const SURE_DETAIL = 0.5;

/** Characters of a text that are read. */
const LONGEST = 4_096;
/** Texts of more words are read in parts too: what matters may be one sentence of many. */
const ONE_BREATH = 16;
const SENTENCES = /[.!?;\n]+/;
const PART = 12;
const PART_STEP = 6;
/** How sure a part must be of what it is about, and that it is urgent, to be heard among the others. */
const CLEAR_PART = 0.7;
const URGENT_PART = 0.55;

/** Below this share of known letters the keys may have been those of another keyboard layout … */
const POORLY_KNOWN = 0.6;
/** … if that reading is better known by so much. */
const BETTER_KNOWN = 0.15;

/** How much the model and the neighbours have to say. */
const MODEL_SAYS = 0.9;
const NEIGHBOURS_SAY = 0.4;
/** Nobody is so sure that nobody else is heard. */
const TINY = 1e-6;

/** What is made of some words. */
interface Judged {
  intents: Likelihoods;
  /** Weights summed up, for the groups that are judged later. */
  sums: Float32Array;
  /** Share of the words that the model knows, 0..1. */
  known: number;
  urgent: number;
}

/** A meaning that is certain: the phrase is one of those that were learnt. */
interface Known {
  intent: Intent;
  detail?: string;
  lang: Lang;
}

/** Reads with what was learnt. */
export class Reader implements Understanding {
  readonly #learnt: Learnt;
  readonly #model: Model;
  readonly #neighbours: Neighbours;
  readonly #on: ReadonlySet<Folding>;

  /** @param on foldings that are applied: those that the phrases were learnt with */
  constructor(learnt: Learnt, on: ReadonlySet<Folding> = ALL_FOLDINGS) {
    this.#learnt = learnt;
    this.#model = new Model(learnt.weights);
    this.#neighbours = new Neighbours(learnt.files);
    this.#on = on;
  }

  read(text: string): Understood {
    const typed = text.slice(0, LONGEST);
    const words = foldWords(typed, this.#on);
    if (!words.some((word) => /\p{L}/u.test(word))) return NOTHING;
    const known = this.#find(words);
    const judged = this.#judgeText(typed, words);
    return known === undefined ? this.#answer(judged, typed) : this.#confirm(judged, known);
  }

  #find(words: readonly string[]): Known | undefined {
    const [key, lang] = this.#learnt.book.find(words.join(' ')) ?? [];
    const meaning = key === undefined ? undefined : parseKey(key);
    return meaning === undefined || lang === undefined ? undefined : { ...meaning, lang };
  }

  #judgeText(typed: string, words: readonly string[]): Judged {
    const judged = this.#judgeLong(typed, words);
    if (judged.known > POORLY_KNOWN || !this.#on.has('layout')) return judged;
    const slipped = otherLayout(typed);
    if (slipped === undefined) return judged;
    const other = this.#judgeLong(slipped, foldWords(slipped, this.#on));
    return other.known > judged.known + BETTER_KNOWN ? other : judged;
  }

  /** A long text is also read in parts; the most urgent of them decides how urgent it is, the surest what it is about. */
  #judgeLong(typed: string, words: readonly string[]): Judged {
    const whole = this.#judge(words);
    if (words.length <= ONE_BREATH) return whole;
    let best = whole;
    let urgent = whole.urgent;
    for (const sentence of typed.split(SENTENCES)) {
      const own = foldWords(sentence, this.#on);
      for (let at = 0; at === 0 || at + PART_STEP < own.length; at += PART_STEP) {
        const part = this.#judge(own.slice(at, at + PART));
        if (surest(part) > Math.max(surest(best), CLEAR_PART)) best = part;
        if (part.urgent > URGENT_PART) urgent = Math.max(urgent, part.urgent);
      }
    }
    return { ...best, known: whole.known, urgent };
  }

  /** As typed, and as it reads when slips are mended; what is mended may also have been right. */
  #judge(words: readonly string[]): Judged {
    const { stems, spelling } = this.#learnt;
    const typed = this.#judgeWords(words);
    if (!this.#on.has('typos')) return typed;
    const mended = words.map((word) => (stems.has(stemOf(word)) ? word : spelling.mend(word)));
    if (mended.every((word, i) => word === words[i])) return typed;
    const other = this.#judgeWords(mended);
    const intents = together(typed.intents, other.intents);
    return { ...other, intents, urgent: urgencyOf(intents) };
  }

  #judgeWords(words: readonly string[]): Judged {
    const features = extractFeatures(words, (stem) => this.#learnt.stems.has(stem));
    const { sums, known } = this.#model.weigh(features);
    const intents = join(this.#model.judge(sums, 'intent'), this.#neighbours.ask(words));
    return { intents, sums, known, urgent: urgencyOf(intents) };
  }

  #confirm({ intents, sums }: Judged, { intent, detail, lang }: Known): Understood {
    const urgent = isUrgent(intent);
    return {
      intent,
      ...(detail === undefined ? {} : { detail }),
      score: 1,
      sure: intent !== 'none',
      urgent,
      doubtful: urgent && isDoubt(detail),
      lang,
      near: this.#guesses(intents, sums),
    };
  }

  #answer({ intents, sums, urgent: urgency }: Judged, typed: string): Understood {
    const near = this.#guesses(intents, sums);
    const none = intents.get('none') ?? 0;
    const [best] = near;
    const found = best !== undefined && best.score >= none && best.score >= LEAST ? best : undefined;
    const intent = found?.intent ?? 'none';
    const urgent = isUrgent(intent) || urgency >= MAYBE_URGENT;
    return {
      ...(found ?? { intent, score: none }),
      sure: found !== undefined && found.score >= CONFIDENT,
      urgent,
      doubtful: urgent && (urgency < SURELY_URGENT || !isUrgent(intent) || isDoubt(found?.detail)),
      lang: this.#lang(sums, typed),
      near,
    };
  }

  /** The three likeliest intents, with the detail of each that is likely enough. */
  #guesses(intents: Likelihoods, sums: Float32Array): Guess[] {
    const guesses = INTENTS.flatMap((intent): Guess[] =>
      intent === 'none' ? [] : [{ intent, score: intents.get(intent) ?? 0 }],
    );
    const best = guesses.sort((a, b) => b.score - a.score).slice(0, 3);
    return best.map((guess) => {
      const [detail, likely] = this.#likeliest(sums, `${guess.intent}.`);
      return detail === undefined || detail === '' || likely < SURE_DETAIL ? guess : { ...guess, detail };
    });
  }

  #lang(sums: Float32Array, typed: string): Lang {
    const [lang] = this.#likeliest(sums, 'lang');
    return lang === 'uz' && /\p{Script=Cyrillic}/u.test(typed) ? 'uz-Cyrl' : ((lang ?? NOTHING.lang) as Lang);
  }

  #likeliest(sums: Float32Array, group: string): [label: string | undefined, likely: number] {
    let best: [string | undefined, number] = [undefined, 0];
    for (const [label, likely] of this.#model.judge(sums, group))
      if (likely > best[1]) best = [label, likely];
    return best;
  }
}

const NOTHING: Understood = {
  ...{ intent: 'none', score: 1, sure: false, urgent: false, doubtful: false },
  ...{ lang: 'ru', near: [] },
};

/** What the model says and what the neighbours say, as one: products of powers of their likelihoods. */
function join(model: Likelihoods, neighbours: Float32Array): Likelihoods {
  const parts = INTENTS.map((intent, i) => {
    const [own, heard] = [model.get(intent) ?? 0, neighbours[i] ?? 0];
    return (own + TINY) ** MODEL_SAYS * (heard + TINY) ** NEIGHBOURS_SAY;
  });
  const all = parts.reduce((a, b) => a + b, 0);
  return new Map(INTENTS.map((intent, i) => [intent, (parts[i] ?? 0) / all]));
}

/** What two readings of the same words say; both may be right. */
function together(one: Likelihoods, other: Likelihoods): Likelihoods {
  const half = (intent: Intent) => ((one.get(intent) ?? 0) + (other.get(intent) ?? 0)) / 2;
  return new Map(INTENTS.map((intent) => [intent, half(intent)]));
}

function urgencyOf(intents: Likelihoods): number {
  return INTENTS.filter(isUrgent).reduce((sum, intent) => sum + (intents.get(intent) ?? 0), 0);
}

/** The bot asks first: was it in the last three days, or does the person mean it so. */
function isDoubt(detail: string | undefined): boolean {
  return detail === 'when' || detail === 'doubt';
}

/** What a part of a long text is not about: people greet, and say what they speak, before they ask. */
const ASIDE: ReadonlySet<string> = new Set<Intent>(['none', 'menu', 'language']);

/** How likely the likeliest intent is that somebody writes a long text for. */
function surest({ intents }: Judged): number {
  let best = 0;
  for (const [intent, likely] of intents) if (!ASIDE.has(intent)) best = Math.max(best, likely);
  return best;
}
