import { RELEASE_FORMAT } from './release.ts';
import type { Selection } from './selection.ts';

/**
 * Releases as they are kept: each with its exact body and its hash, and the hash before the first, so that anybody can
 * verify the chain: SHA-256 over the hash before, a line feed and the body.
 *
 * @param simulated of made-up people
 */
export function jsonOf({ id, weeks, before }: Selection, simulated = false): string {
  const releases = weeks.map(({ week, hash, body }) => ({ week, hash, body }));
  const head = { format: RELEASE_FORMAT, ...(simulated ? { simulated } : {}), period: id, before };
  return `${JSON.stringify({ ...head, releases }, null, 2)}\n`;
}
