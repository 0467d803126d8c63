import { type Context, hourOf, transact } from './context.ts';
import type { Inbox } from './inbox.ts';
import type { Outbox } from './outbox.ts';
import type { SweepReport } from './port.ts';
import type { Wipes } from './wipes.ts';

/** Lifetimes in hours; a row goes in the hour after the one its lifetime ends in, so never early. */
export const LIFETIME_HOURS = { idle: 24, session: 48, inbox: 24, outbox: 48, wipe: 48 } as const;

/** Contacts deleted in one go: about 20 ms, so that a large sweep does not hold up a conversation. */
const BATCH = 500;
const GUARD_BATCH = 10_000;

/** Deletes what is past its lifetime, keys before rows. */
export class Sweeper {
  readonly #ctx: Context;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #wipes: Wipes;

  constructor(ctx: Context, inbox: Inbox, outbox: Outbox, wipes: Wipes) {
    this.#ctx = ctx;
    this.#inbox = inbox;
    this.#outbox = outbox;
    this.#wipes = wipes;
  }

  /** See {@link import('./port.ts').Store.sweep}. */
  sweep(now: number): SweepReport {
    const hour = hourOf(now);
    const indexKeyReplaced = this.rotate(now);
    const sessions = this.#sessions(hour);
    const inbox = this.#rows('inbox', hour - LIFETIME_HOURS.inbox);
    const outbox = this.#rows('outbox', hour - LIFETIME_HOURS.outbox);
    const wipes = this.#tickets(hour);
    const guards = this.#guards();
    const more = sessions === BATCH || guards === GUARD_BATCH;
    const report = { sessions, inbox, outbox, wipes, keys: 0, indexKeyReplaced, more };
    // Deleted pages are overwritten in the file, but older copies of them are still in the log.
    if (sessions + inbox + outbox + wipes + guards > 0 || indexKeyReplaced) checkpoint(this.#ctx);
    return report;
  }

  /** Replaces the index key when it is due. */
  rotate(now: number): boolean {
    if (now < this.#ctx.keys.rotateAt()) return false;
    return this.#ctx.keys.rotate(now).replaced;
  }

  /** At the start, before the lanes are filled: keys without rows and rows without keys. */
  orphans(): number {
    const { db, keys } = this.#ctx;
    const owners = new Set(
      db.prepare<[], number>('SELECT id FROM contact UNION ALL SELECT id FROM wipe').pluck().all(),
    );
    const known = keys.all();
    const keyless = [...owners].filter((id) => !known.has(id));
    const ownerless = [...known].filter((id) => !owners.has(id));
    keys.shred(ownerless);
    transact(this.#ctx, () => {
      const contact = db.prepare<[number]>('DELETE FROM contact WHERE id = ?');
      const wipe = db.prepare<[number]>('DELETE FROM wipe WHERE id = ?');
      for (const id of keyless) {
        contact.run(id);
        wipe.run(id);
      }
      db.exec('DELETE FROM inbox WHERE contact NOT IN (SELECT id FROM contact)');
      db.exec('DELETE FROM outbox WHERE contact NOT IN (SELECT id FROM contact)');
    });
    return ownerless.length + keyless.length;
  }

  #sessions(hour: number): number {
    const ids = this.#ctx.db
      .prepare<[number, number, number], number>(
        'SELECT id FROM contact INDEXED BY contact_age WHERE seen < ? OR created < ? LIMIT ?',
      )
      .pluck()
      .all(hour - LIFETIME_HOURS.idle, hour - LIFETIME_HOURS.session, BATCH)
      // Somebody whose message is being handled right now is not idle; the inbox has its own, shorter lifetime.
      .filter((id) => !this.#inbox.lanes.busy(id) && !this.#hasFresh(id, hour));
    this.#wipes.shred(ids);
    return ids.length;
  }

  #hasFresh(contact: number, hour: number): boolean {
    const last = this.#inbox.lanes.of(contact).at(-1);
    return last !== undefined && hourOf(last.at) >= hour - LIFETIME_HOURS.inbox;
  }

  #rows(table: 'inbox' | 'outbox', before: number): number {
    const rows = this.#ctx.db
      .prepare<[number], { seq: number; contact: number }>(`SELECT seq, contact FROM ${table} WHERE hour < ?`)
      .all(before);
    if (rows.length === 0) return 0;
    const gone = new Set(rows.map((r) => r.seq));
    transact(this.#ctx, () => {
      const remove = this.#ctx.db.prepare<[number]>(`DELETE FROM ${table} WHERE seq = ?`);
      for (const { seq } of rows) remove.run(seq);
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

  #tickets(hour: number): number {
    const ids = this.#ctx.db
      .prepare<[number], number>('SELECT id FROM wipe WHERE hour < ?')
      .pluck()
      .all(hour - LIFETIME_HOURS.wipe);
    for (const id of ids) this.#wipes.end(id);
    return ids.length;
  }
}

/** Moves the log into the file and truncates it, so that no deleted page is left in it. */
export function checkpoint(ctx: Context): void {
  ctx.db.pragma('wal_checkpoint(TRUNCATE)');
}
