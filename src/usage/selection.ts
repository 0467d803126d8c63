import { type Period, readPeriod } from './calendar.ts';
import type { FrozenRelease } from './release.ts';

/** Released weeks that were asked for together. */
export interface Selection {
  /** `2026-W46`, `2026-11`, `2026-Q4`, `all`. */
  id: string;
  /** Absent: all weeks. */
  period?: Period;
  weeks: readonly FrozenRelease[];
  /** Hash of the release before the first one; empty when there is none. With it the chain can be verified. */
  before: string;
}

/** @param id see {@link Selection.id} @returns undefined when nothing is released of it */
export function selectReleases(releases: readonly FrozenRelease[], id: string): Selection | undefined {
  const period = id === 'all' ? undefined : readPeriod(id);
  if (period === undefined && id !== 'all') return undefined;
  const within = ({ week }: FrozenRelease) => period === undefined || period.weeks.includes(week);
  const from = releases.findIndex(within);
  if (from < 0) return undefined;
  return {
    id,
    ...(period === undefined ? {} : { period }),
    weeks: releases.filter(within),
    before: releases[from - 1]?.hash ?? '',
  };
}
