import type { Refused } from '../../store/staff-types.ts';
import type { ConsoleRequest } from './pages.ts';

/** Why something was not done, as a sentence, with its status. */
export function explain(
  t: ConsoleRequest['t'],
  { why, waitMs = 0 }: Refused,
): { text: string; status: 403 | 409 | 429 | 503 } {
  const text = t(`why.${why}`, { minutes: Math.max(1, Math.ceil(waitMs / 60_000)) });
  if (why === 'slow') return { text, status: 429 };
  if (why === 'busy') return { text, status: 503 };
  return { text, status: why === 'wrong' || why === 'gone' ? 403 : 409 };
}
