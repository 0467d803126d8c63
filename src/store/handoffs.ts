import { isOpen } from '../handoff/machine.ts';
import type { DeskRules, HandoffEvent } from '../handoff/machine-types.ts';
import type {
  DeskAction,
  DeskChange,
  DeskResult,
  HandoffHead,
  HandoffLine,
  HandoffWay,
} from '../handoff/port.ts';
import { cleanText } from '../message.ts';
import { type Context, checkpoint, transact } from './context.ts';
import { guarded } from './db.ts';
import { Book, byUrgency } from './handoff-book.ts';
import { HandoffContacts } from './handoff-contacts.ts';
import { Moves } from './handoff-moves.ts';
import { HandoffTurns } from './handoff-turns.ts';
import { HandoffWords, refusal, wordsOf } from './handoff-words.ts';
import type { Inbox } from './inbox.ts';
import type { Outbox } from './outbox.ts';
import type { StoreHandoffs } from './port.ts';

/** Timers carried out in one go, so that 500 that open at nine o'clock do not hold up a conversation. */
const BATCH = 50;
const MAX_LABELS = 10;
const MAX_LABEL = 40;

/** Without teams nobody has to be waited for long. */
const NO_RULES: DeskRules = { shift: () => undefined, canned: () => undefined };

/** The chats of people with the organisation. */
export class HandoffDesk implements StoreHandoffs {
  readonly book: Book;
  readonly turns: HandoffTurns;
  readonly words: HandoffWords;
  readonly contacts: HandoffContacts;
  readonly #ctx: Context;
  readonly #moves: Moves;
  readonly #rules: DeskRules;

  constructor(ctx: Context, inbox: Inbox, outbox: Outbox, rules: DeskRules = NO_RULES) {
    this.#ctx = ctx;
    this.#rules = rules;
    this.book = new Book(ctx);
    this.contacts = new HandoffContacts(ctx, inbox);
    this.#moves = new Moves(ctx, this.book, this.contacts, rules);
    this.turns = new HandoffTurns(ctx, this.book, this.#moves);
    this.words = new HandoffWords(ctx, this.book, this.#moves, inbox, outbox);
  }

  /** At the start, before the queues are filled. */
  load(): void {
    this.book.load();
    this.rename();
    const lost = this.#open().filter((e) => e.contact === null || !this.contacts.exists(e.contact));
    if (lost.length === 0) return;
    this.book.run(() => {
      for (const { contact } of lost) if (contact !== null) this.turns.left(contact);
    });
  }

  /** After the index key was replaced: whoever has an open chat stays known. */
  rename(): void {
    const contacts = this.#open().flatMap((e) => e.contact ?? []);
    if (contacts.length > 0) transact(this.#ctx, () => this.contacts.rename(contacts));
  }

  /** How many people wait or talk. */
  openCount(): number {
    return this.#open().length;
  }

  heads(): HandoffHead[] {
    return this.book
      .all()
      .map((e) => e.head)
      .sort(byUrgency);
  }

  head(id: number): HandoffHead | undefined {
    return this.book.get(id)?.head;
  }

  find(ref: string): HandoffHead | undefined {
    return this.book.all().find((e) => e.head.ref === ref)?.head;
  }

  lines(id: number): HandoffLine[] {
    const entry = this.book.get(id);
    return entry === undefined ? [] : guarded(() => this.book.rows.lines(entry));
  }

  way(id: number): HandoffWay[] {
    return [...(this.book.get(id)?.way ?? [])];
  }

  thread(id: number): number | undefined {
    return this.book.get(id)?.thread;
  }

  setThread(id: number, thread: number): void {
    this.book.run(() => {
      const entry = this.book.get(id);
      if (entry !== undefined) this.book.move(entry, { head: entry.head, timers: {} }, { thread });
    });
  }

  act(id: number, action: DeskAction, by: number): DeskResult {
    return this.book.run(() => this.#act(id, action, by));
  }

  releaseAll(by: number): void {
    for (const { head } of this.#open())
      if (head.owner === by && head.state === 'claimed') this.act(head.id, { type: 'release' }, by);
  }

  onChange(listener: (change: DeskChange) => void): () => void {
    return this.book.onChange(listener);
  }

  takes(contact: number): boolean {
    return this.turns.takes(contact);
  }

  waits(): number[] {
    return [...this.#moves.waits];
  }

  tick(now: number): number | undefined {
    const due = this.book.due(now).slice(0, BATCH);
    this.#shred(due.flatMap(({ id, name }) => (name === 'shred' ? [id] : [])));
    const moving = due.filter((d) => d.name !== 'shred');
    if (moving.length > 0)
      this.book.run(() => {
        for (const { id, name } of moving) this.#fire(id, name);
      });
    return this.book.nextAt();
  }

  /** The keys first: from there nothing of these chats can be read. */
  #shred(ids: readonly number[]): void {
    const entries = ids.flatMap((id) => this.book.get(id) ?? []);
    if (entries.length === 0) return;
    guarded(() => this.#ctx.keys.shred(entries.map((e) => e.key)));
    this.book.run(() => {
      for (const entry of entries) this.book.remove(entry);
    });
    guarded(() => checkpoint(this.#ctx));
  }

  #fire(id: number, timer: Extract<HandoffEvent, { type: 'timer' }>['timer']): void {
    const entry = this.book.get(id);
    // Another timer of the same chat may have ended it just now.
    if (entry?.timers.has(timer) !== true) return;
    const applied = this.#moves.apply(entry, { type: 'timer', timer });
    // One that has nothing to say any more.
    if ('refused' in applied) this.book.move(entry, { head: entry.head, timers: { [timer]: null } });
  }

  #act(id: number, action: DeskAction, by: number): DeskResult {
    const entry = this.book.get(id);
    if (entry === undefined) return { ok: false, reason: 'gone' };
    switch (action.type) {
      case 'reply':
        return this.words.reply(entry, action.text, by);
      case 'canned': {
        const text = this.#rules.canned(action.canned, entry.head.lang);
        if (text === undefined) return { ok: false, reason: 'unknown-canned' };
        return this.words.reply(entry, text, by);
      }
      case 'resend':
        return this.words.resend(entry, action.line, by);
      case 'note':
        return this.#note(entry.head.id, action.text, by);
      case 'labels':
        return this.#apply(id, { type: 'labels', by, labels: labelsOf(action.labels) }, by);
      case 'reopen': {
        const free = entry.contact !== null && this.book.openOf(entry.contact) === undefined;
        return this.#apply(id, { type: 'reopen', by, free }, by);
      }
      default:
        return this.#apply(id, { ...action, by }, by);
    }
  }

  #note(id: number, raw: string, by: number): DeskResult {
    const text = wordsOf(raw);
    if (typeof text !== 'string') return { ok: false, ...text };
    const result = this.#apply(id, { type: 'note', by }, by);
    const entry = this.book.get(id);
    if (!result.ok || entry === undefined) return result;
    return { ...result, line: this.book.write(entry, { from: 'note', by, text }) };
  }

  #apply(id: number, event: HandoffEvent, by: number): DeskResult {
    const entry = this.book.get(id);
    if (entry === undefined) return { ok: false, reason: 'gone' };
    const applied = this.#moves.apply(entry, event, by);
    if ('refused' in applied) return refusal(applied);
    const { line } = applied;
    return { ok: true, head: applied.entry.head, ...(line === undefined ? {} : { line }) };
  }

  #open() {
    return this.book.all().filter((e) => isOpen(e.head));
  }
}

function labelsOf(raw: readonly string[]): string[] {
  const labels = raw
    .map((label) => cleanText(label).text.slice(0, MAX_LABEL))
    .filter((label) => label !== '');
  return [...new Set(labels)].slice(0, MAX_LABELS);
}
