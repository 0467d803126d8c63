import type { Statement } from 'better-sqlite3';
import { AppError } from '../errors.ts';
import type { ChannelId } from '../message.ts';
import { type Context, HOT_ROWS, sealJson, transactReading, unsealJson } from './context.ts';
import { Lanes } from './lanes.ts';
import { endOf, fateOf, isOnce, takeInterrupted } from './once.ts';
import {
  deliveryOf,
  type OutboxBody,
  type OutboxEvents,
  type OutboxItem,
  type OutboxRow,
} from './outbox-types.ts';
import { Parking } from './parking.ts';
import type { Delivery, DeliveryOutcome } from './port.ts';
import { Screen } from './screen.ts';

/** Answers from their commit to the platform. */
export class Outbox {
  readonly lanes = new Lanes<OutboxItem>();
  readonly #ctx: Context;
  readonly #events: OutboxEvents;
  readonly #inFlight = new Map<string, { item: OutboxItem; body: OutboxBody }>();
  /** Contacts whose head waits for their address to come back. */
  readonly #parking = new Parking();
  #hot = 0;
  readonly #add: Statement<[string, number, number, Buffer]>;
  readonly #body: Statement<[number], { body: Buffer }>;
  readonly #begin: Statement<[number, number]>;
  readonly #again: Statement<[number, number, number, number]>;
  readonly #delete: Statement<[number]>;
  readonly #screen: Screen;

  constructor(ctx: Context, events: OutboxEvents) {
    this.#ctx = ctx;
    this.#events = events;
    const { db } = ctx;
    this.#add = db.prepare(
      'INSERT INTO outbox (id, contact, hour, sending, attempts, unclear, retry, body) VALUES (?, ?, ?, 0, 0, 0, 0, ?)',
    );
    this.#body = db.prepare('SELECT body FROM outbox WHERE seq = ?');
    this.#begin = db.prepare('UPDATE outbox SET sending = 1, attempts = ? WHERE seq = ?');
    this.#again = db.prepare(
      'UPDATE outbox SET sending = 0, attempts = ?, unclear = ?, retry = ? WHERE seq = ?',
    );
    this.#delete = db.prepare('DELETE FROM outbox WHERE seq = ?');
    this.#screen = new Screen(ctx);
  }

  /**
   * Fills the lanes with what waited at the last stop or crash. What was being sent then may have arrived; it is sent
   * once more, in its old place, because a person without an answer is worse than one with two. An operator's words are
   * not: the operator sees that, and decides.
   */
  load(): void {
    transactReading(this.#ctx, () => {
      for (const id of takeInterrupted(this.#ctx.db)) this.#events.fate(id, 'unknown');
      this.#ctx.db.exec('UPDATE outbox SET sending = 0, unclear = unclear + 1 WHERE sending = 1');
    });
    this.#events.ended(true);
    const rows = this.#ctx.db
      .prepare<[], OutboxRow>(
        'SELECT seq, id, contact, hour, attempts, unclear, retry FROM outbox ORDER BY seq',
      )
      .iterate();
    for (const { hour, retry, ...row } of rows)
      this.lanes.add({ ...row, at: hour * 3_600_000 }, retry * 1_000);
  }

  /** Inside a turn's transaction; give what it returns to {@link enqueue} after the commit. */
  insert(id: string, contact: number, hour: number, now: number, body: OutboxBody): OutboxItem | undefined {
    const sealed = sealJson(this.#ctx, 'outbox.body', id, contact, body);
    if (sealed === undefined) return undefined;
    const seq = Number(this.#add.run(id, contact, hour, sealed).lastInsertRowid);
    return { seq, id, contact, at: now, attempts: 0, unclear: 0, body };
  }

  /** After the commit: the row may be sent. */
  enqueue(item: OutboxItem): void {
    if (this.#hot < HOT_ROWS) this.#hot += 1;
    else delete item.body;
    this.lanes.add(item);
  }

  /** Deletes the contact's rows that are not on their way, inside a transaction; then call {@link forgetQueued}. */
  deleteQueued(contact: number): void {
    for (const item of this.lanes.of(contact)) if (!this.#inFlight.has(item.id)) this.discard(item);
  }

  /** Deletes a row that will not be sent, inside a transaction. */
  discard({ seq, id }: { seq: number; id: string }): void {
    this.#delete.run(seq);
    if (isOnce(id)) this.#events.fate(id, 'failed');
  }

  /** After the commit of {@link deleteQueued}, or of another delete: rows that are not on their way. */
  forgetQueued(contact: number, gone: (seq: number) => boolean = () => true): void {
    this.lanes.remove(contact, (item) => {
      if (!gone(item.seq)) return false;
      this.#cool(item);
      return true;
    });
    if (this.lanes.of(contact).length === 0) this.#parking.remove(contact);
  }

  /** Deletes all the contact's rows inside a transaction; then call {@link drop}. */
  deleteAll(contact: number): void {
    for (const item of this.lanes.of(contact)) this.discard(item);
  }

  /** The transaction in which rows were deleted was committed, or not. */
  ended(committed: boolean): void {
    this.#events.ended(committed);
  }

  /** Whether what is sent to this contact waits until they are back. */
  isParked(contact: number): boolean {
    return this.#parking.has(contact);
  }

  /** After the commit of {@link deleteAll}. */
  drop(contact: number): void {
    for (const item of this.lanes.of(contact)) this.#cool(item);
    this.lanes.drop(contact);
    this.#parking.remove(contact);
  }

  /** Whether a message of this contact is on its way. */
  inFlight(contact: number): boolean {
    for (const { item } of this.#inFlight.values()) if (item.contact === contact) return true;
    return false;
  }

  /** See {@link import('./port.ts').Store.due}. */
  due(limit: number, now: number): Delivery[] {
    const taken: { item: OutboxItem; body: OutboxBody | undefined }[] = [];
    try {
      transactReading(this.#ctx, () => {
        for (let open = 0; open < limit; ) {
          const item = this.lanes.take(now);
          if (item === undefined) return;
          const body = this.#open(item);
          taken.push({ item, body });
          if (body === undefined) continue;
          this.#begin.run(item.attempts + 1, item.seq);
          open += 1;
        }
      });
      this.#events.ended(true);
    } catch (error) {
      this.#events.ended(false);
      for (const { item } of taken) this.lanes.back(item.contact);
      throw error;
    }
    return taken.flatMap(({ item, body }) => {
      if (body === undefined) {
        this.lanes.done(item.contact);
        return [];
      }
      this.#inFlight.set(item.id, { item, body });
      item.attempts += 1;
      return [deliveryOf(item, body, () => this.sentIds(item.contact))];
    });
  }

  #open(item: OutboxItem): OutboxBody | undefined {
    const body = this.peek(item);
    if (body !== undefined) return body;
    // It can never be read again: it must not stop those behind it.
    this.#ctx.faults += 1;
    this.discard(item);
    return undefined;
  }

  /** A waiting answer; undefined when it does not open. */
  peek({ seq, id, contact, body }: OutboxItem): OutboxBody | undefined {
    if (body !== undefined) return body;
    try {
      return unsealJson<OutboxBody>(this.#ctx, 'outbox.body', id, contact, this.#body.get(seq)?.body);
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }

  /** After the rows were moved: the answers of a contact who turned out to be another. None may be on its way. */
  adopt(stays: number, goes: number): void {
    const parked = this.#parking.has(stays);
    this.#parking.remove(stays);
    this.#parking.remove(goes);
    if (parked) this.lanes.back(stays);
    this.lanes.join(stays, goes);
  }

  /** See {@link import('./port.ts').Store.settle}. */
  settle(outcomes: readonly DeliveryOutcome[]): void {
    const stopped = new Set<number>();
    try {
      transactReading(this.#ctx, () => {
        for (const outcome of outcomes) {
          const flight = this.#inFlight.get(outcome.id);
          if (flight === undefined) continue;
          if (outcome.result === 'stopped') stopped.add(flight.item.contact);
          this.#write(flight.item, flight.body, endOf(outcome));
          this.#tell(flight.item, outcome);
        }
      });
    } catch (error) {
      this.#events.ended(false);
      throw error;
    }
    for (const outcome of outcomes) {
      const flight = this.#inFlight.get(outcome.id);
      if (flight !== undefined) this.#move(flight.item, flight.body, endOf(outcome));
    }
    this.#events.ended(true);
    for (const contact of stopped) this.#events.stopped(contact);
  }

  #tell({ contact }: OutboxItem, outcome: DeliveryOutcome): void {
    const fate = fateOf(outcome);
    if (fate === undefined) return;
    // Those behind it wait for the same person.
    const ids = fate === 'waiting-for-person' ? this.lanes.of(contact).map((i) => i.id) : [outcome.id];
    for (const id of ids) if (isOnce(id)) this.#events.fate(id, fate);
  }

  #write(item: OutboxItem, body: OutboxBody, outcome: DeliveryOutcome): void {
    switch (outcome.result) {
      case 'retry':
      case 'unclear':
      case 'offline': {
        const unclear = item.unclear + (outcome.result === 'unclear' ? 1 : 0);
        const retry = outcome.result === 'offline' ? 0 : Math.ceil(outcome.at / 1_000);
        this.#again.run(item.attempts, unclear, retry, item.seq);
        return;
      }
      case 'sent':
        this.#delete.run(item.seq);
        if ('hide' in body) this.#screen.clear(item.contact);
        else this.#remember(item.contact, outcome.sentIds);
        return;
      case 'dead':
      case 'stopped':
        this.#delete.run(item.seq);
    }
  }

  #move(item: OutboxItem, body: OutboxBody, outcome: DeliveryOutcome): void {
    this.#inFlight.delete(item.id);
    switch (outcome.result) {
      case 'retry':
      case 'unclear':
        if (outcome.result === 'unclear') item.unclear += 1;
        this.lanes.back(item.contact, outcome.at);
        return;
      case 'offline':
        this.#park(item.contact, body);
        return;
      default:
        this.#cool(item);
        this.lanes.done(item.contact);
    }
  }

  #remember(contact: number, sentIds: string[]): void {
    if (sentIds.length === 0 || this.#screen.add(contact, sentIds)) return;
    this.#events.arrivedLate(contact, sentIds);
  }

  /** The platform's ids of what we sent to this contact, newest first. */
  sentIds(contact: number): string[] {
    return this.#screen.read(contact).reverse();
  }

  /** See {@link import('./port.ts').Store.wake}. */
  wake(channel: ChannelId, address: string): boolean {
    const contact = this.#parking.at(channel, address);
    if (contact === undefined) return false;
    this.#parking.remove(contact);
    this.lanes.back(contact);
    return true;
  }

  #park(contact: number, { channel, address }: OutboxBody): void {
    // Dropped while it was on its way: there is nothing left to wait for.
    if (this.lanes.of(contact).length === 0) return;
    this.#parking.add(contact, channel, address);
    this.lanes.park(contact);
  }

  #cool(item: OutboxItem): void {
    if (item.body === undefined) return;
    this.#hot -= 1;
    delete item.body;
  }
}
