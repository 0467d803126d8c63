import type { Clock } from '../../../clock.ts';
import type { HandoffHead } from '../../../handoff/port.ts';
import type { Staff } from '../../../store/staff.ts';

const HOUR_MS = 3_600_000;

/**
 * Writes into the audit trail who reads which chat. The trail knows hours only, so that an opening counts once in an hour, however
 * often the page is loaded meanwhile.
 */
export class Reads {
  readonly #staff: Staff;
  readonly #clock: Clock;
  readonly #seen = new Set<string>();
  #hour = 0;

  constructor(staff: Staff, clock: Clock) {
    this.#staff = staff;
    this.#clock = clock;
  }

  /** Before anything of the chat is shown. */
  add(me: number, head: Pick<HandoffHead, 'id' | 'ref'>): void {
    const hour = Math.floor(this.#clock.now() / HOUR_MS);
    if (hour !== this.#hour) this.#seen.clear();
    this.#hour = hour;
    const opening = `${me} ${head.id}`;
    if (this.#seen.has(opening)) return;
    this.#staff.audit.add(me, 'handoff_read', head.ref);
    this.#seen.add(opening);
  }
}
