import type { Clock } from '../clock.ts';

/** Tries under one key: their times, and how far the delay has grown. */
interface Count {
  times: number[];
  /** 0: within the free tries of a minute. */
  level: number;
  /** No try before this, ms since 1970. */
  until: number;
}

const MINUTE = 60_000;
const FREE = 5;
const LONGEST_MS = 5 * MINUTE;
/** After so much quiet nothing is remembered. */
const FORGET_MS = 60 * MINUTE;
/** Most keys remembered; the one that was quiet longest makes room. */
const MEMORY = 10_000;

/**
 * Counts tries to guess, in RAM only: five a minute, then one after a delay that doubles from one minute to five. Never
 * a lock: whoever waits may try again.
 */
export class Tries {
  readonly #clock: Clock;
  readonly #counts = new Map<string, Count>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Counts one try under every key, before it is known whether it is right: tries at the same time count too.
   * @returns 0 when it may go on, else ms to wait; a try that has to wait counts nowhere
   */
  take(...keys: string[]): number {
    const now = this.#clock.now();
    const counts = keys.map((key) => this.#recall(key, now));
    const wait = Math.max(0, ...counts.map(({ until }) => until - now));
    if (wait > 0) return wait;
    for (const count of counts) {
      count.times = [...count.times.filter((at) => at > now - MINUTE), now].slice(-FREE);
      if (count.level > 0 || count.times.length >= FREE) {
        count.until = now + Math.min(LONGEST_MS, MINUTE * 2 ** count.level);
        count.level += 1;
      }
    }
    return 0;
  }

  /** Whether the delays have begun under this key. */
  isSlowed(key: string): boolean {
    return (this.#counts.get(key)?.level ?? 0) > 0;
  }

  /** It was them: their count begins anew. */
  clear(key: string): void {
    this.#counts.delete(key);
  }

  /** Takes the newest try back: a whole office signs in from one address. */
  giveBack(key: string): void {
    const count = this.#counts.get(key);
    if (count === undefined) return;
    count.times.pop();
    count.level = Math.max(0, count.level - 1);
    count.until = 0;
  }

  /** Forgets keys that have been quiet for an hour. */
  sweep(now: number): void {
    for (const [key, { times }] of this.#counts) {
      if (now - (times.at(-1) ?? 0) > FORGET_MS) this.#counts.delete(key);
    }
  }

  #recall(key: string, now: number): Count {
    const known = this.#counts.get(key);
    const quiet = known === undefined || now - (known.times.at(-1) ?? 0) > FORGET_MS;
    const count = quiet ? { times: [], level: 0, until: 0 } : known;
    // Re-inserting keeps the map in order of use.
    this.#counts.delete(key);
    this.#counts.set(key, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MEMORY && oldest !== undefined) this.#counts.delete(oldest);
    return count;
  }
}
