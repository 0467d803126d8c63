import { randomBytes, randomUUID } from 'node:crypto';

/** The only source of time. Milliseconds since 1970, UTC. */
export interface Clock {
  now(): number;
}

/** The only source of randomness. */
export interface Ids {
  /** A random row id (UUID v4): carries no time and no order. */
  id(): string;
  bytes(length: number): Buffer;
}

export const systemClock: Clock = { now: () => Date.now() };

export const systemIds: Ids = { id: () => randomUUID(), bytes: (length) => randomBytes(length) };

/** `2026-11-22` in UTC. */
export function isoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;

/** The Monday (UTC) of a time's week: `2026-11-16`. */
export function mondayOf(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  // 1970-01-01 was a Thursday, the fourth day of its week.
  return isoDate((days - ((((days + 3) % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS)) * DAY_MS);
}
