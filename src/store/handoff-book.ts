import { isOpen } from '../handoff/machine.ts';
import type { LineEvent, Moved, TimerName } from '../handoff/machine-types.ts';
import type { DeskChange, HandoffHead, HandoffLine } from '../handoff/port.ts';
import { type Context, transact } from './context.ts';
import { guarded } from './db.ts';
import { type Entry, HandoffRows } from './handoff-rows.ts';

/** Most lines of a person's in one chat. */
const MAX_SAID = 2_000;
const MINUTE_MS = 60_000;

/**
 * All chats in memory, and what an open transaction does to them: visible at once to those who ask within it, final
 * with {@link Book.finish} after the commit, forgotten with {@link Book.abandon}. So memory follows the disk.
 */
export class Book {
  readonly rows: HandoffRows;
  readonly #ctx: Context;
  readonly #entries = new Map<number, Entry>();
  readonly #byContact = new Map<number, Set<number>>();
  /** In the open transaction; null: deleted. */
  #staged = new Map<number, Entry | null>();
  /** Which chats of a contact are in it. */
  #stagedOf = new Map<number, Set<number>>();
  #after: (() => void)[] = [];
  #changes: DeskChange[] = [];
  readonly #listeners = new Set<(change: DeskChange) => void>();

  constructor(ctx: Context) {
    this.#ctx = ctx;
    this.rows = new HandoffRows(ctx);
  }

  load(): void {
    for (const entry of transact(this.#ctx, () => this.rows.load())) this.#keep(entry);
  }

  /** Runs `work` in one transaction of its own. */
  run<T>(work: () => T): T {
    let result: T;
    try {
      result = guarded(() => transact(this.#ctx, work));
    } catch (error) {
      this.abandon();
      throw error;
    }
    this.finish();
    return result;
  }

  get(id: number): Entry | undefined {
    const staged = this.#staged.get(id);
    return staged === undefined ? this.#entries.get(id) : (staged ?? undefined);
  }

  all(): Entry[] {
    const ids = new Set([...this.#entries.keys(), ...this.#staged.keys()]);
    return [...ids].flatMap((id) => this.get(id) ?? []);
  }

  /** All chats of a contact, open and ended. */
  of(contact: number): Entry[] {
    const known = this.#byContact.get(contact);
    const staged = this.#stagedOf.get(contact);
    if (known === undefined && staged === undefined) return [];
    return [...new Set([...(known ?? []), ...(staged ?? [])])].flatMap((id) => {
      const entry = this.get(id);
      return entry?.contact === contact ? [entry] : [];
    });
  }

  /** The chat in which a contact waits or talks. */
  openOf(contact: number): Entry | undefined {
    return this.of(contact).find((e) => isOpen(e.head));
  }

  /** How many people wait. */
  waiting(): number {
    const begun = [...this.#staged.values()].filter((e) => e !== null && !this.#entries.has(e.head.id));
    let waiting = begun.filter((e) => e !== null && isWaiting(e)).length;
    for (const id of this.#entries.keys()) {
      const entry = this.get(id);
      if (entry !== undefined && isWaiting(entry)) waiting += 1;
    }
    return waiting;
  }

  /** A new chat, inside a transaction. */
  begin(entry: Entry, { head, timers, line }: Moved): Entry {
    const begun = { ...entry, head };
    if (!this.rows.add(begun)) throw new Error('a chat has no key');
    const timed = { ...begun, timers: this.rows.setTimers(begun, timers) };
    this.#stage(timed);
    this.#changes.push({ type: 'head', head });
    if (line !== undefined) this.event(timed, line);
    return timed;
  }

  /**
   * Moves a chat on, inside a transaction.
   * @throws when it is not any more where it was: one process and one thread write, so that is a fault of ours
   */
  move(before: Entry, { head, timers }: Pick<Moved, 'head' | 'timers'>, more: Partial<Entry> = {}): Entry {
    const moved = { ...before, ...more, head };
    if (!this.rows.change(before, moved)) throw new Error('a chat is not where it was');
    const after = { ...moved, timers: this.rows.setTimers(moved, timers) };
    this.#stage(after);
    this.#changes.push({ type: 'head', head });
    return after;
  }

  /** Deletes a chat, inside a transaction. */
  remove({ head }: Entry): void {
    this.rows.remove(head.id);
    this.#staged.set(head.id, null);
    this.#changes.push({ type: 'gone', id: head.id, ref: head.ref });
  }

  /** Adds a line, inside a transaction. */
  write(entry: Entry, line: Omit<HandoffLine, 'id' | 'at'>): HandoffLine {
    const written: HandoffLine = { id: this.#ctx.pool.rowId(), ...line, at: this.#ctx.clock.now() };
    this.rows.addLine(entry, written);
    this.#changes.push({ type: 'line', id: entry.head.id, line: written });
    return written;
  }

  /** A line of ours. */
  event(entry: Entry, text: LineEvent, by?: number): HandoffLine {
    return this.write(entry, { from: 'event', text, ...(by === undefined ? {} : { by }) });
  }

  /** The person's words, inside a transaction; `event` stands for what has no words. */
  say(entry: Entry, said: { text: string } | { event: LineEvent }, moved: Moved): Entry {
    const after = this.move(entry, moved, { said: entry.said + 1 });
    if (entry.said === MAX_SAID) this.event(after, 'too-many');
    else if (entry.said > MAX_SAID) return after;
    else if ('event' in said) this.event(after, said.event);
    else this.write(after, { from: 'person', text: said.text });
    return after;
  }

  /** What became of an operator's words, inside a transaction. */
  deliver(entry: Entry, line: HandoffLine, delivery: HandoffLine['delivery']): HandoffLine {
    const next = delivery === undefined ? line : { ...line, delivery };
    this.rows.keepLine(entry, next);
    this.#changes.push({ type: 'line', id: entry.head.id, line: next });
    return next;
  }

  /** To be done in memory after the commit, before anybody is told. */
  afterwards(work: () => void): void {
    this.#after.push(work);
  }

  /** The transaction was committed. */
  finish(): void {
    const [staged, after, changes] = [this.#staged, this.#after, this.#changes];
    this.#clear();
    for (const [id, entry] of staged) {
      const before = this.#entries.get(id);
      if (before !== undefined) this.#drop(before);
      if (entry !== null) this.#keep(entry);
    }
    for (const work of after) work();
    for (const change of changes) this.#tell(change);
  }

  /** The transaction was rolled back. */
  abandon(): void {
    this.#clear();
  }

  onChange(listener: (change: DeskChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Timers that are due, the oldest first. */
  due(now: number): { id: number; name: TimerName }[] {
    const minute = Math.floor(now / MINUTE_MS);
    const due: { id: number; name: TimerName; at: number }[] = [];
    for (const { head, timers } of this.#entries.values())
      for (const [name, at] of timers) if (at <= minute) due.push({ id: head.id, name, at });
    return due.sort((a, b) => a.at - b.at);
  }

  /** When the next timer is due, ms since 1970. */
  nextAt(): number | undefined {
    let next: number | undefined;
    for (const { timers } of this.#entries.values())
      for (const minute of timers.values()) if (next === undefined || minute < next) next = minute;
    return next === undefined ? undefined : next * MINUTE_MS;
  }

  #tell(change: DeskChange): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(change);
      } catch {
        // The commit stands and the others are told; health shows that somebody was not.
        this.#ctx.faults += 1;
      }
    }
  }

  #stage(entry: Entry): void {
    this.#staged.set(entry.head.id, entry);
    if (entry.contact !== null) add(this.#stagedOf, entry.contact, entry.head.id);
  }

  #clear(): void {
    this.#staged = new Map();
    this.#stagedOf = new Map();
    this.#after = [];
    this.#changes = [];
  }

  #keep(entry: Entry): void {
    this.#entries.set(entry.head.id, entry);
    if (entry.contact === null) return;
    add(this.#byContact, entry.contact, entry.head.id);
  }

  #drop({ head, contact }: Entry): void {
    this.#entries.delete(head.id);
    const ids = contact === null ? undefined : this.#byContact.get(contact);
    ids?.delete(head.id);
    if (contact !== null && ids?.size === 0) this.#byContact.delete(contact);
  }
}

function isWaiting({ head }: Entry): boolean {
  return isOpen(head) && head.state !== 'claimed';
}

function add(sets: Map<number, Set<number>>, key: number, value: number): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

/** A head in the order of a queue: who cannot wait first, then who has waited longest. */
export function byUrgency(a: HandoffHead, b: HandoffHead): number {
  return Number(b.urgent) - Number(a.urgent) || a.openedAt - b.openedAt || a.id - b.id;
}
