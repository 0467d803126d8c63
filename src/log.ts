import { pino } from 'pino';
import type { Config } from './config.ts';
import type { Log } from './log-port.ts';

/**
 * Fields that may reach a log, by name. Nothing else does: a message's text, a person's id, an address or a token has
 * no name here, so it cannot be logged by mistake.
 */
const ALLOWED: ReadonlySet<string> = new Set([
  'attempts',
  'channel',
  'code',
  'contacts',
  'count',
  'event',
  'hint',
  'indexKeyReplaced',
  'inbox',
  'keys',
  'kind',
  'ms',
  'outbox',
  'port',
  'reason',
  'result',
  'retryAfterMs',
  'sessions',
  'signal',
  'state',
  'status',
  'turns',
  'wipes',
]);

/** Six or more digits in a row may be a person's id or phone. */
const LONG_NUMBER = /\d{6,}/;
/** No figure of ours is as large; as milliseconds it is more than a day. */
const LARGE = 100_000_000;
const MASKED = '[number]';

/** Log lines as JSON on standard error: one event name and allowed fields. */
export function createLog(level: Config['logLevel'], out: NodeJS.WritableStream = process.stderr): Log {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, out);
  const at =
    (name: 'info' | 'warn' | 'error') =>
    (event: string, fields: Record<string, number | string | boolean> = {}): void => {
      logger[name](allowed(fields), LONG_NUMBER.test(event) ? MASKED : event);
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

function allowed(
  fields: Record<string, number | string | boolean>,
): Record<string, number | string | boolean> {
  const kept: Record<string, number | string | boolean> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!ALLOWED.has(name)) continue;
    const personal = typeof value === 'number' ? Math.abs(value) >= LARGE : LONG_NUMBER.test(String(value));
    kept[name] = personal ? MASKED : value;
  }
  return kept;
}
