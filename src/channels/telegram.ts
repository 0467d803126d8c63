import { Api } from 'grammy';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log-port.ts';
import type { Lang, OutboundMessage } from '../message.ts';
import { CAPABILITIES } from './capabilities.ts';
import type { Channel, ChannelHost, ChannelState } from './channel.ts';
import { backoffMs, pause } from './network.ts';
import { errorWord, isRefused, refusedError, statusOf, webhookError } from './telegram-errors.ts';
import { toInbound, UPDATE_KINDS } from './telegram-inbound.ts';
import { poll, report, TELEGRAM_TIMINGS, type TelegramTimings, toApiSignal } from './telegram-poll.ts';
import { createSender, type Sender } from './telegram-send.ts';
import { createWebhook } from './telegram-webhook.ts';

/** The commands shown in Telegram's menu, for one language. */
export interface CommandList {
  lang: Lang;
  /** `command` without the slash, 1–32 of a–z, 0–9, "_"; `description` 1–256 characters. */
  list: { command: string; description: string }[];
}

export interface TelegramOptions {
  /** From @BotFather: `<bot id>:<secret>`. */
  token: string;
  /** `https://api.telegram.org`, or a stand-in; without a slash at the end. */
  apiRoot: string;
  /** Receive by webhook instead of polling: the public address, and the word Telegram proves itself with. */
  webhook?: { url: string; secret: string };
  log: Log;
  clock: Clock;
  commands: CommandList[];
  /** Whose commands people see whose language has none; default: the first of `commands`. */
  defaultLang?: Lang;
  /** Label of the "send my location" button. */
  locationLabel(lang: Lang): string;
  timings?: Partial<TelegramTimings>;
  /** Without it every group is left. */
  group?: TelegramStaffGroup;
}

/** The operators' group. It is served by the same bot, because a token has one queue of updates. */
export interface TelegramStaffGroup {
  /** Telegram's number of it. */
  chat: number;
  /**
   * An update from there, or a private `/link`, as Telegram sent it. What has to last lasts when it returns: after that
   * Telegram is told "received". Never throws.
   */
  take(update: unknown): void;
}

/** The Telegram channel; with `webhook` set, its web server hands deliveries to `webhookHandler`. */
export interface TelegramChannel extends Channel {
  webhookHandler?(request: Request): Promise<Response>;
}

/**
 * Makes the Telegram channel. grammY is the API client only: its own polling confirms updates before they are
 * stored, so the loop is ours (see telegram-poll.ts).
 *
 * `start` rejects with `CHANNEL_REFUSED` when the token or the webhook's address is refused. When Telegram cannot be
 * reached it resolves, the state is `connecting`, and the channel goes on trying.
 */
export function createTelegram(options: TelegramOptions): TelegramChannel {
  return new Telegram(options);
}

class Telegram implements TelegramChannel {
  readonly id = 'telegram';
  readonly capabilities = CAPABILITIES.telegram;
  readonly webhookHandler?: (request: Request) => Promise<Response>;
  readonly #options: TelegramOptions;
  readonly #timings: TelegramTimings;
  readonly #account: string;
  readonly #api: Api;
  readonly #sender: Sender;
  readonly #pending = new Set<Promise<void>>();
  #state: ChannelState = { state: 'connecting' };
  #host: ChannelHost | undefined;
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: TelegramOptions) {
    const { token, apiRoot, clock, log } = options;
    this.#options = options;
    this.#timings = { ...TELEGRAM_TIMINGS, ...options.timings };
    this.#account = token.split(':')[0] ?? '';
    this.#api = new Api(token, { apiRoot, timeoutSeconds: this.#timings.callSeconds });
    this.#sender = createSender({
      api: this.#api,
      clock,
      locationLabel: options.locationLabel,
      onFailure: (error) => {
        if (statusOf(error) === 401) this.#state = report(refusedError(), options);
      },
    });
    if (options.webhook) {
      const take = (): ((updates: unknown[]) => Promise<void>) | undefined => {
        const host = this.#host;
        return host && ((updates) => this.#hold(this.#take(host, updates)));
      };
      this.webhookHandler = createWebhook({ secret: options.webhook.secret, log, take });
    }
  }

  state(): ChannelState {
    return this.#state;
  }

  send(address: string, message: OutboundMessage): Promise<string[]> {
    return this.#sender.send(address, message);
  }

  remove(address: string, sentIds: string[]): Promise<void> {
    return this.#sender.remove(address, sentIds);
  }

  async start(host: ChannelHost): Promise<void> {
    this.#stopping = new AbortController();
    this.#state = { state: 'connecting' };
    const prepared = await this.#prepare();
    if (prepared instanceof AppError) throw prepared;
    this.#host = host;
    this.#running = this.#run(host, prepared);
  }

  async stop(): Promise<void> {
    this.#host = undefined;
    this.#stopping.abort();
    await this.#running;
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Accepts one batch, then does what needs no answer to the person. */
  async #take(host: ChannelHost, updates: unknown[]): Promise<void> {
    const { group } = this.#options;
    const incoming = updates.map((update) => toInbound(update, this.#account, group?.chat));
    const malformed = incoming.filter((i) => i.malformed).length;
    if (malformed > 0) {
      this.#options.log.warn('skipped updates that cannot be read', {
        channel: 'telegram',
        count: malformed,
      });
    }
    const messages = incoming.flatMap((i) => i.message ?? []);
    if (messages.length > 0) await host.accept(messages);
    updates.forEach((update, i) => {
      if (incoming[i]?.forGroup) group?.take(update);
    });
    for (const { callbackId, leave } of incoming) {
      // Answered once, after the commit: the button stops spinning when the tap can no longer be lost.
      if (callbackId !== undefined)
        this.#aside('answerCallbackQuery', this.#api.answerCallbackQuery(callbackId));
      if (leave !== undefined) this.#aside('leaveChat', this.#api.leaveChat(leave));
    }
  }

  async #run(host: ChannelHost, prepared: boolean): Promise<void> {
    const { signal } = this.#stopping;
    const { backoff, maxBackoff } = this.#timings;
    let ready: boolean | AppError = prepared;
    for (let failures = 0; ready === false; failures += 1) {
      await pause(backoffMs(failures, backoff, maxBackoff), signal);
      if (signal.aborted) return;
      ready = await this.#prepare();
    }
    if (ready instanceof AppError) return;
    if (this.#options.webhook) {
      this.#state = { state: 'up' };
      return;
    }
    await poll({
      api: new Api(this.#options.token, {
        apiRoot: this.#options.apiRoot,
        timeoutSeconds: this.#timings.pollSeconds + this.#timings.callSeconds,
      }),
      signal,
      timings: this.#timings,
      log: this.#options.log,
      take: (updates) => this.#take(host, updates),
      setState: (state) => {
        this.#state = state;
      },
    });
  }

  /** One attempt at everything before the first update: false when another may help, an error when none can. */
  async #prepare(): Promise<boolean | AppError> {
    const signal = toApiSignal(this.#stopping.signal);
    const { webhook, log } = this.#options;
    try {
      if (webhook) {
        const settings = { secret_token: webhook.secret, allowed_updates: UPDATE_KINDS };
        await this.#api.setWebhook(webhook.url, settings, signal);
      } else {
        // Polling and a webhook exclude each other; what waits is kept.
        await this.#api.deleteWebhook({ drop_pending_updates: false }, signal);
      }
    } catch (error) {
      const refusal = isRefused(error)
        ? refusedError()
        : statusOf(error) === 400
          ? webhookError()
          : undefined;
      if (refusal) {
        this.#state = report(refusal, this.#options);
        return refusal;
      }
      log.warn('no contact yet, trying again', { channel: 'telegram', reason: errorWord(error) });
      return false;
    }
    this.#aside('setMyCommands', publishCommands(this.#api, this.#options));
    return true;
  }

  /** A call that nobody waits for but `stop`; its failure is worth a line in the log, nothing more. */
  #aside(what: string, call: Promise<unknown>): void {
    const { log } = this.#options;
    void this.#hold(
      call.then(
        () => undefined,
        (error: unknown) =>
          log.info('a side call failed', { channel: 'telegram', call: what, reason: errorWord(error) }),
      ),
    );
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

/** One list per two-letter language (Telegram knows no scripts), and one for everybody else. */
async function publishCommands(api: Api, options: TelegramOptions): Promise<void> {
  const standard = options.defaultLang ?? options.commands[0]?.lang;
  for (const { lang, list } of options.commands) {
    if (lang === standard) await api.setMyCommands(list);
    if (lang !== 'uz-Cyrl') await api.setMyCommands(list, { language_code: lang });
  }
}
