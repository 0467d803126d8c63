import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { codeOf, type Log } from '../log-port.ts';
import type { Store } from '../store/port.ts';

const EVERY_MS = 5 * 60_000;

export interface RetentionOptions {
  store: Store;
  clock: Clock;
  log: Log;
}

/** Deletes what is past its lifetime: at the start and every five minutes. */
export class Retention {
  readonly #options: RetentionOptions;
  #timer: NodeJS.Timeout | undefined;
  #next: NodeJS.Immediate | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** Sweeps now and then regularly; does not keep the process alive. */
  start(): void {
    this.sweep();
    this.#timer = setInterval(() => this.sweep(), EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    clearImmediate(this.#next);
  }

  /** One bounded piece of work; the rest in the next passes of the event loop. */
  sweep(): void {
    const { store, clock, log } = this.#options;
    try {
      // How many conversations ended is a count of people, and stays out of the log; the rest should not have expired.
      const swept = store.sweep(clock.now());
      const { more, indexKeyReplaced, sessions: _people, channelRows: _theirs, ...counts } = swept;
      if (indexKeyReplaced || Object.values(counts).some((n) => n > 0)) {
        log.info('retention.swept', { ...counts, indexKeyReplaced });
      }
      if (more) this.#next = setImmediate(() => this.sweep());
    } catch (error) {
      log.error('retention.failed', { code: codeOf(error) });
      if (!(error instanceof AppError)) throw error;
    }
  }
}
