import type { Ids } from '../clock.ts';

const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;

/**
 * How long to wait before the next try, in ms: 1 s, 2 s, 4 s … 5 min, each between half and the whole of it, so
 * that many who failed together do not come back together.
 *
 * @param attempts tries before the one that failed
 */
export function backoff(attempts: number, ids: Ids): number {
  const whole = Math.min(FIRST_MS * 2 ** Math.min(attempts, 20), LONGEST_MS);
  return Math.round(whole * (0.5 + ids.bytes(2).readUInt16BE(0) / 131_072));
}
