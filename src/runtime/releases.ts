import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { codeOf, type Log } from '../log-port.ts';
import type { Store } from '../store/port.ts';
import type { Count } from '../usage/event.ts';
import type { Release } from '../usage/release.ts';

const EVERY_MS = 5 * 60_000;

/** Makes the release of a week out of its counters; `dropped`: how many of them belong to no table. */
export type MakeRelease = (week: string, counts: readonly Count[]) => { release: Release; dropped: number };

export interface ReleasesOptions {
  store: Store;
  make: MakeRelease;
  clock: Clock;
  log: Log;
}

/** Releases each week when it is over, and at the start those that ended meanwhile. */
export class Releases {
  readonly #options: ReleasesOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ReleasesOptions) {
    this.#options = options;
  }

  /** Looks now and then regularly; does not keep the process alive. */
  start(): void {
    this.look();
    this.#timer = setInterval(() => this.look(), EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Releases every week that is due, each in a transaction of its own: some 20 ms a week. */
  look(): void {
    const { store, clock, log } = this.#options;
    try {
      for (const week of store.releases.due(clock.now())) this.#release(week);
    } catch (error) {
      // The counters are as they were; the next look tries again.
      log.error('releases.failed', { code: codeOf(error) });
      if (!(error instanceof AppError)) throw error;
    }
  }

  #release(week: string): void {
    const { store, make, log } = this.#options;
    let left = 0;
    store.releases.freeze(week, (counts) => {
      const { release, dropped } = make(week, counts);
      left = dropped;
      return release;
    });
    // Nothing of what was counted, only that there were counters no table has a place for.
    log.info('releases.frozen', { count: left });
  }
}
