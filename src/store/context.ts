import type { Clock } from '../clock.ts';
import type { RandomPool, SealedColumn } from './crypto.ts';
import { placeOf, seal, unseal } from './crypto.ts';
import type { Connection } from './db.ts';
import type { Keys } from './keys.ts';

const HOUR_MS = 3_600_000;

/** Rows whose plain content may stay in memory between two steps of their way, so that they need not be read back. */
export const HOT_ROWS = 4_096;

/** What the parts of the store share. */
export interface Context {
  db: Connection;
  keys: Keys;
  pool: RandomPool;
  clock: Clock;
  /** Rows that could not be opened, and listeners that threw, since the start. */
  faults: number;
}

/** Whole hours since 1970: all the time of a person's message that is ever written down. */
export function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}

/** Seals a value as JSON under the data key `keyId`; undefined when that key was shredded. */
export function sealJson(
  ctx: Context,
  column: SealedColumn,
  row: number | string,
  keyId: number,
  value: unknown,
): Buffer | undefined {
  const key = ctx.keys.get(keyId);
  if (key === undefined) return undefined;
  return seal(key, ctx.pool.iv(), placeOf(column, row, keyId), JSON.stringify(value));
}

/**
 * Opens what {@link sealJson} sealed; undefined when the key was shredded or there is no value.
 * @throws AppError CIPHER_REFUSED
 */
export function unsealJson<T>(
  ctx: Context,
  column: SealedColumn,
  row: number | string,
  keyId: number,
  sealed: Buffer | null | undefined,
): T | undefined {
  if (sealed === null || sealed === undefined) return undefined;
  const key = ctx.keys.get(keyId);
  if (key === undefined) return undefined;
  return JSON.parse(unseal(key, placeOf(column, row, keyId), sealed).toString('utf8'));
}

/** Runs `work` in one write transaction, and what it reads from `keys.db` under one lock of that file. */
export function transactReading<T>(ctx: Context, work: () => T): T {
  return transact(ctx, () => ctx.keys.reading(work));
}

/** Moves the log into the file and truncates it, so that no deleted page is left in it. */
export function checkpoint(ctx: Context): void {
  ctx.db.pragma('wal_checkpoint(TRUNCATE)');
}

/** Runs `work` in one write transaction. */
export function transact<T>(ctx: Context, work: () => T): T {
  return ctx.db.transaction(work).immediate();
}
