import type { Clock, Ids } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log-port.ts';
import type { Lang, OutboundMessage } from '../message.ts';
import { CAPABILITIES } from './capabilities.ts';
import type { Channel, ChannelHost, ChannelState } from './channel.ts';
import { backoffMs, pause } from './network.ts';
import { createPace, type PaceLimits } from './pace.ts';
import { createGraph, type Graph } from './whatsapp-cloud-api.ts';
import { errorWord, GraphError, isRefused, refusedError, troubleOf } from './whatsapp-cloud-errors.ts';
import { fromAddress, type StatusReport, toAddress, toIncoming } from './whatsapp-cloud-inbound.ts';
import { type CloudSender, createCloudSender } from './whatsapp-cloud-send.ts';
import { type CloudFigures, noFigures, Statuses, Windows } from './whatsapp-cloud-status.ts';
import { createCloudWebhook } from './whatsapp-cloud-webhook.ts';

/** How long things take, in ms. Tests make them short. */
export interface CloudTimings {
  /** Longest time for a call, after which nobody knows whether it worked. */
  callMs: number;
  /** Longest wait for a place inside a send; a longer one is the outbox's. */
  patienceMs: number;
  /** Longest wait for the first status of a message whose window may be closed. */
  wordMs: number;
  /** First pause after a failed check; doubles up to `maxBackoff`. */
  backoff: number;
  maxBackoff: number;
}

const TIMINGS: CloudTimings = {
  callMs: 15_000,
  patienceMs: 3000,
  wordMs: 5000,
  backoff: 1000,
  maxBackoff: 60_000,
};

/** Meta's own: 80 messages a second and number; one in six seconds and person, 45 at once after a silence. */
export const META_PACE: PaceLimits = { perSecond: 80, perContact: { everyMs: 6000, burst: 45 } };

export interface WhatsAppCloudOptions {
  /** Access token of a system user. */
  token: string;
  /** Meta's id of the number we send from. */
  phoneId: string;
  /** Signs what Meta delivers. */
  appSecret: string;
  /** Our word for the webhook's handshake. */
  verifyToken: string;
  /** With the version, without a slash at the end: `https://graph.facebook.com/v26.0`, the newest since July 2026. */
  apiRoot: string;
  /** Approved template for people who have not written for 24 hours. */
  template?: { name: string; lang: string };
  /** What opens a list of choices, at most 20 characters. */
  listLabel(lang: Lang): string;
  log: Log;
  clock: Clock;
  ids: Ids;
  timings?: Partial<CloudTimings>;
  pace?: PaceLimits;
}

/** WhatsApp through Meta's Cloud API; its web server hands requests to `webhookHandler`. */
export interface WhatsAppCloudChannel extends Channel {
  webhookHandler(request: Request): Promise<Response>;
  readonly figures: Readonly<CloudFigures>;
}

/**
 * Makes the channel.
 *
 * `start` rejects with `CHANNEL_REFUSED` when the token or the number is refused. When Meta cannot be reached it
 * resolves, the state is `connecting`, and the channel goes on trying; deliveries are taken meanwhile.
 *
 * @throws {AppError} CONFIG_INVALID without an app secret or a verify token: an empty key signs anything
 */
export function createWhatsAppCloud(options: WhatsAppCloudOptions): WhatsAppCloudChannel {
  if (options.appSecret === '' || options.verifyToken === '') {
    throw new AppError('CONFIG_INVALID', 'The WhatsApp app secret and verify token must not be empty.', {
      hint: 'Set WHATSAPP_CLOUD_APP_SECRET and WHATSAPP_CLOUD_VERIFY_TOKEN.',
    });
  }
  return new WhatsAppCloud(options);
}

class WhatsAppCloud implements WhatsAppCloudChannel {
  readonly id = 'whatsapp';
  readonly wording = 'whatsapp-cloud';
  readonly capabilities = CAPABILITIES['whatsapp-cloud'];
  readonly webhookHandler: (request: Request) => Promise<Response>;
  readonly figures = noFigures();
  readonly #options: WhatsAppCloudOptions;
  readonly #timings: CloudTimings;
  readonly #graph: Graph;
  readonly #statuses = new Statuses();
  readonly #windows: Windows;
  readonly #sender: CloudSender;
  readonly #pending = new Set<Promise<void>>();
  #state: ChannelState = { state: 'connecting' };
  #host: ChannelHost | undefined;
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  /** Ends the wait of {@link #watch}. */
  #troubled: () => void = () => undefined;

  constructor(options: WhatsAppCloudOptions) {
    const { apiRoot, phoneId, token, clock, ids, log, listLabel, template } = options;
    this.#options = options;
    this.#timings = { ...TIMINGS, ...options.timings };
    this.#graph = createGraph({ apiRoot, phoneId, token, callMs: this.#timings.callMs });
    this.#windows = new Windows(clock);
    this.#sender = createCloudSender({
      graph: this.#graph,
      ids,
      log,
      pace: createPace(options.pace ?? META_PACE, clock),
      statuses: this.#statuses,
      windows: this.#windows,
      timings: this.#timings,
      ...(template ? { template } : {}),
      listLabel,
      figures: this.figures,
      onOutcome: (error) => this.#onOutcome(error),
    });
    this.webhookHandler = createCloudWebhook({
      appSecret: options.appSecret,
      verifyToken: options.verifyToken,
      log,
      figures: this.figures,
      take: () => {
        const host = this.#host;
        return host && ((body) => this.#hold(this.#take(host, body)));
      },
    });
  }

  state(): ChannelState {
    return this.#state;
  }

  send(address: string, message: OutboundMessage, id: string): Promise<string[]> {
    return this.#sender.send(address, message, id);
  }

  /** The Cloud API cannot take a message back. */
  async remove(): Promise<void> {}

  async start(host: ChannelHost): Promise<void> {
    this.#stopping = new AbortController();
    this.#state = { state: 'connecting' };
    this.#host = host;
    const refused = await this.#check();
    if (refused) {
      this.#host = undefined;
      throw refused;
    }
    this.#running = this.#watch(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#host = undefined;
    this.#stopping.abort();
    this.#troubled();
    await this.#running;
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Accepts one delivery, then does what can be lost. */
  async #take(host: ChannelHost, body: unknown): Promise<void> {
    const { messages, writers, statuses, malformed } = toIncoming(body, this.#options.phoneId);
    for (const { address, at } of writers) this.#windows.open(this.#sender.contactOf(address), at);
    if (messages.length > 0) await host.accept(messages);
    this.figures.received += writers.length;
    this.figures.malformed += malformed;
    for (const address of new Set(writers.flatMap((w) => formsOf(w.address))))
      host.reachable(this.id, address);
    for (const report of statuses) this.#report(report);
  }

  #report(report: StatusReport): void {
    const news = this.#statuses.report(report);
    if (news.billed) this.figures.billed += 1;
    if (!news.status) return;
    if (report.status === 'delivered' || report.status === 'read') this.figures[report.status] += 1;
    if (report.status !== 'failed') return;
    this.figures.failed += 1;
    // As a number: the log masks long ones in words.
    this.#options.log.warn('a message that WhatsApp had taken was not delivered', {
      channel: this.id,
      code: report.code ?? 0,
    });
    this.#onOutcome(new GraphError(0, report.code));
  }

  /** Asks again after a failure, and then only when sending has shown that something is wrong with the token. */
  async #watch(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      if (this.#state.state === 'up') {
        await new Promise<void>((resolve) => {
          this.#troubled = resolve;
        });
        failures = 0;
      }
      await pause(backoffMs(failures, this.#timings.backoff, this.#timings.maxBackoff), signal);
      if (!signal.aborted) await this.#check();
    }
  }

  /** One question that costs nothing. @returns an error when asking again cannot help */
  async #check(): Promise<AppError | undefined> {
    try {
      await this.#graph.check();
      this.#state = { state: 'up' };
      return undefined;
    } catch (error) {
      if (isRefused(error)) {
        const refused = troubleOf(error) ?? refusedError();
        this.#down(refused);
        return refused;
      }
      const trouble = troubleOf(error);
      if (trouble) this.#down(trouble);
      else this.#state = { state: 'connecting' };
      this.#options.log.warn('no contact yet, trying again', {
        channel: this.id,
        reason: errorWord(error),
      });
      return undefined;
    }
  }

  /** Of a call, or of a message that failed later. */
  #onOutcome(error?: unknown): void {
    if (error === undefined) {
      this.#state = { state: 'up' };
      return;
    }
    const trouble = troubleOf(error);
    if (!trouble) return;
    this.#down(trouble);
    // A restricted account answers questions; only a message that goes out shows that it is well again.
    if (!trouble.retryable) this.#troubled();
  }

  #down(error: AppError): void {
    const known = this.#state.state === 'down' && this.#state.reason === error.message;
    this.#state = { state: 'down', reason: error.message, hint: error.hint };
    if (known) return;
    this.#options.log.error(`${error.message} ${error.hint}`, { channel: this.id, code: error.code });
  }

  /** Makes `stop` wait for this; the result and the error stay the caller's. */
  #hold(work: Promise<void>): Promise<void> {
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    this.#pending.add(settled);
    void settled.finally(() => this.#pending.delete(settled));
    return work;
  }
}

/** A message that waits may have been addressed when less, or more, was known of the person. */
function formsOf(address: string): string[] {
  const { phone, userId } = fromAddress(address) ?? {};
  return [
    address,
    ...(phone === undefined ? [] : [toAddress({ phone })]),
    ...(userId === undefined ? [] : [toAddress({ userId })]),
  ];
}
