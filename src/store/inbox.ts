import type { Statement } from 'better-sqlite3';
import type { Session } from '../engine/types.ts';
import { AppError } from '../errors.ts';
import type { ChannelId, InboundMessage } from '../message.ts';
import { type Context, HOT_ROWS, hourOf, sealJson, transact, unsealJson } from './context.ts';
import { storeError } from './db.ts';
import { Identity, type Join } from './identity.ts';
import { Lanes, type Waiting } from './lanes.ts';
import type { OpenState, Turn } from './port.ts';

export interface InboxItem extends Waiting {
  id: number;
  /** The plain message, while few are waiting. */
  message?: InboundMessage;
}

/** A platform's ids of a person, kept sealed with the conversation while a chat is open. */
export interface KeptNames {
  account: string;
  users: string[];
}

/** What `contact.state` holds. */
export interface ContactState {
  channel: ChannelId;
  address: string;
  session: Session | null;
  /** While the contact has an open chat with people. */
  names?: KeptNames;
}

/** What happens around the storing of messages, outside of this file. */
export interface InboxEvents {
  /** Replaces the index key when it is due. */
  rotate(now: number): void;
  join: Join;
  /** The transaction in which contacts were joined was committed, or not. */
  ended(committed: boolean): void;
  /** Where a contact's open chat with people is. */
  handoff(contact: number): OpenState | undefined;
}

interface Call {
  messages: InboundMessage[];
  resolve: () => void;
  reject: (error: AppError) => void;
}

/**
 * Messages from the platform's delivery to their turn.
 *
 * Statements are raw and prepared once, here and in the other parts of the store; drizzle describes and migrates the
 * tables. Measured (2026-11): select by key 1.9 µs raw and 2.2 µs through drizzle's `.prepare()`, update 1.0 and
 * 1.6 µs; some ten statements a turn make that 5 µs of 80. The price is that a wrong column is found at the start,
 * when the statement is prepared, and not by the compiler.
 */
export class Inbox {
  readonly lanes = new Lanes<InboxItem>();
  readonly #ctx: Context;
  readonly #identity: Identity;
  readonly #events: InboxEvents;
  #calls: Call[] = [];
  #hot = 0;
  /** Sessions as last committed: saves a select, an opening and a parse for people in the middle of a chat. */
  readonly #sessions = new Map<number, Session>();
  readonly #addContact: Statement<[number, Buffer, number, number]>;
  readonly #add: Statement<[number, number, number, Buffer]>;
  readonly #body: Statement<[number], { body: Buffer | null }>;
  readonly #state: Statement<[number], { state: Buffer | null }>;
  readonly #fault: Statement<[string, number]>;
  readonly #delete: Statement<[number, number]>;

  constructor(ctx: Context, events: InboxEvents) {
    this.#ctx = ctx;
    this.#identity = new Identity(ctx, (one, other) => events.join(one, other));
    this.#events = events;
    const { db } = ctx;
    this.#addContact = db.prepare('INSERT INTO contact (id, lookup, created, seen) VALUES (?, ?, ?, ?)');
    this.#add = db.prepare('INSERT INTO inbox (id, contact, hour, body) VALUES (?, ?, ?, ?)');
    this.#body = db.prepare('SELECT body FROM inbox WHERE seq = ?');
    this.#state = db.prepare('SELECT state FROM contact WHERE id = ?');
    this.#fault = db.prepare('UPDATE inbox SET body = NULL, fault = ? WHERE seq = ?');
    this.#delete = db.prepare('DELETE FROM inbox WHERE seq = ? AND id = ?');
  }

  /** Fills the lanes with what waited at the last stop or crash. */
  load(): void {
    const rows = this.#ctx.db
      .prepare<[], { seq: number; id: number; contact: number; hour: number }>(
        'SELECT seq, id, contact, hour FROM inbox WHERE fault IS NULL ORDER BY seq',
      )
      .iterate();
    for (const { seq, id, contact, hour } of rows) this.lanes.add({ seq, id, contact, at: hour * 3_600_000 });
  }

  /** See {@link import('./port.ts').Store.accept}. */
  accept(messages: InboundMessage[]): Promise<void> {
    if (messages.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      // All calls of this pass of the event loop share one transaction, and so one wait for the disk.
      if (this.#calls.length === 0) setImmediate(() => this.#flush());
      this.#calls.push({ messages, resolve, reject });
    });
  }

  #flush(): void {
    const calls = this.#calls;
    this.#calls = [];
    try {
      const now = this.#ctx.clock.now();
      this.#events.rotate(now);
      const items = transact(this.#ctx, () => this.#insert(calls, now));
      this.#events.ended(true);
      for (const item of items) this.enqueue(item);
    } catch (cause) {
      this.#events.ended(false);
      const error = storeError(cause, 'Messages could not be stored.');
      for (const call of calls) call.reject(error);
      return;
    }
    for (const call of calls) call.resolve();
  }

  #insert(calls: Call[], now: number): InboxItem[] {
    const ctx = this.#ctx;
    const { arrivals, strangers } = ctx.keys.reading(() =>
      this.#identity.sort(calls.flatMap((c) => c.messages)),
    );
    // A crash after this leaves keys without a row, which the next start deletes; never a row without its key.
    ctx.keys.create(strangers.map((s) => s.id));
    const hour = hourOf(now);
    for (const stranger of strangers) {
      const { id, lookups } = stranger;
      this.#addContact.run(id, lookups[0], hour, hour);
      if (lookups.length > 1) this.#identity.addAliases(stranger);
    }
    const items: InboxItem[] = [];
    for (const { message, contact } of arrivals) {
      const item = this.insert(contact, message, now);
      if (item === undefined) throw new Error('a contact has no key');
      items.push(item);
    }
    return items;
  }

  /**
   * Adds a message to a contact's queue, inside a transaction; give what it returns to {@link enqueue} after the commit.
   * @returns undefined when the contact's key is gone
   */
  insert(contact: number, message: InboundMessage, now: number): InboxItem | undefined {
    const id = this.#ctx.pool.rowId();
    const body = sealJson(this.#ctx, 'inbox.body', id, contact, message);
    if (body === undefined) return undefined;
    const seq = Number(this.#add.run(id, contact, hourOf(now), body).lastInsertRowid);
    return { seq, id, contact, at: now, message };
  }

  /** After the commit: the message waits for its turn. */
  enqueue(item: InboxItem): void {
    if (this.#hot < HOT_ROWS) this.#hot += 1;
    else delete item.message;
    this.lanes.add(item);
  }

  /** See {@link import('./port.ts').Store.claim}. */
  claim(limit: number, perContact = 1): Turn[] {
    const turns: Turn[] = [];
    const taken: InboxItem[] = [];
    try {
      const { db, keys } = this.#ctx;
      const take = () => {
        while (turns.length < limit) {
          const run = this.lanes.takeRun(0, Math.min(limit - turns.length, perContact));
          if (run.length === 0) return;
          taken.push(...run);
          this.#openRun(run, turns);
        }
      };
      db.transaction(() => keys.reading(take))();
    } catch (error) {
      for (const item of taken) this.lanes.back(item.contact);
      throw error;
    }
    return turns;
  }

  /** One person's messages in a row: only the first finds the session, the others go on from the one before. */
  #openRun(run: readonly InboxItem[], turns: Turn[]): void {
    let follows = false;
    for (const item of run) {
      const { id, contact } = item;
      const message = this.#openMessage(item);
      if (message === undefined) continue;
      const session = follows
        ? null
        : (this.#sessions.get(contact) ?? this.stateOf(contact)?.session ?? null);
      const handoff = this.#events.handoff(contact);
      const turn: Turn = { id, contact, message, session, follows };
      turns.push(handoff === undefined ? turn : { ...turn, handoff });
      follows = true;
    }
  }

  /** A payload that does not open is erased and its error class kept: it must not stop those behind it. */
  #openMessage(item: InboxItem): InboundMessage | undefined {
    const message = this.peek(item);
    if (message !== undefined) return message;
    this.#ctx.faults += 1;
    this.#fault.run('CIPHER_REFUSED', item.seq);
    this.lanes.done(item.contact);
    return undefined;
  }

  /** A waiting message; undefined when it does not open. */
  peek(item: InboxItem): InboundMessage | undefined {
    if (item.message !== undefined) return item.message;
    try {
      const body = this.#body.get(item.seq)?.body;
      return unsealJson<InboundMessage>(this.#ctx, 'inbox.body', item.id, item.contact, body);
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }

  /** After the rows were moved: the messages of a contact who turned out to be another. */
  adopt(stays: number, goes: number): void {
    this.lanes.join(stays, goes);
    this.#sessions.delete(goes);
  }

  /**
   * Where a contact is; undefined before the first turn. A conversation that does not open starts again: the person
   * must still be answered.
   */
  stateOf(contact: number): ContactState | undefined {
    try {
      return unsealJson<ContactState>(
        this.#ctx,
        'contact.state',
        contact,
        contact,
        this.#state.get(contact)?.state,
      );
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#ctx.faults += 1;
      return undefined;
    }
  }

  /**
   * Erases a claimed message, inside the transaction of its turn.
   * @returns false when it was already gone: then its turn was already done
   */
  erase(turn: Turn): boolean {
    const item = this.lanes.of(turn.contact).find((i) => i.id === turn.id);
    return item !== undefined && this.#delete.run(item.seq, turn.id).changes === 1;
  }

  /** After the commit: the contact's next message may be claimed. */
  finish(contact: number, session: Session | null): void {
    if (session !== null) this.#remember(contact, session);
    this.#cool(this.lanes.of(contact)[0]);
    this.lanes.done(contact);
  }

  /** After their rows were deleted: messages that waited too long. */
  expire(contact: number, gone: (seq: number) => boolean): void {
    this.lanes.remove(contact, (item) => {
      if (!gone(item.seq)) return false;
      this.#cool(item);
      return true;
    });
  }

  /** After the rows were deleted: all of a contact's messages are gone. */
  drop(contact: number): void {
    for (const item of this.lanes.of(contact)) this.#cool(item);
    this.lanes.drop(contact);
    this.#sessions.delete(contact);
  }

  #remember(contact: number, session: Session): void {
    // Taken out and put in again, so that the first in the map is the one unused for longest.
    this.#sessions.delete(contact);
    this.#sessions.set(contact, session);
    if (this.#sessions.size <= HOT_ROWS) return;
    for (const oldest of this.#sessions.keys()) {
      this.#sessions.delete(oldest);
      return;
    }
  }

  #cool(item: InboxItem | undefined): void {
    if (item?.message !== undefined) this.#hot -= 1;
  }
}
