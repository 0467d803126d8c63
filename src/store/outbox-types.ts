import type { ChannelId, OutboundMessage } from '../message.ts';
import type { Waiting } from './lanes.ts';
import { type Fate, isOnce } from './once.ts';
import type { Delivery, Task } from './port.ts';

/** What `outbox.body` holds. */
export type OutboxBody = { channel: ChannelId; address: string } & (
  | { message: OutboundMessage }
  | { hide: true }
);

/** What happens to contacts, outside of this file. */
export interface OutboxEvents {
  /** The contact blocked us. */
  stopped(contact: number): void;
  /** A message arrived although its contact was forgotten meanwhile: the ticket must know it. */
  arrivedLate(contact: number, sentIds: string[]): void;
  /** What became of an operator's words, inside the transaction that writes it. */
  fate(id: string, fate: Fate): void;
  /** That transaction was committed, or not. */
  ended(committed: boolean): void;
}

/** A row as it waits in memory. */
export interface OutboxItem extends Waiting {
  id: string;
  attempts: number;
  unclear: number;
  /** The plain body, while few are waiting. */
  body?: OutboxBody;
}

/** A row as it waits on the disk. */
export interface OutboxRow {
  seq: number;
  id: string;
  contact: number;
  hour: number;
  attempts: number;
  unclear: number;
  retry: number;
}

/**
 * A row that is handed out now.
 * @param sentIds what stands on the person's screen, newest first
 */
export function deliveryOf(item: OutboxItem, body: OutboxBody, sentIds: () => string[]): Delivery {
  const { id, contact, attempts, unclear } = item;
  const { channel, address } = body;
  const task: Task =
    'message' in body ? { type: 'send', message: body.message } : { type: 'hide', sentIds: sentIds() };
  const once = isOnce(id) ? { once: true as const } : {};
  return { id, contact, channel, address, task, attempts: attempts - 1, unclear, ...once };
}
