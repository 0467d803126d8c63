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
