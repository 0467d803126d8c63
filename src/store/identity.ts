import type { Statement } from 'better-sqlite3';
import type { InboundMessage } from '../message.ts';
import type { Context } from './context.ts';
import { mac } from './crypto.ts';
import type { IndexKey } from './keys.ts';

/** A message that was not seen before, and the contact it is from. */
export interface Arrival {
  message: InboundMessage;
  contact: number;
}

/** Somebody we do not know: an id and a lookup value, but no row yet. */
export interface Stranger {
  id: number;
  lookup: Buffer;
}

/**
 * Who wrote, and whether we have this message already: HMACs under the index key, looked up with the key in use and
 * with the one before. Without those keys, 48 hours later, nobody can ask the database whether a person wrote.
 */
export class Identity {
  readonly #ctx: Context;
  readonly #addGuard: Statement<[number, Buffer]>;
  readonly #hasGuard: Statement<[number, Buffer], number>;
  readonly #find: Statement<[Buffer], number>;
  readonly #move: Statement<[Buffer, number]>;
  readonly #delete: Statement<[number]>;

  constructor(ctx: Context) {
    this.#ctx = ctx;
    const { db } = ctx;
    this.#addGuard = db.prepare('INSERT OR IGNORE INTO guard (key, mac) VALUES (?, ?)');
    this.#hasGuard = db
      .prepare<[number, Buffer], number>('SELECT 1 FROM guard WHERE key = ? AND mac = ?')
      .pluck();
    this.#find = db.prepare<[Buffer], number>('SELECT id FROM contact WHERE lookup = ?').pluck();
    this.#move = db.prepare('UPDATE contact SET lookup = ? WHERE id = ?');
    this.#delete = db.prepare('DELETE FROM contact WHERE id = ?');
  }

  /** Drops duplicates and finds out who wrote, inside the transaction that will store the messages. */
  sort(messages: readonly InboundMessage[]): { arrivals: Arrival[]; strangers: Stranger[] } {
    const arrivals: Arrival[] = [];
    const strangers = new Map<string, Stranger>();
    const [current, previous] = this.#ctx.keys.index();
    if (current === undefined) throw new Error('there is no index key');
    for (const message of messages) {
      if (this.#isDuplicate(message, current, previous)) continue;
      const who = `contact\0${message.channel}\0${message.account}\0${message.user}`;
      let contact = strangers.get(who)?.id ?? this.#known(who, current, previous);
      if (contact === undefined) {
        contact = this.#ctx.pool.rowId();
        strangers.set(who, { id: contact, lookup: mac(current.key, who) });
      }
      arrivals.push({ message, contact });
    }
    return { arrivals, strangers: [...strangers.values()] };
  }

  #isDuplicate(message: InboundMessage, current: IndexKey, previous: IndexKey | undefined): boolean {
    const what = `message\0${message.channel}\0${message.account}\0${message.id}`;
    if (this.#addGuard.run(current.id, mac(current.key, what)).changes === 0) return true;
    return previous !== undefined && this.#hasGuard.get(previous.id, mac(previous.key, what)) !== undefined;
  }

  #known(who: string, current: IndexKey, previous: IndexKey | undefined): number | undefined {
    const lookup = mac(current.key, who);
    const found = this.#find.get(lookup);
    if (found !== undefined || previous === undefined) return this.#withKey(found);
    const moved = this.#withKey(this.#find.get(mac(previous.key, who)));
    if (moved !== undefined) this.#move.run(lookup, moved);
    return moved;
  }

  /** A contact whose data key is gone is nobody any more. */
  #withKey(contact: number | undefined): number | undefined {
    if (contact === undefined || this.#ctx.keys.get(contact) !== undefined) return contact;
    this.#delete.run(contact);
    return undefined;
  }
}
