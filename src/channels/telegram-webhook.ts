import { createHash, timingSafeEqual } from 'node:crypto';
import type { Log } from '../log-port.ts';

/** Largest delivery we read. Telegram's own are a few kilobytes. */
const WEBHOOK_BODY_LIMIT = 256 * 1024;
const DEPTH_LIMIT = 32;

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
    const update = parse(body);
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

function answer(status: number): Response {
  return new Response(null, { status });
}

/** Compares hashes, so that neither the time nor the length of the work tells anything about the secret. */
function sameSecret(given: string, secret: string): boolean {
  const hash = (s: string): Buffer => createHash('sha256').update(s).digest();
  return timingSafeEqual(hash(given), hash(secret));
}

/** @returns the body, or undefined when it is longer than {@link WEBHOOK_BODY_LIMIT} */
async function readBody(request: Request): Promise<string | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > WEBHOOK_BODY_LIMIT) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > WEBHOOK_BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @returns the JSON, or undefined when it is none, or nested deeper than any update */
function parse(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return isDeeper(value, DEPTH_LIMIT) ? undefined : value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isDeeper(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return limit === 0 || Object.values(value).some((inner) => isDeeper(inner, limit - 1));
}
