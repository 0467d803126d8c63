import type { Clock } from '../clock.ts';

/** Milliseconds of the demo's smallest step of time. */
export const MINUTE_MS = 60_000;

/** A clock that is put forward by hand. */
export class DemoClock implements Clock {
  #now: number;

  /** @param now ms since 1970 */
  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** The whole minute it is, since 1970. */
  get minute(): number {
    return Math.floor(this.#now / MINUTE_MS);
  }

  /** @throws Error when that would be earlier: nothing that runs on it expects time to go back */
  set(minute: number): void {
    if (minute < this.minute) throw new Error('the clock of the demo went back');
    this.#now = minute * MINUTE_MS;
  }
}

/** What is to happen, by the minute. Of one minute in the order in which it was noted. */
export class Agenda<T> {
  readonly #notes = new Map<number, T[]>();

  /** @param minute since 1970 */
  add(minute: number, note: T): void {
    const notes = this.#notes.get(minute);
    if (notes === undefined) this.#notes.set(minute, [note]);
    else notes.push(note);
  }

  /** What was noted for a minute; it is off the list then. */
  take(minute: number): readonly T[] {
    const notes = this.#notes.get(minute) ?? [];
    this.#notes.delete(minute);
    return notes;
  }
}
