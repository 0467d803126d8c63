import { type Context, checkpoint, hourOf, transact } from './context.ts';
import type { Counting } from './counting.ts';
import type { HandoffDesk } from './handoffs.ts';
import type { Inbox } from './inbox.ts';
import { LIFETIME_HOURS } from './lifetimes.ts';
import type { Outbox } from './outbox.ts';
import type { SweepReport } from './port.ts';
import type { Wipes } from './wipes.ts';

/** Contacts deleted in one go: about 20 ms, so that a large sweep does not hold up a conversation. */
const BATCH = 500;
const GUARD_BATCH = 10_000;
const CHANNEL_BATCH = 1_000;

/** Deletes what is past its lifetime, keys before rows. */
export class Sweeper {
  readonly #ctx: Context;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #wipes: Wipes;
  readonly #handoffs: HandoffDesk;
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
    this.#counting = counting;
  }

  /** See {@link import('./port.ts').Store.sweep}. */
  sweep(now: number): SweepReport {
    const hour = hourOf(now);
    const indexKeyReplaced = this.rotate(now);
    const counters = this.#counting.expire(now);
    const sessions = this.#sessions(hour, now);
    const inbox = this.#rows('inbox', hour - LIFETIME_HOURS.inbox);
    const outbox = this.#rows('outbox', hour - LIFETIME_HOURS.outbox);
    const wipes = this.#tickets(hour);
    const guards = this.#guards();
    const channelRows = this.#channelRows(hour);
    const more = sessions === BATCH || guards === GUARD_BATCH || channelRows === CHANNEL_BATCH;
    const report = { sessions, inbox, outbox, wipes, channelRows, keys: 0, indexKeyReplaced, more };
    // Deleted pages are overwritten in the file, but older copies of them are still in the log.
    if (counters + sessions + inbox + outbox + wipes + guards + channelRows > 0 || indexKeyReplaced)
      checkpoint(this.#ctx);
    return report;
  }

  /** Replaces the index key when it is due. */
  rotate(now: number): boolean {
    if (now < this.#ctx.keys.rotateAt()) return false;
    const { replaced } = this.#ctx.keys.rotate(now);
    if (replaced) this.#handoffs.rename();
    return replaced;
  }

  /** At the start, before the lanes are filled: keys without rows and rows without keys. */
  orphans(): number {
    const { db, keys } = this.#ctx;
    const owners = new Set(
      db
        .prepare<[], number>(
          'SELECT id FROM contact UNION ALL SELECT id FROM wipe UNION ALL SELECT key FROM handoff',
        )
        .pluck()
        .all(),
    );
    const known = keys.all();
    const keyless = [...owners].filter((id) => !known.has(id));
    const ownerless = [...known].filter((id) => !owners.has(id));
    keys.shred(ownerless);
    transact(this.#ctx, () => {
      const contact = db.prepare<[number]>('DELETE FROM contact WHERE id = ?');
      const wipe = db.prepare<[number]>('DELETE FROM wipe WHERE id = ?');
      const handoff = db.prepare<[number]>('DELETE FROM handoff WHERE key = ?');
      for (const id of keyless) {
        contact.run(id);
        wipe.run(id);
        handoff.run(id);
      }
      for (const table of ['handoff_line', 'handoff_timer'])
        db.exec(`DELETE FROM ${table} WHERE handoff NOT IN (SELECT id FROM handoff)`);
      for (const table of ['inbox', 'outbox', 'alias'])
        db.exec(`DELETE FROM ${table} WHERE contact NOT IN (SELECT id FROM contact)`);
      this.#unreadable();
    });
    return ownerless.length + keyless.length;
  }

  /** A channel's rows whose secret is gone: a crash in the middle of `clear`. */
  #unreadable(): void {
    const { db, keys } = this.#ctx;
    const channels = db.prepare<[], string>('SELECT DISTINCT channel FROM channel_row').pluck().all();
    const remove = db.prepare<[string]>('DELETE FROM channel_row WHERE channel = ?');
    for (const channel of channels) if (keys.secret(channel) === undefined) remove.run(channel);
  }

  #sessions(hour: number, now: number): number {
    const ids = this.#ctx.db
      .prepare<[number, number, number], number>(
        'SELECT id FROM contact INDEXED BY contact_age WHERE seen < ? OR created < ? LIMIT ?',
      )
      .pluck()
      .all(hour - LIFETIME_HOURS.idle, hour - LIFETIME_HOURS.session, BATCH + this.#handoffs.openCount())
      // Somebody whose message is being handled right now is not idle; the inbox has its own, shorter lifetime.
      .filter((id) => !this.#inbox.lanes.busy(id) && !this.#hasFresh(id, hour))
      // Whoever waits for a person, or talks with one, stays until that ends.
      .filter((id) => this.#handoffs.turns.stateOf(id) === undefined)
      .slice(0, BATCH);
    // With the key goes what can be known of where they stood.
    const ended = this.#ctx.keys.reading(() => ids.flatMap((id) => this.#inbox.stateOf(id)?.session ?? []));
    this.#wipes.shred(ids, () => this.#counting.countExpired(ended, now));
    return ids.length;
  }

  #hasFresh(contact: number, hour: number): boolean {
    const last = this.#inbox.lanes.of(contact).at(-1);
    return last !== undefined && hourOf(last.at) >= hour - LIFETIME_HOURS.inbox;
  }

  #rows(table: 'inbox' | 'outbox', before: number): number {
    const rows = this.#ctx.db
      .prepare<[number], { seq: number; id: string; contact: number }>(
        `SELECT seq, id, contact FROM ${table} WHERE hour < ?`,
      )
      .all(before);
    if (rows.length === 0) return 0;
    const gone = new Set(rows.map((r) => r.seq));
    this.#handoffs.book.run(() => {
      const remove = this.#ctx.db.prepare<[number]>('DELETE FROM inbox WHERE seq = ?');
      for (const row of rows) {
        if (table === 'inbox') remove.run(row.seq);
        else this.#outbox.discard(row);
      }
    });
    for (const contact of new Set(rows.map((r) => r.contact))) {
      if (table === 'inbox') this.#inbox.expire(contact, (seq) => gone.has(seq));
      else this.#outbox.forgetQueued(contact, (seq) => gone.has(seq));
    }
    return rows.length;
  }

  /** Without their index key they match nothing any more. */
  #guards(): number {
    const oldest = Math.min(...this.#ctx.keys.index().map((k) => k.id));
    return this.#ctx.db.prepare('DELETE FROM guard WHERE key < ? LIMIT ?').run(oldest, GUARD_BATCH).changes;
  }

  /** Encryption sessions with people; the account's own rows have no hour. */
  #channelRows(hour: number): number {
    return this.#ctx.db
      .prepare('DELETE FROM channel_row WHERE hour > 0 AND hour < ? LIMIT ?')
      .run(hour - LIFETIME_HOURS.channel, CHANNEL_BATCH).changes;
  }

  #tickets(hour: number): number {
    const ids = this.#ctx.db
      .prepare<[number], number>('SELECT id FROM wipe WHERE hour < ?')
      .pluck()
      .all(hour - LIFETIME_HOURS.wipe);
    for (const id of ids) this.#wipes.end(id);
    return ids.length;
  }
}
