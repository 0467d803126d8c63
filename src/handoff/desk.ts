import type { Lang } from '../message.ts';
import type { Opening } from './hours.ts';
import type { Team } from './teams.ts';
import type { Desk } from './types.ts';

/** Topics that go first in the queue: an open team before the right one. */
export const URGENT_TOPICS: readonly string[] = ['pep', 'crisis', 'violence'];
/** The topic of a team that takes whatever no other team names. */
export const GENERAL = 'general';
/** Fewer waits than this say nothing about the next one. */
const ENOUGH_WAITS = 5;
const STEP = 5;
const MINUTE = 60_000;

/** What a person wants somebody for. */
export interface Wanted {
  topic: string;
  lang: Lang;
  /** Country of stay. */
  country: string;
}

/**
 * Which team would take a person now, and when it is there.
 *
 * A team that names the topic comes before one for general questions, one that speaks the language before one that does not, an
 * open one before a closed one; with an urgent topic being open counts most. Then the one that opens first, then the first of the file.
 *
 * @param now ms since 1970
 * @returns undefined when no team takes this topic in this country: nobody sits at the chat
 */
export function desk(teams: readonly Team[], now: number, wanted: Wanted): Desk | undefined {
  const { topic, country } = wanted;
  const candidates = teams
    .filter((team) => team.countries.includes(country) || team.countries.includes('ALL'))
    .filter((team) => team.topics.includes(topic) || team.topics.includes(GENERAL))
    .map((team) => ({ team, open: team.hours.isOpen(now), opening: team.hours.next(now) }));
  const [best] = candidates.sort((a, b) => compare(rank(b, wanted), rank(a, wanted)));
  if (best === undefined) return undefined;
  const { team, open, opening } = best;
  if (open || opening === undefined) return { team: team.id, open };
  const { days, weekday, time } = opening;
  return { team: team.id, open, opens: { days, weekday, time } };
}

/** Larger is better, from the first figure on. */
function rank(
  { team, open, opening }: { team: Team; open: boolean; opening: Opening | undefined },
  { topic, lang }: Wanted,
): number[] {
  const named = Number(team.topics.includes(topic));
  const speaks = Number(team.languages.includes(lang === 'uz-Cyrl' ? 'uz' : lang));
  const order = URGENT_TOPICS.includes(topic) ? [Number(open), named, speaks] : [named, speaks, Number(open)];
  return [...order, -(opening?.at ?? Number.MAX_SAFE_INTEGER)];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, figure] of a.entries()) {
    const difference = figure - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * How long the next person will probably wait: the median of how long others waited, in minutes, rounded up to five.
 *
 * @param waits of the last people who were answered, in ms and in any order
 * @returns undefined for fewer than five
 */
export function expectedWait(waits: readonly number[]): number | undefined {
  if (waits.length < ENOUGH_WAITS) return undefined;
  const sorted = [...waits].sort((a, b) => a - b);
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  const median = middle.reduce((sum, wait) => sum + wait, 0) / middle.length;
  return Math.max(STEP, Math.ceil(median / MINUTE / STEP) * STEP);
}
