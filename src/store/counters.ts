import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { UsageEvent } from '../usage/event.ts';
import { storeError } from './db.ts';

/** How often something happened in a week. */
export interface Counter {
  /** Its Monday (UTC), `2026-11-16`. */
  week: string;
  name: UsageEvent['name'];
  /** The dimensions of the event, `''` where it has none; see {@link import('../usage/event.ts').counterOf}. */
  a: string;
  b: string;
  n: number;
}

/**
 * Reads the counters of a data folder, also while Hamroh runs on it: for commands beside the process. Read-only, and
 * without the keys. These are figures for the people who run it, not for release (small numbers are not hidden).
 *
 * @param week its Monday, `2026-11-16`; without it all weeks that are kept
 * @returns [] when nothing was stored yet
 * @throws AppError STORE_UNREADABLE
 */
export function readCounters(dir: string, week?: string): Counter[] {
  const file = join(dir, 'hamroh.db');
  if (!existsSync(file)) return [];
  try {
    const db = new Database(file, { readonly: true });
    try {
      return db
        .prepare<{ week: string | null }, Counter>(
          'SELECT week, name, a, b, n FROM counter WHERE @week IS NULL OR week = @week ORDER BY week, name, a, b',
        )
        .all({ week: week ?? null });
    } finally {
      db.close();
    }
  } catch (cause) {
    throw storeError(cause, 'The counters cannot be read.');
  }
}
