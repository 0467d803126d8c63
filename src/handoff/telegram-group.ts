import type { Api } from 'grammy';
import type { ChannelState } from '../channels/channel.ts';
import type { TelegramStaffGroup } from '../channels/telegram.ts';
import { errorWord } from '../channels/telegram-errors.ts';
import type { Clock, Ids } from '../clock.ts';
import { codeOf, type Log } from '../log-port.ts';
import type { ChannelRows } from '../store/port.ts';
import type { Staff } from '../store/staff.ts';
import type { DeskChange, Handoffs } from './port.ts';
import { Board } from './telegram-group-board.ts';
import { createGroupCalls, type GroupCalls, type Post } from './telegram-group-calls.ts';
import type { Words } from './telegram-group-card.ts';
import { type Call, GROUP_TIMINGS, type GroupTimings, Lane } from './telegram-group-lane.ts';
import { Links } from './telegram-group-links.ts';
import { GroupMemory } from './telegram-group-memory.ts';
import { fateOf, type Note, Talk } from './telegram-group-talk.ts';
import { type GroupEvent, readGroupUpdate } from './telegram-group-updates.ts';

export interface TelegramGroupOptions {
  /** Of the same bot, with a timeout. */
  api: Api;
  /** Telegram's number of the supergroup. */
  chat: number;
  /** People's words are shown in the group, and the owner's answers there go to the person. */
  relay: boolean;
  handoffs: Handoffs;
  staff: Pick<Staff, 'accounts' | 'audit'>;
  /** 32 bytes of the staff secret, for HMACs. */
  key: Buffer;
  /** `Store.channelRows('telegram')`. */
  rows: ChannelRows;
  t: Words;
  /** A topic in the language of the group; default: its id. */
  topic?(id: string): string;
  /** Where the console shows a chat. */
  link(ref: string): string;
  log: Log;
  clock: Clock;
  ids: Ids;
  timings?: Partial<GroupTimings>;
}

/** The operators' group on Telegram: one topic for each chat. */
export interface TelegramGroup extends TelegramStaffGroup {
  start(): void;
  /** Resolves when nothing more is sent. */
  stop(): Promise<void>;
  /** For `/readyz`. */
  state(): ChannelState;
  /**
   * A code that links the Telegram account of whoever sends `/link CODE` to the bot, once.
   * @returns the code and when it ends, in ms since 1970; undefined for an account that may not answer people
   */
  linkCode(operator: number): { code: string; until: number } | undefined;
  isLinked(operator: number): boolean;
  unlink(operator: number): void;
}

/** So many notes wait at most, and each is tried so often. */
const NOTES = 50;
const NOTE_TRIES = 3;
/** Words from the group whose delivery is shown under them. */
const WATCHED = 500;
/** The same person is told the same thing in the same topic once in this time, in ms. */
const REPEAT = 60_000;
/** Makes the group. Nothing is sent before `start`; `take` works at once. */
export function createTelegramGroup(options: TelegramGroupOptions): TelegramGroup {
  return new Group(options);
}

type Tried = Post & { tries: number };

class Group implements TelegramGroup {
  readonly chat: number;
  readonly #options: TelegramGroupOptions;
  readonly #timings: GroupTimings;
  readonly #calls: GroupCalls;
  readonly #links: Links;
  readonly #memory: GroupMemory;
  readonly #board: Board;
  readonly #talk: Talk;
  readonly #lane: Lane;
  readonly #notes: Tried[] = [];
  /** Messages in the group that arrived where they should. */
  #thumbs: number[] = [];
  readonly #said = new Map<string, number>();
  /** Messages in the group by the line they became. */
  readonly #watched = new Map<number, number>();
  readonly #pending = new Set<Promise<void>>();
  #unlisten: () => void = () => undefined;

  constructor(options: TelegramGroupOptions) {
    const { api, chat, clock, log, rows } = options;
    this.chat = chat;
    this.#options = options;
    this.#timings = { ...GROUP_TIMINGS, ...options.timings };
    this.#links = new Links(options);
    this.#memory = new GroupMemory(rows, chat);
    this.#lane = new Lane({
      api,
      chat,
      clock,
      log,
      timings: this.#timings,
      next: () => this.#next(),
      ready: () => this.#board.retry(),
    });
    this.#calls = createGroupCalls(api, chat, this.#lane.cut.signal);
    const shared = {
      ...options,
      topic: options.topic ?? ((id: string): string => id),
      nameOf: (id: number): string => options.staff.accounts.get(id)?.name ?? '—',
      calls: this.#calls,
      links: this.#links,
      memory: this.#memory,
    };
    this.#board = new Board({ ...shared, tell: (text) => this.#say({ text }) });
    this.#talk = new Talk({
      ...shared,
      say: (note) => this.#say(note),
      taken: (line, message) => this.#watch(line, message),
    });
  }

  take(update: unknown): void {
    try {
      const event = readGroupUpdate(update);
      if (event !== undefined) this.#handle(event);
    } catch (error) {
      // Telegram would deliver it for ever, and people's messages behind it would wait.
      this.#options.log.error('group.fault', { code: codeOf(error) });
    }
    this.#lane.wake();
  }

  start(): void {
    this.#unlisten = this.#options.handoffs.onChange((change) => this.#changed(change));
    this.#lane.start();
  }

  async stop(): Promise<void> {
    this.#unlisten();
    const limit = setTimeout(() => this.#lane.cut.abort(), this.#timings.lastCalls);
    await this.#lane.stop();
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    clearTimeout(limit);
  }

  state(): ChannelState {
    return this.#lane.state;
  }

  linkCode(operator: number): { code: string; until: number } | undefined {
    return this.#links.code(operator);
  }

  isLinked(operator: number): boolean {
    return this.#links.has(operator);
  }

  unlink(operator: number): void {
    this.#links.remove(operator);
  }

  #handle(event: GroupEvent): void {
    switch (event.kind) {
      case 'tap': {
        const text = this.#talk.press(event.from, event.data);
        return this.#aside(this.#calls.answer(event.query, text));
      }
      case 'words':
        return this.#talk.hear(event);
      case 'link':
        return this.#link(event);
      case 'rights':
      case 'moved':
        this.#board.retry();
        return this.#lane.recheck();
    }
  }

  #link({ from, code, group }: Extract<GroupEvent, { kind: 'link' }>): void {
    const { t } = this.#options;
    const linked = this.#links.redeem(from, code);
    const name = 'operator' in linked ? linked.operator.name : '';
    if (linked.result === 'linked') this.#options.staff.audit.add(linked.operator.id, 'telegram_linked');
    const text = t(`group.link.${linked.result}`, { name });
    if (group === undefined) this.#aside(this.#calls.whisper(from, text));
    else
      this.#say({
        text,
        reply: group.message,
        ...(group.thread === undefined ? {} : { thread: group.thread }),
      });
  }

  #changed(change: DeskChange): void {
    if (change.type === 'line') {
      this.#board.touch(change.id);
      if (change.line.from === 'operator') this.#follow(change);
    } else if (change.type === 'head') {
      this.#board.touch(change.head.id);
    }
    this.#lane.wake();
  }

  /** What became of an operator's words. */
  #follow({ id, line }: Extract<DeskChange, { type: 'line' }>): void {
    const { relay, t } = this.#options;
    const topic = this.#memory.of(id);
    if (!relay || topic === undefined || line.by === undefined || !this.#links.has(line.by)) return;
    const message = this.#watched.get(line.id);
    if (line.delivery === 'sent' && message !== undefined) {
      this.#watched.delete(line.id);
      this.#thumbs.push(message);
    }
    const fate = fateOf(line.delivery, topic.ref, line.id, t);
    if (fate !== undefined)
      this.#say({ ...fate, thread: topic.thread, ...(message === undefined ? {} : { reply: message }) });
  }

  #watch(line: number, message: number): void {
    const oldest = this.#watched.keys().next();
    if (this.#watched.size >= WATCHED && !oldest.done) this.#watched.delete(oldest.value);
    this.#watched.set(line, message);
  }

  /** Rather lost than a flood: the console says the same. */
  #say({ once, ...note }: Note): void {
    const now = this.#options.clock.now();
    for (const [key, at] of this.#said) if (now - at >= REPEAT) this.#said.delete(key);
    const same = `${note.thread} ${note.text}`;
    if ((once && this.#said.has(same)) || this.#notes.length >= NOTES) return;
    if (once) this.#said.set(same, now);
    this.#notes.push({ ...note, tries: 0 });
    this.#lane.wake();
  }

  #next(): Call | undefined {
    const note = this.#notes[0];
    if (note !== undefined) return this.#call(note);
    const job = this.#board.next();
    if (job !== undefined) return { run: job.run, refused: job.refused, leave: () => this.#board.leave(job) };
    // Last, and not tried again: whatever did not arrive is said in words.
    this.#thumbs = this.#thumbs.slice(-NOTES);
    const message = this.#thumbs[0];
    return message === undefined ? undefined : this.#thumb(message);
  }

  #thumb(message: number): Call {
    const drop = (): boolean => {
      this.#thumbs = this.#thumbs.filter((other) => other !== message);
      return true;
    };
    const run = async (): Promise<void> => {
      await this.#calls.thumb(message);
      drop();
    };
    return { run, failed: drop, leave: drop, refused: drop };
  }

  #call(note: Tried): Call {
    const drop = (): void => {
      const at = this.#notes.indexOf(note);
      if (at >= 0) this.#notes.splice(at, 1);
    };
    return {
      run: async () => {
        await this.#calls.post(note);
        drop();
      },
      refused: () => {
        drop();
        return true;
      },
      leave: drop,
      failed: () => {
        note.tries += 1;
        if (note.tries >= NOTE_TRIES) drop();
      },
    };
  }

  /** A call that nobody waits for but `stop`. */
  #aside(call: Promise<unknown>): void {
    const settled = call.then(
      () => undefined,
      (error: unknown) => this.#options.log.info('group.aside', { reason: errorWord(error) }),
    );
    this.#pending.add(settled);
    void settled.finally(() => this.#pending.delete(settled));
  }
}
