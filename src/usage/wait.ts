import type { Sheet } from './sheet.ts';

/**
 * How long at most half of those waited whom somebody answered: one of the limits of `WAIT_MINUTES`. Where parts are
 * hidden it is the limit that holds whatever is in them.
 *
 * @returns minutes; undefined when too few waited to say, or more than a day
 */
export function medianWait(sheet: Sheet): number | undefined {
  const total = sheet.total('wait');
  if (total.n === 0 || total.hidden > 0) return undefined;
  const parts = sheet.rows('wait').map((limit) => ({ limit, ...sheet.cell('wait', limit) }));
  const seen = parts.reduce((sum, { n }) => sum + n, 0);
  // What nothing is shown of is taken to have waited as long as it can have.
  const longest = parts.findLast(({ hidden }) => hidden > 0);
  const rest = Math.max(0, total.n - seen);
  let [sum, half] = [0, (seen + (longest === undefined ? 0 : rest)) / 2];
  for (const part of parts) {
    sum += part.n + (part === longest ? rest : 0);
    if (sum > 0 && sum >= half) return part.limit === 'more' ? undefined : Number(part.limit);
  }
  return undefined;
}
