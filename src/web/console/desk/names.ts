import { choiceKeys, textKey } from '../../../flow/keys.ts';
import { BUILT_IN, type Flow, type FlowChoice, type FlowStep } from '../../../flow/types.ts';
import { BY_PHONE, type HandoffHead, type HandoffWay } from '../../../handoff/port.ts';
import type { Lang } from '../../../message.ts';
import type { ConsoleLang } from '../../../store/staff-types.ts';
import type { ConsoleRequest } from '../pages.ts';
import type { DeskOptions } from './options.ts';

/** Each language's own name. */
const LANGUAGES: Readonly<Record<Lang, string>> = {
  uz: 'Oʻzbekcha',
  'uz-Cyrl': 'Ўзбекча',
  tg: 'Тоҷикӣ',
  ky: 'Кыргызча',
  kk: 'Қазақша',
  ru: 'Русский',
  en: 'English',
};
/** Channels that have a name of their own. */
const BRANDS: ReadonlyMap<HandoffHead['channel'], string> = new Map([
  ['telegram', 'Telegram'],
  ['whatsapp', 'WhatsApp'],
]);
/** Longest step of a way, in characters. */
const LONGEST = 48;
/** Flows that say nothing about anybody. */
const EVERYBODY: ReadonlySet<string> = new Set([
  BUILT_IN.welcome,
  BUILT_IN.menu,
  BUILT_IN.language,
  BUILT_IN.handoff,
]);
const MINUTE_MS = 60_000;

/** What things are called, for one reader. */
export class Names {
  readonly t: ConsoleRequest['t'];
  readonly #options: Pick<DeskOptions, 'texts' | 'flows' | 'teams' | 'staff'>;
  readonly #lang: ConsoleLang;

  constructor(
    options: Pick<DeskOptions, 'texts' | 'flows' | 'teams' | 'staff'>,
    reader: Pick<ConsoleRequest, 't' | 'lang'>,
  ) {
    this.#options = options;
    this.#lang = reader.lang;
    this.t = reader.t;
  }

  language(lang: Lang): string {
    return LANGUAGES[lang];
  }

  country(code: string): string {
    return this.#known(`places:countries.${code}`) ?? code;
  }

  topic(topic: string): string {
    return this.#known(`console:desk.topics.${topic}`) ?? topic;
  }

  channel(channel: HandoffHead['channel']): string {
    return BRANDS.get(channel) ?? this.t(`desk.channels.${channel}`);
  }

  /** With one team nobody has to be told which. */
  get oneTeam(): boolean {
    return this.#options.teams.length < 2;
  }

  team(id: string): string {
    return this.#options.teams.find((team) => team.id === id)?.names[this.#lang] ?? id;
  }

  /** Whoever holds a chat. */
  owner(id: number): string {
    if (id === BY_PHONE) return this.t('desk.by_phone');
    return this.#options.staff.accounts.get(id)?.name ?? `№ ${id}`;
  }

  /** `4 min`; what the script makes of the same time later. */
  duration(ms: number): string {
    const minutes = Math.max(0, Math.floor(ms / MINUTE_MS));
    if (minutes < 1) return this.t('desk.time.now');
    if (minutes < 60) return this.t('desk.time.minutes', { m: minutes });
    const hours = Math.floor(minutes / 60);
    if (hours < 24) return this.t('desk.time.hours', { h: hours, m: minutes % 60 });
    return this.t('desk.time.days', { d: Math.floor(hours / 24), h: hours % 24 });
  }

  /** The way as a person went it: flow by flow, by what stood on the buttons. Where everybody comes through is left out. */
  way(way: readonly HandoffWay[]): { flow: string; steps: string[] }[] {
    const parts: { id: string; flow: string; steps: string[] }[] = [];
    for (const { flow, step } of way.filter((at) => !EVERYBODY.has(at.flow))) {
      let part = parts.at(-1);
      if (part?.id !== flow) {
        part = { id: flow, flow: this.#flow(flow), steps: [] };
        parts.push(part);
      }
      const name = this.#step(flow, step);
      if (name !== undefined && name !== part.flow && name !== part.steps.at(-1)) part.steps.push(name);
    }
    return parts.map(({ flow, steps }) => ({ flow, steps }));
  }

  /** What the menu, or else any other button, calls a flow. */
  #flow(id: string): string {
    const { flows } = this.#options;
    const menu = flows.get(BUILT_IN.menu);
    const others = [...flows.values()].filter((flow) => flow !== menu && flow.id !== id);
    for (const flow of [...(menu === undefined ? [] : [menu]), ...others]) {
      const label = this.#label(flow, ({ target }) => leadsTo(target, id));
      if (label !== undefined) return label;
    }
    return id;
  }

  /** What a button calls a step, or else its question; the first one of a flow is named by the flow. */
  #step(id: string, name: string): string | undefined {
    const flow = this.#options.flows.get(id);
    const step = flow?.steps.get(name);
    if (flow === undefined || step === undefined || flow.start === name) return undefined;
    const label = this.#label(flow, ({ target }) => target?.to === 'step' && target.step === name);
    if (label !== undefined || step.kind !== 'ask') return label;
    const question = this.#known(textKey(id, name))?.split(/(?<=\?)\s|\n/)[0];
    if (question === undefined || question.includes('{{')) return undefined;
    return question.length > LONGEST ? `${question.slice(0, LONGEST - 1).trimEnd()}…` : question;
  }

  #label(flow: Flow, wanted: (choice: FlowChoice) => boolean): string | undefined {
    for (const step of flow.steps.values()) {
      const choice = step.choices.find(wanted);
      if (choice !== undefined) return this.#choice(flow, step, choice);
    }
    return undefined;
  }

  #choice(flow: Flow, step: FlowStep, choice: FlowChoice): string | undefined {
    const keys = choiceKeys(flow.id, step.id, choice.id);
    return keys.map((key) => this.#known(key)).find((label) => label !== undefined);
  }

  #known(key: string): string | undefined {
    const { texts } = this.#options;
    return texts.has(this.#lang, key) ? texts.t(this.#lang, key) : undefined;
  }
}

function leadsTo(target: FlowChoice['target'], flow: string): boolean {
  return (target?.to === 'goto' || target?.to === 'call') && target.flow === flow;
}
