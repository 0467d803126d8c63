import type { ConsoleLang, Operator, Role } from '../../src/store/staff-types.ts';
import type { FrozenRelease } from '../../src/usage/release.ts';
import { STATS_FILES, statsPages } from '../../src/web/console/stats/stats.tsx';
import { TestClock } from '../store/support.ts';
import { world } from '../support/world.ts';
import { openDesk, seat } from './desk.ts';
import { type Office, openOffice } from './office.ts';

/** A console over these releases, in the week after the newest. */
export function officeOver(releases: readonly FrozenRelease[]): Office {
  const clock = new TestClock(Date.parse('2026-11-16T08:00:00Z'));
  const pages = statsPages({
    ...world,
    clock,
    organisation: 'A house of help',
    releases: () => releases,
  });
  return openOffice({ pages, scripts: STATS_FILES }, openDesk(undefined, clock));
}

/** Somebody of a role who reads this language, once in an office. */
export function reader(office: Office, lang: ConsoleLang = 'en', role: Role = 'coordinator'): Operator {
  const name = `${role} ${lang}`;
  const known = office.staff.accounts.list().find((account) => account.name === name);
  return known ?? seat(office, name, role, lang);
}
