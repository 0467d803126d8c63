import type { Api } from 'grammy';
import type { AppError } from '../errors.ts';
import type { Log } from '../log-port.ts';
import type { ChannelState } from './channel.ts';
import { backoffMs, pause } from './network.ts';
import { busyError, errorWord, isRefused, refusedError, retryAfterMs, statusOf } from './telegram-errors.ts';
import { UPDATE_KINDS, updateId } from './telegram-inbound.ts';

/** How long things take, in ms unless the name says otherwise. Tests make them short. */
export interface TelegramTimings {
  /** Longest time Telegram holds a poll open when there is nothing to say. */
  pollSeconds: number;
  /** Longest time for any other call, after which nobody knows whether it worked. */
  callSeconds: number;
  /** First pause after a failure; doubles up to `maxBackoff`. */
  backoff: number;
  maxBackoff: number;
  /** First pause after another process took our place; doubles up to 20 times that. */
  busy: number;
}

export const TELEGRAM_TIMINGS: TelegramTimings = {
  pollSeconds: 50,
  callSeconds: 30,
  backoff: 1000,
  maxBackoff: 30_000,
  busy: 30_000,
};

export interface PollOptions {
  /** A client whose own timeout is longer than a poll. */
  api: Api;
  signal: AbortSignal;
  timings: TelegramTimings;
  log: Log;
  /** Durably accepts updates; the platform is told "received" only after it resolved. */
  take(updates: unknown[]): Promise<void>;
  setState(state: ChannelState): void;
}

/**
 * Asks for updates until the signal aborts or the token is refused.
 *
 * The offset (which tells Telegram "received") moves only after `take` resolved, so a crash between the two makes
 * Telegram send the same updates again. It is sent once and then left out: ids start anew at a random number after
 * a quiet week, and an old offset must not confirm what we have not seen.
 */
export async function poll(options: PollOptions): Promise<void> {
  const { api, signal, timings, setState } = options;
  let offset: number | undefined;
  // The first question after a failure does not wait, so that "up" is known at once.
  let seconds = 0;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const updates = await api.getUpdates(
        { ...(offset === undefined ? {} : { offset }), timeout: seconds, allowed_updates: UPDATE_KINDS },
        toApiSignal(signal),
      );
      offset = undefined;
      offset = await takeAll(updates, options);
      setState({ state: 'up' });
      failures = 0;
      seconds = timings.pollSeconds;
    } catch (error) {
      if (signal.aborted) break;
      if (isRefused(error)) return setState(report(refusedError(), options));
      seconds = 0;
      await pause(afterFailure(error, failures, options), signal);
      failures += 1;
    }
  }
  if (offset !== undefined) await confirm(api, offset, options);
}

type ApiSignal = NonNullable<Parameters<Api['getMe']>[0]>;

/** Node's own signal as grammY takes it: the same at run time, but declared by a package of 2019. */
export function toApiSignal(signal: AbortSignal): ApiSignal {
  if (!isApiSignal(signal)) throw new TypeError('not an abort signal');
  return signal;
}

function isApiSignal(signal: unknown): signal is ApiSignal {
  return signal instanceof AbortSignal;
}

/** @returns the offset that confirms these updates, or undefined when there are none */
async function takeAll(updates: unknown, options: PollOptions): Promise<number | undefined> {
  if (!Array.isArray(updates)) throw new TypeError('the answer is not a list');
  if (updates.length === 0) return undefined;
  const last = updates.map(updateId).findLast((id) => id !== undefined);
  // Without one id we could not move on, and would ask for the same list for ever.
  if (last === undefined) throw new TypeError('no update has an id');
  try {
    await options.take(updates);
  } catch (error) {
    throw new NotStored(error);
  }
  return last + 1;
}

class NotStored extends Error {
  constructor(cause: unknown) {
    super('the store did not take the messages', { cause });
    this.name = 'NotStored';
  }
}

/** Sets the state, logs one line and says how long to wait. */
function afterFailure(error: unknown, failures: number, options: PollOptions): number {
  const { timings, log, setState } = options;
  if (statusOf(error) === 409) {
    // Two pollers end each other's questions: whoever insists makes both deaf, so we ask seldom.
    setState(report(busyError(), options));
    return backoffMs(failures, timings.busy, timings.busy * 20);
  }
  const wait = retryAfterMs(error) ?? backoffMs(failures, timings.backoff, timings.maxBackoff);
  if (error instanceof NotStored) {
    setState({
      state: 'down',
      reason: 'messages cannot be stored',
      hint: 'Look at the disk and the database; nothing is lost, Telegram keeps the messages for a day.',
    });
    log.error('messages could not be stored, asking Telegram again later', {
      channel: 'telegram',
      waitMs: wait,
    });
  } else {
    setState({ state: 'connecting' });
    log.warn('no contact, trying again', { channel: 'telegram', reason: errorWord(error), waitMs: wait });
  }
  return wait;
}

/** Logs why the channel is down and makes it a state. */
export function report(error: AppError, options: { log: Log }): ChannelState {
  options.log.error(`${error.message} ${error.hint}`, { channel: 'telegram', code: error.code });
  return { state: 'down', reason: error.message, hint: error.hint };
}

/** Tells Telegram what was accepted before a stop; saves a redelivery, and is worth two seconds at most. */
async function confirm(api: Api, offset: number, options: PollOptions): Promise<void> {
  try {
    await api.getUpdates({ offset, limit: 1, timeout: 0 }, toApiSignal(AbortSignal.timeout(2000)));
  } catch (error) {
    options.log.info('stopped without a last confirmation', {
      channel: 'telegram',
      reason: errorWord(error),
    });
  }
}
