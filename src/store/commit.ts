import type { Statement } from 'better-sqlite3';
import { isoDate } from '../clock.ts';
import { counterOf, type UsageEvent } from '../usage/event.ts';
import { type Context, hourOf, sealJson, transact } from './context.ts';
import type { ContactState, Inbox } from './inbox.ts';
import type { Outbox } from './outbox.ts';
import type { TurnResult } from './port.ts';
import type { Wipes } from './wipes.ts';

type Queued = Parameters<Outbox['enqueue']>[0];

const DAY_MS = 86_400_000;

/** The one transaction of a batch of turns: sessions, answers, counters, tickets, inbox erased. */
export class Commits {
  readonly #ctx: Context;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #wipes: Wipes;
  readonly #keepState: Statement<[Buffer, number, number]>;
  readonly #count: Statement<[string, string, string, string, number]>;

  constructor(ctx: Context, inbox: Inbox, outbox: Outbox, wipes: Wipes) {
    this.#ctx = ctx;
    this.#inbox = inbox;
    this.#outbox = outbox;
    this.#wipes = wipes;
    this.#keepState = ctx.db.prepare('UPDATE contact SET state = ?, seen = ? WHERE id = ?');
    this.#count = ctx.db.prepare(
      'INSERT INTO counter (week, name, a, b, n) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n',
    );
  }

  /** See {@link import('./port.ts').Store.commit}. */
  commit(results: readonly TurnResult[]): void {
    if (results.length === 0) return;
    const now = this.#ctx.clock.now();
    const queued: Queued[] = [];
    const done: TurnResult[] = [];
    try {
      transact(this.#ctx, () => {
        const events = new Map<string, { event: UsageEvent; n: number }>();
        for (const result of results) {
          // The delete is the proof that this turn was not done before: without it, nothing else of it happens.
          if (!this.#inbox.erase(result.turn)) continue;
          done.push(result);
          this.#collect(result, events);
          if (result.forget !== undefined) this.#wipes.begin(result.turn, result.forget, now);
          else this.#write(result, now, queued);
        }
        this.#writeCounts(events, now);
      });
    } catch (error) {
      this.#wipes.abandonBegun();
      for (const { turn } of results) this.#inbox.lanes.back(turn.contact);
      throw error;
    }
    this.#afterwards(done, queued);
  }

  #write({ turn, session, effects }: TurnResult, now: number, queued: Queued[]): void {
    const { contact } = turn;
    const { channel, address } = turn.message;
    const hour = hourOf(now);
    if (session !== null) {
      const state: ContactState = { channel, address, session };
      const sealed = sealJson(this.#ctx, 'contact.state', contact, contact, state);
      if (sealed !== undefined) this.#keepState.run(sealed, hour, contact);
    }
    // What waits unsent would appear on the screen after it was cleared.
    if (effects.some((e) => e.type === 'hide')) this.#outbox.deleteQueued(contact);
    effects.forEach((effect, i) => {
      if (effect.type !== 'send' && effect.type !== 'hide') return;
      const body =
        effect.type === 'send'
          ? { channel, address, message: effect.message }
          : { channel, address, hide: true as const };
      const item = this.#outbox.insert(`${turn.id}.${i}`, contact, hour, now, body);
      if (item !== undefined) queued.push(item);
    });
  }

  /** Memory follows the disk, never the other way round. */
  #afterwards(done: readonly TurnResult[], queued: readonly Queued[]): void {
    for (const { turn, session, effects, forget } of done) {
      if (forget !== undefined) continue;
      this.#inbox.finish(turn.contact, session);
      if (effects.some((e) => e.type === 'hide')) this.#outbox.forgetQueued(turn.contact);
    }
    for (const item of queued) this.#outbox.enqueue(item);
    this.#wipes.finishBegun();
  }

  #collect({ effects }: TurnResult, events: Map<string, { event: UsageEvent; n: number }>): void {
    for (const effect of effects) {
      if (effect.type !== 'count') continue;
      const key = counterOf(effect.event).join('\0');
      const known = events.get(key);
      if (known === undefined) events.set(key, { event: effect.event, n: 1 });
      else known.n += 1;
    }
  }

  #writeCounts(events: Map<string, { event: UsageEvent; n: number }>, now: number): void {
    if (events.size === 0) return;
    const week = weekOf(now);
    for (const { event, n } of events.values()) this.#count.run(week, ...counterOf(event), n);
  }
}

/** The Monday (UTC) of a time's week: `2026-11-16`. */
export function weekOf(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  // 1970-01-01 was a Thursday, the fourth day of its week.
  return isoDate((days - ((((days + 3) % 7) + 7) % 7)) * DAY_MS);
}
