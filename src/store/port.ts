import type { Effect, Session } from '../engine/types.ts';
import type { Handoffs } from '../handoff/port.ts';
import type { ChannelId, InboundMessage, Lang, OutboundMessage } from '../message.ts';
import type { Count } from '../usage/event.ts';
import type { FrozenRelease, Release } from '../usage/release.ts';

/**
 * The store as the loops see it: whole units of work, never table by table, so that one commit can carry many
 * turns and another database can stand behind it. Row ids are random; nothing here carries a platform's user id
 * outside of encrypted columns.
 *
 * What `claim` and `due` hand out is not handed out again in this process until `commit` or `settle` gives it back;
 * after a crash all of it is handed out again.
 */
export interface Store {
  /**
   * One transaction: every message that is not a duplicate becomes an inbox row; unknown contacts get a session
   * row and a data key. Resolves after the commit; calls made in the same event-loop pass share one commit.
   * Rejects with STORE_FULL (retryable) when the disk does not take it; nothing of the batch is stored then.
   */
  accept(messages: InboundMessage[]): Promise<void>;

  /**
   * At most `limit` waiting messages of contacts who have waited longest: of each contact the oldest, with its
   * session, and up to `run` - 1 (default 0) right behind it, in order and next to each other.
   */
  claim(limit: number, run?: number): Turn[];
  /**
   * One transaction: sessions, outbox rows, counters, inbox rows erased, wipe tickets written.
   * A turn that was already committed has no second effect. Throws and gives the turns back when it fails. A turn whose
   * contact's chat with people is not any more where the turn was told gives back itself and those behind it.
   */
  commit(results: TurnResult[]): void;

  /**
   * Takes what is ready to be sent: at most one per contact, the oldest, none behind an unfinished one. One
   * transaction marks the rows as `sending` before anything is written to a socket.
   */
  due(limit: number, now: number): Delivery[];
  /** One transaction: what became of them. */
  settle(outcomes: DeliveryOutcome[]): void;
  /** When the next waiting row becomes due, in ms since 1970 (0: now), or undefined. */
  nextDueAt(): number | undefined;
  /** The rows that wait for this address become due now. Returns false when none waited. */
  wake(channel: ChannelId, address: string): boolean;

  /** Wipe tickets to finish, also after a restart; none whose contact has a message on its way. */
  wipes(): Wipe[];
  /** Counts a try, durably, before the platform is asked. */
  tryWipe(id: number): void;
  /** Truncates the write-ahead log, so that no deleted page stays in it. */
  checkpoint(): void;
  /** Shreds the ticket: its key first, then its row. */
  endWipe(id: number): void;

  /**
   * Deletes what is past its lifetime and replaces the index key when it is due. Does a bounded amount of work:
   * call it again while `more` is true.
   */
  sweep(now: number): SweepReport;

  /** The chats with people. */
  readonly handoffs: StoreHandoffs;

  /** The statistics that may be published. */
  readonly releases: StoreReleases;

  /** What a channel has to keep for itself, e.g. its credentials and encryption sessions. */
  channelRows(channel: ChannelId): ChannelRows;

  /** True when a write reaches the disk now. For `/readyz`. */
  probe(): boolean;
  /** Age in ms of the oldest unfinished row (by its hour after a restart), for `/readyz`; undefined when empty. */
  backlog(now: number): Backlog;
  close(): void;
}

/** Weeks on the way from counters to what is published of them. */
export interface StoreReleases {
  /**
   * Weeks (their Mondays) that are over and not released, the oldest first: every week since the first start, also
   * one in which nothing was counted, so that a missing release says nothing.
   */
  due(now: number): string[];
  /**
   * One transaction: reads the counters of a week, keeps the release that `make` makes of them, and deletes them. When
   * it fails nothing of it has happened. After it there is no second release of the week, ever.
   */
  freeze(week: string, make: (counts: readonly Count[]) => Release): FrozenRelease;
  /** In the order of their weeks. */
  list(): FrozenRelease[];
}

/** Where a chat that is not ended is. */
export type OpenState = 'requested' | 'waiting' | 'claimed';

/** {@link Handoffs} with what only the loops need. */
export interface StoreHandoffs extends Handoffs {
  /**
   * Carries out some of the timers that are due, in bounded pieces.
   * @param now ms since 1970
   * @returns when the next is due, which may be now, or undefined
   */
  tick(now: number): number | undefined;
  /** Whether a chat this contact asks for now would begin: one open, three a day, a queue of 200. */
  takes(contact: number): boolean;
  /** How long the last people waited until somebody came, in ms; of this run of the process only. */
  waits(): number[];
  /** What the operators' group keeps about a chat: the number of its topic there. */
  thread(id: number): number | undefined;
  setThread(id: number, thread: number): void;
}

export interface Turn {
  /** Inbox row. */
  id: number;
  /** Random id of the contact. */
  contact: number;
  message: InboundMessage;
  /** null: this contact has no conversation yet. Null too when `follows`. */
  session: Session | null;
  /** The turn before this one in the batch is of the same contact: go on from the session it ends with. */
  follows: boolean;
  /** Where the contact's open chat with people is; absent without one. */
  handoff?: OpenState;
}

export interface TurnResult {
  turn: Turn;
  /** null leaves the conversation where it was. */
  session: Session | null;
  effects: Effect[];
  /**
   * "Delete my data": everything about the contact goes in this commit, other effects but counts are dropped, and
   * this is the one word to say when it is done.
   */
  forget?: OutboundMessage;
  /**
   * For a `staff` message of a contact without an open chat: begins one that is held by the organisation's phone.
   * (With an open one the phone takes it in any case.)
   */
  phone?: { lang: Lang; country: string; topic: string; team: string | null };
}

/** What to do on a platform, in order within a contact. */
export type Task =
  | { type: 'send'; message: OutboundMessage }
  /** Take these off the person's screen. */
  | { type: 'hide'; sentIds: string[] };

export interface Delivery {
  /** The same row has the same id on every try. */
  id: string;
  contact: number;
  channel: ChannelId;
  address: string;
  task: Task;
  /** Tries before this one. */
  attempts: number;
  /** How many of them may have arrived. */
  unclear: number;
  /** An operator's words: `unclear` is then the end of it, because a person's words twice are worse than a question. */
  once?: true;
}

export type DeliveryOutcome =
  /** For a `hide` task: `sentIds` is empty, and what was removed is forgotten. */
  | { id: string; result: 'sent'; sentIds: string[] }
  /** Certainly not sent; again at `at` (ms since 1970). */
  | { id: string; result: 'retry'; at: number }
  /** May have been sent; again at `at`. */
  | { id: string; result: 'unclear'; at: number }
  /** Nobody is there: waits for {@link Store.wake} or its lifetime. */
  | { id: string; result: 'offline'; reason?: string }
  /** Can never be sent. `reason`: the channel's word for why, as for `offline`. */
  | { id: string; result: 'dead'; reason?: string }
  /** Blocked by the person: every waiting row of the contact dies and the session is shredded. */
  | { id: string; result: 'stopped' };

/** What is left of a contact who asked to be forgotten, under a key of its own, until the platform confirmed. */
export interface Wipe {
  id: number;
  channel: ChannelId;
  address: string;
  /** Newest first. */
  sentIds: string[];
  done: OutboundMessage;
  attempts: number;
}

export interface SweepReport {
  sessions: number;
  inbox: number;
  outbox: number;
  wipes: number;
  /** Rows that a channel kept about people. */
  channelRows: number;
  /** Keys without a row. */
  keys: number;
  indexKeyReplaced: boolean;
  /** There is more to delete. */
  more: boolean;
}

export interface Backlog {
  inbox?: number;
  outbox?: number;
  /** Rows that could not be opened, and listeners that threw, since the start. */
  faults: number;
}

/**
 * Named values of one channel, sealed; the names and owners are stored as HMACs under a key that dies with
 * {@link ChannelRows.clear}. Every call is one transaction, durable when it returns.
 */
export interface ChannelRows {
  /** @returns the values there are, by name */
  get(names: readonly string[]): Map<string, string>;
  /** `null` deletes. A row with an `owner` (a platform's id of a person) dies 48 h after it was last written. */
  set(rows: readonly { name: string; value: string | null; owner?: string }[]): void;
  /** Deletes every row of these owners. */
  forget(owners: readonly string[]): void;
  /** Deletes everything and destroys the key. */
  clear(): void;
}
