import type { DeskEvent, Lang } from '../message.ts';
import type { DeskResult, HandoffHead } from './port.ts';

/** What time alone does to a chat. */
export type TimerName = 'open' | 'unclaimed' | 'unanswered' | 'silence' | 'limit' | 'shred';
/** When, in ms since 1970; null stops it, absent leaves it. */
export type Timers = Partial<Record<TimerName, number | null>>;

/** What `event` lines of a transcript say. The last five are about the person's own, where there are no words to keep. */
export type LineEvent =
  | 'opened'
  | 'urgent'
  | 'claimed'
  | 'by-phone'
  | 'transferred'
  | 'released'
  | 'closed'
  | 'reopened'
  | 'nobody-came'
  | 'silence'
  | 'stopped'
  | 'too-many'
  | 'start'
  | 'tap'
  | 'place'
  | 'media';

/** A team's duty at a moment. */
export interface Shift {
  open: boolean;
  /** ms since 1970; absent while open, and when nobody knows. */
  opensAt?: number;
  /** In which time somebody should have taken a person, in ms. */
  claimWithin: number;
}

export interface Policy {
  /** @param team null: any. @returns undefined for a team there is not */
  shift(team: string | null, now: number): Shift | undefined;
}

/** What the store has to know of the organisation's teams. */
export interface DeskRules extends Policy {
  /** A canned reply in a language; undefined: there is none with this id. */
  canned(id: string, lang: Lang): string | undefined;
}

/** What a chat is begun with. */
export type Fresh = Pick<
  HandoffHead,
  'id' | 'ref' | 'channel' | 'lang' | 'country' | 'topic' | 'urgent' | 'team'
>;

export type HandoffEvent =
  | { type: 'request'; fresh: Fresh }
  /** Somebody answered on the organisation's own phone; `fresh` begins a chat where there is none. */
  | { type: 'by-phone'; fresh?: Fresh }
  /** The person wrote. */
  | { type: 'pass' }
  /** The person does not want to, or blocked us. */
  | { type: 'withdraw' }
  /** "Delete my data". */
  | { type: 'erase' }
  | { type: 'claim'; by: number }
  | { type: 'reply' | 'note' | 'release' | 'close'; by: number }
  | { type: 'labels'; by: number; labels: string[] }
  | { type: 'transfer'; by: number; to: { operator: number } | { team: string } }
  /** @param free the person has no other chat by now */
  | { type: 'reopen'; by: number; free: boolean }
  /** @param again the words certainly or perhaps did not arrive */
  | { type: 'resend'; by: number; again: boolean }
  | { type: 'timer'; timer: TimerName };

export interface Moved {
  head: HandoffHead;
  timers: Timers;
  /** What the bot has to know. */
  tell?: DeskEvent;
  /** What the transcript has to say. */
  line?: LineEvent;
}

export interface Refused {
  refused: Extract<DeskResult, { ok: false }>['reason'];
  owner?: number;
}
