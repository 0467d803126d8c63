const DAY_MS = 86_400_000;
/** About 100 B each: 10 MB at most. */
const MOST_CONTACTS = 100_000;

/**
 * What each contact was counted for on this day (UTC), so that nobody weighs more than another. In memory only: gone with
 * the day, with the process, and with "delete my data". What a transaction marks holds when it was committed.
 */
export class Visitors {
  readonly #most: number;
  #day = 0;
  #marks = new Map<number, readonly number[]>();
  /** In the open transaction. */
  #staged = new Map<number, number[]>();
  /** A small number for each counter. */
  #numbers = new Map<string, number>();

  /** @param most contacts that are remembered; of more, those seen first are forgotten */
  constructor(most = MOST_CONTACTS) {
    this.#most = most;
  }

  /** How many contacts are remembered. */
  get size(): number {
    return this.#marks.size;
  }

  /** Forgets everything when another day has begun. @param now ms since 1970 */
  begin(now: number): void {
    const day = Math.floor(now / DAY_MS);
    if (day === this.#day) return;
    this.#day = day;
    this.#marks = new Map();
    this.#numbers = new Map();
    this.#staged = new Map();
  }

  /** Whether this is the first time today. Marks it, if the transaction is committed. */
  isFirst(contact: number, counter: string): boolean {
    const number = this.#numberOf(counter);
    const staged = this.#staged.get(contact);
    if (this.#marks.get(contact)?.includes(number) || staged?.includes(number)) return false;
    if (staged === undefined) this.#staged.set(contact, [number]);
    else staged.push(number);
    return true;
  }

  /** The transaction was committed. */
  keep(): void {
    for (const [contact, numbers] of this.#staged) this.#set(contact, numbers);
    this.#staged = new Map();
  }

  /** It was rolled back. */
  drop(): void {
    this.#staged = new Map();
  }

  /** The contact is gone. */
  forget(contact: number): void {
    this.#marks.delete(contact);
  }

  /** Two contacts proved to be one person: what one was counted for, the other was. */
  join(stays: number, goes: number): void {
    const marks = this.#marks.get(goes);
    if (marks !== undefined) this.#set(stays, marks);
  }

  #set(contact: number, numbers: readonly number[]): void {
    const known = this.#marks.get(contact);
    this.#marks.set(contact, known === undefined ? numbers : [...known, ...numbers]);
    if (this.#marks.size <= this.#most) return;
    for (const oldest of this.#marks.keys()) {
      this.#marks.delete(oldest);
      return;
    }
  }

  #numberOf(counter: string): number {
    const known = this.#numbers.get(counter);
    if (known !== undefined) return known;
    this.#numbers.set(counter, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}
