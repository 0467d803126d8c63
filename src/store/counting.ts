import type { Session } from '../engine/types.ts';
import { BUILT_IN } from '../flow/types.ts';
import { counterOf, type UsageEvent } from '../usage/event.ts';
import type { Context } from './context.ts';
import { Counters, Tally } from './counters.ts';
import type { TurnResult } from './port.ts';
import { Visitors } from './visitors.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const WEEK_DAYS = 7;
/** Where everybody passes on the way to something: not a topic, and nothing to give up at. */
const PASSAGES: ReadonlySet<string> = new Set([BUILT_IN.welcome, BUILT_IN.menu, BUILT_IN.language]);

/**
 * What is counted, in the transaction of what it counts. Of one contact each counter takes at most one a day (UTC), and
 * a visit one a day whatever language it is in; only messages of ours all count.
 */
export class Counting {
  readonly visitors = new Visitors();
  readonly #counters: Counters;
  readonly #offset: (now: number) => number;

  /** @param offset what is added to UTC for the clocks of the deployment's country, in ms */
  constructor(ctx: Context, offset: (now: number) => number) {
    this.#counters = new Counters(ctx);
    this.#offset = offset;
  }

  /** Counts what some turns did, inside their transaction; then {@link ended}. */
  count(results: readonly TurnResult[], now: number): void {
    this.visitors.begin(now);
    const tally = new Tally();
    for (const result of results) this.#collect(result, tally, now);
    this.#counters.add(tally, now);
  }

  /** Counts where conversations stood that end by themselves, inside the transaction that deletes them. */
  countExpired(sessions: readonly Session[], now: number): void {
    const tally = new Tally();
    for (const { at } of sessions)
      if (at !== undefined && !PASSAGES.has(at.flow))
        tally.add({ name: 'step', flow: at.flow, step: at.step, what: 'expired' });
    this.#counters.add(tally, now);
  }

  /** The transaction was committed, or not. */
  ended(committed: boolean): void {
    if (committed) this.visitors.keep();
    else this.visitors.drop();
  }

  /** Forgets yesterday, and deletes counters that are too old. @returns how many */
  expire(now: number): number {
    this.visitors.begin(now);
    return this.#counters.expire(now);
  }

  #collect({ turn, effects, forget }: TurnResult, tally: Tally, now: number): void {
    const { contact, message } = turn;
    // Of a forgotten person only the one word is said.
    let sent = forget === undefined ? 0 : 1;
    for (const effect of effects) {
      if (effect.type === 'count') this.#once(contact, effect.event, tally, now);
      else if (effect.type === 'send' && forget === undefined) sent += 1;
    }
    if (sent > 0) tally.add({ name: 'sent', channel: message.channel }, sent);
  }

  #once(contact: number, event: UsageEvent, tally: Tally, now: number): void {
    if (event.name === 'flow-started' && PASSAGES.has(event.flow)) return;
    const counter = event.name === 'visit' ? event.name : counterOf(event).join('\0');
    if (!this.visitors.isFirst(contact, counter)) return;
    tally.add(event);
    if (event.name === 'visit') tally.add({ name: 'hour', ...this.#clock(now) });
  }

  /** Day of the week (Monday is 1) and hour, on the wall. */
  #clock(now: number): { day: string; hour: string } {
    const hours = Math.floor((now + this.#offset(now)) / HOUR_MS);
    // 1970-01-01 was a Thursday.
    const day = ((Math.floor(hours / DAY_HOURS) + 3) % WEEK_DAYS) + 1;
    return { day: String(day), hour: String(hours % DAY_HOURS).padStart(2, '0') };
  }
}
