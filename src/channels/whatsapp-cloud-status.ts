import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { GraphError } from './whatsapp-cloud-errors.ts';
import type { StatusReport } from './whatsapp-cloud-inbound.ts';

/** Counts since the start. Meta bills templates and, since October 2026, every free-form reply. */
export interface CloudFigures {
  /** Messages that Meta took. */
  sent: number;
  templates: number;
  /** Attempts that did not work, and messages that Meta reported as failed later. */
  failed: number;
  /** Copies that were not sent because a status proved the first. */
  saved: number;
  /** Messages that Meta reported as billed. */
  billed: number;
  delivered: number;
  read: number;
  /** Messages taken from people, copies included. */
  received: number;
  /** Requests that were not signed with the app secret. */
  refused: number;
  /** Signed deliveries, or parts of them, that could not be read. */
  malformed: number;
}

/** All at zero. */
export function noFigures(): CloudFigures {
  return {
    sent: 0,
    templates: 0,
    failed: 0,
    saved: 0,
    billed: 0,
    delivered: 0,
    read: 0,
    received: 0,
    refused: 0,
    malformed: 0,
  };
}

const MOST_MESSAGES = 10_000;
const MOST_MARKS = 1000;
const MOST_WINDOWS = 20_000;
/** A person who wrote can be answered freely for so long; a minute less, for the way. */
const WINDOW_MS = 24 * 3_600_000 - 60_000;

// Statuses come in any order. `failed` can be followed by `delivered` (another of the person's devices took it), so it
// stands before it.
const RANK = { sent: 1, failed: 2, delivered: 3, read: 4 } as const;

interface Known {
  rank: number;
  code?: number;
  billed: boolean;
}

/** What a report told that was not known. */
export interface News {
  status: boolean;
  billed: boolean;
}

/**
 * What became of our messages, as far as Meta said, in memory only and bounded: after a restart nothing of it is
 * needed but to save a copy.
 */
export class Statuses {
  readonly #known = new Map<string, Known>();
  readonly #marks = new Map<string, string | undefined>();
  readonly #waiting = new Map<string, () => void>();

  /** Before a call: whether it arrives may be known only from a status that carries this mark. */
  expect(mark: string): void {
    if (!this.#marks.has(mark)) keep(this.#marks, mark, undefined, MOST_MARKS);
  }

  /** The id of the message with this mark, when a status proved that it went out. */
  arrived(mark: string): string | undefined {
    return this.#marks.get(mark);
  }

  /** The call was answered: nothing hangs on the mark any more. */
  settle(mark: string): void {
    this.#marks.delete(mark);
  }

  /** Only moves forward: the same report again, or an earlier one, is no news. */
  report({ wamid, status, mark, code, billable }: StatusReport): News {
    const rank = RANK[status];
    const key = keyOf(wamid);
    // A failed attempt did not arrive; its next one must not be left out.
    if (mark !== undefined && status !== 'failed' && this.#marks.has(mark)) this.#marks.set(mark, wamid);
    const known = this.#known.get(key) ?? { rank: 0, billed: false };
    const news = { status: rank > known.rank, billed: billable === true && !known.billed };
    if (news.status) {
      known.rank = rank;
      if (code !== undefined) known.code = code;
    }
    known.billed ||= news.billed;
    keep(this.#known, key, known, MOST_MESSAGES);
    this.#waiting.get(key)?.();
    return news;
  }

  /** Waits for the first word about a message. @returns what went wrong, when it says that it failed */
  async failure(wamid: string, ms: number): Promise<GraphError | undefined> {
    const key = keyOf(wamid);
    if (!this.#known.has(key)) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#waiting.set(key, () => {
          clearTimeout(timer);
          resolve();
        });
      });
      this.#waiting.delete(key);
    }
    const known = this.#known.get(key);
    return known?.rank === RANK.failed ? new GraphError(0, known.code) : undefined;
  }
}

/** Meta writes the person's number into the ids of messages, so they are not what is kept. */
function keyOf(wamid: string): string {
  return createHash('sha256').update(wamid).digest('base64url');
}

/** Whose 24-hour window is known to be open; in memory. Contacts are named by a hash that nobody else can make. */
export class Windows {
  readonly #openedAt = new Map<string, number>();
  readonly #nudgedAt = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The person wrote at this time (ms since 1970; NaN: now). */
  open(contact: string, at: number): void {
    const now = this.#clock.now();
    this.#nudgedAt.delete(contact);
    const opened = Math.max(this.#openedAt.get(contact) ?? 0, Math.min(now, Number.isFinite(at) ? at : now));
    keep(this.#openedAt, contact, opened, MOST_WINDOWS);
    for (const [oldest, since] of this.#openedAt) {
      if (now - since < WINDOW_MS) break;
      this.#openedAt.delete(oldest);
    }
  }

  /** False also when it is not known, as after a restart. */
  isOpen(contact: string): boolean {
    const at = this.#openedAt.get(contact);
    return at !== undefined && this.#clock.now() - at < WINDOW_MS;
  }

  close(contact: string): void {
    this.#openedAt.delete(contact);
  }

  /** @returns true once a day until they write: one template, however many messages wait */
  mayNudge(contact: string): boolean {
    const now = this.#clock.now();
    const at = this.#nudgedAt.get(contact);
    if (at !== undefined && now - at < WINDOW_MS) return false;
    keep(this.#nudgedAt, contact, now, MOST_WINDOWS);
    return true;
  }
}

/** Puts it last, and forgets the first when there are too many. */
export function keep<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
