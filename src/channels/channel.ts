import type { ChannelId, InboundMessage, OutboundMessage } from '../message.ts';

/** What a channel can show. `render` turns one neutral message into what fits. */
export interface Capabilities {
  /** Longest text of one message, in UTF-16 units as platforms count. */
  textLimit: number;
  /** How choices appear: real buttons, or numbered lines in the text. */
  choices: 'buttons' | 'numbered';
  /** Most buttons under one message; the rest go to numbered lines in the text. */
  maxButtons: number;
  /** Longest label of a button, in characters as a person sees them. */
  labelLimit: number;
  /** Longest `Choice.data`, in bytes. */
  dataLimit: number;
  /** Whether a map point can be sent as such. */
  place: boolean;
  /** Whether a "send my location" button exists. */
  askLocation: boolean;
  /** Whether the bot can take its messages off the person's screen. */
  remove: boolean;
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
  /** Begins to receive. Resolves when it does, or rejects with an AppError that says what to fix. */
  start(host: ChannelHost): Promise<void>;
  /** Stops receiving; resolves when nothing more will be accepted. */
  stop(): Promise<void>;
  /**
   * Sends one message.
   * @returns the platform's id of what was sent (for "hide"), several when it took several
   * @throws {SendError}
   */
  send(address: string, message: OutboundMessage): Promise<string[]>;
  /** Takes earlier messages off the person's screen where the platform allows. Unknown ids are no error. */
  remove(address: string, sentIds: string[]): Promise<void>;
  state(): ChannelState;
}
