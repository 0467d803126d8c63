import { findPhoneNumbersInText } from 'libphonenumber-js';
import type { WebDelivery } from '../channels/web.ts';
import { LANGS, type Lang, type OutboundMessage, type Place } from '../message.ts';

/** A piece of text as it is, or a number that can be called by tapping. */
export type Part = string | { tel: string; text: string };

/** One button as the page needs it. `lang` is set when the label is the name of a language. */
export interface WireChoice {
  data: string;
  label: string;
  number: string;
  lang?: Lang;
}

/** A message as the page gets it, in its HTML or over the event stream. Plain JSON, nothing to escape. */
export interface WireMessage {
  id: string;
  lang: Lang;
  parts: Part[];
  note?: Part[];
  choices: WireChoice[];
  place?: Place;
  ask?: 'location';
}

/**
 * Cuts a text of ours at its phone numbers.
 *
 * @param local numbers without a country code that are known to be phone numbers, e.g. `112`, `8 800 350-22-99`;
 *   only these and full international numbers become links, so a price or a year never does
 */
export function cutAtPhones(text: string, local: readonly string[] = []): Part[] {
  const spans = findPhoneNumbersInText(text).map((found) => ({
    from: found.startsAt,
    to: found.endsAt,
    tel: String(found.number.number),
  }));
  // The longest first: `8-800-2000-122` is found before `122` could be.
  for (const number of [...local].sort((a, b) => b.length - a.length)) {
    for (const from of occurrences(text, number)) {
      const to = from + number.length;
      if (spans.every((span) => to <= span.from || from >= span.to)) {
        spans.push({ from, to, tel: number.replace(/[^\d+]/g, '') });
      }
    }
  }
  spans.sort((a, b) => a.from - b.from);
  const parts: Part[] = [];
  let at = 0;
  for (const { from, to, tel } of spans) {
    if (from > at) parts.push(text.slice(at, from));
    parts.push({ tel, text: text.slice(from, to) });
    at = to;
  }
  if (at < text.length || parts.length === 0) parts.push(text.slice(at));
  return parts;
}

/** Where `number` stands in the text by itself: not inside a longer number, a date, a price or a word. */
function occurrences(text: string, number: string): number[] {
  const found: number[] = [];
  if (!number) return found;
  for (let at = text.indexOf(number); at >= 0; at = text.indexOf(number, at + number.length)) {
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(at + number.length, at + number.length + 2);
    if (!/[\p{L}\p{N}+]$|\p{N}[-.,/: ]$/u.test(before) && !/^[\p{L}\p{N}%]|^[-.,/: ]\p{N}/u.test(after))
      found.push(at);
  }
  return found;
}

/** Turns a delivery into what the page shows. */
export function toWire({ id, message }: WebDelivery, local: readonly string[] = []): WireMessage {
  return {
    id,
    lang: message.lang,
    parts: cutAtPhones(message.text, local),
    ...(message.note ? { note: cutAtPhones(message.note, local) } : {}),
    choices: message.choices.map(toWireChoice),
    ...(message.place ? { place: message.place } : {}),
    ...(message.ask ? { ask: message.ask } : {}),
  };
}

function toWireChoice({ data, label, number }: OutboundMessage['choices'][number]): WireChoice {
  // In the choice of languages every label is in its own language, and the choice's id is that language.
  const id = data.slice(data.lastIndexOf(':') + 1);
  const lang = LANGS.find((known) => known === id);
  return { data, label, number, ...(lang ? { lang } : {}) };
}

/** A page about the point that opens outside, only when the person presses it. */
export function mapLink(place: Place): string {
  const lat = place.lat.toFixed(5);
  const lon = place.lon.toFixed(5);
  return `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=17/${lat}/${lon}`;
}
