import { AppError, formatProblem } from './errors.ts';
import { type Canned, loadCanned } from './handoff/canned.ts';
import { desk } from './handoff/desk.ts';
import type { DeskRules } from './handoff/machine-types.ts';
import { deskRules } from './handoff/rules.ts';
import { loadTeams, type Team } from './handoff/teams.ts';
import type { DeskProvider } from './runtime/desk.ts';

/** The organisation's teams and their canned replies, for the store, the turns and the console. */
export interface TeamDesk {
  teams: readonly Team[];
  canned: Canned;
  /** For the store: when teams are on duty, and what canned replies say. */
  rules: DeskRules;
  /** For the turns: who would answer now. Nobody, while no account may answer people. */
  provider: DeskProvider;
}

/**
 * Reads `db/content/teams.yaml` and `canned.yaml`.
 *
 * @param staffed whether anybody could answer: an operator's account that is set up
 * @throws AppError CONTENT_INVALID with every problem, by file and line
 */
export function openTeamDesk(root: string, today: string, staffed: () => boolean): TeamDesk {
  const { teams, problems: inTeams } = loadTeams(root, today);
  const { canned, problems: inCanned } = loadCanned(root);
  const errors = [...inTeams, ...inCanned].filter((p) => p.level === 'error');
  if (errors.length > 0) {
    throw new AppError('CONTENT_INVALID', errors.map(formatProblem).join('\n'), {
      hint: 'Correct these files; the same list is shown by: npx hamroh content check',
    });
  }
  return {
    teams,
    canned,
    rules: deskRules(teams, canned),
    provider: (wanted, now) => (staffed() ? desk(teams, now, wanted) : undefined),
  };
}
