import type { Clock } from '../clock.ts';
import type { Done } from './simulation.ts';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
/** A line on a terminal is rewritten at most so often. */
const EVERY_MS = 250;

/** Where progress is written. */
export interface Output {
  write(text: string): unknown;
  /** A terminal, on which a line can be rewritten. */
  isTTY?: boolean | undefined;
}

/** Says how far the demo is: one line that is rewritten on a terminal, elsewhere a line for each month. */
export class Progress {
  readonly #out: Output;
  readonly #clock: Clock;
  readonly #start: number;
  readonly #began: number;
  #written = 0;
  #month = '';

  /** @param start first day of the simulated span, ms since 1970 */
  constructor(out: Output, clock: Clock, start: number) {
    this.#out = out;
    this.#clock = clock;
    this.#start = start;
    this.#began = clock.now();
  }

  /** Seconds since the beginning. */
  get seconds(): number {
    return (this.#clock.now() - this.#began) / SECOND_MS;
  }

  /** Says it, when it is time. */
  show(done: Done): void {
    const day = new Date(done.now).toISOString().slice(0, 10);
    if (this.#out.isTTY === true) {
      if (this.#clock.now() - this.#written < EVERY_MS) return;
      this.#written = this.#clock.now();
      // Erases what a longer line left.
      this.#out.write(`\r\u001B[2K${this.#line(day, done)}`);
    } else if (!day.startsWith(this.#month) || this.#month === '') {
      this.#month = day.slice(0, 7);
      this.#out.write(`${this.#line(day, done)}\n`);
    }
  }

  /** Leaves the line. */
  end(): void {
    if (this.#out.isTTY === true) this.#out.write('\r\u001B[2K');
  }

  #line(day: string, { now, visits, of, turns }: Done): string {
    const week = 1 + Math.floor((now - this.#start) / (7 * DAY_MS));
    const share = of === 0 ? 0 : visits / of;
    const left = share < 0.02 ? '' : ` · ${timeOf((this.seconds / share) * (1 - share))} left`;
    return `week ${week} · ${day} · ${number(visits)} visits · ${number(turns)} messages${left}`;
  }
}

/** `3 min 12 s` */
export function timeOf(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `50,000` */
export function number(n: number): string {
  return n.toLocaleString('en');
}
