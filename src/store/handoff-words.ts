import type { DeskResult, HandoffLine } from '../handoff/port.ts';
import { cleanText } from '../message.ts';
import { type Context, hourOf } from './context.ts';
import type { Book } from './handoff-book.ts';
import type { Moves } from './handoff-moves.ts';
import type { Entry } from './handoff-rows.ts';
import type { Inbox } from './inbox.ts';
import { type Fate, ONCE } from './once.ts';
import type { Outbox } from './outbox.ts';

type Reason = Extract<DeskResult, { ok: false }>['reason'];

/**
 * An operator's words to the person: into the outbox with the transcript's line in one transaction, sent at most once, and what
 * became of them written to the line.
 */
export class HandoffWords {
  readonly #ctx: Context;
  readonly #book: Book;
  readonly #moves: Moves;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;

  constructor(ctx: Context, book: Book, moves: Moves, inbox: Inbox, outbox: Outbox) {
    this.#ctx = ctx;
    this.#book = book;
    this.#moves = moves;
    this.#inbox = inbox;
    this.#outbox = outbox;
  }

  /** Inside a transaction. */
  reply(entry: Entry, raw: string, by: number): DeskResult {
    const text = wordsOf(raw);
    if (typeof text !== 'string') return { ok: false, ...text };
    const applied = this.#moves.apply(entry, { type: 'reply', by });
    if ('refused' in applied) return refusal(applied);
    const { head } = applied.entry;
    const line = this.#book.write(applied.entry, {
      from: 'operator',
      by,
      text,
      delivery: this.#waiting(applied.entry),
    });
    return this.#queue(applied.entry, line) ? { ok: true, head, line } : this.#lost(applied.entry, line);
  }

  /** Inside a transaction. */
  resend(entry: Entry, id: number, by: number): DeskResult {
    const line = this.#book.rows.line(entry, id);
    if (line === undefined || line.from !== 'operator') return { ok: false, reason: 'gone' };
    const again = line.delivery === 'unknown' || line.delivery === 'failed';
    const applied = this.#moves.apply(entry, { type: 'resend', by, again });
    if ('refused' in applied) return refusal(applied);
    const { head } = applied.entry;
    const queued = this.#book.deliver(applied.entry, line, this.#waiting(applied.entry));
    return this.#queue(applied.entry, queued)
      ? { ok: true, head, line: queued }
      : this.#lost(applied.entry, queued);
  }

  /** What became of a row of the outbox, inside the transaction that writes it there. */
  fate(outboxId: string, fate: Fate): void {
    const id = Number(outboxId.slice(ONCE.length));
    const handoff = this.#book.rows.handoffOf(id);
    const entry = handoff === undefined ? undefined : this.#book.get(handoff);
    const line = entry === undefined ? undefined : this.#book.rows.line(entry, id);
    if (entry === undefined || line === undefined || line.delivery === fate) return;
    this.#book.deliver(entry, line, fate);
  }

  #queue(entry: Entry, { id, text }: HandoffLine): boolean {
    const { contact, head } = entry;
    const state = contact === null ? undefined : this.#inbox.stateOf(contact);
    if (contact === null || state === undefined) return false;
    const { channel, address, session } = state;
    const now = this.#ctx.clock.now();
    const message = { lang: session?.lang ?? head.lang, text, choices: [] };
    const body = { channel, address, message };
    const item = this.#outbox.insert(`${ONCE}${id}`, contact, hourOf(now), now, body);
    if (item === undefined) return false;
    this.#book.afterwards(() => this.#outbox.enqueue(item));
    return true;
  }

  /** There is nobody to send to any more: the line says so. */
  #lost(entry: Entry, line: HandoffLine): DeskResult {
    return { ok: true, head: entry.head, line: this.#book.deliver(entry, line, 'failed') };
  }

  #waiting({ contact }: Entry): Fate {
    return contact !== null && this.#outbox.isParked(contact) ? 'waiting-for-person' : 'queued';
  }
}

/** Words as they are kept and sent, or why not. */
export function wordsOf(raw: string): string | { reason: Reason } {
  const { text, cut } = cleanText(raw);
  if (text === '') return { reason: 'empty' };
  return cut ? { reason: 'too-long' } : text;
}

/** A refusal of the state machine, for whoever asked. */
export function refusal({ refused, owner }: { refused: Reason; owner?: number }): DeskResult {
  return { ok: false, reason: refused, ...(owner === undefined ? {} : { owner }) };
}
