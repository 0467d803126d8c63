import type { ChannelId } from '../message.ts';
import type { Release, ReleasedTable } from './release.ts';

/** The bot's messages and the conversations of one week on one channel, as they are published: rounded to 5. */
export interface MessageWeek {
  /** Its Monday (UTC), `2026-11-16`. */
  week: string;
  /** Visits: one for each person and day. */
  conversations: number;
  sent: number;
}

/**
 * How many messages a conversation takes, by week, the newest first: what a bill of the Cloud API grows with. A week
 * with so few people that it is hidden is left out.
 *
 * @param releases in the order of their weeks
 */
export function messageWeeks(releases: readonly Release[], channel: ChannelId): MessageWeek[] {
  return releases
    .flatMap(({ week, tables }) => {
      const visits = tables.find(({ name }) => name === 'visit');
      const conversations = visits?.rowSums?.[visits.rows.indexOf(channel)] ?? null;
      const sent = sentOn(tables, channel);
      return conversations === null || sent === null ? [] : [{ week, conversations, sent }];
    })
    .reverse();
}

function sentOn(tables: readonly ReleasedTable[], channel: ChannelId): number | null {
  const sent = tables.find(({ name }) => name === 'sent');
  return sent?.cells[sent.rows.indexOf(channel)]?.[0] ?? null;
}
