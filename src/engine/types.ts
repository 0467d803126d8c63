import type { ContentLookup } from '../content/types.ts';
import type { Flows } from '../flow/types.ts';
import type { Desk } from '../handoff/types.ts';
import type { ChannelId, Lang, OutboundMessage } from '../message.ts';
import type { PlacesSaid, Understanding } from '../understanding/types.ts';
import type { UsageEvent } from '../usage/event.ts';

/** What a flow remembers about the person for the length of the conversation: ids, never words of theirs. */
export type Vars = Record<string, string | number | string[]>;

/** Where a conversation waits. */
export interface Position {
  flow: string;
  step: string;
  /** Content hash of the flow when this was shown; another hash means that the file was edited since. */
  hash: string;
  /** Ids of the choices as they were numbered on the screen, so that "2" means what the person saw. */
  shown: string[];
}

/** A flow that waits for a called or interrupting flow to end. */
export interface Frame {
  flow: string;
  step: string;
  hash: string;
  /** `next`: go on after this step (a `call`). `again`: show this step again (an interruption). */
  resume: 'next' | 'again';
}

/** One step back: where the person was, and the variables as they were there (null: was not set). */
export interface Trail {
  flow: string;
  step: string;
  hash: string;
  undo: Record<string, string | number | string[] | null>;
  /** The call stack as it was, when it differs from the one after the move. */
  calls?: Frame[];
}

/**
 * Where a contact is: plain JSON, small (≤ 200 B at rest for most people), bounded for everybody.
 * The store keeps it encrypted; the engine gets it and gives back a new one.
 */
export interface Session {
  v: 1;
  lang?: Lang;
  at?: Position;
  vars: Vars;
  calls: Frame[];
  back: Trail[];
  /** How often in a row the person was not understood at this wait. */
  misses: number;
  /** What the last answer that was not understood was, so that nobody reads the same text twice in a row. */
  missed?: MissReason;
  /** Variables taken from free words in the last turn: what "That is not right" lets go. */
  assumed?: string[];
  /** What was said in the present wait for a person, or talk with one, and is not said again. */
  told?: ToldOnce[];
}

/** Said once: that words are passed on, that only text arrives. */
export type ToldOnce = 'passed' | 'text_only';

/** Why an answer was not taken. */
export type MissReason = 'word' | 'place' | 'media' | 'far';

/** Something the engine wants done. The turn's transaction carries out `send` and `count`; the runtime the rest. */
export type Effect =
  | { type: 'send'; message: OutboundMessage }
  | { type: 'count'; event: UsageEvent }
  /** Remove the bot's messages from the person's screen. */
  | { type: 'hide' }
  /** Delete everything about this contact, then say one neutral word in `lang`. */
  | { type: 'forget'; lang: Lang }
  | HandoffEffect;

/** What the person wants of the people behind the bot. Carried out in the turn's transaction. */
export type HandoffEffect =
  /** A chat begins. While one is open there is no second one; as long as nobody has taken it, its facts become these. */
  | {
      type: 'handoff';
      act: 'request';
      topic: string;
      urgent: boolean;
      /** Country of stay. */
      country: string;
      lang: Lang;
      /** Id of the team, from {@link Desk}. */
      team: string;
    }
  /** The words of this turn go into the chat; `text` instead of them, e.g. the label of a button. */
  | { type: 'handoff'; act: 'pass'; text?: string }
  /** The person does not want to wait or talk any more. */
  | { type: 'handoff'; act: 'withdraw' };

/** Texts in the person's language. Pure: the same arguments give the same text. */
export interface Texts {
  /**
   * @param key `<namespace>:<path>`, e.g. `find-testing:where.text`
   * @param params values for `{{placeholders}}`; `count` selects a plural, `context` a variant (`text_telegram`)
   */
  t(lang: Lang, key: string, params?: Record<string, string | number>): string;
  has(lang: Lang, key: string): boolean;
  /** A list of words or phrases, e.g. `common:words.menu`, or [] */
  list(lang: Lang, key: string): readonly string[];
}

/** Everything `step()` knows besides the session and the input. Frozen, shared by all turns. */
export interface Env {
  flows: Flows;
  texts: Texts;
  content: ContentLookup;
  /** What free words are about. */
  understanding: Understanding;
  /** Places named in free words: where the person is, and where they are from. */
  placesIn: (text: string) => PlacesSaid;
  /** The deployment's country, asked-for default. */
  country: string;
  /** `2026-11-22`: decides only whether a fact is past its review date. */
  today: string;
}

/** What varies from turn to turn. */
export interface TurnContext {
  channel: ChannelId;
  /**
   * Whose wording of a text is used where there is one (`text_<wording>`), when it is not the channel's id: two ways
   * of reaching the same channel may differ in who can see what.
   */
  wording?: string;
  langHint?: Lang;
  /** State of the person's open chat with people; absent without one. */
  handoff?: 'requested' | 'waiting' | 'claimed';
  /**
   * Who would take a chat asked for in this turn; undefined: nobody sits there, as without the function. Asked in the
   * middle of the turn, because the topic is that of the button pressed and the country may have just been named. The
   * same question has the same answer for the whole turn. A person who may not ask again today gets `full`.
   */
  desk?: (wanted: { topic: string; lang: Lang; country: string }) => Desk | undefined;
}

export interface StepResult {
  session: Session;
  effects: Effect[];
}
