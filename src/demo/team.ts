import { type Canned, cannedFor } from '../handoff/canned.ts';
import { openingHours } from '../handoff/hours.ts';
import type { DeskRules } from '../handoff/machine-types.ts';
import type { HandoffHead, Handoffs } from '../handoff/port.ts';
import { deskRules } from '../handoff/rules.ts';
import type { Team } from '../handoff/teams.ts';
import { type DemoClock, MINUTE_MS } from './agenda.ts';
import { Chance } from './chance.ts';
import { nextSlot } from './year.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HOURS = 'Mo-Fr 09:00-21:00; Sa-Su 10:00-18:00';
/** Minutes in which somebody should come. */
const CLAIM_WITHIN = 45;
/** Before the end: the team is there whatever the clock says, … */
const OPEN_MS = 3 * HOUR_MS;
/** … and takes nobody any more but the last two. */
const QUIET_MS = 1.5 * HOUR_MS;
const HELD = 2;

const NOBODY_COMES = 0.05;
/** Minutes until somebody takes a chat, answers, and closes it when nothing more is said. */
const CLAIMS = { median: 6, spread: 0.65 };
const ANSWERS = { median: 3, spread: 0.7 };
const CLOSES = { median: 40, spread: 0.3 };
/** Which stream of chance the operators' comes from. */
const OPERATORS = 2;

/**
 * The team of the demo, and its rules for the store. Those who still wait at the end wait for a day, so that there is
 * somebody to see.
 *
 * @param end ms since 1970
 * @param offset what is added to UTC for the clock on the team's wall, in ms
 */
export function demoTeam(
  end: number,
  offset: (now: number) => number,
  canned: Canned,
): { team: Team; rules: DeskRules } {
  const usual = openingHours(HOURS, [], { offset, nextShift: (_, to) => to });
  const team: Team = {
    id: 'demo',
    names: { ru: 'Демонстрация', kk: 'Көрсетілім', en: 'Demo' },
    hours: { isOpen: (now) => now >= end - OPEN_MS || usual.isOpen(now), next: (now) => usual.next(now) },
    languages: ['uz', 'tg', 'ky', 'kk', 'ru', 'en'],
    countries: ['ALL'],
    topics: ['general'],
    claimWithin: CLAIM_WITHIN,
  };
  const rules = deskRules([team], canned);
  const shift: DeskRules['shift'] = (id, now) => {
    const found = rules.shift(id, now);
    return found === undefined || now < end - OPEN_MS ? found : { ...found, claimWithin: DAY_MS };
  };
  return { team, rules: { ...rules, shift } };
}

export interface OperatorsOptions {
  handoffs: Handoffs;
  clock: DemoClock;
  /** Notes what is to be done at a minute. */
  note: (minute: number, act: () => void) => void;
  /** `Operator.id` of those who answer. */
  accounts: readonly number[];
  canned: Canned;
  /** When the demo ends, ms since 1970. */
  end: number;
  seed: number;
}

/** What an operator has in mind about a chat. */
interface Plan {
  does: 'claim' | 'answer' | 'close' | 'nothing';
}

/** Those who answer: they take chats after a while, write what the canned replies offer, and close. */
export class Operators {
  readonly #options: OperatorsOptions;
  readonly #plans = new Map<number, Plan>();
  readonly #chances = new Map<number, Chance>();
  #chats = 0;
  #held = 0;

  constructor(options: OperatorsOptions) {
    this.#options = options;
  }

  /** Begins to look at the queue. */
  watch(): void {
    this.#options.handoffs.onChange((change) => {
      if (change.type === 'head') this.#look(change.head);
      if (change.type === 'gone') this.#chances.delete(change.id);
      if (change.type === 'gone') this.#plans.delete(change.id);
    });
  }

  #look(head: HandoffHead): void {
    if (head.state === 'waiting') return this.#mayClaim(head);
    if (head.state !== 'claimed') return void this.#plans.delete(head.id);
    const last = this.#isQuiet && head.openedAt >= this.#options.end - QUIET_MS;
    if (head.unanswered) this.#plan(head, 'answer', ANSWERS);
    else if (last) this.#plans.delete(head.id);
    else this.#plan(head, 'close', CLOSES);
  }

  #mayClaim(head: HandoffHead): void {
    if (this.#plans.get(head.id)?.does === 'claim' || this.#plans.get(head.id)?.does === 'nothing') return;
    if (this.#isQuiet) {
      this.#held += 1;
      if (this.#held > HELD) this.#plans.set(head.id, { does: 'nothing' });
      else this.#plan(head, 'claim', ANSWERS);
    } else if (this.#chanceOf(head).happens(NOBODY_COMES)) {
      this.#plans.set(head.id, { does: 'nothing' });
    } else {
      this.#plan(head, 'claim', CLAIMS);
    }
  }

  get #isQuiet(): boolean {
    return this.#options.clock.now() >= this.#options.end - QUIET_MS;
  }

  #plan(head: HandoffHead, does: Plan['does'], { median, spread }: typeof CLAIMS): void {
    const { note, clock, end } = this.#options;
    const minutes = Math.max(1, Math.round(this.#chanceOf(head).around(median, spread)));
    const plan: Plan = { does };
    this.#plans.set(head.id, plan);
    const wanted = clock.minute + minutes;
    // Nobody counts how long a chat was silent before its end, so that can share a commit with others.
    const minute = does === 'close' ? nextSlot(wanted) : wanted;
    // What was begun before the end is not left half done.
    const last = Math.floor(end / MINUTE_MS) - 1;
    note(Math.max(clock.minute + 1, Math.min(minute, last)), () => {
      if (this.#plans.get(head.id) === plan) this.#do(head.id, plan);
    });
  }

  #do(id: number, { does }: Plan): void {
    const { handoffs, accounts } = this.#options;
    const head = handoffs.head(id);
    if (head === undefined) return;
    this.#plans.delete(id);
    const by = head.owner ?? this.#chanceOf(head).pick(accounts) ?? 0;
    if (does === 'claim') handoffs.act(id, { type: 'claim' }, by);
    else if (does === 'close') handoffs.act(id, { type: 'close' }, by);
    else this.#answer(head, by);
  }

  #answer(head: HandoffHead, by: number): void {
    const { handoffs, canned } = this.#options;
    const [greeting, ...others] = cannedFor(canned, head.lang, head.topic);
    const greeted = handoffs.lines(head.id).some(({ from }) => from === 'operator');
    const reply = greeted ? this.#chanceOf(head).pick(others) : greeting;
    if (reply === undefined) handoffs.act(head.id, { type: 'close' }, by);
    else handoffs.act(head.id, { type: 'canned', canned: reply.id }, by);
  }

  #chanceOf({ id }: HandoffHead): Chance {
    const known = this.#chances.get(id);
    if (known !== undefined) return known;
    this.#chats += 1;
    const chance = new Chance(this.#options.seed, OPERATORS, this.#chats);
    this.#chances.set(id, chance);
    return chance;
  }
}
