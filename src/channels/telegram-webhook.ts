import type { Log } from '../log-port.ts';
import { answer, parseJson, readBody, sameSecret } from './webhook-request.ts';

export interface WebhookOptions {
  secret: string;
  log: Log;
  /** Durably accepts updates; undefined while the channel is not started. */
  take(): ((updates: unknown[]) => Promise<void>) | undefined;
}

/**
 * Makes the handler for Telegram's deliveries. 200 is answered only after the messages are stored, so that Telegram
 * delivers again whatever we could not keep. Otherwise: 401 wrong secret, 405 not a POST, 413 too large, 400 not
 * JSON, 503 not stored.
 */
export function createWebhook(options: WebhookOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    if (!sameSecret(request.headers.get('x-telegram-bot-api-secret-token') ?? '', options.secret))
      return answer(401);
    if (request.method !== 'POST') return answer(405);
    const body = await readBody(request);
    if (body === undefined) return answer(413);
    const update = parseJson(body);
    if (update === undefined) return answer(400);
    const take = options.take();
    if (!take) return answer(503);
    try {
      await take([update]);
    } catch {
      // The cause is the store's to report; Telegram only needs to know that it must come again.
      options.log.error('a message could not be stored, Telegram will deliver it again', {
        channel: 'telegram',
      });
      return answer(503);
    }
    return answer(200);
  };
}
