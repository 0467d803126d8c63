import type { ChannelId } from '../message.ts';

/** One counter, as the store keeps it. */
interface Counter {
  week: string;
  name: string;
  a: string;
  n: number;
}

/** The bot's messages and the conversations of one week on one channel. */
export interface MessageWeek {
  /** Its Monday (UTC), `2026-11-16`. */
  week: string;
  conversations: number;
  sent: number;
}

/** How many messages a conversation takes, by week, the newest first: what a bill of the Cloud API grows with. */
export function messageWeeks(counters: readonly Counter[], channel: ChannelId): MessageWeek[] {
  const weeks = new Map<string, MessageWeek>();
  for (const { week, name, a, n } of counters) {
    if (a !== channel || (name !== 'sent' && name !== 'conversation')) continue;
    const found = weeks.get(week) ?? { week, conversations: 0, sent: 0 };
    if (name === 'sent') found.sent += n;
    else found.conversations += n;
    weeks.set(week, found);
  }
  return [...weeks.values()].sort((a, b) => (a.week < b.week ? 1 : -1));
}
