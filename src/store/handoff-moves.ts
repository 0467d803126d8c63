import { isOpen, transition } from '../handoff/machine.ts';
import type { Fresh, HandoffEvent, Moved, Policy, Refused } from '../handoff/machine-types.ts';
import type { HandoffLine, HandoffWay } from '../handoff/port.ts';
import type { Context } from './context.ts';
import type { Book } from './handoff-book.ts';
import type { HandoffContacts, Notice } from './handoff-contacts.ts';
import type { Entry } from './handoff-rows.ts';

/** So many of the last waits say how long the next one will be. */
const WAITS = 20;
const REF_LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const REF_LENGTH = 6;
const MINUTE_MS = 60_000;

export interface Applied {
  entry: Entry;
  /** What the transcript says about it. */
  line?: HandoffLine;
}

/** Carries out what the state machine says, inside a transaction: row, timers, transcript, and a word to the bot. */
export class Moves {
  /** How long the last people waited, in ms: in memory only. */
  readonly waits: number[] = [];
  readonly #ctx: Context;
  readonly #book: Book;
  readonly #contacts: HandoffContacts;
  readonly #policy: Policy;

  constructor(ctx: Context, book: Book, contacts: HandoffContacts, policy: Policy) {
    this.#ctx = ctx;
    this.#book = book;
    this.#contacts = contacts;
    this.#policy = policy;
  }

  /** @param by account, for the transcript */
  apply(entry: Entry, event: HandoffEvent, by?: number): Applied | Refused {
    const moved = this.try(entry, event);
    if ('refused' in moved) return moved;
    if (moved.head === entry.head && Object.keys(moved.timers).length === 0) return { entry };
    const after = this.#book.move(entry, moved);
    const line = moved.line === undefined ? undefined : this.#book.event(after, moved.line, by);
    this.#around(entry, after, moved);
    return line === undefined ? { entry: after } : { entry: after, line };
  }

  /** The person's words. */
  say(entry: Entry, said: Parameters<Book['say']>[1]): void {
    const moved = this.try(entry, { type: 'pass' });
    if (!('refused' in moved)) this.#book.say(entry, said, moved);
  }

  /** What would be; changes nothing. */
  try(entry: Entry | undefined, event: HandoffEvent): Moved | Refused {
    return transition(entry?.head, event, this.#ctx.clock.now(), this.#policy);
  }

  /** A new chat, under a key of its own. */
  begin(
    type: 'request' | 'by-phone',
    fresh: Omit<Fresh, 'id' | 'ref'>,
    contact: number,
    way: HandoffWay[],
  ): Entry {
    const { pool, keys } = this.#ctx;
    const [id, key] = [pool.rowId(), pool.rowId()];
    const moved = this.try(undefined, { type, fresh: { ...fresh, id, ref: this.#ref() } });
    if ('refused' in moved) throw new Error('a chat cannot begin');
    keys.create([key]);
    const { head } = moved;
    return this.#book.begin({ head, key, contact, way, said: 0, timers: new Map() }, moved);
  }

  /**
   * "Delete my data": the words go, and what is left of the chat comes under a fresh key.
   * @returns the key to destroy after the commit
   */
  erase(entry: Entry): number | undefined {
    const moved = this.try(entry, { type: 'erase' });
    if ('refused' in moved) return undefined;
    const { pool, keys } = this.#ctx;
    const key = pool.rowId();
    keys.create([key]);
    this.#book.rows.removeLines(entry.head.id);
    this.#book.move(entry, moved, { key, contact: null, way: [], said: 0 });
    return entry.key;
  }

  /** A word to the bot, in the contact's own queue. */
  tell(contact: number, notice: Notice): void {
    this.#book.afterwards(this.#contacts.notify(contact, notice));
  }

  #around(before: Entry, after: Entry, { tell }: Moved): void {
    const { contact } = before;
    if (contact !== null && tell !== undefined) {
      const first = tell === 'claimed' && before.head.taken === undefined;
      this.tell(contact, { event: tell, ...(first ? { waited: this.#waited(before.head) } : {}) });
    }
    if (contact !== null && isOpen(before.head) && !isOpen(after.head)) this.#contacts.letGo(contact);
    const { waitingSince } = before.head;
    if (after.head.state === 'claimed' && waitingSince !== undefined) {
      const waited = this.#ctx.clock.now() - waitingSince;
      this.#book.afterwards(() => this.#remember(waited));
    }
  }

  /**
   * Whole minutes, begun ones too, since somebody could have come: since the person asked, or since the team's hours
   * began. None when somebody came before that.
   */
  #waited({ waitingSince }: Entry['head']): number {
    return waitingSince === undefined ? 0 : Math.ceil((this.#ctx.clock.now() - waitingSince) / MINUTE_MS);
  }

  #remember(waited: number): void {
    this.waits.push(waited);
    if (this.waits.length > WAITS) this.waits.shift();
  }

  /** Letters and digits that are not mistaken for one another. */
  #ref(): string {
    const taken = new Set(this.#book.all().map((e) => e.head.ref));
    for (;;) {
      let ref = '';
      while (ref.length < REF_LENGTH) ref += REF_LETTERS[this.#ctx.pool.rowId() % REF_LETTERS.length];
      if (!taken.has(ref)) return ref;
    }
  }
}
