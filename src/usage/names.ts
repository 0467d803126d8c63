import type { ContentLookup } from '../content/types.ts';
import type { Texts } from '../engine/types.ts';
import { choiceKeys, textKey } from '../flow/keys.ts';
import { BUILT_IN, type Flow, type FlowStep, type Flows, type Target } from '../flow/types.ts';
import type { Lang } from '../message.ts';
import { endOf, type Period } from './calendar.ts';
import type { UsageEvent } from './event.ts';
import type { Meaning } from './figures.ts';
import type { Shown } from './sheet.ts';

/** Channels that are called the same in every language. */
const BRANDS: Readonly<Record<string, string>> = { telegram: 'Telegram', whatsapp: 'WhatsApp' };
/** Everybody goes through these; a person behind the bot is counted by itself. */
const EVERYBODY: ReadonlySet<string> = new Set([
  BUILT_IN.welcome,
  BUILT_IN.menu,
  BUILT_IN.language,
  BUILT_IN.help,
  BUILT_IN.handoff,
]);
/** Longest name of a step, in characters. */
const LONGEST = 48;
const DAY_MS = 86_400_000;
const THURSDAY = 3;

/** Languages the figures are told in. */
export type FigureLang = Extract<Lang, 'ru' | 'kk' | 'en'>;

/** What names are made from. */
export interface NameSources {
  texts: Texts;
  flows: Flows;
  /** The names of what people ask for in vain. */
  content: Pick<ContentLookup, 'gapLabel'>;
}

/** Which flows people come for, and where they are asked something. */
export function meaningOf({ flows, texts }: Pick<NameSources, 'flows' | 'texts'>): Meaning {
  return {
    isTopic: (flow) => !EVERYBODY.has(flow),
    isQuestion: (flow, id) => {
      const step = flows.get(flow)?.steps.get(id);
      if (step?.kind !== 'say') return step?.kind === 'ask';
      // A menu in the middle; not an answer, and not "did this help?".
      const ends = step.choices.some(({ target }) => target?.to === 'end');
      return isMenu(step) && !ends && texts.t('en', textKey(flow, id)).includes('?');
    },
  };
}

/** Whether a step says nothing but its own text. */
function isMenu({ kind, say }: FlowStep): boolean {
  return kind === 'say' && say?.page === undefined && say?.claim === undefined;
}

/** What things are called, for one reader. Anything unknown, e.g. a flow removed since, is called by its id. */
export class FigureNames {
  readonly lang: FigureLang;
  readonly #sources: NameSources;
  readonly #numbers: Intl.NumberFormat;
  readonly #steps = new Map<string, ReadonlyMap<string, string>>();

  constructor(sources: NameSources, lang: FigureLang) {
    this.#sources = sources;
    this.lang = lang;
    this.#numbers = new Intl.NumberFormat(lang);
  }

  /** A text of `console:stats`. `count` chooses the plural. */
  t(key: string, params?: Record<string, string | number>): string {
    return this.#sources.texts.t(this.lang, `console:stats.${key}`, params);
  }

  /** As at the beginning of a sentence. */
  capital(text: string): string {
    return text.charAt(0).toLocaleUpperCase(this.lang) + text.slice(1);
  }

  /** `1,240` */
  number(n: number): string {
    return this.#numbers.format(n);
  }

  /** `1,240`, `≥ 320` when weeks are missing in it; undefined when nothing may be shown. */
  shown({ n, hidden }: Shown): string | undefined {
    if (n === 0) return undefined;
    return hidden === 0 ? this.number(n) : this.t('at_least', { n: this.number(n) });
  }

  /** `46 %` */
  percent(n: number): string {
    return `${this.number(n)}\u00a0%`;
  }

  /** `10 min`, `2 h`. @param minutes one of `WAIT_MINUTES` */
  minutes(minutes: number): string {
    return minutes < 60
      ? this.t('time_minutes', { n: this.number(minutes) })
      : this.t('time_hours', { n: this.number(minutes / 60) });
  }

  /** A line of the table of waits: `≤ 10 min`. */
  wait(limit: string): string {
    return limit === 'more'
      ? this.t('wait_more')
      : this.t('wait_up_to', { time: this.minutes(Number(limit)) });
  }

  flow(id: string): string {
    return this.#known(`console:stats.flows.${id}`) ?? this.#button(id) ?? id;
  }

  /** What the bot asks or says at a step, or what the button is called that leads there. */
  step(flow: string, step: string): string {
    let names = this.#steps.get(flow);
    if (names === undefined) {
      names = this.#nameSteps(flow);
      this.#steps.set(flow, names);
    }
    return names.get(step) ?? step;
  }

  country(code: string): string {
    return this.#known(`places:countries.${code}`) ?? this.#known(`places:citizenships.${code}`) ?? code;
  }

  language(lang: string): string {
    return this.#known(`console:stats.languages.${lang}`) ?? lang;
  }

  channel(id: string): string {
    return BRANDS[id] ?? this.#known(`console:desk.channels.${id}`) ?? id;
  }

  topic(id: string): string {
    return this.#known(`console:desk.topics.${id}`) ?? id;
  }

  gap(topic: string): string {
    return this.#sources.content.gapLabel(topic, this.lang) ?? topic;
  }

  talk(outcome: string): string {
    return this.#known(`console:stats.talks.${outcome}`) ?? outcome;
  }

  /** What a value of a table's first dimension is called. */
  row(table: UsageEvent['name'], id: string): string {
    switch (table) {
      case 'visit':
      case 'sent':
        return this.channel(id);
      case 'hour':
        return this.weekday(Number(id) - 1, 'long');
      case 'flow-started':
      case 'not-understood':
      case 'useful':
        return this.flow(id);
      case 'flow-ended':
        return this.outcome(id);
      case 'step': {
        const [flow = '', step = ''] = id.split('.');
        return `${this.flow(flow)}: ${this.step(flow, step)}`;
      }
      case 'gap':
        return this.gap(id);
      case 'person-asked':
      case 'talk':
        return this.topic(id);
      case 'wait':
        return this.wait(id);
    }
  }

  /** What a value of its second dimension is called. */
  column(table: UsageEvent['name'], id: string): string {
    switch (table) {
      case 'visit':
      case 'flow-ended':
      case 'not-understood':
        return this.language(id);
      case 'flow-started':
        return this.country(id);
      case 'talk':
        return this.talk(id);
      case 'step':
      case 'useful':
        return this.outcome(id);
      default:
        return id;
    }
  }

  /** How a flow ended, what somebody answered, how they left. */
  outcome(id: string): string {
    return this.#known(`console:stats.outcomes.${id}`) ?? id;
  }

  /** `Week 46`, `November 2026`, `Quarter 4 of 2026`. */
  period({ kind, n, year, id }: Period): string {
    if (kind === 'week') return this.t('period.week', { n });
    if (kind === 'quarter') return this.t('period.quarter', { n, year });
    return this.capital(this.#date({ month: 'long', year: 'numeric' }).format(new Date(`${id}-15`)));
  }

  /** `9–15 November 2026` */
  dates(period: Period): string {
    const last = Date.parse(endOf(period)) - DAY_MS;
    return this.#date({ day: 'numeric', month: 'long', year: 'numeric' }).formatRange(
      new Date(period.weeks[0] ?? ''),
      new Date(last),
    );
  }

  /** `16 November 2026` */
  day(day: string): string {
    return this.#date({ day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(day));
  }

  /** `Nov`: the month a week belongs to. */
  month(monday: string): string {
    return this.#date({ month: 'short' }).format(new Date(Date.parse(monday) + THURSDAY * DAY_MS));
  }

  /** Monday is 0. */
  weekday(at: number, length: 'short' | 'long'): string {
    // The fifth of January 1970 was a Monday.
    return this.#date({ weekday: length }).format(new Date((at + 4) * DAY_MS));
  }

  #date(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const lang = this.lang === 'en' ? 'en-GB' : this.lang;
    return new Intl.DateTimeFormat(lang, { ...options, timeZone: 'UTC' });
  }

  /** The names of a flow's steps; no two are the same. */
  #nameSteps(id: string): ReadonlyMap<string, string> {
    const flow = this.#sources.flows.get(id);
    const names = new Map<string, string>();
    const used = new Map<string, number>();
    for (const step of flow?.steps.values() ?? []) {
      if (flow === undefined || !step.waits) continue;
      const name = this.#nameStep(flow, step);
      const times = (used.get(name) ?? 0) + 1;
      used.set(name, times);
      names.set(step.id, times === 1 ? name : `${name} (${times})`);
    }
    return names;
  }

  #nameStep(flow: Flow, step: FlowStep): string {
    const own = this.#known(`console:stats.steps.${step.kind}`);
    if (own !== undefined) return own;
    const button = this.#label(flow, (target) => target?.to === 'step' && target.step === step.id);
    const text = this.#known(textKey(flow.id, step.id))?.split(/(?<=[.?!:])\s|\n/);
    // Of a question its last sentence, of an answer its heading.
    const asks = step.kind === 'ask' || step.kind === 'after' || isMenu(step);
    const said = asks ? text?.findLast((part) => part.endsWith('?')) : undefined;
    const name = (said ?? button ?? text?.[0] ?? step.id).replace(/[:.]$/, '');
    if (name.includes('{{')) return button ?? step.id;
    return name.length > LONGEST ? `${name.slice(0, LONGEST - 1).trimEnd()}…` : name;
  }

  /** What a button of the menu, or else of another flow, calls a flow. */
  #button(id: string): string | undefined {
    const { flows } = this.#sources;
    const menu = flows.get(BUILT_IN.menu);
    const others = [...flows.values()].filter((flow) => flow !== menu && flow.id !== id);
    for (const flow of [...(menu === undefined ? [] : [menu]), ...others]) {
      const label = this.#label(
        flow,
        (target) => (target?.to === 'goto' || target?.to === 'call') && target.flow === id,
      );
      if (label !== undefined) return label;
    }
    return undefined;
  }

  #label(flow: Flow, wanted: (target: Target | undefined) => boolean): string | undefined {
    for (const step of flow.steps.values()) {
      const choice = step.choices.find(({ target }) => wanted(target));
      const keys = choice === undefined ? [] : choiceKeys(flow.id, step.id, choice.id);
      const label = keys.map((key) => this.#known(key)).find((text) => text !== undefined);
      if (label !== undefined) return label;
    }
    return undefined;
  }

  #known(key: string): string | undefined {
    const { texts } = this.#sources;
    return texts.has(this.lang, key) ? texts.t(this.lang, key) : undefined;
  }
}
