import { z } from 'zod';

const id = z.string().regex(/^[a-z0-9-]{1,32}$/i);

/**
 * The only shapes that can be counted. There is no field a name, a number or a sentence would fit into.
 * The store adds one to a weekly counter; no row stands for an event or a person.
 */
export const usageEvent = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('conversation'), channel: id, lang: id }),
  z.strictObject({ name: z.literal('flow-started'), flow: id, country: id }),
  z.strictObject({ name: z.literal('flow-ended'), flow: id, outcome: id }),
  z.strictObject({ name: z.literal('not-understood'), flow: id, lang: id }),
  z.strictObject({ name: z.literal('person-asked'), flow: id, country: id }),
  z.strictObject({ name: z.literal('urgent'), topic: id, lang: id }),
  // Somebody of the organisation took over a conversation with the bot by hand.
  z.strictObject({ name: z.literal('person-answered'), channel: id }),
  // What people say about a talk with a person, and how such talks end; who said it is kept nowhere.
  z.strictObject({ name: z.literal('after-talk'), answer: id, lang: id }),
  z.strictObject({ name: z.literal('talk'), topic: id, outcome: id }),
  // One message of ours; divided by `conversation`, what a conversation costs where messages are paid for.
  z.strictObject({ name: z.literal('sent'), channel: id }),
]);

export type UsageEvent = z.infer<typeof usageEvent>;

/** `['flow-ended', 'rights', 'helped']`: the counter an event adds to. */
export function counterOf(event: UsageEvent): [name: string, a: string, b: string] {
  switch (event.name) {
    case 'conversation':
      return [event.name, event.channel, event.lang];
    case 'flow-started':
      return [event.name, event.flow, event.country];
    case 'flow-ended':
      return [event.name, event.flow, event.outcome];
    case 'not-understood':
      return [event.name, event.flow, event.lang];
    case 'person-asked':
      return [event.name, event.flow, event.country];
    case 'urgent':
      return [event.name, event.topic, event.lang];
    case 'after-talk':
      return [event.name, event.answer, event.lang];
    case 'talk':
      return [event.name, event.topic, event.outcome];
    case 'person-answered':
    case 'sent':
      return [event.name, event.channel, ''];
  }
}
