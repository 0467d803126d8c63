/**
 * The shared vocabulary: what a person sends us and what we send back, free of any platform.
 * Everything here is plain JSON, so it can be encrypted, stored and read back unchanged.
 */

/** The languages we speak. `uz` is Latin script; `uz-Cyrl` is made from it by rule. */
export const LANGS = ['uz', 'uz-Cyrl', 'tg', 'ky', 'kk', 'ru', 'en'] as const;
export type Lang = (typeof LANGS)[number];

/** The channels a person can reach us on. */
export const CHANNELS = ['telegram', 'whatsapp', 'web', 'terminal'] as const;
export type ChannelId = (typeof CHANNELS)[number];

/** What a person did, whatever the platform called it. */
export type Input =
  /** First contact: `/start`, an opened chat page. */
  | { kind: 'start' }
  /** Typed words, already cleaned by {@link cleanText}. A command arrives as `/menu`. */
  | { kind: 'text'; text: string }
  /** A pressed button: the `data` of a {@link Choice} we sent, perhaps long ago. */
  | { kind: 'tap'; data: string }
  /** A shared location in degrees (WGS 84). Used in memory for one turn, never stored in a session. */
  | { kind: 'place'; lat: number; lon: number }
  /** A photo, voice message, sticker, file, contact …: never downloaded, answered with text. */
  | { kind: 'media' }
  /**
   * Not the person: somebody of the organisation answered them by hand on the organisation's own phone. The words
   * stay there; what matters is that the bot must not talk over them.
   */
  | { kind: 'staff' }
  /** Not the person: something happened to their chat with a person. Comes from the store, never from a channel. */
  /** `waited`: with the first `claimed` of a chat, how many whole minutes it took. */
  | { kind: 'desk'; event: DeskEvent; waited?: number };

/** What happened to a chat with a person that the bot has to know of. */
export type DeskEvent =
  /** Somebody took it: the bot is silent from here. */
  | 'claimed'
  /** The team is there now; the person waits. */
  | 'opened'
  /** Nobody took it in time. */
  | 'nobody-came'
  /** The operator ended it. */
  | 'closed'
  /** The operator gave it back: the person waits again. */
  | 'released'
  /** Nobody said anything for a week. */
  | 'silence';

/** One message from a person. The platform's own ids leave the process only as HMACs or ciphertext. */
export interface InboundMessage {
  channel: ChannelId;
  /** Our account on the platform (bot id), so that two bots never share a contact. */
  account: string;
  /** The platform's id of the person on that account. */
  user: string;
  /** Other ids of the same person on that account: whoever is known under any of them is this contact. */
  aliases?: string[];
  /** The platform's id of this delivery; the same id twice is the same message. */
  id: string;
  /** Where a reply goes: an opaque string that only the channel's adapter reads. */
  address: string;
  input: Input;
  /** The platform's guess at the language: highlights one choice, decides nothing. */
  langHint?: Lang;
}

/** One option a person can take by its button, its number, its label or a synonym. */
export interface Choice {
  /** `<lang>:<flow>:<step>:<choice>`, ≤ 64 bytes: still means something when the session is gone. */
  data: string;
  label: string;
  /** What is typed to take it: '1', '2', …; '0' and '00' for the row of back and menu. */
  number: string;
}

/** Whether a choice belongs to the row of back and menu, which stands last and quietly. */
export function isNav(choice: Pick<Choice, 'number'>): boolean {
  return choice.number.startsWith('0');
}

/** A point that can be opened on a map. */
export interface Place {
  name: string;
  address: string;
  lat: number;
  lon: number;
}

/** One message to a person, in their language, as plain text: no markup, nothing to escape. */
export interface OutboundMessage {
  lang: Lang;
  text: string;
  /** The source line, set smaller where the channel can. */
  note?: string;
  choices: Choice[];
  place?: Place;
  /** Write the numbered options into the text, also where there are buttons. */
  numbered?: true;
  /** Offer a "send my location" button where the channel has one. */
  ask?: 'location';
}

/** The longest text we take from a person, in code points; the rest is cut with a note to them. */
export const MAX_INBOUND_CODE_POINTS = 4096;

// Control characters except newline, bidirectional overrides and isolates, BOM, lone surrogates, tag characters.
// ZWJ (200D) and ZWNJ (200C) are kept: they are letters' joiners, not tricks.
const DROPPED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: dropping control characters is its purpose
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]|\p{Cs}|[\u{E0000}-\u{E007F}]/gu;
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * A person's words made safe to handle: NFC, no control or direction-override characters, at most four combining
 * marks on a letter, at most {@link MAX_INBOUND_CODE_POINTS} code points.
 *
 * @returns the text and whether its end was cut off
 */
export function cleanText(raw: string): { text: string; cut: boolean } {
  // Bound the work before any regular expression sees the text; a code point is at most two UTF-16 units.
  const bounded = raw.slice(0, MAX_INBOUND_CODE_POINTS * 4);
  const text = bounded
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, ' ')
    .replace(DROPPED, '')
    .replace(STACKED_MARKS, '$1')
    .trim();
  const points = Array.from(text);
  const cut = points.length > MAX_INBOUND_CODE_POINTS || raw.length > bounded.length;
  return { text: points.slice(0, MAX_INBOUND_CODE_POINTS).join(''), cut };
}
