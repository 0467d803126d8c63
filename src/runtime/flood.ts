import type { Clock } from '../clock.ts';
import type { Session } from '../engine/types.ts';
import type { ChannelId, InboundMessage, Input, OutboundMessage } from '../message.ts';
import type { Turn } from '../store/port.ts';

/** 10 at once, then one every 2 s; never more than 200 in an hour. */
const BURST = 10;
const EVERY_MS = 2_000;
const PER_HOUR = 200;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const NEWCOMERS_PER_MINUTE = 300;
/** Most contacts remembered; the one that was quiet longest makes room. */
const MEMORY = 20_000;

/** What the limits need to know of the world around them. */
export interface FloodRules {
  /** Where they hold. Other channels have limits of their own. */
  channels: readonly ChannelId[];
  /** Whether this always passes: "delete my data", hide, stop, urgent words. Asked only when it would not. */
  vital: (session: Session | null, input: Input) => boolean;
  /** Said once to somebody who writes too fast. */
  notice: (session: Session | null, message: InboundMessage) => OutboundMessage;
  /** Said once to somebody new while too many are: short, with the helpline. */
  full: (message: InboundMessage) => OutboundMessage;
  /** Conversations that may begin in a minute, all together. Default 300. */
  newcomersPerMinute?: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** How fast one contact wrote. */
interface Pace extends Bucket {
  /** Of the hour that is counted. */
  hourEnd: number;
  inHour: number;
  /** Nothing is said before. */
  silentUntil: number;
}

/**
 * How fast people may write: in RAM only, by our own random ids. A turn whose commit fails is taken again; so what was
 * judged counts only once it is {@link Flood.keep kept}.
 */
export class Flood {
  readonly #clock: Clock;
  readonly #rules: FloodRules;
  readonly #perMinute: number;
  readonly #paces = new Map<number, Pace>();
  #newcomers: Bucket;
  /** Judged and not kept yet. */
  #judged = new Map<number, Pace>();
  #judgedNewcomers: Bucket | undefined;

  constructor(clock: Clock, rules: FloodRules) {
    this.#clock = clock;
    this.#rules = rules;
    this.#perMinute = rules.newcomersPerMinute ?? NEWCOMERS_PER_MINUTE;
    this.#newcomers = { tokens: this.#perMinute, at: clock.now() };
  }

  /**
   * @param session as it is before this turn
   * @param claimed a person has the chat
   * @returns undefined: the turn goes on; else nothing is done with the message but to say this, or nothing
   */
  check({ contact, message }: Turn, session: Session | null, claimed = false): OutboundMessage[] | undefined {
    const { channels, vital, notice, full } = this.#rules;
    // Where two people talk the bot is silent, and must not complain either.
    if (!channels.includes(message.channel) || claimed) return undefined;
    const now = this.#clock.now();
    const pace = this.#paceOf(contact, now);
    const slow = pace.tokens >= 1 && pace.inHour < PER_HOUR;
    if (slow && (session !== null || this.#admits(now))) {
      pace.tokens -= 1;
      pace.inHour += 1;
      return undefined;
    }
    if (vital(session, message.input)) return undefined;
    const silent = now < pace.silentUntil;
    pace.silentUntil = slow ? now + MINUTE_MS : calmAt(pace);
    if (silent) return [];
    return [slow ? full(message) : notice(session, message)];
  }

  /** The turns judged since the last call were committed. */
  keep(): void {
    for (const [contact, pace] of this.#judged) {
      // Taken out and put in again, so that the first in the map is the one that was quiet longest.
      this.#paces.delete(contact);
      this.#paces.set(contact, pace);
    }
    for (const oldest of this.#paces.keys()) {
      if (this.#paces.size <= MEMORY) break;
      this.#paces.delete(oldest);
    }
    this.#newcomers = this.#judgedNewcomers ?? this.#newcomers;
    this.drop();
  }

  /** The turns judged since then were not committed, and will be taken again. */
  drop(): void {
    this.#judged = new Map();
    this.#judgedNewcomers = undefined;
  }

  #paceOf(contact: number, now: number): Pace {
    const judged = this.#judged.get(contact);
    const before = judged ?? this.#paces.get(contact);
    const pace = { ...hourOf(before, now), ...filled(before, now, BURST, EVERY_MS) };
    this.#judged.set(contact, pace);
    return pace;
  }

  #admits(now: number): boolean {
    const before = this.#judgedNewcomers ?? this.#newcomers;
    const bucket = filled(before, now, this.#perMinute, MINUTE_MS / this.#perMinute);
    this.#judgedNewcomers = bucket;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}

/** When the burst is whole again, that is when the person has paused; or the end of an hour that is used up. */
function calmAt(pace: Pace): number {
  return pace.inHour < PER_HOUR ? pace.at + (BURST - pace.tokens) * EVERY_MS : pace.hourEnd;
}

function filled(before: Bucket | undefined, now: number, burst: number, everyMs: number): Bucket {
  if (before === undefined) return { tokens: burst, at: now };
  const passed = Math.max(0, now - before.at);
  return { tokens: Math.min(burst, before.tokens + passed / everyMs), at: now };
}

function hourOf(before: Pace | undefined, now: number): Omit<Pace, keyof Bucket> {
  // A clock that was put back must not leave anybody in silence for longer than an hour.
  const over = before === undefined || now >= before.hourEnd || before.hourEnd > now + HOUR_MS;
  if (over) return { hourEnd: now + HOUR_MS, inHour: 0, silentUntil: before?.silentUntil ?? 0 };
  return { hourEnd: before.hourEnd, inHour: before.inHour, silentUntil: before.silentUntil };
}
