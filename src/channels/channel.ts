import type { ChannelId, InboundMessage, OutboundMessage } from '../message.ts';

/** One way a platform shows choices as something to tap. */
export interface Menu {
  kind: 'buttons' | 'list';
  /** Most entries, back and menu included. */
  max: number;
  /** Longest label, in UTF-16 units: the strictest way a platform may count, so none refuses what we send. */
  labelLimit: number;
  /** Longest `Choice.data`, in bytes. */
  dataLimit: number;
  /** Longest text above it, in UTF-16 units. */
  textLimit: number;
  /** Longest second line of an entry, where a label that was shortened is written out. */
  descriptionLimit?: number;
  /** With more than `max` choices it still holds the first ones; the rest become numbered lines in the text. */
  spills?: true;
}

/** What a channel can show. `render` turns one neutral message into what fits. */
export interface Capabilities {
  /** Longest text of one message, in UTF-16 units as platforms count. */
  textLimit: number;
  /**
   * Ways to show choices, the best first: the first that holds all of them is taken. After the last come numbered
   * lines in the text, which hold any number; [] for a channel that has nothing to tap.
   */
  menus: readonly Menu[];
  /** Whether a map point can be sent as such. */
  place: boolean;
  /** Whether a "send my location" button exists: beside other buttons, or alone with the choices as numbered lines. */
  askLocation: false | 'beside' | 'alone';
  /** Longest text above a location button that stands alone, in UTF-16 units; default `textLimit`. */
  locationTextLimit?: number;
  /** Whether the bot can take its messages off the person's screen. */
  remove: boolean;
  /** Every message has its price or its pace: the messages of one turn are joined to at most this many. */
  messagesPerTurn?: number;
  /** The app takes `*x*`, `_x_`, `~x~` and a leading `> ` for formatting and drops the marks; nothing escapes them. */
  formats?: true;
}

/** Why a send failed, and what the outbox should do about it. */
export class SendError extends Error {
  /**
   * - `retry`: certainly not sent; try again after `retryAfterMs` if given
   * - `ambiguous`: may have been sent
   * - `stopped`: this contact does not want or cannot get messages any more
   * - `permanent`: this message can never be sent
   * - `offline`: nobody is there; try when the channel says the address is back
   */
  readonly kind: 'retry' | 'ambiguous' | 'stopped' | 'permanent' | 'offline';
  /** A word for the log and the figures, e.g. `telegram-403`. Never a payload. */
  readonly reason: string;
  readonly retryAfterMs?: number;

  constructor(
    kind: SendError['kind'],
    reason: string,
    options: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(`${kind}: ${reason}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SendError';
    this.kind = kind;
    this.reason = reason;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

/** What a channel gets from the runtime. */
export interface ChannelHost {
  /**
   * Durably accepts messages; resolves after the commit, and only then may the platform be told "received".
   * Duplicates (same channel, account and id) are dropped silently. Rejects when the store cannot take them.
   */
  accept(messages: InboundMessage[]): Promise<void>;
  /** The person at this address can be reached again: waiting messages are sent now. */
  reachable(channel: ChannelId, address: string): void;
}

/** Whether a channel works now, for `/readyz`, the start-up lines and `doctor`. */
export type ChannelState =
  | { state: 'up' }
  | { state: 'connecting' }
  | { state: 'down'; reason: string; hint: string };

/** One messenger behind one interface. */
export interface Channel {
  readonly id: ChannelId;
  readonly capabilities: Capabilities;
  /** Whose wording of texts fits, when it is not that of the `id`: `whatsapp-cloud`. */
  readonly wording?: string;
  /** Begins to receive. Resolves when it does, or rejects with an AppError that says what to fix. */
  start(host: ChannelHost): Promise<void>;
  /** Stops receiving; resolves when nothing more will be accepted. */
  stop(): Promise<void>;
  /**
   * Sends one message.
   * @param id of the outbox row: the same on every try, so that a platform that knows message ids can drop a copy
   * @returns the platform's id of what was sent (for "hide"), several when it took several
   * @throws {SendError}
   */
  send(address: string, message: OutboundMessage, id: string): Promise<string[]>;
  /** Takes earlier messages off the person's screen where the platform allows. Unknown ids are no error. */
  remove(address: string, sentIds: string[]): Promise<void>;
  /** Deletes what the channel itself keeps about this person (encryption sessions); part of "delete my data". */
  dropKeys?(address: string): Promise<void>;
  state(): ChannelState;
}
