import type { Env } from '../engine/types.ts';
import type { InboundMessage, OutboundMessage } from '../message.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { Agenda, type DemoClock, MINUTE_MS } from './agenda.ts';
import { Chance } from './chance.ts';
import { type Person, personOf } from './people.ts';
import { Talk, type TalkWorld } from './talk.ts';
import { isCampaign, nextSlot, planVisits, progressOf, type Span, spanOf } from './year.ts';

const HOUR_MINUTES = 60;
/** What has expired is deleted, and weeks that are over are released, every so often. */
const SWEEP_MINUTES = 6 * HOUR_MINUTES;
/** Which streams of chance the calendar's, a visit's and the last guests' come from. */
const CALENDAR = 3;
const VISITS = 4;
const GUESTS = 5;
/** Those who ask for a person so many minutes before the end. The first two are answered. */
const LAST_GUESTS: readonly (Pick<Person, 'aim' | 'lang'> & { before: number })[] = [
  { aim: 'rights', lang: 'uz', before: 62 },
  { aim: 'testing', lang: 'ky', before: 54 },
  { aim: 'prevention', lang: 'tg', before: 41 },
  { aim: 'pep', lang: 'ru', before: 33 },
  { aim: 'handoff', lang: 'uz', before: 26 },
  { aim: 'pregnancy', lang: 'kk', before: 19 },
  { aim: 'testing', lang: 'ru', before: 14 },
];
/** Minutes between their messages. */
const GUEST_PACE = 1;
const ACCOUNT = 'demo';

export interface SimulationOptions {
  span: Span;
  people: number;
  seed: number;
  env: Env;
  world: TalkWorld;
  clock: DemoClock;
  runtime: Runtime;
  /** Does what time has brought to chats with people. */
  tick: () => void;
  /** Whether everything that came in is answered, and everything that goes out has gone. */
  idle: () => boolean;
  /** Called once a simulated hour. */
  progress: (done: Done) => void;
  signal: AbortSignal;
}

/** How far it is. */
export interface Done {
  /** ms since 1970, simulated */
  now: number;
  /** Visits begun, and all there will be. */
  visits: number;
  of: number;
  /** Messages that people have written. */
  turns: number;
}

/** Something on the agenda. */
type Note = { talk: Talk } | { act: () => void };

/** A span of time in the life of a bot: people come and talk, minute by minute, all of a minute in one commit. */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #agenda = new Agenda<Note>();
  /** By address. */
  readonly #talks = new Map<string, Talk>();
  /** Those who are about to do something. */
  readonly #due = new Set<Talk>();
  readonly #guests = new Set<Talk>();
  #heard = new Set<Talk>();
  #messages = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
  }

  /** A message reached a person. */
  hear(address: string, message: OutboundMessage): void {
    const talk = this.#talks.get(address);
    if (talk === undefined) return;
    talk.hear(message);
    this.#heard.add(talk);
  }

  /** Notes what is to be done at a minute. */
  note(minute: number, act: () => void): void {
    this.#agenda.add(minute, { act });
  }

  /** Lets the time pass. @throws the signal's reason when it is aborted */
  async run(): Promise<void> {
    const { span, people, seed, clock, signal, progress, runtime, tick } = this.#options;
    const visits = planVisits(span, people, new Chance(seed, CALENDAR));
    const end = Math.floor(span.end / MINUTE_MS);
    this.#invite(end);
    let begun = 0;
    for (let minute = Math.floor(span.start / MINUTE_MS); minute <= end; minute += 1) {
      signal.throwIfAborted();
      if (minute % HOUR_MINUTES === 0) {
        clock.set(minute);
        if (minute % SWEEP_MINUTES === 0) runtime.leap();
        else tick();
        await this.#settle();
        progress({ now: clock.now(), visits: begun, of: visits.length, turns: this.#messages });
      }
      for (let visit = visits[begun]; visit?.minute === minute; visit = visits[begun]) {
        begun += 1;
        this.#begin(visit.person, visit.before, minute);
      }
      await this.#pass(minute, this.#agenda.take(minute));
    }
    progress({ now: clock.now(), visits: begun, of: visits.length, turns: this.#messages });
  }

  #begin(person: number, before: number, minute: number): void {
    const { seed, env, span } = this.#options;
    const at = minute * MINUTE_MS;
    const late = at >= spanOf(2, span.end, span.offset).start;
    const season = { progress: progressOf(span, at), campaign: isCampaign(at), late };
    const somebody = personOf(seed, person, season, { home: env.country, content: env.content });
    const chance = new Chance(seed, VISITS, person, before);
    this.#admit(
      new Talk({ world: this.#options.world, person: somebody, home: env.country, season, chance }),
      minute,
    );
  }

  /** Those whom whoever looks at the queue will find there. */
  #invite(end: number): void {
    const { seed, env, people, world } = this.#options;
    const season = { progress: 1, campaign: false, late: true };
    LAST_GUESTS.forEach(({ before, ...trouble }, i) => {
      const number = people + i;
      const traits = personOf(seed, number, season, { home: env.country, content: env.content });
      const person: Person = { ...traits, ...trouble, country: env.country, wantsPerson: true, wordy: 0 };
      const chance = new Chance(seed, GUESTS, i);
      const talk = new Talk({ world, person, home: env.country, season, chance, patient: true });
      this.#guests.add(talk);
      this.note(end - before, () => this.#admit(talk, end - before + 1));
    });
  }

  #admit(talk: Talk, minute: number): void {
    this.#talks.set(addressOf(talk.person), talk);
    this.#schedule(talk, minute);
  }

  #schedule(talk: Talk, minute: number): void {
    if (this.#due.has(talk)) return;
    this.#due.add(talk);
    this.#agenda.add(minute, { talk });
  }

  async #pass(minute: number, notes: readonly Note[]): Promise<void> {
    if (notes.length === 0) return;
    const { clock, runtime } = this.#options;
    clock.set(minute);
    const speakers = new Set<Talk>();
    const said: InboundMessage[] = [];
    for (const note of notes) {
      if ('act' in note) {
        note.act();
        continue;
      }
      const message = this.#say(note.talk);
      if (message === undefined) continue;
      speakers.add(note.talk);
      said.push(message);
    }
    await runtime.host.accept(said);
    await this.#settle();
    for (const talk of speakers) talk.settle();
    const heard = this.#heard;
    this.#heard = new Set();
    for (const talk of heard) {
      if (talk.over) this.#leave(talk);
      else this.#schedule(talk, this.#guests.has(talk) ? minute + GUEST_PACE : nextSlot(minute));
    }
  }

  #say(talk: Talk): InboundMessage | undefined {
    this.#due.delete(talk);
    // Somebody came again meanwhile: that is another visit.
    if (this.#talks.get(addressOf(talk.person)) !== talk) return undefined;
    const input = talk.next();
    if (input === undefined) {
      if (!talk.waits) this.#leave(talk);
      return undefined;
    }
    const { channel, hint } = talk.person;
    const user = addressOf(talk.person);
    this.#messages += 1;
    const id = String(this.#messages);
    return { channel, account: ACCOUNT, user, id, address: user, input, ...(hint ? { langHint: hint } : {}) };
  }

  #leave(talk: Talk): void {
    const address = addressOf(talk.person);
    if (this.#talks.get(address) === talk) this.#talks.delete(address);
  }

  /** Waits until the loops have nothing to do. */
  async #settle(): Promise<void> {
    do await new Promise<void>((resolve) => setImmediate(resolve));
    while (!this.#options.idle());
  }
}

function addressOf({ number }: Person): string {
  return `demo-${number}`;
}
