import type { Statement } from 'better-sqlite3';
import { AppError } from '../errors.ts';
import type { ChannelId, OutboundMessage } from '../message.ts';
import { type Context, HOT_ROWS, sealJson, transactReading, unsealJson } from './context.ts';
import { Lanes, type Waiting } from './lanes.ts';
import type { Delivery, DeliveryOutcome, Task } from './port.ts';
import { Screen } from './screen.ts';

/** What `outbox.body` holds. */
export type OutboxBody = { channel: ChannelId; address: string } & (
  | { message: OutboundMessage }
  | { hide: true }
);

interface OutboxItem extends Waiting {
  id: string;
  attempts: number;
  unclear: number;
  /** The plain body, while few are waiting. */
  body?: OutboxBody;
}

/** What happens to contacts, outside of this file. */
export interface OutboxEvents {
  /** The contact blocked us. */
  stopped(contact: number): void;
  /** A message arrived although its contact was forgotten meanwhile: the ticket must know it. */
  arrivedLate(contact: number, sentIds: string[]): void;
}

/** Answers from their commit to the platform. */
export class Outbox {
  readonly lanes = new Lanes<OutboxItem>();
  readonly #ctx: Context;
  readonly #events: OutboxEvents;
  readonly #inFlight = new Map<string, { item: OutboxItem; body: OutboxBody }>();
  /** Contacts whose head waits for their address to come back, by address and the other way round. */
  readonly #parked = new Map<string, number>();
  readonly #parkedAt = new Map<number, string>();
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
   * once more, in its old place, because a person without an answer is worse than one with two.
   */
  load(): void {
    interface Row {
      seq: number;
      id: string;
      contact: number;
      hour: number;
      attempts: number;
      unclear: number;
      retry: number;
    }
    this.#ctx.db.exec('UPDATE outbox SET sending = 0, unclear = unclear + 1 WHERE sending = 1');
    const rows = this.#ctx.db
      .prepare<[], Row>('SELECT seq, id, contact, hour, attempts, unclear, retry FROM outbox ORDER BY seq')
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
    for (const item of this.lanes.of(contact)) if (!this.#inFlight.has(item.id)) this.#delete.run(item.seq);
  }

  /** After the commit of {@link deleteQueued}, or of another delete: rows that are not on their way. */
  forgetQueued(contact: number, gone: (seq: number) => boolean = () => true): void {
    this.lanes.remove(contact, (item) => {
      if (!gone(item.seq)) return false;
      this.#cool(item);
      return true;
    });
    if (this.lanes.of(contact).length === 0) this.#unpark(contact);
  }

  /** Deletes all the contact's rows inside a transaction; then call {@link drop}. */
  deleteAll(contact: number): void {
    for (const item of this.lanes.of(contact)) this.#delete.run(item.seq);
  }

  /** After the commit of {@link deleteAll}. */
  drop(contact: number): void {
    for (const item of this.lanes.of(contact)) this.#cool(item);
    this.lanes.drop(contact);
    this.#unpark(contact);
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
    } catch (error) {
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
      return [this.#delivery(item, body)];
    });
  }

  #delivery(item: OutboxItem, body: OutboxBody): Delivery {
    const { id, contact, attempts, unclear } = item;
    const { channel, address } = body;
    const task: Task =
      'message' in body
        ? { type: 'send', message: body.message }
        : { type: 'hide', sentIds: this.sentIds(contact) };
    return { id, contact, channel, address, task, attempts: attempts - 1, unclear };
  }

  #open(item: OutboxItem): OutboxBody | undefined {
    if (item.body !== undefined) return item.body;
    const { id, contact } = item;
    try {
      const body = unsealJson<OutboxBody>(
        this.#ctx,
        'outbox.body',
        id,
        contact,
        this.#body.get(item.seq)?.body,
      );
      if (body !== undefined) return body;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
    // It can never be read again: it must not stop those behind it.
    this.#ctx.faults += 1;
    this.#delete.run(item.seq);
    return undefined;
  }

  /** See {@link import('./port.ts').Store.settle}. */
  settle(outcomes: readonly DeliveryOutcome[]): void {
    const stopped = new Set<number>();
    transactReading(this.#ctx, () => {
      for (const outcome of outcomes) {
        const flight = this.#inFlight.get(outcome.id);
        if (flight === undefined) continue;
        if (outcome.result === 'stopped') stopped.add(flight.item.contact);
        this.#write(flight.item, flight.body, outcome);
      }
    });
    for (const outcome of outcomes) {
      const flight = this.#inFlight.get(outcome.id);
      if (flight !== undefined) this.#move(flight.item, flight.body, outcome);
    }
    for (const contact of stopped) this.#events.stopped(contact);
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
        this.#park(item.contact, `${body.channel}\0${body.address}`);
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
    const contact = this.#parked.get(`${channel}\0${address}`);
    if (contact === undefined) return false;
    this.#unpark(contact);
    this.lanes.back(contact);
    return true;
  }

  #park(contact: number, key: string): void {
    // Dropped while it was on its way: there is nothing left to wait for.
    if (this.lanes.of(contact).length === 0) return;
    this.#parked.set(key, contact);
    this.#parkedAt.set(contact, key);
    this.lanes.park(contact);
  }

  #unpark(contact: number): void {
    const key = this.#parkedAt.get(contact);
    if (key === undefined) return;
    this.#parkedAt.delete(contact);
    this.#parked.delete(key);
  }

  #cool(item: OutboxItem): void {
    if (item.body === undefined) return;
    this.#hot -= 1;
    delete item.body;
  }
}
