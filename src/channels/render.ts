import { type Choice, isNav, type OutboundMessage, type Place } from '../message.ts';
import type { Capabilities } from './channel.ts';

/** One button as a channel shows it. */
export interface Button {
  label: string;
  data: string;
}

/** One message as a channel sends it: everything in it is within the channel's {@link Capabilities}. */
export interface Rendered {
  text: string;
  /** Rows of buttons; [] for none. Only the last part of a message has any. */
  buttons: Button[][];
  /** Add the channel's "send my location" button. */
  askLocation?: boolean;
  /** Show this point on a map, above the text. */
  place?: Place;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Turns one neutral message into what a channel can show. No option and no character is lost: a label too long for
 * a button is shortened there and written out as a numbered line, surplus buttons become numbered lines, and a long
 * text becomes several messages with the buttons under the last one.
 */
export function render(message: OutboundMessage, caps: Capabilities): Rendered[] {
  const { buttons, lines } = arrange(message, caps);
  const parts = splitText(fullText(message, lines, caps), caps.textLimit);
  const last: Rendered = { text: parts.pop() ?? '', buttons: layout(buttons, caps) };
  if (message.ask === 'location' && caps.askLocation) last.askLocation = true;
  if (message.place && caps.place) last.place = message.place;
  return [...parts.map((text): Rendered => ({ text, buttons: [] })), last];
}

/**
 * What would not fit a channel as it is, in words for an author. `render` still delivers such a message; the flow
 * checker refuses it, because a shortened button or a text in two pieces is worse than a shorter text.
 */
export function limitProblems(message: OutboundMessage, caps: Capabilities): string[] {
  const problems: string[] = [];
  const { lines } = arrange(message, caps);
  const length = fullText(message, lines, caps).length;
  if (length > caps.textLimit)
    problems.push(`the text has ${length} characters, the limit is ${caps.textLimit}`);
  if (length === 0 && !message.place) problems.push('the text is empty');
  if (caps.choices === 'buttons' && message.choices.length > caps.maxButtons) {
    problems.push(`${message.choices.length} choices, at most ${caps.maxButtons} fit as buttons`);
  }
  for (const choice of message.choices) {
    if (choice.label.trim() === '') problems.push(`choice ${choice.number} has no label`);
    const label = countGraphemes(choice.label);
    if (caps.choices === 'buttons' && label > caps.labelLimit) {
      problems.push(`the label "${choice.label}" has ${label} characters, the limit is ${caps.labelLimit}`);
    }
    const bytes = Buffer.byteLength(choice.data);
    if (bytes > caps.dataLimit) {
      problems.push(`the button data "${choice.data}" has ${bytes} bytes, the limit is ${caps.dataLimit}`);
    }
  }
  return problems;
}

/** A label of at most `limit` characters as a person sees them; a shortened one ends in '…'. */
export function shorten(label: string, limit: number): string {
  // A UTF-16 length within the limit cannot hold more graphemes than that.
  if (label.length <= limit) return label;
  const seen = Array.from(graphemes.segment(label), (s) => s.segment);
  if (seen.length <= limit) return label;
  return `${seen
    .slice(0, limit - 1)
    .join('')
    .trimEnd()}…`;
}

/**
 * Cuts a text into parts of at most `limit` UTF-16 units: after a paragraph, else a line, a sentence, a word, and
 * only then inside one. The parts joined are the text; parts of nothing but white space are left out.
 */
export function splitText(text: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const at = cutAt(rest, limit);
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  parts.push(rest);
  const visible = parts.filter((part) => part.trim() !== '');
  return visible.length > 0 ? visible : [''];
}

/** Which choices become buttons, and which (also) numbered lines. Menu and back keep their buttons. */
function arrange(message: OutboundMessage, caps: Capabilities): { buttons: Choice[]; lines: Choice[] } {
  const { choices } = message;
  if (caps.choices === 'numbered') return { buttons: [], lines: [...choices] };
  const possible = choices.filter((c) => Buffer.byteLength(c.data) <= caps.dataLimit && c.data !== '');
  const nav = possible.filter(isNav);
  const room = Math.max(0, caps.maxButtons - nav.length);
  const shown = new Set([
    ...possible.filter((c) => !isNav(c)).slice(0, room),
    ...nav.slice(0, caps.maxButtons),
  ]);
  return {
    buttons: choices.filter((c) => shown.has(c)),
    lines: choices.filter(
      (c) => message.numbered || !shown.has(c) || shorten(c.label, caps.labelLimit) !== c.label,
    ),
  };
}

/** Text, point (where the channel has no map), source, numbered lines: each after a blank line. */
function fullText(message: OutboundMessage, lines: readonly Choice[], caps: Capabilities): string {
  const place = message.place && !caps.place ? placeText(message.place) : '';
  const options = lines.map((c) => (c.number === '' ? c.label : `${c.number}  ${c.label}`)).join('\n');
  return [message.text, place, message.note ?? '', options]
    .filter((block) => block.trim() !== '')
    .join('\n\n');
}

/** Name and address, and the coordinates alone on a line so that they can be copied; never a link. */
function placeText(place: Place): string {
  const name = [place.name, place.address].filter((s) => s.trim() !== '').join(', ');
  return `${name}\n${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}`.trim();
}

/** Two short labels share a row; menu and back are always the last rows. */
function layout(choices: readonly Choice[], caps: Capabilities): Button[][] {
  const half = Math.floor(caps.labelLimit / 2) - 1;
  return [choices.filter((c) => !isNav(c)), choices.filter(isNav)].flatMap((group) => {
    const rows: Button[][] = [];
    let open = false;
    for (const choice of group) {
      const button = toButton(choice, caps);
      const short = countGraphemes(button.label) <= half;
      const row = rows.at(-1);
      if (row && open && short) {
        row.push(button);
        open = false;
      } else {
        rows.push([button]);
        open = short;
      }
    }
    return rows;
  });
}

function toButton(choice: Choice, caps: Capabilities): Button {
  // Platforms refuse the whole message for one blank button.
  const label = choice.label.trim() === '' ? choice.number : choice.label;
  return { label: shorten(label, caps.labelLimit), data: choice.data };
}

function countGraphemes(text: string): number {
  let count = 0;
  for (const _ of graphemes.segment(text)) count += 1;
  return count;
}

/** Where to end a part: 1 … limit. A cut that would leave less than a quarter is not worth its tidiness. */
function cutAt(text: string, limit: number): number {
  const window = text.slice(0, limit);
  const least = Math.max(1, limit / 4);
  const tidy = [
    window.lastIndexOf('\n\n') + 2,
    window.lastIndexOf('\n') + 1,
    lastEnd(text, /[.!?…]["»”)]?\s/gu, limit),
    // Not between the groups of a phone number.
    lastEnd(text, /(?<!\d)\s|\s(?!\d)/gu, limit),
  ].find((at) => at > least && at <= limit);
  if (tidy !== undefined) return tidy;
  const grapheme = graphemes.segment(text.slice(0, limit + 64)).containing(limit)?.index ?? 0;
  if (grapheme > 0) return grapheme;
  // One cluster longer than a message: keep at least its code points whole.
  const code = text.charCodeAt(limit);
  return code >= 0xdc00 && code <= 0xdfff && limit > 1 ? limit - 1 : limit;
}

/** Where the last match that ends within `limit` ends; 0 for none. */
function lastEnd(text: string, pattern: RegExp, limit: number): number {
  let end = 0;
  // One unit more, so that a look-ahead at the very end sees what comes.
  for (const match of text.slice(0, limit + 1).matchAll(pattern)) {
    const at = match.index + match[0].length;
    if (at <= limit) end = at;
  }
  return end;
}
