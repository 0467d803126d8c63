import { z } from 'zod';

const id = z.string().regex(/^[a-z0-9_-]{1,32}$/i);

/**
 * How long people waited for a person, in minutes: up to this many. Few and wide, or a small organisation's week would fill
 * none of them enough to be shown.
 */
export const WAIT_MINUTES = [5, 15, 60, 240] as const;

/**
 * The only shapes that can be counted. There is no field a name, a number or a sentence would fit into.
 * The store adds one to a weekly counter; no row stands for an event or a person. Of one contact each counter takes at
 * most one a day (but for `sent`), however often they do the same: nobody weighs more than another.
 */
export const usageEvent = z.discriminatedUnion('name', [
  /** Somebody was here: once a day each, whatever they did. */
  z.strictObject({ name: z.literal('visit'), channel: id, lang: id }),
  /** When: counted with the visit. Day of the week (1 is Monday) and hour, on the clocks of the deployment's country. */
  z.strictObject({ name: z.literal('hour'), day: id, hour: id }),
  z.strictObject({ name: z.literal('flow-started'), flow: id, country: id }),
  z.strictObject({ name: z.literal('flow-ended'), outcome: id, lang: id }),
  /** Where people are, and where they leave: `reached`, or how they went. */
  z.strictObject({
    name: z.literal('step'),
    flow: id,
    step: id,
    what: z.enum(['reached', 'menu', 'stopped', 'expired']),
  }),
  z.strictObject({ name: z.literal('not-understood'), flow: id, lang: id }),
  /** Something of the fixed vocabulary in `db/content/gaps.yaml` stood in words that nothing understood. */
  z.strictObject({ name: z.literal('gap'), topic: id }),
  /** "Did this help?" after a flow (`handoff`: after a talk with a person). */
  z.strictObject({ name: z.literal('useful'), flow: id, answer: id }),
  z.strictObject({ name: z.literal('person-asked'), topic: id }),
  /** How a talk with a person ended. */
  z.strictObject({ name: z.literal('talk'), topic: id, outcome: id }),
  /** Until somebody took the chat: one of {@link WAIT_MINUTES}, or `more`. */
  z.strictObject({ name: z.literal('wait'), minutes: id }),
  /** One message of ours; divided by the visits, what a visit costs where messages are paid for. */
  z.strictObject({ name: z.literal('sent'), channel: id }),
]);

export type UsageEvent = z.infer<typeof usageEvent>;

/** `['flow-ended', 'helped', 'ru']`: the counter an event adds to. */
export function counterOf(event: UsageEvent): [name: UsageEvent['name'], a: string, b: string] {
  switch (event.name) {
    case 'visit':
      return [event.name, event.channel, event.lang];
    case 'hour':
      return [event.name, event.day, event.hour];
    case 'flow-started':
      return [event.name, event.flow, event.country];
    case 'flow-ended':
      return [event.name, event.outcome, event.lang];
    case 'step':
      return [event.name, `${event.flow}.${event.step}`, event.what];
    case 'not-understood':
      return [event.name, event.flow, event.lang];
    case 'gap':
      return [event.name, event.topic, ''];
    case 'useful':
      return [event.name, event.flow, event.answer];
    case 'person-asked':
      return [event.name, event.topic, ''];
    case 'talk':
      return [event.name, event.topic, event.outcome];
    case 'wait':
      return [event.name, event.minutes, ''];
    case 'sent':
      return [event.name, event.channel, ''];
  }
}

/** The counter of a wait of so many whole minutes. */
export function waitCounter(minutes: number): string {
  const upTo = WAIT_MINUTES.find((limit) => minutes <= limit);
  return upTo === undefined ? 'more' : String(upTo);
}

/** A counter of one week, by the names {@link counterOf} gives it. */
export interface Count {
  name: UsageEvent['name'];
  a: string;
  b: string;
  n: number;
}
