import type { Effect, HandoffEffect, Session } from '../engine/types.ts';
import { isOpen } from '../handoff/machine.ts';
import type { LineEvent } from '../handoff/machine-types.ts';
import type { HandoffWay } from '../handoff/port.ts';
import type { Input } from '../message.ts';
import type { Context } from './context.ts';
import type { Book } from './handoff-book.ts';
import type { Moves } from './handoff-moves.ts';
import type { OpenState, TurnResult } from './port.ts';

const DAY_MS = 86_400_000;
const PER_DAY = 3;
const QUEUE = 200;
/** What the bot said last, for whoever takes the chat. */
const BOT_LINES = 2;

type Request = Extract<HandoffEffect, { act: 'request' }>;

/** What a turn of the conversation does to the person's chat, inside the turn's transaction; and what becomes of contacts. */
export class HandoffTurns {
  readonly #ctx: Context;
  readonly #book: Book;
  readonly #moves: Moves;

  constructor(ctx: Context, book: Book, moves: Moves) {
    this.#ctx = ctx;
    this.#book = book;
    this.#moves = moves;
  }

  /** Where the contact's open chat is. */
  stateOf(contact: number): OpenState | undefined {
    const state = this.#book.openOf(contact)?.head.state;
    return state === 'requested' || state === 'waiting' || state === 'claimed' ? state : undefined;
  }

  /** Whether a chat asked for now would begin. */
  takes(contact: number): boolean {
    const since = this.#ctx.clock.now() - DAY_MS;
    const own = this.#book.of(contact);
    if (own.some((e) => isOpen(e.head))) return false;
    if (own.filter((e) => e.head.openedAt > since).length >= PER_DAY) return false;
    return this.#book.waiting() < QUEUE;
  }

  /**
   * Carries out what the turn wants of the people behind the bot.
   * @returns false when the bot has to be silent: somebody holds the chat
   */
  take({ turn, session, effects, phone }: TurnResult): boolean {
    const { contact, message } = turn;
    const { input } = message;
    if (input.kind === 'staff') return this.#byPhone(turn, session, phone);
    const held = this.stateOf(contact) === 'claimed';
    for (const effect of effects) {
      if (effect.type !== 'handoff') continue;
      if (effect.act === 'request') this.#request(turn, session ?? turn.session, effect, effects);
      else if (effect.act === 'withdraw') this.#withdraw(contact);
    }
    const open = this.#book.openOf(contact);
    if (open === undefined || input.kind === 'desk') return true;
    const silent = held && open.head.state === 'claimed';
    const called = effects.some((e) => e.type === 'hide');
    const pass = effects.find((e) => e.type === 'handoff' && e.act === 'pass');
    // Whatever the engine says: while somebody holds the chat, words go there and the bot does not answer them. It may
    // only say that photos and places do not get there.
    if (pass !== undefined || (silent && !called)) this.#moves.say(open, said(input, pass));
    return !silent || called || input.kind === 'media' || input.kind === 'place';
  }

  /** "Delete my data". @returns the keys to destroy after the commit */
  erase(contact: number): number[] {
    return this.#book.of(contact).flatMap((entry) => this.#moves.erase(entry) ?? []);
  }

  /** The contact is gone: they blocked us, or their row was lost. */
  left(contact: number): void {
    this.#withdraw(contact);
  }

  /** Two contacts are one person, inside the transaction that joins them. */
  adopt(stays: number, goes: number): void {
    const own = this.#book.openOf(stays);
    const other = this.#book.openOf(goes);
    // Only one chat stays open, rather the one in which somebody answers.
    if (own !== undefined && other !== undefined)
      this.#withdraw(other.head.state === 'claimed' && own.head.state !== 'claimed' ? stays : goes);
    for (const entry of this.#book.of(goes))
      this.#book.move(entry, { head: entry.head, timers: {} }, { contact: stays });
  }

  #request(turn: TurnResult['turn'], session: Session | null, request: Request, effects: Effect[]): void {
    const { contact, message } = turn;
    const { topic, urgent, country, lang, team } = request;
    const fresh = { channel: message.channel, lang, country, topic, urgent, team };
    const open = this.#book.openOf(contact);
    if (open !== undefined) {
      const { id, ref } = open.head;
      this.#moves.apply(open, { type: 'request', fresh: { ...fresh, id, ref } });
      return;
    }
    // The bot may have promised somebody in the very moment in which the queue was filled: then it has to know.
    if (!this.takes(contact)) return this.#moves.tell(contact, { event: 'nobody-came', to: message });
    const begun = this.#moves.begin('request', fresh, contact, wayOf(session));
    const texts = effects.flatMap((e) => (e.type === 'send' ? [e.message.text] : []));
    for (const text of texts.slice(-BOT_LINES)) this.#book.write(begun, { from: 'bot', text });
  }

  #byPhone(turn: TurnResult['turn'], session: Session | null, phone: TurnResult['phone']): boolean {
    const { contact, message } = turn;
    const open = this.#book.openOf(contact);
    if (open !== undefined) {
      this.#moves.apply(open, { type: 'by-phone' });
    } else if (phone !== undefined) {
      const fresh = { ...phone, channel: message.channel, urgent: false };
      this.#moves.begin('by-phone', fresh, contact, wayOf(session ?? turn.session));
    }
    return open === undefined && phone === undefined;
  }

  #withdraw(contact: number): void {
    const open = this.#book.openOf(contact);
    if (open !== undefined) this.#moves.apply(open, { type: 'withdraw' });
  }
}

/** Flows and steps on the way here, never words. */
function wayOf(session: Session | null): HandoffWay[] {
  return (session?.back ?? []).map(({ flow, step }) => ({ flow, step }));
}

function said(input: Input, pass: Effect | undefined): { text: string } | { event: LineEvent } {
  const label = pass?.type === 'handoff' && pass.act === 'pass' ? pass.text : undefined;
  if (label !== undefined) return { text: label };
  switch (input.kind) {
    case 'text':
      return { text: input.text };
    case 'desk':
    case 'staff':
      throw new Error('not the person');
    default:
      return { event: input.kind };
  }
}
