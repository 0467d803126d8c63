import { createHash } from 'node:crypto';

/** The same for the same meaning: comments, spaces and the order of keys do not change it. */
export function hashSource(data: unknown): string {
  return createHash('sha256').update(canonical(data)).digest('hex').slice(0, 12);
}

function canonical(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(canonical).join(',')}]`;
  if (data === null || typeof data !== 'object') return JSON.stringify(data) ?? 'null';
  const entries = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`).join(',')}}`;
}
