import type { Clock } from '../../../clock.ts';
import type { Texts } from '../../../engine/types.ts';
import type { Flows } from '../../../flow/types.ts';
import type { Canned } from '../../../handoff/canned.ts';
import type { Handoffs } from '../../../handoff/port.ts';
import type { Team } from '../../../handoff/teams.ts';
import type { Staff } from '../../../store/staff.ts';

/** What the operators' pages are made of. */
export interface DeskOptions {
  handoffs: Handoffs;
  staff: Staff;
  canned: Canned;
  teams: readonly Team[];
  /** All texts: the console's own, and those by which a person's way is told. */
  texts: Texts;
  flows: Flows;
  clock: Clock;
  /** Ends the streams of the browsers when the program stops. */
  ending?: AbortSignal;
  /** For tests: other waits of the streams. */
  times?: Partial<StreamTimes>;
}

/** In ms. */
export interface StreamTimes {
  /** A sign of life when nothing happens. */
  heartbeat: number;
  /** Between two pieces: a busy minute costs each browser at most 25 of them a second. */
  pause: number;
  /** A browser that takes nothing for so long is cut off; it comes back by itself. */
  stall: number;
}
