import { SendError } from './channel.ts';

/*
 * Baileys' errors carry people's JIDs and texts in `data`, so nothing here passes an error on: only a number or a
 * word about it.
 */

/** What to do when the connection has ended. Waits are in ms, before jitter. */
export type Plan =
  /** Nothing is wrong with the account: connect again. */
  | { next: 'again'; wait: number }
  /** Something is wrong that may pass: say so, and look again now and then. */
  | { next: 'recheck'; wait: number; reason: string; hint: string }
  /** Only a person can help. `wipe`: the credentials are worth nothing any more. */
  | { next: 'stop'; reason: string; hint: string; wipe?: true };

/** How long to wait, in ms. */
export interface RetryTimings {
  /** First pause after a failure; doubles up to `maxBackoff`. */
  backoff: number;
  maxBackoff: number;
  /** Pause between looks at something that only others can change. */
  recheck: number;
}

const PAIR_AGAIN = 'Pair the phone: npx hamroh whatsapp pair, or the WhatsApp page of the console.';

/** Why an unpaired channel is down. */
export const NOT_PAIRED = { reason: 'not-paired', hint: `No phone is paired. ${PAIR_AGAIN}` } as const;

/** Why a channel is down whose messages to new people are refused. */
export const RESTRICTED = {
  reason: 'restricted',
  hint: 'WhatsApp has restricted this number; trying again makes it worse. The phone says until when, under Settings or in a notice.',
} as const;

/** Why a channel is down that failed by itself. */
export const FAULT = {
  reason: 'fault',
  hint: 'The reason stands in the log. Start Hamroh again; npx hamroh doctor says more.',
} as const;

const STOPS: Readonly<Record<number, { reason: string; hint: string; wipe?: true }>> = {
  401: { reason: 'logged-out', hint: `The phone has removed this device. ${PAIR_AGAIN}`, wipe: true },
  402: {
    reason: 'banned-for-now',
    hint: 'WhatsApp has blocked this number for a while. Open WhatsApp on the phone: it says until when. Then start Hamroh again.',
  },
  403: {
    reason: 'banned',
    hint: 'WhatsApp has blocked this number. Open WhatsApp on the phone to ask for a review, or use another number.',
  },
  405: {
    reason: 'version-too-old',
    hint: 'WhatsApp wants a newer version: update Hamroh, or set WHATSAPP_VERSION to a current version of WhatsApp Web.',
  },
  406: { reason: 'refused', hint: `WhatsApp does not let this device in. ${PAIR_AGAIN}` },
  409: {
    reason: 'version-refused',
    hint: 'WhatsApp does not know this version: update Hamroh, or leave WHATSAPP_VERSION out.',
  },
  411: {
    reason: 'not-multi-device',
    hint: `The phone is too old for linked devices: update WhatsApp on it. ${PAIR_AGAIN}`,
  },
  419: { reason: 'refused', hint: `WhatsApp does not let this device in. ${PAIR_AGAIN}` },
  463: RESTRICTED,
};

/** Asked to start over, as after pairing. More often than this in a row it is a fault like any other. */
const RESTARTS = 3;
const BAD_SESSION_TRIES = 3;

/**
 * What to do after the connection ended. The list of what stops us is closed: an unknown number is never a reason to
 * stay away for ever.
 *
 * @param code as WhatsApp gives it; 0 for trouble on the way there
 * @param attempts connections in a row, this one included, that did not last
 */
export function afterClose(code: number, attempts: number, timings: RetryTimings): Plan {
  const stop = STOPS[code];
  if (stop) return { next: 'stop', ...stop };
  if (code === 515 && attempts <= RESTARTS) return { next: 'again', wait: 0 };
  if (code === 440) {
    return {
      next: 'recheck',
      wait: timings.recheck,
      reason: 'replaced',
      hint: 'Another program uses the same WhatsApp pairing. Stop it, then start Hamroh again; until then Hamroh only looks now and then.',
    };
  }
  if (code === 500 && attempts > BAD_SESSION_TRIES) {
    return {
      next: 'recheck',
      wait: timings.recheck,
      reason: 'bad-session',
      hint: `WhatsApp ends the connection again and again. If it does not come back within the hour: ${PAIR_AGAIN}`,
    };
  }
  return {
    next: 'again',
    wait: Math.min(timings.maxBackoff, timings.backoff * 2 ** Math.min(attempts - 1, 20)),
  };
}

/** WhatsApp's number for why a connection ended; 0 when the trouble was on the way there and says nothing about us. */
export function closeCode(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 0;
  // The library wraps what the network said, and would make "403" of a proxy into one of WhatsApp.
  if ('data' in error && error.data instanceof Error) return 0;
  const output = 'output' in error ? error.output : undefined;
  if (typeof output !== 'object' || output === null || !('statusCode' in output)) return 0;
  const code = Number(output.statusCode);
  return Number.isInteger(code) ? code : 0;
}

const MINUTE_MS = 60_000;

/** Why the server did not take a message, and what an outbox should do about it. */
export function toSendError(code: string): SendError {
  const word = `whatsapp-${/^\d{1,4}$/.test(code) ? code : 'refused'}`;
  switch (Number(code)) {
    // Too fast, or the server is not well.
    case 429:
    case 420:
      return new SendError('retry', word, { retryAfterMs: MINUTE_MS });
    case 408:
    case 500:
    case 503:
      return new SendError('retry', word);
    // The devices we wrote to are not theirs any more; the next try asks for them anew.
    case 479:
      return new SendError('ambiguous', word);
    case 404:
      return new SendError('stopped', word);
    default:
      return new SendError('permanent', word);
  }
}

/** Whether the server refused because of our account's standing, not because of the message. */
export function isRestriction(code: string): boolean {
  return code === '463';
}
