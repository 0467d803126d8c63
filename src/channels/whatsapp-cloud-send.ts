import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ids } from '../clock.ts';
import type { Log } from '../log-port.ts';
import type { Lang, OutboundMessage } from '../message.ts';
import { CAPABILITIES } from './capabilities.ts';
import { SendError } from './channel.ts';
import type { Pace } from './pace.ts';
import { render } from './render.ts';
import type { Graph } from './whatsapp-cloud-api.ts';
import { errorWord, GraphError, PAIR_RATE, toSendError, WINDOW_CLOSED } from './whatsapp-cloud-errors.ts';
import { fromAddress, type Recipient } from './whatsapp-cloud-inbound.ts';
import { type Payload, recipientFields, templatePayload, toPayloads } from './whatsapp-cloud-messages.ts';
import { type CloudFigures, keep, type Statuses, type Windows } from './whatsapp-cloud-status.ts';

export interface CloudSenderOptions {
  graph: Graph;
  ids: Ids;
  log: Log;
  pace: Pace;
  statuses: Statuses;
  windows: Windows;
  /** Longest wait for a place inside a send, and for the first word about a message, in ms. */
  timings: { patienceMs: number; wordMs: number };
  template?: { name: string; lang: string };
  listLabel(lang: Lang): string;
  figures: CloudFigures;
  /** A message went out, or could not. */
  onOutcome(error?: unknown): void;
}

export interface CloudSender {
  send(address: string, message: OutboundMessage, id: string): Promise<string[]>;
  /** The same for every address of a person; says nothing to anybody else. */
  contactOf(address: string): string;
}

const MOST_UNFINISHED = 1000;
const MOST_CROWDED = 1000;
/** 4^5 s is 17 minutes. */
const MOST_STEPS = 5;

/**
 * Makes the sending half of the channel.
 *
 * The Graph API knows no message id of ours, so an attempt whose answer was lost can show a message twice. What can be
 * done is done: each message carries a mark made of the outbox row's id, and when a status with that mark has come
 * before the next attempt, that attempt is left out. The same for the parts of a message that broke in the middle.
 */
export function createCloudSender(options: CloudSenderOptions): CloudSender {
  return new Sender(options);
}

class Sender implements CloudSender {
  readonly #options: CloudSenderOptions;
  readonly #salt: Buffer;
  /** Parts that went out, by the outbox row's id, which says nothing about the person. */
  readonly #unfinished = new Map<string, string[]>();
  /** How often in a row a contact had too many messages. */
  readonly #crowded = new Map<string, number>();

  constructor(options: CloudSenderOptions) {
    this.#options = options;
    this.#salt = options.ids.bytes(16);
  }

  contactOf(address: string): string {
    return hash(this.#salt, recipientOf(address).userId ?? address);
  }

  async send(address: string, message: OutboundMessage, id: string): Promise<string[]> {
    const to = { ...recipientOf(address), contact: this.contactOf(address) };
    const payloads = render(message, CAPABILITIES['whatsapp-cloud']).flatMap((part) =>
      toPayloads(part, this.#options.listLabel(message.lang)),
    );
    const sentIds = this.#unfinished.get(id) ?? [];
    this.#unfinished.delete(id);
    try {
      for (const payload of payloads.slice(sentIds.length)) {
        sentIds.push(await this.#sendOnce(to, payload, hash(id, String(sentIds.length))));
      }
    } catch (error) {
      const failure = toSendError(error);
      if (sentIds.length > 0 && failure.kind !== 'permanent' && failure.kind !== 'stopped')
        keep(this.#unfinished, id, sentIds, MOST_UNFINISHED);
      throw failure;
    }
    return sentIds;
  }

  async #sendOnce(to: To, payload: Payload, mark: string): Promise<string> {
    const { statuses, figures } = this.#options;
    const arrived = statuses.arrived(mark);
    if (arrived !== undefined) {
      statuses.settle(mark);
      figures.saved += 1;
      return arrived;
    }
    await this.#waitForPlace(to);
    try {
      const wamid = await this.#call(to, payload, mark);
      await this.#firstWord(wamid, to);
      figures.sent += 1;
      this.#crowded.delete(to.contact);
      return wamid;
    } catch (error) {
      // What a status told was counted when it came.
      if (!(error instanceof GraphError && error.status === 0)) figures.failed += 1;
      throw await this.#meaning(error, to);
    }
  }

  async #call(to: To, payload: Payload, mark: string): Promise<string> {
    const { graph, statuses, onOutcome } = this.#options;
    statuses.expect(mark);
    try {
      const wamid = await graph.send({ ...recipientFields(to), ...payload, biz_opaque_callback_data: mark });
      statuses.settle(mark);
      onOutcome();
      return wamid;
    } catch (error) {
      onOutcome(error);
      // Anything but "unclear" did not arrive, so no status will come.
      if (toSendError(error).kind !== 'ambiguous') statuses.settle(mark);
      throw error;
    }
  }

  /**
   * A closed window is told in the answer, or only afterwards in a status: Meta documents both. While the window is
   * known to be open nobody waits for that; otherwise (after a restart, a day later) the message must not be lost.
   */
  async #firstWord(wamid: string, { contact }: To): Promise<void> {
    const { windows, statuses, timings } = this.#options;
    if (windows.isOpen(contact)) return;
    const failure = await statuses.failure(wamid, timings.wordMs);
    if (failure) throw failure;
  }

  async #waitForPlace({ contact }: To): Promise<void> {
    const { pace, timings } = this.#options;
    const wait = pace.take(contact, timings.patienceMs);
    if (wait > timings.patienceMs) throw new SendError('retry', 'pace', { retryAfterMs: wait });
    if (wait > 0) await sleep(wait);
  }

  async #meaning(error: unknown, to: To): Promise<SendError> {
    const failure = toSendError(error);
    if (failure.reason === PAIR_RATE) {
      const steps = this.#crowded.get(to.contact) ?? 0;
      keep(this.#crowded, to.contact, Math.min(steps + 1, MOST_STEPS), MOST_CROWDED);
      return new SendError('retry', PAIR_RATE, { retryAfterMs: 4 ** steps * 1000 });
    }
    if (failure.reason === WINDOW_CLOSED) await this.#nudge(to);
    return failure;
  }

  /** Outside the window only a template may be sent; the message itself waits until the person writes. */
  async #nudge(to: To): Promise<void> {
    const { template, windows, log, graph, figures } = this.#options;
    windows.close(to.contact);
    if (!template || !windows.mayNudge(to.contact)) return;
    try {
      await graph.send({ ...recipientFields(to), ...templatePayload(template) });
      figures.templates += 1;
    } catch (error) {
      // The person will find the message when they write; the administrator sees that the template does not work.
      figures.failed += 1;
      log.warn('a template was not sent', { channel: 'whatsapp', reason: errorWord(error) });
    }
  }
}

type To = Recipient & { contact: string };

function recipientOf(address: string): Recipient {
  const known = fromAddress(address);
  if (!known) throw new SendError('permanent', 'whatsapp-address');
  return known;
}

function hash(key: string | Buffer, text: string): string {
  return createHash('sha256').update(key).update('\0').update(text).digest('hex').slice(0, 32);
}
