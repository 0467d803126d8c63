import type { Lang } from '../message.ts';
import { isReachable } from './decide.ts';
import type { EmergencyTopic } from './schema.ts';
import type { Contact } from './types.ts';

/** A contact with its place in the list of numbers that never wait: 1 is called first. */
export interface RankedContact extends Contact {
  emergency: Partial<Record<EmergencyTopic, number>>;
}

/** Where nobody is known for a topic, somebody who helps with this is better than an empty list. */
const INSTEAD: Readonly<Record<string, readonly string[]>> = { lawyer: ['rights'], documents: ['rights'] };

/**
 * Whom to turn to about a topic: confirmed before unconfirmed, then those who speak the language, then those of the
 * country before those of all countries; where there is none, whoever helps with anything. Emergency numbers are not
 * among them.
 */
export function findContacts(
  contacts: readonly Contact[],
  country: string,
  topic: string,
  lang: Lang,
  limit: number,
): Contact[] {
  const spoken = lang === 'uz-Cyrl' ? 'uz' : lang;
  const rank = (c: Contact) =>
    (c.status === 'ready' ? 0 : 4) + (c.languages.includes(spoken) ? 0 : 2) + (c.country === country ? 0 : 1);
  const here = contacts
    .filter((c) => c.kind !== 'emergency' && (c.country === country || c.country === 'ALL') && isReachable(c))
    .sort((a, b) => rank(a) - rank(b));
  for (const about of [topic, ...(INSTEAD[topic] ?? []), 'general']) {
    const found = here.filter((c) => c.topics.includes(about));
    if (found.length > 0) return found.slice(0, Math.max(0, limit));
  }
  return [];
}

/** The numbers that never wait, in the order to call them; only confirmed ones, [] where none is known. */
export function findEmergency(
  contacts: readonly RankedContact[],
  country: string,
  topic: EmergencyTopic,
): Contact[] {
  return contacts
    .filter((c) => c.country === country && c.status === 'ready' && c.phones.length > 0)
    .filter((c) => c.emergency[topic] !== undefined)
    .sort((a, b) => (a.emergency[topic] ?? 0) - (b.emergency[topic] ?? 0));
}
