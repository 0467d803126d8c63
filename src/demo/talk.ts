import type { ContentLookup } from '../content/types.ts';
import type { Texts } from '../engine/types.ts';
import type { Choice, Input, Lang, OutboundMessage } from '../message.ts';
import type { Intent } from '../understanding/types.ts';
import type { Chance } from './chance.ts';
import { choose, leaves, stepOf } from './habits.ts';
import type { Person, Season } from './people.ts';
import type { Words } from './words.ts';

/** What everybody's talks need of the world. */
export interface TalkWorld {
  texts: Texts;
  content: Pick<ContentLookup, 'cities'>;
  words: Words;
}

export interface TalkOptions {
  world: TalkWorld;
  person: Person;
  /** Country of the deployment. */
  home: string;
  season: Season;
  chance: Chance;
  /** Asks for a person, stays, and writes one line to them. */
  patient?: boolean;
}

/** Who the person talks with: the bot, nobody yet, people, or nobody any more. */
type With = 'bot' | 'queue' | 'people' | 'over';

/** What people do now and then that no button is for. */
const STRAYS = {
  ...{ nothing: 0.012, gap: 0.018, media: 0.006, menu: 0.008, back: 0.008 },
  ...{ human: 0.002, stop: 0.006, hide: 0.003, help: 0.003, forget: 0.002, language: 0.002 },
};
const PATIENCE = 12;
/** Writes at once what it is about: with something that cannot wait, or as often as one is wordy. */
const URGENT_FIRST = 0.4;
const SERVED_LEAVES = 0.88;
const SERVED_SAYS_BYE = 0.06;
const WRITES_WAITING = 0.55;
const STOPS_WAITING = 0.05;
const ANSWERS_PEOPLE = 0.75;
const MOST_LINES = 3;
/** Of those who speak another language, writes in Russian. */
const IN_RUSSIAN = 0.2;
/** Of those in another country than the bot, says so first. */
const SAYS_WHERE = 0.5;
const NAMES_CITY = 0.42;
const SENDS_PLACE = 0.12;
/** About 5 km, in degrees. */
const NEARBY = 0.05;

/** One visit, from the person's side: sees what the bot says, and does something, or closes the chat. */
export class Talk {
  readonly person: Person;
  readonly #options: TalkOptions;
  #aim: Person['aim'];
  #screen: OutboundMessage | undefined;
  #with: With = 'bot';
  #turns = 0;
  #lines = 0;
  #menus = 0;
  #served = false;
  /** The next words heard are the answer to what was just said. */
  #spoke = false;
  readonly #patience: number;
  /** Still has to say where they are. */
  #elsewhere: boolean;

  constructor(options: TalkOptions) {
    this.#options = options;
    this.person = options.person;
    this.#aim = options.person.aim;
    const { home, chance, person } = options;
    this.#elsewhere = person.country !== home && chance.happens(SAYS_WHERE);
    this.#patience = options.patient ? Number.POSITIVE_INFINITY : chance.around(PATIENCE, 0.5);
  }

  /** Whether the person waits for people, or talks with them: what they hear next may be from them. */
  get waits(): boolean {
    return this.#with === 'queue' || this.#with === 'people';
  }

  /** Whether the person said goodbye. */
  get over(): boolean {
    return this.#with === 'over';
  }

  /** The bot, or somebody of the team, says something. */
  hear(message: OutboundMessage): void {
    const at = stepOf(message.choices);
    if (at !== undefined) this.#with = at === 'handoff.waiting' ? 'queue' : 'bot';
    else if (!this.waits) this.#with = 'over';
    else if (!this.#spoke) this.#with = 'people';
    if (at !== undefined) this.#screen = message;
  }

  /** The answer to what was said has come. */
  settle(): void {
    this.#spoke = false;
  }

  /** What the person does now; undefined: nothing, until something is said. */
  next(): Input | undefined {
    this.#turns += 1;
    const input = this.#turns === 1 ? this.#begin() : this.#goOn();
    this.#spoke = input !== undefined;
    return input;
  }

  #begin(): Input {
    const { chance, patient = false } = this.#options;
    const { channel, wordy } = this.person;
    const urgent = this.#aim === 'pep' || this.#aim === 'crisis';
    const atOnce = !patient && chance.happens(urgent ? URGENT_FIRST : wordy / 2);
    const words = atOnce ? this.#about(this.#aim) : undefined;
    return words ?? (channel === 'whatsapp' ? this.#word('hello') : undefined) ?? { kind: 'start' };
  }

  #goOn(): Input | undefined {
    switch (this.#with) {
      case 'over':
        return undefined;
      case 'queue':
        return this.#queue();
      case 'people':
        return this.#people();
      case 'bot':
        return this.#bot();
    }
  }

  #queue(): Input | undefined {
    const { chance, patient = false } = this.#options;
    if (this.#lines === 0 && (patient || chance.happens(WRITES_WAITING))) {
      this.#lines += 1;
      return this.#about(this.#trouble);
    }
    if (patient || !chance.happens(STOPS_WAITING)) return undefined;
    const leave = this.#screen?.choices.find(({ data }) => data.endsWith(':leave'));
    return leave === undefined ? undefined : this.#press(leave);
  }

  #people(): Input | undefined {
    const { chance, patient = false } = this.#options;
    const most = patient ? 1 : MOST_LINES;
    if (this.#lines >= most || !chance.happens(ANSWERS_PEOPLE)) return undefined;
    this.#lines += 1;
    return this.#about(this.#trouble);
  }

  /** What somebody writes to people about. What whoever tries the desk reads first must not be the worst there is. */
  get #trouble(): Intent {
    return this.#options.patient ? 'handoff' : this.#aim;
  }

  #bot(): Input | undefined {
    const { chance, season, patient = false } = this.#options;
    const choices = this.#screen?.choices ?? [];
    const at = stepOf(choices);
    if (at === undefined || this.#turns > this.#patience) return undefined;
    if (at === 'menu.main' && !this.#staysAtMenu()) {
      return chance.happens(SERVED_SAYS_BYE) ? this.#word('stop') : undefined;
    }
    if (!patient && leaves(at, season, chance)) return undefined;
    const own = patient ? undefined : (this.#stray() ?? this.#inOwnWords(at));
    if (own !== undefined) return own;
    const choice = this.#saysWhere(at) ?? choose(at, choices, { ...this.person, aim: this.#aim }, chance);
    this.#served ||= at.endsWith('.useful') || at === 'handoff.after';
    return choice === undefined ? undefined : this.#press(choice);
  }

  /** The second page of the menu has a button for it. */
  #saysWhere(at: string): Choice | undefined {
    if (!this.#elsewhere || !at.startsWith('menu.')) return undefined;
    if (at === 'menu.country') this.#elsewhere = false;
    const to = { 'menu.main': 'more', 'menu.more': 'country' }[at] ?? this.person.country;
    return this.#screen?.choices.find(({ data }) => data.endsWith(`:${to}`));
  }

  /** Whoever has what they came for leaves, or thinks of something else. */
  #staysAtMenu(): boolean {
    const { chance, patient } = this.#options;
    this.#menus += 1;
    if (patient || (!this.#served && this.#menus < 3)) return true;
    if (chance.happens(SERVED_LEAVES)) return false;
    this.#served = false;
    this.#menus = 0;
    this.#aim = chance.pick(['testing', 'rights', 'art', 'prevention', 'basics']) ?? this.#aim;
    return true;
  }

  #stray(): Input | undefined {
    const { chance, world } = this.#options;
    const { lang } = this.person;
    let left = chance.next();
    for (const [what, odds] of Object.entries(STRAYS)) {
      left -= odds;
      if (left >= 0) continue;
      if (what === 'media') return { kind: 'media' };
      if (what === 'gap') return textOf(world.words.gap(lang, chance));
      return what === 'nothing' ? this.#about('none') : this.#word(what);
    }
    return undefined;
  }

  #inOwnWords(at: string): Input | undefined {
    const { chance } = this.#options;
    if (this.#screen?.ask === 'location') return this.#place();
    const free = at === 'menu.main' || at === 'menu.more';
    return free && chance.happens(this.person.wordy) ? this.#about(this.#aim) : undefined;
  }

  #place(): Input | undefined {
    const { chance, world } = this.#options;
    const { country, lang } = this.person;
    const cities = [...world.content.cities(country).entries()];
    const city = chance.weighted(cities, ([rank]) => 1 / (1 + rank))?.[1];
    if (city === undefined) return undefined;
    const how = chance.next();
    if (how < NAMES_CITY) return { kind: 'text', text: city.names[lang] };
    if (how > NAMES_CITY + SENDS_PLACE) return undefined;
    const off = () => (chance.next() - 0.5) * NEARBY;
    return { kind: 'place', lat: city.lat + off(), lon: city.lon + off() };
  }

  #about(intent: Intent): Input | undefined {
    const { chance, world } = this.#options;
    const { lang } = this.person;
    const written: Lang = lang !== 'en' && chance.happens(IN_RUSSIAN) ? 'ru' : lang;
    return textOf(world.words.about(intent, written, chance));
  }

  /** A word that always works, in the person's language. */
  #word(name: string): Input | undefined {
    const { chance, world } = this.#options;
    return textOf(chance.pick(world.texts.list(this.person.lang, `common:words.${name}`)));
  }

  /** By its button, its number or what stands on it. */
  #press({ data, number, label }: Choice): Input {
    const how = this.#options.chance.next();
    if (this.person.channel === 'whatsapp') return { kind: 'text', text: how < 0.85 ? number : label };
    if (how < 0.87) return { kind: 'tap', data };
    return { kind: 'text', text: how < 0.95 ? number : label };
  }
}

function textOf(text: string | undefined): Input | undefined {
  return text === undefined || text === '' ? undefined : { kind: 'text', text };
}
