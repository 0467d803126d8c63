import type { Statement } from 'better-sqlite3';
import type { InboundMessage } from '../message.ts';
import type { Context } from './context.ts';
import { mac } from './crypto.ts';
import type { IndexKey } from './keys.ts';

/** Other names that are read from one message. */
export const MAX_ALIASES = 3;

/** A message that was not seen before, and the contact it is from. */
export interface Arrival {
  message: InboundMessage;
  contact: number;
}

/** Somebody we do not know: an id and the lookup values of their names, but no row yet. */
export interface Stranger {
  id: number;
  /** The first is that of the contact, the others are its aliases. */
  lookups: [Buffer, ...Buffer[]];
}

/** Two known contacts proved to be one. @returns which of them stays, or undefined when it cannot be done now */
export type Join = (one: number, other: number) => number | undefined;

/** What is being found out about one batch of messages. */
interface Batch {
  /** The key in use, and the one before. */
  current: IndexKey;
  previous: IndexKey | undefined;
  arrivals: Arrival[];
  strangers: Map<number, Stranger>;
  byName: Map<string, Stranger>;
}

/**
 * Who wrote, and whether we have this message already: HMACs under the index key, looked up with the key in use and
 * with the one before. Without those keys, 48 hours later, nobody can ask the database whether a person wrote.
 */
export class Identity {
  readonly #ctx: Context;
  readonly #join: Join;
  readonly #addGuard: Statement<[number, Buffer]>;
  readonly #hasGuard: Statement<[number, Buffer], number>;
  readonly #find: Statement<[Buffer, Buffer], number>;
  readonly #move: Statement<[Buffer, Buffer]>;
  readonly #moveAlias: Statement<[Buffer, Buffer]>;
  readonly #addAlias: Statement<[Buffer, number]>;
  readonly #delete: Statement<[number]>;
  readonly #deleteAliases: Statement<[number]>;

  constructor(ctx: Context, join: Join) {
    this.#ctx = ctx;
    this.#join = join;
    const { db } = ctx;
    this.#addGuard = db.prepare('INSERT OR IGNORE INTO guard (key, mac) VALUES (?, ?)');
    this.#hasGuard = db
      .prepare<[number, Buffer], number>('SELECT 1 FROM guard WHERE key = ? AND mac = ?')
      .pluck();
    // The aliases are only looked at when no contact has the name as its first.
    this.#find = db
      .prepare<[Buffer, Buffer], number>(
        'SELECT id FROM contact WHERE lookup = ? UNION ALL SELECT contact FROM alias WHERE lookup = ?',
      )
      .pluck();
    this.#move = db.prepare('UPDATE contact SET lookup = ? WHERE lookup = ?');
    this.#moveAlias = db.prepare('UPDATE alias SET lookup = ? WHERE lookup = ?');
    this.#addAlias = db.prepare('INSERT OR REPLACE INTO alias (lookup, contact) VALUES (?, ?)');
    this.#delete = db.prepare('DELETE FROM contact WHERE id = ?');
    this.#deleteAliases = db.prepare('DELETE FROM alias WHERE contact = ?');
  }

  /** Drops duplicates and finds out who wrote, inside the transaction that will store the messages. */
  sort(messages: readonly InboundMessage[]): { arrivals: Arrival[]; strangers: Stranger[] } {
    const [current, previous] = this.#ctx.keys.index();
    const batch: Batch = { current, previous, arrivals: [], strangers: new Map(), byName: new Map() };
    for (const message of messages) {
      if (this.#isDuplicate(batch, message)) continue;
      const user = nameOf(message, message.user);
      const contact =
        message.aliases === undefined
          ? (this.#known(batch, user) ?? this.#stranger(batch, user))
          : this.#oneOf(batch, user, aliasesOf(message));
      batch.arrivals.push({ message, contact });
    }
    return { arrivals: batch.arrivals, strangers: [...batch.strangers.values()] };
  }

  /** Writes a stranger's aliases, after their contact. */
  addAliases({ id, lookups }: Stranger): void {
    for (const lookup of lookups.slice(1)) this.#addAlias.run(lookup, id);
  }

  #isDuplicate({ current, previous }: Batch, message: InboundMessage): boolean {
    const what = `message\0${message.channel}\0${message.account}\0${message.id}`;
    if (this.#addGuard.run(current.id, mac(current.key, what)).changes === 0) return true;
    return previous !== undefined && this.#hasGuard.get(previous.id, mac(previous.key, what)) !== undefined;
  }

  /** Somebody with several names: whoever is known under any of them, and from now on under all. */
  #oneOf(batch: Batch, user: string, aliases: readonly string[]): number {
    const names = [user, ...aliases];
    const ids = names.map((name) => this.#known(batch, name));
    let contact = ids.find((id) => id !== undefined) ?? this.#stranger(batch, user);
    for (const id of new Set(ids)) {
      if (id === undefined || id === contact) continue;
      const stays = this.#unite(batch, contact, id);
      // Not now: then it is a message of the one it was sent under, and the next one tries again.
      if (stays === undefined) return contact;
      contact = stays;
    }
    names.forEach((name, i) => {
      if (ids[i] === undefined) this.#give(batch, contact, name);
    });
    return contact;
  }

  #known(batch: Batch, name: string): number | undefined {
    const stranger = batch.byName.get(name);
    if (stranger !== undefined) return stranger.id;
    const { current, previous } = batch;
    const lookup = mac(current.key, name);
    const found = this.#find.get(lookup, lookup);
    if (found !== undefined || previous === undefined) return this.#withKey(found);
    const old = mac(previous.key, name);
    const moved = this.#withKey(this.#find.get(old, old));
    if (moved !== undefined && this.#move.run(lookup, old).changes === 0) this.#moveAlias.run(lookup, old);
    return moved;
  }

  /** A contact whose data key is gone is nobody any more. */
  #withKey(contact: number | undefined): number | undefined {
    if (contact === undefined || this.#ctx.keys.get(contact) !== undefined) return contact;
    this.#delete.run(contact);
    this.#deleteAliases.run(contact);
    return undefined;
  }

  #stranger(batch: Batch, name: string): number {
    const stranger: Stranger = { id: this.#ctx.pool.rowId(), lookups: [lookupOf(batch, name)] };
    batch.strangers.set(stranger.id, stranger);
    batch.byName.set(name, stranger);
    return stranger.id;
  }

  /** One more name for a contact. */
  #give(batch: Batch, contact: number, name: string): void {
    const stranger = batch.strangers.get(contact);
    if (stranger === undefined) {
      this.#addAlias.run(lookupOf(batch, name), contact);
    } else if (!batch.byName.has(name)) {
      stranger.lookups.push(lookupOf(batch, name));
      batch.byName.set(name, stranger);
    }
  }

  /** @returns which of the two stays */
  #unite(batch: Batch, one: number, other: number): number | undefined {
    const [first, second] = [batch.strangers.get(one), batch.strangers.get(other)];
    let stays: number | undefined;
    if (second !== undefined) {
      stays = one;
      this.#handOver(batch, second, one, first);
    } else if (first !== undefined) {
      stays = other;
      this.#handOver(batch, first, other, undefined);
    } else {
      stays = this.#join(one, other);
    }
    if (stays === undefined) return undefined;
    const goes = stays === one ? other : one;
    for (const arrival of batch.arrivals) if (arrival.contact === goes) arrival.contact = stays;
    return stays;
  }

  /** A stranger of this batch is somebody else: their names go there. */
  #handOver(batch: Batch, from: Stranger, to: number, stranger: Stranger | undefined): void {
    batch.strangers.delete(from.id);
    for (const [name, owner] of batch.byName) {
      if (owner !== from) continue;
      if (stranger === undefined) batch.byName.delete(name);
      else batch.byName.set(name, stranger);
    }
    if (stranger === undefined) for (const lookup of from.lookups) this.#addAlias.run(lookup, to);
    else stranger.lookups.push(...from.lookups);
  }
}

function lookupOf({ current }: Batch, name: string): Buffer {
  return mac(current.key, name);
}

function nameOf({ channel, account }: InboundMessage, name: string): string {
  return contactName(channel, account, name);
}

/** What a contact's lookup is the HMAC of. */
export function contactName(channel: string, account: string, name: string): string {
  return `contact\0${channel}\0${account}\0${name}`;
}

function aliasesOf(message: InboundMessage): string[] {
  const others = new Set(message.aliases);
  others.delete(message.user);
  return [...others].slice(0, MAX_ALIASES).map((name) => nameOf(message, name));
}
