import type { Statement } from 'better-sqlite3';
import type { ChannelId, OutboundMessage } from '../message.ts';
import { type Context, hourOf, sealJson, transact, unsealJson } from './context.ts';
import { storeError } from './db.ts';
import type { Inbox } from './inbox.ts';
import type { Outbox } from './outbox.ts';
import type { Turn, Wipe } from './port.ts';

/** What `wipe.body` holds. */
interface Ticket {
  channel: ChannelId;
  address: string;
  sentIds: string[];
  done: OutboundMessage;
}

/**
 * "Delete my data", each step restartable: (1) the turn's transaction takes away every row of the contact and keeps a
 * ticket under a key of its own; (2) the contact's key goes, the point of no return (after a crash the next start
 * does it: a key without a row is an orphan); then the runtime clears the screen, truncates the log and says one
 * word; (3) the ticket's key and row go.
 */
export class Wipes {
  readonly #ctx: Context;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  /** Written in the open transaction: contact → ticket. */
  #begun = new Map<number, number>();
  /** Contacts, and chats, whose rows are gone and whose key is not yet: the disk did not take the delete. */
  readonly #unshredded = new Set<number>();
  /** Keys of chats that were erased in the open transaction. */
  #erased: number[] = [];
  /** Tickets of contacts that had a message on its way. */
  readonly #open = new Map<number, number>();
  readonly #add: Statement<[number, number, Buffer]>;
  readonly #body: Statement<[number], Buffer>;
  readonly #keepBody: Statement<[Buffer, number]>;
  readonly #try: Statement<[number]>;
  readonly #delete: Statement<[number]>;
  readonly #deleteContact: Statement<[number]>;
  readonly #deleteAliases: Statement<[number]>;
  readonly #deleteInbox: Statement<[number]>;

  constructor(ctx: Context, inbox: Inbox, outbox: Outbox) {
    this.#ctx = ctx;
    this.#inbox = inbox;
    this.#outbox = outbox;
    const { db } = ctx;
    this.#add = db.prepare('INSERT INTO wipe (id, hour, attempts, body) VALUES (?, ?, 0, ?)');
    this.#body = db.prepare<[number], Buffer>('SELECT body FROM wipe WHERE id = ?').pluck();
    this.#keepBody = db.prepare('UPDATE wipe SET body = ? WHERE id = ?');
    this.#try = db.prepare('UPDATE wipe SET attempts = attempts + 1 WHERE id = ?');
    this.#delete = db.prepare('DELETE FROM wipe WHERE id = ?');
    this.#deleteContact = db.prepare('DELETE FROM contact WHERE id = ?');
    this.#deleteAliases = db.prepare('DELETE FROM alias WHERE contact = ?');
    this.#deleteInbox = db.prepare('DELETE FROM inbox WHERE seq = ?');
  }

  /**
   * Step 1, inside the transaction of the turn that asked for it.
   * @param chats keys of chats with people that go as well
   */
  begin(turn: Turn, done: OutboundMessage, now: number, chats: readonly number[] = []): void {
    const id = this.#ctx.pool.rowId();
    const { channel, address } = turn.message;
    const ticket: Ticket = { channel, address, sentIds: this.#outbox.sentIds(turn.contact), done };
    this.#ctx.keys.create([id]);
    const sealed = sealJson(this.#ctx, 'wipe.body', id, id, ticket);
    if (sealed === undefined) throw new Error('the key of a new ticket is missing');
    this.#add.run(id, hourOf(now), sealed);
    this.#deleteRows(turn.contact);
    this.#begun.set(turn.contact, id);
    this.#erased.push(...chats);
  }

  /** Step 2, after the commit. */
  finishBegun(): void {
    if (this.#begun.size === 0) return;
    const gone = [...this.#begun.keys(), ...this.#erased];
    this.#erased = [];
    for (const [contact, id] of this.#begun) {
      if (this.#outbox.inFlight(contact)) this.#open.set(contact, id);
      this.#forget(contact);
    }
    this.#begun = new Map();
    this.shredRest(gone);
  }

  /** Destroys the keys of contacts whose rows are gone already. */
  shredRest(contacts: readonly number[]): void {
    for (const contact of contacts) this.#unshredded.add(contact);
    try {
      this.#shredKeys();
    } catch (cause) {
      // The rows are committed; list() tries again, and so does the next start.
      if (!storeError(cause, '').retryable) throw cause;
    }
  }

  /** After a rollback. */
  abandonBegun(): void {
    this.#begun = new Map();
    this.#erased = [];
  }

  /**
   * The contacts' keys first, then everything they locked.
   * @param also done in the same transaction
   */
  shred(contacts: readonly number[], also: () => void = () => undefined): void {
    if (contacts.length === 0) return;
    this.#ctx.keys.shred(contacts);
    try {
      transact(this.#ctx, () => {
        for (const contact of contacts) this.#deleteRows(contact);
        also();
      });
    } catch (error) {
      this.#outbox.ended(false);
      throw error;
    }
    for (const contact of contacts) this.#forget(contact);
    this.#outbox.ended(true);
  }

  #shredKeys(): void {
    this.#ctx.keys.shred([...this.#unshredded]);
    this.#unshredded.clear();
  }

  #deleteRows(contact: number): void {
    this.#outbox.deleteAll(contact);
    for (const { seq } of this.#inbox.lanes.of(contact)) this.#deleteInbox.run(seq);
    this.#deleteAliases.run(contact);
    this.#deleteContact.run(contact);
  }

  #forget(contact: number): void {
    this.#inbox.drop(contact);
    this.#outbox.drop(contact);
  }

  /** A message was on its way when its contact was forgotten, and arrived: it has to go from the screen as well. */
  addSent(contact: number, sentIds: string[]): void {
    const id = this.#open.get(contact);
    if (id === undefined) return;
    const ticket = this.#read(id);
    if (ticket === undefined) return;
    const sealed = sealJson(this.#ctx, 'wipe.body', id, id, {
      ...ticket,
      sentIds: [...sentIds, ...ticket.sentIds],
    });
    if (sealed !== undefined) this.#keepBody.run(sealed, id);
  }

  /** See {@link import('./port.ts').Store.wipes}. */
  list(): Wipe[] {
    this.#shredKeys();
    const waiting = new Set<number>();
    for (const [contact, id] of this.#open) {
      if (this.#outbox.inFlight(contact)) waiting.add(id);
      else this.#open.delete(contact);
    }
    const rows = this.#ctx.db
      .prepare<[], { id: number; attempts: number }>('SELECT id, attempts FROM wipe ORDER BY attempts')
      .all();
    return rows.flatMap(({ id, attempts }) => {
      const ticket = waiting.has(id) ? undefined : this.#read(id);
      return ticket === undefined ? [] : [{ id, attempts, ...ticket }];
    });
  }

  /** See {@link import('./port.ts').Store.tryWipe}. */
  try(id: number): void {
    this.#try.run(id);
  }

  /** Step 4. */
  end(id: number): void {
    this.#ctx.keys.shred([id]);
    this.#delete.run(id);
  }

  #read(id: number): Ticket | undefined {
    return unsealJson<Ticket>(this.#ctx, 'wipe.body', id, id, this.#body.get(id));
  }
}
