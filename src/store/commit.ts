import type { Statement } from 'better-sqlite3';
import { type Context, hourOf, sealJson, transact } from './context.ts';
import type { Counting } from './counting.ts';
import type { HandoffDesk } from './handoffs.ts';
import type { ContactState, Inbox } from './inbox.ts';
import type { Outbox } from './outbox.ts';
import type { TurnResult } from './port.ts';
import type { Wipes } from './wipes.ts';

type Queued = Parameters<Outbox['enqueue']>[0];

/** The one transaction of a batch of turns: sessions, answers, counters, tickets, inbox erased. */
export class Commits {
  readonly #ctx: Context;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #wipes: Wipes;
  readonly #handoffs: HandoffDesk;
  readonly #keepState: Statement<[Buffer, number, number]>;
  readonly #counting: Counting;

  constructor(
    ctx: Context,
    inbox: Inbox,
    outbox: Outbox,
    wipes: Wipes,
    handoffs: HandoffDesk,
    counting: Counting,
  ) {
    this.#ctx = ctx;
    this.#inbox = inbox;
    this.#outbox = outbox;
    this.#wipes = wipes;
    this.#handoffs = handoffs;
    this.#keepState = ctx.db.prepare('UPDATE contact SET state = ?, seen = ? WHERE id = ?');
    this.#counting = counting;
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
        for (const result of results) {
          const { contact, handoff } = result.turn;
          // Somebody took their chat, or it ended, after this turn was handed out: it has to be thought over.
          if (this.#handoffs.turns.stateOf(contact) !== handoff) moved.add(contact);
          if (moved.has(contact)) continue;
          // The delete is the proof that this turn was not done before: without it, nothing else of it happens.
          if (!this.#inbox.erase(result.turn)) continue;
          done.push(result);
          if (result.forget === undefined) this.#write(result, now, queued);
          else {
            const chats = this.#handoffs.turns.erase(contact);
            this.#wipes.begin(result.turn, result.forget, now, chats);
          }
        }
        this.#counting.count(done, now);
      });
    } catch (error) {
      this.#wipes.abandonBegun();
      this.#handoffs.book.abandon();
      this.#counting.ended(false);
      for (const { turn } of results) this.#inbox.lanes.back(turn.contact);
      throw error;
    }
    this.#counting.ended(true);
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
      if (forget !== undefined) {
        this.#counting.visitors.forget(turn.contact);
        continue;
      }
      this.#inbox.finish(turn.contact, session);
      if (effects.some((e) => e.type === 'hide')) this.#outbox.forgetQueued(turn.contact);
    }
    for (const item of queued) this.#outbox.enqueue(item);
    this.#wipes.finishBegun();
  }
}
