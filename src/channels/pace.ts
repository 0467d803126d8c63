import type { Clock } from '../clock.ts';

/** How fast a channel may send. */
export interface PaceLimits {
  /** Messages a second over everybody, evenly spaced. */
  perSecond: number;
  /** To one contact: one message every `everyMs`, and at most `burst` at once after a silence. */
  perContact: { everyMs: number; burst: number };
}

/** Says when the next message may go. */
export interface Pace {
  /**
   * Asks for a place for one message.
   *
   * @param contact whom it goes to
   * @param patience the longest wait in ms the caller is ready for: a place that soon is kept for it, and callers go
   *   in the order in which they asked; for a later place nothing is kept
   * @returns ms to wait; 0: go now. More than `patience`: come back then and ask again.
   */
  take(contact: string, patience?: number): number;
}

/** Contacts remembered at most; beyond that the one heard from longest ago is forgotten, which only speeds it up. */
const MOST_CONTACTS = 20_000;

/**
 * A limiter in memory (GCRA): of each contact only the time is kept at which its allowance is full again, and not
 * longer than until then.
 */
export function createPace(limits: PaceLimits, clock: Clock): Pace {
  const { everyMs, burst } = limits.perContact;
  const spacing = 1000 / limits.perSecond;
  const grace = (burst - 1) * everyMs;
  const fullAt = new Map<string, number>();
  // When everybody's next place is; never behind now by more than it has to be.
  let nextAt = Number.NEGATIVE_INFINITY;
  const steady = neverBack(clock);

  return {
    take(contact, patience = 0) {
      const now = steady();
      const full = fullAt.get(contact) ?? now;
      const at = Math.max(now, nextAt, full - grace);
      const wait = Math.ceil(at - now);
      if (wait > patience) return wait;
      nextAt = at + spacing;
      fullAt.delete(contact);
      fullAt.set(contact, Math.max(at, full) + everyMs);
      if (fullAt.size > MOST_CONTACTS) tidy(fullAt, now);
      return wait;
    },
  };
}

/** A clock that was set back must not hold anybody for hours. */
function neverBack(clock: Clock): () => number {
  let last = Number.NEGATIVE_INFINITY;
  let lost = 0;
  return () => {
    const now = clock.now();
    if (now < last) lost += last - now;
    last = now;
    return now + lost;
  };
}

function tidy(fullAt: Map<string, number>, now: number): void {
  for (const [contact, at] of fullAt) if (at <= now) fullAt.delete(contact);
  for (const contact of fullAt.keys()) {
    if (fullAt.size <= MOST_CONTACTS * 0.9) return;
    fullAt.delete(contact);
  }
}
