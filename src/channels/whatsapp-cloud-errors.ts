import { AppError } from '../errors.ts';
import { SendError } from './channel.ts';
import { NEVER_SENT } from './network.ts';

/*
 * Meta's words about an error may quote the person's number, and an error of `fetch` may quote the token. So nothing
 * here passes an error on: only its number, or a word about it. The log masks numbers of six digits (they could be a
 * person's), therefore the reasons are words, and a code without one is written in two halves.
 */

/** A refusal by the Graph API. */
export class GraphError extends Error {
  /** Of HTTP; 0 for an error that came later, with a status of the message. */
  readonly status: number;
  /** Meta's own; absent when the answer was not the API's. */
  readonly code: number | undefined;

  constructor(status: number, code: number | undefined) {
    super(`Graph API: ${status}${code === undefined ? '' : `, code ${code}`}`);
    this.name = 'GraphError';
    this.status = status;
    this.code = code;
  }
}

/** The person has not written for 24 hours. */
export const WINDOW_CLOSED = 'whatsapp-window';
/** Too many messages to one person; the wait is the sender's to count. */
export const PAIR_RATE = 'whatsapp-pair-rate';

interface Meaning {
  kind: SendError['kind'];
  word: string;
  waitMs?: number;
  /** It concerns the whole account: every send will fail until somebody does something. */
  trouble?: 'token' | 'account';
}

const SECOND = 1000;
const MINUTE = 60_000;
const TOKEN: Meaning = { kind: 'retry', word: 'whatsapp-token', waitMs: MINUTE, trouble: 'token' };
const ACCOUNT: Meaning = { kind: 'retry', word: 'whatsapp-account', waitMs: 5 * MINUTE, trouble: 'account' };
const INVALID: Meaning = { kind: 'permanent', word: 'whatsapp-invalid' };

/**
 * By Meta's list of error codes (developers.facebook.com, "Error codes", May 2026), which asks to go by the code and
 * not by the HTTP status. Assumed by us, because the list does not say it: how long to wait (except 131056), that
 * 131016 and 133004 mean "not sent", and that 131050 is a reason to stop. A person who has blocked the number is not
 * reported as such: the message stays "sent", or fails as 131026.
 */
const MEANINGS: ReadonlyMap<number, Meaning> = new Map([
  // Token and permissions.
  [0, TOKEN],
  [3, TOKEN],
  [10, TOKEN],
  [190, TOKEN],
  [131005, TOKEN],
  // The account or the number: policy, billing, registration, name.
  [33, ACCOUNT],
  [368, ACCOUNT],
  [131031, ACCOUNT],
  [131037, ACCOUNT],
  [131042, ACCOUNT],
  [131045, ACCOUNT],
  [133010, ACCOUNT],
  // Rates: of the app, of the account, of the number, to this person; too much of it marked as spam.
  [4, { kind: 'retry', word: 'whatsapp-rate', waitMs: MINUTE }],
  [80007, { kind: 'retry', word: 'whatsapp-rate', waitMs: MINUTE }],
  [130429, { kind: 'retry', word: 'whatsapp-rate', waitMs: 5 * SECOND }],
  [131056, { kind: 'retry', word: PAIR_RATE }],
  [131048, { kind: 'retry', word: 'whatsapp-spam-rate', waitMs: 15 * MINUTE }],
  // Meta does not take messages for a moment.
  [2, { kind: 'retry', word: 'whatsapp-service', waitMs: 10 * SECOND }],
  [131016, { kind: 'retry', word: 'whatsapp-service', waitMs: 10 * SECOND }],
  [131057, { kind: 'retry', word: 'whatsapp-maintenance', waitMs: MINUTE }],
  [133004, { kind: 'retry', word: 'whatsapp-service', waitMs: 10 * SECOND }],
  // "Unknown error": nobody says whether it was sent.
  [1, { kind: 'ambiguous', word: 'whatsapp-unknown' }],
  [131000, { kind: 'ambiguous', word: 'whatsapp-unknown' }],
  // This person, or this message to this person.
  [131047, { kind: 'offline', word: WINDOW_CLOSED }],
  [131050, { kind: 'stopped', word: 'whatsapp-stopped' }],
  [130472, { kind: 'permanent', word: 'whatsapp-experiment' }],
  [130497, { kind: 'permanent', word: 'whatsapp-country' }],
  [131021, { kind: 'permanent', word: 'whatsapp-own-number' }],
  [131026, { kind: 'permanent', word: 'whatsapp-undeliverable' }],
  [131030, { kind: 'permanent', word: 'whatsapp-not-on-test-list' }],
  [131049, { kind: 'permanent', word: 'whatsapp-not-chosen' }],
  [131062, { kind: 'permanent', word: 'whatsapp-user-id' }],
  // The message itself.
  [100, INVALID],
  [131008, INVALID],
  [131009, INVALID],
  [131051, { kind: 'permanent', word: 'whatsapp-type' }],
]);

/** What an outbox should do about a failed call, without anything personal in it. */
export function toSendError(error: unknown): SendError {
  if (error instanceof SendError) return error;
  if (!(error instanceof GraphError)) {
    const code = socketCode(error);
    return new SendError(
      code !== undefined && (NEVER_SENT.test(code) || code === CONNECT_TIMEOUT) ? 'retry' : 'ambiguous',
      errorWord(error),
    );
  }
  const { kind, waitMs } = meaningOf(error);
  return new SendError(kind, errorWord(error), waitMs === undefined ? {} : { retryAfterMs: waitMs });
}

/** A word for the log and the figures: `whatsapp-window`, `whatsapp-econnreset`, `whatsapp-timeout`. */
export function errorWord(error: unknown): string {
  if (error instanceof GraphError) return meaningOf(error).word;
  const code = socketCode(error);
  if (code !== undefined) return `whatsapp-${code.toLowerCase().replaceAll('_', '-')}`;
  if (error instanceof Error && error.name === 'TimeoutError') return 'whatsapp-timeout';
  return error instanceof SyntaxError ? 'whatsapp-bad-answer' : 'whatsapp-network';
}

/** What is wrong with the whole account, in words for its administrator; undefined when it is not the account. */
export function troubleOf(error: unknown): AppError | undefined {
  const trouble = error instanceof GraphError ? meaningOf(error).trouble : undefined;
  if (trouble === 'token') return refusedError();
  if (trouble === undefined) return undefined;
  return new AppError('CHANNEL_REFUSED', 'Meta has restricted this WhatsApp number or its account.', {
    hint: 'Look into WhatsApp Manager (policy, payment, display name, registration of the number); messages wait meanwhile.',
    retryable: true,
  });
}

/** The first call was refused: nothing helps but other settings. */
export function refusedError(): AppError {
  return new AppError('CHANNEL_REFUSED', 'WhatsApp does not accept the access token for this phone number.', {
    hint: 'Check WHATSAPP_CLOUD_TOKEN (of a system user, so that it does not expire) and WHATSAPP_CLOUD_PHONE_ID.',
  });
}

/** Whether an answer to the very first question means that the token or the phone number id is wrong. */
export function isRefused(error: unknown): boolean {
  if (!(error instanceof GraphError)) return false;
  // 100: "object does not exist, or no permission"; a 404 without a code is a wrong address of the API.
  return meaningOf(error).trouble === 'token' || error.code === 100 || error.status === 404;
}

function meaningOf({ code, status }: GraphError): Meaning {
  if (code === undefined) return byStatus(status);
  const known = MEANINGS.get(code);
  if (known) return known;
  if (code >= 200 && code <= 299) return TOKEN;
  if (code >= 132_000 && code <= 132_999) return { kind: 'permanent', word: 'whatsapp-template' };
  const { kind, waitMs, trouble } = byStatus(status);
  const word = `whatsapp-${Math.floor(code / 1000)}-${code % 1000}`;
  return {
    kind,
    word,
    ...(waitMs === undefined ? {} : { waitMs }),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

function byStatus(status: number): Meaning {
  const word = status === 0 ? 'whatsapp-failed' : `whatsapp-http-${status}`;
  if (status === 401) return TOKEN;
  if (status === 429) return { kind: 'retry', word, waitMs: 10 * SECOND };
  // A redirect is never followed: the token would go along, and the message went nowhere.
  if (status >= 300 && status < 400) return { kind: 'retry', word };
  if (status >= 500 || (status >= 100 && status < 300)) return { kind: 'ambiguous', word };
  return { kind: 'permanent', word };
}

/** The one that only `fetch` has. */
const CONNECT_TIMEOUT = 'UND_ERR_CONNECT_TIMEOUT';

/** `fetch` wraps what happened in a TypeError. */
function socketCode(error: unknown): string | undefined {
  const inner = error instanceof TypeError ? error.cause : error;
  if (typeof inner !== 'object' || inner === null || !('code' in inner)) return undefined;
  return typeof inner.code === 'string' ? inner.code : undefined;
}
