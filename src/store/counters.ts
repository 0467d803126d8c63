import type { Statement } from 'better-sqlite3';
import { isoDate, mondayOf } from '../clock.ts';
import { counterOf, type UsageEvent } from '../usage/event.ts';
import type { Context } from './context.ts';

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;
/** Raw counters live no longer than their week and so many days, also when no release can be made of them. */
const KEPT_DAYS = 8;

/** How often each event happened in a transaction. */
export class Tally {
  readonly events = new Map<string, { event: UsageEvent; n: number }>();

  add(event: UsageEvent, n = 1): void {
    const key = counterOf(event).join('\0');
    const known = this.events.get(key);
    if (known === undefined) this.events.set(key, { event, n });
    else known.n += n;
  }
}

/** The counters of the weeks that are not released yet. */
export class Counters {
  readonly #add: Statement<[string, string, string, string, number]>;
  readonly #delete: Statement<[string]>;

  constructor({ db }: Context) {
    this.#add = db.prepare(
      'INSERT INTO counter (week, name, a, b, n) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n',
    );
    this.#delete = db.prepare(
      `DELETE FROM counter WHERE week <= ? OR week <= (SELECT coalesce(max(week), '') FROM release)`,
    );
  }

  /** Inside a transaction. */
  add({ events }: Tally, now: number): void {
    if (events.size === 0) return;
    const week = mondayOf(now);
    for (const { event, n } of events.values()) this.#add.run(week, ...counterOf(event), n);
  }

  /**
   * Deletes what is too old to be kept, and what a clock that went back counted into a week that was released already.
   * @returns how many counters
   */
  expire(now: number): number {
    return this.#delete.run(isoDate(now - (WEEK_DAYS + KEPT_DAYS) * DAY_MS)).changes;
  }
}
