import type { Staff } from '../store/staff.ts';
import { isOpen } from './machine.ts';
import { BY_PHONE, type HandoffHead, type Handoffs } from './port.ts';
import { COLOR, type GroupCalls } from './telegram-group-calls.ts';
import { type Card, type CardOptions, cardOf } from './telegram-group-card.ts';
import type { Links } from './telegram-group-links.ts';
import type { GroupMemory, Topic } from './telegram-group-memory.ts';
import { speechAfter } from './telegram-group-speech.ts';

/** One call to Telegram that brings the group closer to how the chats stand. */
export interface Job {
  /** The chat, and what about it: a refused job is left until its `state` is another. */
  id: number;
  name: 'create' | 'card' | 'switch' | 'delete' | 'words';
  state: string;
  run(): Promise<void>;
  /** Telegram said no for good. @returns whether that settles it */
  refused(why: string): boolean;
}

export interface BoardOptions extends CardOptions {
  calls: GroupCalls;
  handoffs: Handoffs;
  memory: GroupMemory;
  links: Pick<Links, 'has'>;
  staff: Pick<Staff, 'audit'>;
  /** Says something outside of all topics. */
  tell(text: string): void;
}

/** A topic that somebody keeps deleting is made so often, and then left. */
const MADE_LIMIT = 3;

const NO_TOPIC = /thread not found|TOPIC_ID_INVALID|TOPIC_DELETED|topic not found/i;
const NO_MESSAGE = /message to edit not found|MESSAGE_ID_INVALID|message can't be edited/i;
const NO_CHANGE = /is not modified|TOPIC_NOT_MODIFIED/i;

/** What is remembered of a chat until the next start. */
interface Progress {
  /** Refused jobs, and for which state. */
  left: Map<string, string>;
  /** Topics made for it. */
  made: number;
  /** Parts of a long line that were shown. */
  part: number;
  /** All its words were shown. */
  quiet: boolean;
  /** Whose reading is in the audit trail. */
  reader?: number;
}

interface Ranked {
  /** Smaller is more urgent. */
  rank: number;
  job: Job;
}

/**
 * What is to be done in the group, found by comparing how the chats stand with what the group shows. So nothing is queued that a
 * crash could lose, and ten changes of one chat while Telegram makes us wait become one edit.
 */
export class Board {
  readonly #options: BoardOptions;
  readonly #chats = new Map<number, Progress>();
  /** Who reads in the group, of those who were looked up in this round. */
  #readers = new Map<number, boolean>();

  constructor(options: BoardOptions) {
    this.#options = options;
  }

  /** The most important call; undefined when the group shows all. */
  next(): Job | undefined {
    this.#readers = new Map();
    const heads = this.#options.handoffs.heads();
    const jobs = heads.flatMap((head) => this.#jobFor(head) ?? []);
    const [first] = [...this.#gone(heads), ...jobs]
      .filter(({ job }) => this.#of(job.id).left.get(job.name) !== job.state)
      .sort((a, b) => a.rank - b.rank);
    return first?.job;
  }

  /** There may be new words in a chat. */
  touch(id: number): void {
    this.#of(id).quiet = false;
  }

  /** Leaves a job that Telegram refuses until there is something new to do. */
  leave(job: Job): void {
    this.#of(job.id).left.set(job.name, job.state);
  }

  /** What was refused may work now. */
  retry(): void {
    for (const progress of this.#chats.values()) {
      progress.left.clear();
      progress.made = 0;
    }
  }

  #of(id: number): Progress {
    const progress = this.#chats.get(id) ?? { left: new Map(), made: 0, part: 0, quiet: false };
    this.#chats.set(id, progress);
    return progress;
  }

  /** Topics of chats that were shredded, or that hold words which have to go now. */
  #gone(heads: readonly HandoffHead[]): Ranked[] {
    const known = new Map(heads.map((head) => [head.id, head]));
    for (const id of this.#chats.keys())
      if (!known.has(id) && this.#options.memory.of(id) === undefined) this.#chats.delete(id);
    return this.#options.memory.all().flatMap((topic): Ranked[] => {
      const head = known.get(topic.id);
      if (head === undefined) return [{ rank: topic.words ? 0 : 5, job: this.#delete(topic) }];
      return head.ended === 'erased' && topic.words ? [{ rank: 0, job: this.#delete(topic, head) }] : [];
    });
  }

  #jobFor(head: HandoffHead): Ranked | undefined {
    const topic = this.#options.memory.of(head.id);
    const progress = this.#of(head.id);
    if (topic === undefined) {
      if (progress.made >= MADE_LIMIT) return undefined;
      const wanted = head.state === 'waiting' || this.#isRelayed(head);
      return wanted ? { rank: 3, job: this.#create(head) } : undefined;
    }
    if (head.ended === 'erased' && topic.words) return undefined;
    const card = cardOf(head, this.#options);
    const waits = card.key.startsWith('waits');
    if (isOpen(head) && topic.closed) return { rank: 1, job: this.#switch(topic, false) };
    // Who waits again is said anew: an edit rings no bell.
    const again = waits && topic.shown?.startsWith('waits') === false;
    if (topic.card === undefined || again) return { rank: 2, job: this.#show(topic, card) };
    if (topic.shown !== card.key) return { rank: waits ? 4 : 2, job: this.#edit(topic, topic.card, card) };
    if (!isOpen(head) && !topic.closed) return { rank: 4, job: this.#switch(topic, true) };
    if (progress.quiet || !this.#isRelayed(head)) return undefined;
    const words = this.#speak(head, topic, progress);
    return words && { rank: 1, job: words };
  }

  /** People's words are shown only to the one who holds the chat, if that one reads here. */
  #isRelayed({ state, owner }: HandoffHead): boolean {
    if (!this.#options.relay || state !== 'claimed' || owner === null || owner === BY_PHONE) return false;
    const reads = this.#readers.get(owner) ?? this.#options.links.has(owner);
    this.#readers.set(owner, reads);
    return reads;
  }

  #create({ id, ref, urgent }: HandoffHead): Job {
    const { calls, memory } = this.#options;
    const run = async (): Promise<void> => {
      const thread = await calls.createTopic(ref, urgent ? COLOR.urgent : COLOR.plain);
      this.#of(id).made += 1;
      memory.put({ id, ref, thread, closed: false, words: false });
    };
    return { id, name: 'create', state: '', run, refused: () => false };
  }

  /** A new message about how it stands. */
  #show({ id, thread }: Topic, { key, text, buttons }: Card): Job {
    const { calls, memory } = this.#options;
    const run = async (): Promise<void> => {
      const card = await calls.post({ thread, text, buttons });
      memory.patch(id, { card, shown: key });
    };
    return this.#inTopic({ id, name: 'card', state: `${thread} ${key}`, run });
  }

  #edit({ id }: Topic, message: number, { key, text, buttons }: Card): Job {
    const { calls, memory } = this.#options;
    const seen = (): void => memory.patch(id, { shown: key });
    const run = async (): Promise<void> => {
      await calls.edit(message, text, buttons);
      seen();
    };
    return this.#inTopic({ id, name: 'card', state: `${message} ${key}`, run }, (why) => {
      if (NO_CHANGE.test(why)) seen();
      else if (NO_MESSAGE.test(why)) memory.loseCard(id);
      else return false;
      return true;
    });
  }

  #switch({ id, thread }: Topic, closed: boolean): Job {
    const { calls, memory } = this.#options;
    const done = (): void => memory.patch(id, { closed });
    const run = async (): Promise<void> => {
      await calls.setClosed(thread, closed);
      done();
    };
    return this.#inTopic({ id, name: 'switch', state: String(closed), run }, (why) => {
      if (!NO_CHANGE.test(why)) return false;
      done();
      return true;
    });
  }

  /** @param erased a chat that is still shown in the queue: the topic was its only place here */
  #delete({ id, thread }: Topic, erased?: HandoffHead): Job {
    const { calls, memory, tell, t } = this.#options;
    const forget = (): void => {
      memory.drop(id);
      if (erased !== undefined) tell(t('group.ended.erased', { ref: erased.ref }));
    };
    const run = async (): Promise<void> => {
      await calls.deleteTopic(thread);
      forget();
    };
    const refused = (why: string): boolean => {
      if (!NO_TOPIC.test(why)) return false;
      forget();
      return true;
    };
    return { id, name: 'delete', state: '', run, refused };
  }

  /** The person's words since the last time, as many as fit one message. */
  #speak(head: HandoffHead, { id, thread, upTo: before }: Topic, progress: Progress): Job | undefined {
    const { calls, memory, handoffs, t } = this.#options;
    const { parts, upTo } = speechAfter(handoffs.lines(id), before, t);
    progress.quiet = parts.length === 0;
    if (progress.quiet) return undefined;
    const at = Math.min(progress.part, parts.length - 1);
    const run = async (): Promise<void> => {
      // First, so that after a crash it is known that there is something to delete.
      memory.patch(id, { words: true });
      this.#noteReading(head, progress);
      await calls.post({ thread, text: `👤 ${parts[at]}`, guarded: true });
      const last = at === parts.length - 1;
      progress.part = last ? 0 : at + 1;
      if (last) memory.patch(id, { upTo });
    };
    return this.#inTopic({ id, name: 'words', state: `${thread} ${upTo} ${at}`, run });
  }

  #noteReading({ ref, owner }: HandoffHead, progress: Progress): void {
    if (owner === null || progress.reader === owner) return;
    this.#options.staff.audit.add(owner, 'handoff_read', ref);
    progress.reader = owner;
  }

  /** When somebody deleted the topic, a new one is made if it is needed. */
  #inTopic(job: Omit<Job, 'refused'>, settle: (why: string) => boolean = () => false): Job {
    const refused = (why: string): boolean => {
      if (settle(why)) return true;
      if (!NO_TOPIC.test(why)) return false;
      this.#options.memory.drop(job.id);
      return true;
    };
    return { ...job, refused };
  }
}
