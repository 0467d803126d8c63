import { GrammyError, HttpError } from 'grammy';
import { AppError } from '../errors.ts';
import { SendError } from './channel.ts';
import { NEVER_SENT } from './network.ts';

/*
 * grammY's errors carry what must never leave this file: `GrammyError.payload` is the person's id and text, and
 * `HttpError.error` names the address, which contains the bot's token. So nothing here passes an error on: only a
 * word about it.
 */

// A 400 that is about the person, not about the message.
const GONE =
  /chat not found|user not found|user is deactivated|bot was blocked|bot was kicked|can't initiate conversation|PEER_ID_INVALID|USER_ID_INVALID|INPUT_USER_DEACTIVATED/i;

/** What an outbox should do about a failed call, without anything personal in it. */
export function toSendError(error: unknown): SendError {
  if (error instanceof SendError) return error;
  const word = errorWord(error);
  if (error instanceof GrammyError) {
    const code = error.error_code;
    if (code === 429) return new SendError('retry', word, { retryAfterMs: retryAfterMs(error) ?? 1000 });
    if (code === 403 || (code === 400 && GONE.test(error.description))) return new SendError('stopped', word);
    // An answer without a code is no answer: the message may have gone out.
    if (typeof code === 'number' && code >= 400 && code < 500) return new SendError('permanent', word);
    return new SendError('ambiguous', word);
  }
  return new SendError(neverSent(error) ? 'retry' : 'ambiguous', word);
}

/** A word for the log and the figures: `telegram-403`, `telegram-econnreset`, `telegram-timeout`. */
export function errorWord(error: unknown): string {
  if (error instanceof GrammyError) return `telegram-${Number(error.error_code) || 'unknown'}`;
  const code = socketCode(error);
  if (code !== undefined) return `telegram-${code.toLowerCase().replaceAll('_', '-')}`;
  const inner = error instanceof HttpError ? error.error : error;
  const message = inner instanceof Error ? inner.message : '';
  if (/timed out/.test(message)) return 'telegram-timeout';
  if (/invalid json/.test(message)) return 'telegram-bad-answer';
  return 'telegram-network';
}

/** HTTP-like status of a refused call, or undefined when there was no answer. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof GrammyError ? error.error_code : undefined;
}

/** How long a 429 asks to wait, in ms. */
export function retryAfterMs(error: unknown): number | undefined {
  const seconds = error instanceof GrammyError ? error.parameters.retry_after : undefined;
  return typeof seconds === 'number' && seconds >= 0 ? seconds * 1000 : undefined;
}

/** 401, or the 404 that Telegram gives to something that is no token at all. */
export function isRefused(error: unknown): boolean {
  const status = statusOf(error);
  return status === 401 || status === 404;
}

/** The token is wrong or was revoked: nothing helps but a new one. */
export function refusedError(): AppError {
  return new AppError('CHANNEL_REFUSED', 'Telegram does not accept the bot token.', {
    hint: 'Copy the token from @BotFather into TELEGRAM_BOT_TOKEN, without spaces or quotes, and start again.',
  });
}

/** Another process polls with this token, or set a webhook for it. */
export function busyError(): AppError {
  return new AppError('CHANNEL_BUSY', 'Another process receives the messages of this Telegram bot.', {
    hint: 'Stop the other process, or give this one a bot of its own in TELEGRAM_BOT_TOKEN.',
    retryable: true,
  });
}

/** Telegram cannot use the webhook we asked for. */
export function webhookError(): AppError {
  return new AppError('CHANNEL_REFUSED', 'Telegram does not accept the webhook address.', {
    hint: 'TELEGRAM_WEBHOOK_URL must be a public https address on port 443, 80, 88 or 8443; leave it empty to poll instead.',
  });
}

function neverSent(error: unknown): boolean {
  const code = socketCode(error);
  if (code === undefined) return false;
  if (NEVER_SENT.test(code)) return true;
  const inner = error instanceof HttpError ? error.error : error;
  // ETIMEDOUT names both a connection that never was and an answer that never came.
  return code === 'ETIMEDOUT' && inner instanceof Error && inner.message.includes('connect ETIMEDOUT');
}

function socketCode(error: unknown): string | undefined {
  const inner = error instanceof HttpError ? error.error : error;
  if (typeof inner !== 'object' || inner === null || !('code' in inner)) return undefined;
  return typeof inner.code === 'string' ? inner.code : undefined;
}
