import { SendError } from './channel.ts';
import type { Button } from './menu.ts';
import type { Rendered } from './render.ts';
import type { Recipient } from './whatsapp-cloud-inbound.ts';

/** One message as the Graph API takes it, without its recipient. */
export type Payload = { type: 'text' | 'interactive' | 'location' | 'template' } & Record<string, unknown>;

/** Meta's limits in characters, counted in UTF-16 units; for a map point none are published, that one is ours. */
const LIMIT = { text: 4096, body: 1024, title: 20, row: 24, description: 72, place: 200 };

/**
 * One rendered part as messages: a map point goes first, so that what can be tapped stays under the last thing the
 * person reads.
 *
 * @param listLabel what opens a list, at most 20 characters
 * @throws {SendError} permanent, when something is longer than `render` may make it: Meta would refuse it anyway
 */
export function toPayloads(part: Rendered, listLabel: string): Payload[] {
  const payloads: Payload[] = [];
  if (part.place) {
    const { lat, lon, ...words } = part.place;
    payloads.push({ type: 'location', location: { latitude: lat, longitude: lon, ...named(words) } });
  }
  const { text } = part;
  const buttons = part.buttons.flat();
  if (part.askLocation) return [...payloads, locationRequest(text)];
  if (buttons.length === 0) return text.trim() === '' ? payloads : [...payloads, textPayload(text)];
  if (part.menu === 'list') return [...payloads, listPayload(text, buttons, listLabel)];
  return [...payloads, buttonsPayload(text, buttons)];
}

/** Where it goes: to the phone number while we know it, so that Meta goes on telling it; else to the user id. */
export function recipientFields({ phone, userId }: Recipient): Record<string, unknown> {
  const to = phone === undefined ? { recipient: userId } : { to: phone };
  return { messaging_product: 'whatsapp', recipient_type: 'individual', ...to };
}

/** Meta's approved words for a person who has not written for a day; they are the template's author's. */
export function templatePayload({ name, lang }: { name: string; lang: string }): Payload {
  return { type: 'template', template: { name, language: { code: lang } } };
}

function textPayload(text: string): Payload {
  return { type: 'text', text: { body: within(text, LIMIT.text), preview_url: false } };
}

function locationRequest(text: string): Payload {
  return interactive('location_request_message', within(text, LIMIT.body), { name: 'send_location' });
}

function buttonsPayload(text: string, buttons: readonly Button[]): Payload {
  const shown = buttons.map(({ label, data }) => ({
    type: 'reply',
    reply: { id: data, title: within(label, LIMIT.title) },
  }));
  return interactive('button', within(text, LIMIT.body), { buttons: shown });
}

function listPayload(text: string, buttons: readonly Button[], listLabel: string): Payload {
  const rows = buttons.map(({ label, data, description }) => ({
    id: data,
    title: within(label, LIMIT.row),
    ...(description === undefined ? {} : { description: within(description, LIMIT.description) }),
  }));
  const action = { button: within(listLabel, LIMIT.title), sections: [{ rows }] };
  return interactive('list', within(text, LIMIT.text), action);
}

function interactive(type: string, text: string, action: object): Payload {
  return { type: 'interactive', interactive: { type, body: { text }, action } };
}

function within(text: string, limit: number): string {
  if (text.length > limit || text.trim() === '') throw new SendError('permanent', 'whatsapp-limit');
  return text;
}

function named(words: { name: string; address: string }): Record<string, string> {
  const known = Object.entries(words).filter(([, value]) => value.trim() !== '');
  return Object.fromEntries(known.map(([key, value]) => [key, value.slice(0, LIMIT.place)]));
}
