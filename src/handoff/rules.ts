import type { Canned } from './canned.ts';
import type { DeskRules, Shift } from './machine-types.ts';
import type { Team } from './teams.ts';

const MINUTE = 60_000;

/** What the store has to know: when each team is there, how fast it takes people, and its canned replies. */
export function deskRules(teams: readonly Team[], canned: Canned): DeskRules {
  const byId = new Map(teams.map((team) => [team.id, team]));
  const replies = new Map(canned.replies.map((reply) => [reply.id, reply.texts]));
  return {
    shift(id, now) {
      if (id !== null) {
        const team = byId.get(id);
        return team === undefined ? undefined : shiftOf(team, now);
      }
      return anyOf(teams.map((team) => shiftOf(team, now)));
    },
    canned: (id, lang) => replies.get(id)?.[lang],
  };
}

function shiftOf({ hours, claimWithin }: Team, now: number): Shift {
  const open = hours.isOpen(now);
  const opensAt = open ? undefined : hours.next(now)?.at;
  return { open, claimWithin: claimWithin * MINUTE, ...(opensAt === undefined ? {} : { opensAt }) };
}

/** A chat that is for any team: the one that is there, or the first that will be. */
function anyOf(shifts: readonly Shift[]): Shift | undefined {
  const when = ({ open, opensAt }: Shift) => (open ? 0 : (opensAt ?? Number.MAX_SAFE_INTEGER));
  return [...shifts].sort((a, b) => when(a) - when(b))[0];
}
