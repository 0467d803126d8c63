/** One waiting row, as far as the order of work needs it. */
export interface Waiting {
  seq: number;
  contact: number;
  /** When it came, ms since 1970. */
  at: number;
}

interface Lane<T> {
  items: T[];
  state: 'ready' | 'busy' | 'later' | 'parked';
  /** How many from the front are handed out. */
  out: number;
  /** Number of the last change, so that an old entry of the queue or the heap is recognised as such. */
  turn: number;
}

interface Entry {
  contact: number;
  turn: number;
  at: number;
}

/**
 * The order of work, in memory: one lane per contact, strictly first in, first out; of each lane only the head is
 * ever handed out (or a run from its front), and not again before it came back. The rows themselves are in the database, which fills the lanes
 * again at a start; so neither table needs an index, and taking the next row costs the same with one waiting row and
 * with 100,000.
 */
export class Lanes<T extends Waiting> {
  readonly #lanes = new Map<number, Lane<T>>();
  #ready: Entry[] = [];
  #head = 0;
  #turns = 0;
  /** Binary heap by time. */
  readonly #later: Entry[] = [];

  /** Puts a row at the end of its contact's lane; `notBefore` holds the lane back when the row is its head. */
  add(item: T, notBefore = 0): void {
    const lane = this.#lanes.get(item.contact);
    if (lane !== undefined) {
      lane.items.push(item);
      return;
    }
    const fresh: Lane<T> = { items: [item], state: 'ready', out: 0, turn: 0 };
    this.#lanes.set(item.contact, fresh);
    if (notBefore > 0) this.#hold(item.contact, fresh, notBefore);
    else this.#offer(item.contact, fresh);
  }

  /** Hands out the head of the lane that has been ready longest. */
  take(now: number): T | undefined {
    return this.takeRun(now, 1)[0];
  }

  /** Hands out at most `limit` rows from the front of the lane that has been ready longest, in their order. */
  takeRun(now: number, limit: number): readonly T[] {
    this.#wakeDue(now);
    while (this.#head < this.#ready.length) {
      const entry = this.#ready[this.#head++] as Entry;
      if (this.#head > 1_024 && this.#head * 2 > this.#ready.length) {
        this.#ready = this.#ready.slice(this.#head);
        this.#head = 0;
      }
      const lane = this.#lanes.get(entry.contact);
      if (lane === undefined || lane.state !== 'ready' || lane.turn !== entry.turn) continue;
      lane.state = 'busy';
      lane.out = Math.min(limit, lane.items.length);
      return lane.items.slice(0, lane.out);
    }
    return [];
  }

  /** The head is finished: it leaves, and the next one is ready unless it is handed out already. */
  done(contact: number): void {
    const lane = this.#lanes.get(contact);
    if (lane === undefined) return;
    lane.items.shift();
    lane.out -= 1;
    if (lane.items.length === 0) this.#lanes.delete(contact);
    else if (lane.out <= 0) this.#offer(contact, lane);
  }

  /** The head stays and is ready again at once, or at `at` (ms since 1970). */
  back(contact: number, at = 0): void {
    const lane = this.#lanes.get(contact);
    if (lane === undefined) return;
    if (at > 0) this.#hold(contact, lane, at);
    else this.#offer(contact, lane);
  }

  /** The head stays until {@link back}. */
  park(contact: number): void {
    const lane = this.#lanes.get(contact);
    if (lane === undefined) return;
    lane.state = 'parked';
    lane.out = 0;
    lane.turn = ++this.#turns;
  }

  /** All rows of a contact, the head first. */
  of(contact: number): readonly T[] {
    return this.#lanes.get(contact)?.items ?? [];
  }

  /** Whether a row of this contact is handed out now. */
  busy(contact: number): boolean {
    return this.#lanes.get(contact)?.state === 'busy';
  }

  /** Takes rows out of their lane. A row that is handed out stays until it comes back. */
  remove(contact: number, gone: (item: T) => boolean): void {
    const lane = this.#lanes.get(contact);
    if (lane === undefined) return;
    const before = lane.items[0];
    lane.items = lane.items.filter((item, i) => i < lane.out || !gone(item));
    if (lane.items.length === 0) this.#lanes.delete(contact);
    else if (lane.items[0] !== before) this.#offer(contact, lane);
  }

  /** Forgets the lane, also when its head is handed out. */
  drop(contact: number): void {
    this.#lanes.delete(contact);
  }

  /** Two contacts are one: all rows in one lane, in the order of their numbers. Neither lane may be handed out. */
  join(stays: number, goes: number): void {
    const from = this.#lanes.get(goes);
    if (from === undefined) return;
    const at = Math.max(this.#waitOf(stays), this.#waitOf(goes));
    this.#lanes.delete(goes);
    for (const item of from.items) item.contact = stays;
    const into = this.#lanes.get(stays);
    const items = [...(into?.items ?? []), ...from.items].sort((a, b) => a.seq - b.seq);
    const lane: Lane<T> = { items, state: 'ready', out: 0, turn: 0 };
    this.#lanes.set(stays, lane);
    if (at > 0) this.#hold(stays, lane, at);
    else this.#offer(stays, lane);
  }

  /** Until when a lane is held back, in ms since 1970; 0 when it is not. */
  #waitOf(contact: number): number {
    return this.#later.find((e) => e.contact === contact && this.#isCurrent(e, 'later'))?.at ?? 0;
  }

  /** When the next row can be taken: 0 for now, ms since 1970, or undefined when none waits for time. */
  nextAt(): number | undefined {
    for (; this.#head < this.#ready.length; this.#head += 1) {
      if (this.#isCurrent(this.#ready[this.#head] as Entry, 'ready')) return 0;
    }
    for (let first = this.#later[0]; first !== undefined; first = this.#later[0]) {
      if (this.#isCurrent(first, 'later')) return first.at;
      this.#pop();
    }
    return undefined;
  }

  /** When the oldest waiting row came, ms since 1970. */
  oldest(): number | undefined {
    let oldest: number | undefined;
    for (const lane of this.#lanes.values()) {
      const at = lane.items[0]?.at;
      if (at !== undefined && (oldest === undefined || at < oldest)) oldest = at;
    }
    return oldest;
  }

  #isCurrent(entry: Entry, state: Lane<T>['state']): boolean {
    const lane = this.#lanes.get(entry.contact);
    return lane !== undefined && lane.state === state && lane.turn === entry.turn;
  }

  #offer(contact: number, lane: Lane<T>): void {
    lane.state = 'ready';
    lane.out = 0;
    lane.turn = ++this.#turns;
    this.#ready.push({ contact, turn: lane.turn, at: 0 });
  }

  #hold(contact: number, lane: Lane<T>, at: number): void {
    lane.state = 'later';
    lane.out = 0;
    lane.turn = ++this.#turns;
    const heap = this.#later;
    let i = heap.push({ contact, turn: lane.turn, at }) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if ((heap[up] as Entry).at <= (heap[i] as Entry).at) break;
      [heap[up], heap[i]] = [heap[i] as Entry, heap[up] as Entry];
      i = up;
    }
  }

  #wakeDue(now: number): void {
    for (let first = this.#later[0]; first !== undefined && first.at <= now; first = this.#later[0]) {
      const current = this.#isCurrent(first, 'later');
      this.#pop();
      const lane = this.#lanes.get(first.contact);
      if (current && lane !== undefined) this.#offer(first.contact, lane);
    }
  }

  #pop(): void {
    const heap = this.#later;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let i = 0; ; ) {
      const left = 2 * i + 1;
      const right = left + 1;
      let least = i;
      if (left < heap.length && (heap[left] as Entry).at < (heap[least] as Entry).at) least = left;
      if (right < heap.length && (heap[right] as Entry).at < (heap[least] as Entry).at) least = right;
      if (least === i) return;
      [heap[least], heap[i]] = [heap[i] as Entry, heap[least] as Entry];
      i = least;
    }
  }
}
