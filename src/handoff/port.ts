import type { ChannelId, Lang } from '../message.ts';

/** Where a handoff is. The first three are open: the person waits or talks. */
export type HandoffState =
  /** Asked for while nobody is on duty; becomes `waiting` when the team opens. */
  | 'requested'
  | 'waiting'
  | 'claimed'
  /** By its operator. */
  | 'closed'
  /** Nobody came in time, or a week of silence: the bot is back. */
  | 'expired'
  /** By the person: "stop", or "delete my data". */
  | 'withdrawn';

/** The owner of a chat that somebody answers on the organisation's own phone. Accounts have larger numbers. */
export const BY_PHONE = 0;

/** What the queue shows of a chat: nothing a person could be known by, and no words of theirs. */
export interface HandoffHead {
  /** Random row id. */
  id: number;
  /** Six letters and digits to speak about it: `K7Q2MX`. */
  ref: string;
  state: HandoffState;
  channel: ChannelId;
  lang: Lang;
  /** Country of stay, ISO 3166-1 alpha-2. */
  country: string;
  topic: string;
  urgent: boolean;
  /** Account that holds the chat, {@link BY_PHONE}, or null. */
  owner: number | null;
  /** Team it is for; null: any. */
  team: string | null;
  labels: string[];
  /** ms since 1970; kept sealed, the table holds the hour. */
  openedAt: number;
  /** When the person or an operator last said something, ms since 1970. */
  lastAt: number;
  /** The person wrote last: somebody owes an answer. */
  unanswered: boolean;
  /** In `waiting`: since when somebody could have come, ms since 1970. */
  waitingSince?: number;
  /** Somebody had it, now or before. */
  taken?: true;
  /** ms since 1970 */
  endedAt?: number;
  /** Why it ended, once it has. */
  ended?: 'closed' | 'nobody-came' | 'silence' | 'stopped' | 'erased';
}

/** One line of a chat. */
export interface HandoffLine {
  id: number;
  /** `bot`: what the bot said last before; `note`: only the team sees it; `event`: claimed, transferred, erased … */
  from: 'person' | 'operator' | 'bot' | 'note' | 'event';
  /** Account that wrote it; absent for the person and the bot. */
  by?: number;
  /** For `event` a word of ours, e.g. `claimed`; otherwise text as it was written. */
  text: string;
  /** ms since 1970 */
  at: number;
  /** What became of an operator's words. `unknown`: may not have arrived; nobody sends them twice unasked. */
  delivery?: 'queued' | 'sent' | 'waiting-for-person' | 'unknown' | 'failed';
}

/** What the bot knows about the way here: flows and steps, never words. */
export interface HandoffWay {
  flow: string;
  step: string;
}

export type DeskAction =
  /** Of any number of claims exactly one wins. */
  | { type: 'claim' }
  | { type: 'reply'; text: string }
  /** A canned reply: the id; the person gets it in their language. */
  | { type: 'canned'; canned: string }
  | { type: 'note'; text: string }
  | { type: 'labels'; labels: string[] }
  | { type: 'transfer'; to: { operator: number } | { team: string } }
  /** Back into the queue. */
  | { type: 'release' }
  | { type: 'close' }
  /** Takes a close back, within ten seconds. */
  | { type: 'reopen' }
  /** Sends words again that may not have arrived. */
  | { type: 'resend'; line: number };

export type DeskResult =
  | { ok: true; head: HandoffHead; line?: HandoffLine }
  | {
      ok: false;
      reason: 'taken' | 'not-yours' | 'ended' | 'gone' | 'empty' | 'too-long' | 'too-late' | 'unknown-canned';
      /** Who has it, for `taken`. */
      owner?: number;
    };

/** What changed, after the commit. `gone`: shredded, nothing of it is left. */
export type DeskChange =
  | { type: 'head'; head: HandoffHead }
  | { type: 'line'; id: number; line: HandoffLine }
  | { type: 'gone'; id: number; ref: string };

/**
 * The chats with people, as the console, the Telegram group and the runtime see it: whole actions, each one transaction. Only the
 * owner's words are taken; the bot is silent while somebody owns a chat.
 */
export interface Handoffs {
  /** Open ones, and those that ended and are not shredded yet (72 h). */
  heads(): HandoffHead[];
  head(id: number): HandoffHead | undefined;
  find(ref: string): HandoffHead | undefined;
  /** Oldest first. */
  lines(id: number): HandoffLine[];
  way(id: number): HandoffWay[];
  /** @param by account, or {@link BY_PHONE} */
  act(id: number, action: DeskAction, by: number): DeskResult;
  /** Gives back everything an account holds, e.g. when it is removed. */
  releaseAll(by: number): void;
  /** Calls back after each commit; returns how to stop it. A listener that throws harms nobody else. */
  onChange(listener: (change: DeskChange) => void): () => void;
}
