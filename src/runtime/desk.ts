import type { Clock } from '../clock.ts';
import type { TurnContext } from '../engine/types.ts';
import { AppError } from '../errors.ts';
import { expectedWait, type Wanted } from '../handoff/desk.ts';
import type { Desk } from '../handoff/types.ts';
import { codeOf, type Log } from '../log-port.ts';
import type { Store } from '../store/port.ts';

const MAX_TIMER_MS = 60_000;
/** After a commit that the disk did not take. */
const PAUSE_MS = 1_000;

export interface DeskTimersOptions {
  store: Store;
  clock: Clock;
  log: Log;
}

/** What time alone does to chats with people: opens, gives back, ends and shreds them. */
export class DeskTimers {
  readonly #options: DeskTimersOptions;
  #running = false;
  #timer: NodeJS.Timeout | undefined;
  #next: NodeJS.Immediate | undefined;

  constructor(options: DeskTimersOptions) {
    this.#options = options;
  }

  /** Begins, with what became due while nothing ran. Does not keep the process alive. */
  start(): void {
    this.#running = true;
    this.wake();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    clearImmediate(this.#next);
    this.#next = undefined;
  }

  /** Something changed, or time passed. */
  wake(): void {
    if (!this.#running || this.#next !== undefined) return;
    this.#next = setImmediate(() => this.#pass());
  }

  #pass(): void {
    this.#next = undefined;
    const { store, clock, log } = this.#options;
    try {
      const now = clock.now();
      const at = store.handoffs.tick(now);
      if (at !== undefined) this.#arm(at - now);
    } catch (error) {
      log.error('desk.not-committed', { code: codeOf(error) });
      // The timers are rows: nothing is lost, only late.
      if (!(error instanceof AppError)) throw error;
      this.#arm(PAUSE_MS);
    }
  }

  #arm(wait: number): void {
    clearTimeout(this.#timer);
    if (wait <= 0) return this.wake();
    // Not longer, because the clock of the machine may be put forward.
    this.#timer = setTimeout(() => this.wake(), Math.min(wait, MAX_TIMER_MS));
    this.#timer.unref();
  }
}

/** Who would answer a chat: asked with what the person wants, and the time in ms since 1970. */
export type DeskProvider = (wanted: Wanted, now: number) => Desk | undefined;

/** Who would answer a chat that this contact asks for now, with how long others waited and whether there is room. */
export function deskOf(
  store: Store,
  clock: Clock,
  provider: DeskProvider,
): (contact: number) => NonNullable<TurnContext['desk']> {
  return (contact) => (wanted) => {
    const desk = provider(wanted, clock.now());
    if (desk === undefined) return undefined;
    const wait = expectedWait(store.handoffs.waits());
    return {
      ...desk,
      ...(desk.open && wait !== undefined ? { wait } : {}),
      ...(store.handoffs.takes(contact) ? {} : { full: true }),
    };
  };
}
