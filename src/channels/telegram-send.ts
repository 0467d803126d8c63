import { createHash } from 'node:crypto';
import type { Api } from 'grammy';
import type { Clock } from '../clock.ts';
import type { Lang, OutboundMessage, Place } from '../message.ts';
import { CAPABILITIES } from './capabilities.ts';
import { SendError } from './channel.ts';
import { type Rendered, render } from './render.ts';
import { statusOf, toSendError } from './telegram-errors.ts';

export interface SenderOptions {
  api: Api;
  clock: Clock;
  /** Label of the "send my location" button. */
  locationLabel(lang: Lang): string;
  /** Telegram refused a message: 401, 403 and so on, for the channel's own state. */
  onFailure(error: unknown): void;
}

export interface Sender {
  send(address: string, message: OutboundMessage): Promise<string[]>;
  remove(address: string, sentIds: string[]): Promise<void>;
}

/** One call to Telegram. */
type Step = { text: string; part: Rendered } | { place: Place; part?: Rendered };

/** How far a message of several calls got, so that a second attempt does not repeat what arrived. */
interface Progress {
  key: string;
  sentIds: string[];
  at: number;
}

const PROGRESS_LIFETIME_MS = 10 * 60_000;
const PROGRESS_LIMIT = 1000;
const REMOVE_BATCH = 100;

/** Makes the sending half of the channel: plain text, no markup, nothing to escape. */
export function createSender(options: SenderOptions): Sender {
  const { api, clock } = options;
  // Kept by hash: neither words nor anything else of a message stays in memory after its attempt.
  const unfinished = new Map<string, Progress>();

  async function send(address: string, message: OutboundMessage): Promise<string[]> {
    const chat = chatId(address);
    const steps = toSteps(render(message, CAPABILITIES.telegram));
    const progress = resume(address, message);
    try {
      for (const step of steps.slice(progress.sentIds.length)) {
        progress.sentIds.push(await sendStep(chat, step, message.lang));
      }
    } catch (error) {
      options.onFailure(error);
      const failure = toSendError(error);
      if (progress.sentIds.length > 0 && (failure.kind === 'retry' || failure.kind === 'ambiguous')) {
        remember(address, progress);
      }
      throw failure;
    }
    return progress.sentIds.filter((id) => id !== '');
  }

  /** @returns the id of the message, or '' when a map point was refused and left out */
  async function sendStep(chat: number, step: Step, lang: Lang): Promise<string> {
    const markup = { reply_markup: keyboard(step.part, options.locationLabel(lang)) };
    if ('text' in step) {
      const sent = await api.sendMessage(chat, step.text, {
        link_preview_options: { is_disabled: true },
        ...markup,
      });
      return String(sent.message_id);
    }
    const { lat, lon, name, address } = step.place;
    try {
      const sent = await api.sendVenue(chat, lat, lon, name || address, address || name, markup);
      return String(sent.message_id);
    } catch (error) {
      // The address stands in the text; a point that Telegram does not like must not keep the text back.
      if (statusOf(error) === 400 && toSendError(error).kind === 'permanent' && !step.part) return '';
      throw error;
    }
  }

  function resume(address: string, message: OutboundMessage): Progress {
    const key = createHash('sha256').update(JSON.stringify(message)).digest('base64');
    const earlier = unfinished.get(address);
    unfinished.delete(address);
    const fits = earlier?.key === key && clock.now() - earlier.at < PROGRESS_LIFETIME_MS;
    return fits ? earlier : { key, sentIds: [], at: clock.now() };
  }

  function remember(address: string, progress: Progress): void {
    const oldest = unfinished.keys().next();
    if (unfinished.size >= PROGRESS_LIMIT && !oldest.done) unfinished.delete(oldest.value);
    unfinished.set(address, { ...progress, at: clock.now() });
  }

  return { send, remove: (address, sentIds) => remove(api, chatId(address), sentIds) };
}

/** The point first, so that the buttons stay under the last thing the person reads. */
function toSteps(parts: Rendered[]): Step[] {
  return parts.flatMap((part): Step[] => {
    if (!part.place) return [{ text: part.text, part }];
    if (part.text.trim() === '') return [{ place: part.place, part }];
    return [{ place: part.place }, { text: part.text, part }];
  });
}

type ReplyMarkup = NonNullable<NonNullable<Parameters<Api['sendMessage']>[2]>['reply_markup']>;

/**
 * Buttons under the message; for a location, the big keyboard, because only that can ask the phone for it. Its other
 * buttons type their label. A message without buttons takes an earlier big keyboard away again.
 */
function keyboard(part: Rendered | undefined, locationLabel: string): ReplyMarkup {
  if (part?.askLocation) {
    const labels = part.buttons.map((row) => row.map(({ label }) => ({ text: label })));
    return {
      keyboard: [[{ text: locationLabel, request_location: true }], ...labels],
      resize_keyboard: true,
      one_time_keyboard: true,
    };
  }
  if (!part || part.buttons.length === 0) return { remove_keyboard: true };
  return {
    inline_keyboard: part.buttons.map((row) =>
      row.map(({ label, data }) => ({ text: label, callback_data: data })),
    ),
  };
}

/**
 * Takes messages off the screen. Telegram forgets nothing that is older than 48 hours, and refuses a whole batch for
 * one such message; then each is tried alone and what remains, remains.
 *
 * @throws {SendError} when it makes sense to try again
 */
async function remove(api: Api, chat: number, sentIds: string[]): Promise<void> {
  const ids = sentIds.map(Number).filter((id) => Number.isSafeInteger(id) && id > 0);
  for (let at = 0; at < ids.length; at += REMOVE_BATCH) {
    const batch = ids.slice(at, at + REMOVE_BATCH);
    const done = await allowRefusal(api.deleteMessages(chat, batch));
    if (done) continue;
    for (const id of batch) await allowRefusal(api.deleteMessage(chat, id));
  }
}

/** @returns false when Telegram said no for good */
async function allowRefusal(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    const failure = toSendError(error);
    if (failure.kind === 'permanent' || failure.kind === 'stopped') return false;
    throw failure;
  }
}

function chatId(address: string): number {
  const id = Number(address);
  if (address === '' || !Number.isSafeInteger(id)) throw new SendError('permanent', 'telegram-address');
  return id;
}
