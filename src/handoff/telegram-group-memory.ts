import { z } from 'zod';
import type { ChannelRows } from '../store/port.ts';

const TOPICS = 'group topics';
const SAID = 'group said';
/** So many of an operator's last messages are known again when Telegram delivers them twice. */
const SAID_LIMIT = 100;

const topic = z.object({
  /** The chat: `HandoffHead.id` and `ref`. */
  id: z.int(),
  ref: z.string(),
  thread: z.int(),
  /** Message that says how it stands, once it is there. */
  card: z.int().optional(),
  /** `Card.key` of what it says. */
  shown: z.string().optional(),
  closed: z.boolean(),
  /** Somebody's words may be in it. */
  words: z.boolean(),
  /** Line of the chat up to which the person's words were shown. */
  upTo: z.int().optional(),
});
const topics = z.object({ chat: z.int(), topics: z.array(topic) });
const said = z.array(z.object({ message: z.int(), done: z.boolean() }));

/** One topic of the group and the chat it stands for. */
export type Topic = Readonly<z.infer<typeof topic>>;

/** What the group has to know after a restart, in the channel's sealed rows: numbers only. */
export class GroupMemory {
  readonly #rows: ChannelRows;
  readonly #chat: number;
  readonly #topics = new Map<number, Topic>();
  #said: z.infer<typeof said>;

  constructor(rows: ChannelRows, chat: number) {
    this.#rows = rows;
    this.#chat = chat;
    const values = rows.get([TOPICS, SAID]);
    const known = topics.parse(JSON.parse(values.get(TOPICS) ?? `{"chat":${chat},"topics":[]}`));
    // Topics of another group are out of our reach.
    if (known.chat === chat) for (const one of known.topics) this.#topics.set(one.id, one);
    this.#said = said.parse(JSON.parse(values.get(SAID) ?? '[]'));
  }

  all(): Topic[] {
    return [...this.#topics.values()];
  }

  of(id: number): Topic | undefined {
    return this.#topics.get(id);
  }

  inThread(thread: number): Topic | undefined {
    return this.all().find((one) => one.thread === thread);
  }

  /** Kept in memory also when the disk is full: then a restart knows the state before. */
  put(one: Topic): void {
    this.#topics.set(one.id, one);
    this.#write();
  }

  /** Changes what is known of a topic, if it still is. */
  patch(id: number, changes: Partial<Topic>): void {
    const one = this.#topics.get(id);
    if (one !== undefined) this.put({ ...one, ...changes });
  }

  /** Its message is not there any more. */
  loseCard(id: number): void {
    const one = this.#topics.get(id);
    if (one === undefined) return;
    const { card: _, shown: __, ...rest } = one;
    this.put(rest);
  }

  drop(id: number): void {
    if (this.#topics.delete(id)) this.#write();
  }

  /**
   * Before an operator's words are handed on, durably: `new` for words that are seen for the first time, `done` for those that
   * were handed on, `unclear` for those where we ended in between. Only `new` ones may be handed on.
   *
   * @throws when it cannot be written down: then they may not be handed on either
   */
  begin(message: number): 'new' | 'done' | 'unclear' {
    const known = this.#said.find((one) => one.message === message);
    if (known !== undefined) return known.done ? 'done' : 'unclear';
    this.#keep([...this.#said.slice(1 - SAID_LIMIT), { message, done: false }]);
    return 'new';
  }

  /** Whether the words were handed on, or their fate was told. */
  isDone(message: number): boolean {
    return this.#said.some((one) => one.message === message && one.done);
  }

  /** The words were handed on, or their fate was told. */
  end(message: number): void {
    this.#keep(this.#said.map((one) => (one.message === message ? { ...one, done: true } : one)));
  }

  #keep(next: z.infer<typeof said>): void {
    this.#rows.set([{ name: SAID, value: JSON.stringify(next) }]);
    this.#said = next;
  }

  #write(): void {
    const value = JSON.stringify({ chat: this.#chat, topics: this.all() });
    this.#rows.set([{ name: TOPICS, value }]);
  }
}
