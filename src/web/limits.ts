import type { Clock } from '../clock.ts';

/** A token bucket: `burst` at once, then one every `everyMs`. */
interface Bucket {
  tokens: number;
  at: number;
}

/** Limits of the public chat, in RAM only. */
export interface Limits {
  /** @returns 0 when the message may pass, else how many ms to wait; `'full'` when too many new tabs came this minute */
  say(tab: string): number | 'full';
  /** For "hide" and "delete my data", which pass also when the person is too fast. Answers as `say` does. */
  urgent(tab: string): number | 'full';
  /** @returns 0 when a stream may open, else how many ms to wait */
  stream(tab: string): number;
}

/** Most tabs remembered; the one that was quiet longest makes room. */
const MEMORY = 20_000;
const SAY = { burst: 10, everyMs: 2000 };
const STREAM = { burst: 20, everyMs: 2000 };

/** @param newTabsPerMinute tabs that may write for the first time, all together */
export function createLimits(clock: Clock, newTabsPerMinute = 300): Limits {
  const says = new Map<string, Bucket>();
  const urgents = new Map<string, Bucket>();
  const streams = new Map<string, Bucket>();
  const newcomers = new Map<string, Bucket>();
  const take = (map: Map<string, Bucket>, key: string, rate: { burst: number; everyMs: number }) => {
    const now = clock.now();
    const before = map.get(key);
    const passed = before ? Math.max(0, now - before.at) : 0;
    const tokens = before ? Math.min(rate.burst, before.tokens + passed / rate.everyMs) : rate.burst;
    const left = tokens >= 1 ? tokens - 1 : tokens;
    // Re-inserting keeps the map in order of use.
    map.delete(key);
    map.set(key, { tokens: left, at: now });
    const [oldest] = map.keys();
    if (map.size > MEMORY && oldest !== undefined) map.delete(oldest);
    return tokens >= 1 ? 0 : Math.ceil((1 - tokens) * rate.everyMs);
  };
  const perMinute = { burst: newTabsPerMinute, everyMs: 60_000 / newTabsPerMinute };
  const isFull = (tab: string) =>
    !says.has(tab) && !urgents.has(tab) && take(newcomers, 'all', perMinute) > 0;
  return {
    say: (tab) => (isFull(tab) ? 'full' : take(says, tab, SAY)),
    urgent: (tab) => (isFull(tab) ? 'full' : take(urgents, tab, SAY)),
    stream: (tab) => take(streams, tab, STREAM),
  };
}
