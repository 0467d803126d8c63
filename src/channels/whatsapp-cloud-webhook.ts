import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Log } from '../log-port.ts';
import { answer, parseJson, readBody, sameSecret } from './webhook-request.ts';

/** What Meta sends is a number; anything else that is short and plain may be echoed, too. */
const CHALLENGE = /^[\w-]{1,128}$/;
const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

export interface CloudWebhookOptions {
  /** Signs every delivery. */
  appSecret: string;
  /** Proves the one request by which Meta checks the address. */
  verifyToken: string;
  log: Log;
  /** Counts, since the start. */
  figures: { refused: number; malformed: number };
  /** Durably accepts one delivery; undefined while the channel is not started. */
  take(): ((body: unknown) => Promise<void>) | undefined;
}

/**
 * Makes the handler for Meta's requests.
 *
 * GET: the handshake. 200 with the challenge, or 403.
 *
 * POST: a delivery. 401 not signed with the app secret (counted, nothing is read of it), 413 too large, 503 not stored
 * or not started: Meta delivers again, for up to seven days. A signed body that cannot be read is counted and answered
 * with 200: it would be no more readable the next time. Otherwise 200, after the messages are stored.
 */
export function createCloudWebhook(options: CloudWebhookOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method === 'GET') return shakeHands(new URL(request.url).searchParams, options);
    if (request.method !== 'POST') return answer(405);
    const signature = SIGNATURE.exec(request.headers.get('x-hub-signature-256') ?? '')?.[1];
    if (signature === undefined) return refuse(options);
    const body = await readBody(request);
    if (body === undefined) return answer(413);
    if (!isSigned(body, signature, options.appSecret)) return refuse(options);
    const value = parseJson(body);
    if (value === undefined) {
      options.figures.malformed += 1;
      return answer(200);
    }
    return deliver(value, options);
  };
}

async function deliver(value: unknown, { take, log }: CloudWebhookOptions): Promise<Response> {
  const accept = take();
  if (!accept) return answer(503);
  try {
    await accept(value);
  } catch {
    // The cause is the store's to report; Meta only needs to know that it must come again.
    log.error('a message could not be stored, WhatsApp will deliver it again', { channel: 'whatsapp' });
    return answer(503);
  }
  return answer(200);
}

function shakeHands(query: URLSearchParams, { verifyToken }: CloudWebhookOptions): Response {
  const challenge = query.get('hub.challenge') ?? '';
  const known = sameSecret(query.get('hub.verify_token') ?? '', verifyToken);
  if (!known || query.get('hub.mode') !== 'subscribe' || !CHALLENGE.test(challenge)) return answer(403);
  return new Response(challenge, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

/** Counted always, logged at 1, 10, 100 …: whoever forges requests must not be able to fill the disk. */
function refuse({ figures, log }: CloudWebhookOptions): Response {
  figures.refused += 1;
  if (Number.isInteger(Math.log10(figures.refused))) {
    log.warn('refused a delivery that WhatsApp did not sign', {
      channel: 'whatsapp',
      count: figures.refused,
    });
  }
  return answer(401);
}

/** Over the bytes as they came: what was parsed and written again is not what was signed. */
function isSigned(body: Buffer, signature: string, appSecret: string): boolean {
  const wanted = createHmac('sha256', appSecret).update(body).digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
