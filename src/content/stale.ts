import { isoDate } from '../clock.ts';
import type { ContentData } from './data.ts';
import { readContent } from './load.ts';

const DAY = 86_400_000;

/** A fact that has to be looked at again. */
export interface StaleFact {
  kind: 'claim' | 'site' | 'contact';
  id: string;
  country: string;
  /** Where it stands, for its editor. */
  file: string;
  line: number;
  /** Last day it may be shown without "this may have changed". */
  reviewAfter: string;
  /** Whether people can see it. */
  shown: boolean;
  /** Where to look: the public link, else where it was read. */
  lookAt: string | null;
}

/**
 * Facts past their review day, or past it within some days, the oldest first.
 *
 * @param root the project's folder
 * @param today `2026-11-22`
 * @param days how many days ahead to look; 0 lists what is due already
 */
export function staleContent(root: string, today: string, days = 0): StaleFact[] {
  return listStale(readContent(root).data, addDays(today, days));
}

/** Facts whose review day lies before this one, the oldest first. */
export function listStale(data: ContentData, before: string): StaleFact[] {
  const pages = new Set(Object.values(data.pages).flatMap((lists) => Object.values(lists).flat()));
  for (const { record } of data.tables.values()) {
    for (const part of [...record.rows, ...Object.values(record.steps)])
      for (const id of part.claims) pages.add(id);
  }
  const lists = [
    ...data.claims.map((entry) => ({ kind: 'claim' as const, entry, shown: pages.has(entry.record.id) })),
    ...data.sites.map((entry) => ({ kind: 'site' as const, entry, shown: isShown(entry.record.status) })),
    ...data.contacts.map((entry) => ({
      kind: 'contact' as const,
      entry,
      shown: isShown(entry.record.status),
    })),
  ];
  return lists
    .filter(({ entry }) => entry.record.review_after < before)
    .map(({ kind, entry, shown }) => ({
      kind,
      id: entry.record.id,
      country: entry.record.country,
      file: entry.source.file,
      line: entry.source.lineOf([...entry.path, 'review_after']),
      reviewAfter: entry.record.review_after,
      shown,
      lookAt: entry.record.link ?? entry.record.read_at,
    }))
    .sort((a, b) => (a.reviewAfter < b.reviewAfter ? -1 : a.reviewAfter > b.reviewAfter ? 1 : 0));
}

/** Whether a fact is past its review day: it is shown with "this may have changed". */
export function isStale(fact: { reviewAfter: string }, today: string): boolean {
  return fact.reviewAfter < today;
}

function isShown(status: string): boolean {
  return status === 'ready' || status === 'unconfirmed';
}

/** `2026-11-22` and a number of days → a day. */
function addDays(day: string, days: number): string {
  return isoDate(Date.parse(`${day}T00:00:00Z`) + days * DAY);
}
