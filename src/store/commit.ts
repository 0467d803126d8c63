import type { Statement } from 'better-sqlite3';
import { isoDate } from '../clock.ts';
import { counterOf, type UsageEvent } from '../usage/event.ts';
import { type Context, hourOf, sealJson, transact } from './context.ts';
import type { HandoffDesk } from './handoffs.ts';
import type { ContactState, Inbox } from './inbox.ts';
import type { Outbox } from './outbox.ts';
import type { TurnResult } from './port.ts';
import type { Wipes } from './wipes.ts';

type Queued = Parameters<Outbox['enqueue']>[0];

/** How often each event happened in a batch, by counter. */
type Counts = Map<string, { event: UsageEvent; n: number }>;

const DAY_MS = 86_400_000;

/** The one transaction of a batch of turns: sessions, answers, counters, tickets, inbox erased. */
export class Commits {
  readonly #ctx: Context;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #wipes: Wipes;
  readonly #handoffs: HandoffDesk;
  readonly #keepState: Statement<[Buffer, number, number]>;
  readonly #count: Statement<[string, string, string, string, number]>;

  constructor(ctx: Context, inbox: Inbox, outbox: Outbox, wipes: Wipes, handoffs: HandoffDesk) {
    this.#ctx = ctx;
    this.#inbox = inbox;
    this.#outbox = outbox;
    this.#wipes = wipes;
    this.#handoffs = handoffs;
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
    const moved = new Set<number>();
    try {
      transact(this.#ctx, () => {
        const events: Counts = new Map();
        for (const result of results) {
          const { contact, handoff } = result.turn;
          // Somebody took their chat, or it ended, after this turn was handed out: it has to be thought over.
          if (this.#handoffs.turns.stateOf(contact) !== handoff) moved.add(contact);
          if (moved.has(contact)) continue;
          // The delete is the proof that this turn was not done before: without it, nothing else of it happens.
          if (!this.#inbox.erase(result.turn)) continue;
          done.push(result);
          this.#collect(result, events);
          if (result.forget === undefined) this.#write(result, now, queued);
          else {
            const chats = this.#handoffs.turns.erase(contact);
            this.#wipes.begin(result.turn, result.forget, now, chats);
          }
        }
        this.#writeCounts(events, now);
      });
    } catch (error) {
      this.#wipes.abandonBegun();
      this.#handoffs.book.abandon();
      for (const { turn } of results) this.#inbox.lanes.back(turn.contact);
      throw error;
    }
    this.#afterwards(done, queued);
    for (const contact of moved) this.#inbox.lanes.back(contact);
    this.#handoffs.book.finish();
  }

  #write(result: TurnResult, now: number, queued: Queued[]): void {
    const { turn, effects } = result;
    const { contact } = turn;
    const { channel, address } = turn.message;
    const hour = hourOf(now);
    const speaks = this.#handoffs.turns.take(result);
    this.#keep(result, hour);
    // What waits unsent would appear on the screen after it was cleared.
    if (effects.some((e) => e.type === 'hide')) this.#outbox.deleteQueued(contact);
    effects.forEach((effect, i) => {
      if (effect.type !== 'hide' && !(effect.type === 'send' && speaks)) return;
      const body =
        effect.type === 'send'
          ? { channel, address, message: effect.message }
          : { channel, address, hide: true as const };
      const item = this.#outbox.insert(`${turn.id}.${i}`, contact, hour, now, body);
      if (item !== undefined) queued.push(item);
    });
  }

  #keep({ turn, session }: TurnResult, hour: number): void {
    const { contact, message } = turn;
    const { channel, address } = message;
    const open = this.#handoffs.turns.stateOf(contact) !== undefined;
    const known = open ? this.#inbox.stateOf(contact) : undefined;
    // With an open chat there has to be an address to answer to, and names to be known by, whatever the turn left as it was.
    if (session === null && !open) return;
    const names = open ? this.#handoffs.contacts.names(message, known?.names) : undefined;
    const state: ContactState = { channel, address, session: session ?? known?.session ?? null };
    if (names !== undefined) state.names = names;
    const sealed = sealJson(this.#ctx, 'contact.state', contact, contact, state);
    if (sealed !== undefined) this.#keepState.run(sealed, hour, contact);
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

  #collect({ turn, effects, forget }: TurnResult, events: Counts): void {
    // Of a forgotten person only the one word is said.
    let sent = forget === undefined ? 0 : 1;
    for (const effect of effects) {
      if (effect.type === 'count') add(events, effect.event, 1);
      else if (effect.type === 'send' && forget === undefined) sent += 1;
    }
    if (sent > 0) add(events, { name: 'sent', channel: turn.message.channel }, sent);
  }

  #writeCounts(events: Counts, now: number): void {
    if (events.size === 0) return;
    const week = weekOf(now);
    for (const { event, n } of events.values()) this.#count.run(week, ...counterOf(event), n);
  }
}

function add(events: Counts, event: UsageEvent, n: number): void {
  const key = counterOf(event).join('\0');
  const known = events.get(key);
  if (known === undefined) events.set(key, { event, n });
  else known.n += n;
}

/** The Monday (UTC) of a time's week: `2026-11-16`. */
export function weekOf(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  // 1970-01-01 was a Thursday, the fourth day of its week.
  return isoDate((days - ((((days + 3) % 7) + 7) % 7)) * DAY_MS);
}
