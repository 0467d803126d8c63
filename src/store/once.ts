import type { HandoffLine } from '../handoff/port.ts';
import type { Connection } from './db.ts';
import type { DeliveryOutcome } from './port.ts';

/** How ids of an operator's words begin: they are sent at most once. The number of the transcript's line follows. */
export const ONCE = 'h';

/** What became of an operator's words. */
export type Fate = NonNullable<HandoffLine['delivery']>;

/** Whether these are an operator's words. */
export function isOnce(id: string): boolean {
  return id.startsWith(ONCE);
}

/** What a try means for the outbox: words that may have arrived and are not to arrive twice are not tried again. */
export function endOf(outcome: DeliveryOutcome): DeliveryOutcome {
  const { id, result } = outcome;
  return result === 'unclear' && isOnce(id) ? { id, result: 'dead' } : outcome;
}

/** What a try means for an operator's words; undefined: they wait on. */
export function fateOf({ result }: DeliveryOutcome): Fate | undefined {
  switch (result) {
    case 'sent':
      return 'sent';
    case 'unclear':
      return 'unknown';
    case 'dead':
    case 'stopped':
      return 'failed';
    case 'offline':
      return 'waiting-for-person';
    case 'retry':
      return undefined;
  }
}

/** Operator's words that were being sent when the process stopped, inside a transaction: they leave the outbox. */
export function takeInterrupted(db: Connection): string[] {
  return db
    .prepare<[number, string], string>(
      'DELETE FROM outbox WHERE sending = 1 AND substr(id, 1, ?) = ? RETURNING id',
    )
    .pluck()
    .all(ONCE.length, ONCE);
}
