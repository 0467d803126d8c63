import { createHash } from 'node:crypto';
import type { Clock, Ids } from '../clock.ts';
import { cleanText, type InboundMessage, type Input, type Lang, type OutboundMessage } from '../message.ts';
import { CAPABILITIES } from './capabilities.ts';
import { type Channel, type ChannelHost, SendError } from './channel.ts';

/** One message on its way to a browser tab. */
export interface WebDelivery {
  /** Random; the same for every attempt of one message, so that the page can drop a second copy. */
  id: string;
  message: OutboundMessage;
}

/** Something that shows a tab's messages: an open event stream, or a form post that waits for its answer. */
export interface WebViewer {
  deliver(delivery: WebDelivery): void;
  /**
   * Everything on the screen goes away, now.
   * @param forgotten the tab was cleared by its person: its id is of no use any more
   */
  clear(forgotten: boolean): void;
  /** No more will come on this viewer. */
  end(): void;
}

/** What the web server needs of the channel. A tab is known only by its id, 128 random bits made in the browser. */
export interface WebHub {
  /**
   * Hands one input to the host; resolves after its commit.
   * @param id the browser's id of this message: the same id twice has one effect
   * @returns whether the end of the text was cut off
   * @throws when the store cannot take it, or the channel is not started
   */
  say(tab: string, id: string, input: Input, langHint?: Lang): Promise<{ cut: boolean }>;
  /**
   * Shows this tab's messages to `viewer` until the returned function is called.
   * @param lastSeen id of the newest delivery the page already has
   * @returns undefined when no more viewers fit
   */
  watch(tab: string, viewer: WebViewer, lastSeen?: string): (() => void) | undefined;
  /** The page has shown these deliveries. */
  seen(tab: string, ids: readonly string[]): void;
  /**
   * The person cleared the chat: other views of the tab are cleared, its data is deleted, nothing reaches it again.
   * @throws when the store cannot take it; the tab is closed for messages all the same
   */
  forget(tab: string): Promise<void>;
}

/** Sizes and times; the defaults are the product's, tests make them smaller. */
export interface WebChannelOptions {
  clock: Clock;
  ids: Ids;
  /** How long a page has to confirm a message, in ms. */
  ackMs?: number;
  maxViewersPerTab?: number;
  maxViewers?: number;
}

/** Our only account on this channel. */
const ACCOUNT = 'web';
/** Sessions end 48 h after the last word at the latest; a cleared tab need not be remembered longer. */
const GONE_MS = 48 * 3_600_000;
/** Most cleared or unconfirmed tabs remembered at once. */
const MEMORY = 10_000;

/** A message that was written to a stream and not confirmed yet. */
interface Unconfirmed {
  id: string;
  digest: string;
  seen: boolean;
}

/** A `send` that waits for its confirmation. */
interface Waiting {
  tab: string;
  delivery: WebDelivery;
  settle(error?: SendError): void;
}

/**
 * The browser chat as a channel. A send counts when the page says that it has shown the message.
 *
 * Duplicates: after an unclear send (no confirmation in time, or the connection broke) the outbox sends the same
 * message again as the tab's next one. It then gets the same delivery id, so a page that already has it drops the
 * copy; and when the confirmation came late, nothing is sent at all.
 */
export function createWebChannel(options: WebChannelOptions): Channel & WebHub {
  return new WebChannel(options);
}

class WebChannel implements Channel, WebHub {
  readonly id = 'web';
  readonly capabilities = CAPABILITIES.web;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #ackMs: number;
  readonly #maxPerTab: number;
  readonly #maxViewers: number;
  readonly #viewers = new Map<string, Set<WebViewer>>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #unconfirmed = new Map<string, Unconfirmed>();
  readonly #gone = new Map<string, number>();
  #viewerCount = 0;
  #host: ChannelHost | undefined;

  constructor(options: WebChannelOptions) {
    this.#clock = options.clock;
    this.#ids = options.ids;
    this.#ackMs = options.ackMs ?? 15_000;
    this.#maxPerTab = options.maxViewersPerTab ?? 4;
    this.#maxViewers = options.maxViewers ?? 2000;
  }

  async start(host: ChannelHost): Promise<void> {
    this.#host = host;
  }

  async stop(): Promise<void> {
    this.#host = undefined;
    for (const viewers of [...this.#viewers.values()]) for (const viewer of [...viewers]) viewer.end();
    this.#viewers.clear();
    this.#viewerCount = 0;
    for (const waiting of [...this.#waiting.values()]) {
      waiting.settle(new SendError('ambiguous', 'web-stopped'));
    }
  }

  state() {
    return this.#host ? ({ state: 'up' } as const) : ({ state: 'connecting' } as const);
  }

  async say(tab: string, id: string, input: Input, langHint?: Lang): Promise<{ cut: boolean }> {
    if (!this.#host) throw new Error('the web channel is not started');
    let cut = false;
    let cleaned = input;
    if (input.kind === 'text') {
      const clean = cleanText(input.text);
      cut = clean.cut;
      cleaned = { kind: 'text', text: clean.text };
    }
    const message: InboundMessage = {
      channel: 'web',
      account: ACCOUNT,
      user: tab,
      // The browser's id is unique only within its tab.
      id: `${tab}:${id}`,
      address: tab,
      input: cleaned,
      ...(langHint ? { langHint } : {}),
    };
    await this.#host.accept([message]);
    return { cut };
  }

  watch(tab: string, viewer: WebViewer, lastSeen?: string): (() => void) | undefined {
    if (!this.#host || this.#viewerCount >= this.#maxViewers) return undefined;
    if (this.#isGone(tab)) {
      // A copy of the tab that was offline when the chat was cleared.
      viewer.clear(true);
      viewer.end();
      return () => undefined;
    }
    if (lastSeen) this.seen(tab, [lastSeen]);
    const viewers = this.#viewers.get(tab) ?? new Set();
    this.#viewers.set(tab, viewers);
    // The oldest makes room: on a bad network it is the one whose end has not been noticed yet.
    const [oldest] = viewers;
    if (oldest && viewers.size >= this.#maxPerTab) this.#drop(tab, oldest);
    viewers.add(viewer);
    this.#viewers.set(tab, viewers);
    this.#viewerCount += 1;
    // A page that came back while a message was on its way over the broken connection gets it at once.
    for (const waiting of this.#waiting.values()) if (waiting.tab === tab) viewer.deliver(waiting.delivery);
    this.#host.reachable('web', tab);
    return () => this.#drop(tab, viewer);
  }

  seen(tab: string, ids: readonly string[]): void {
    for (const id of ids) {
      const late = this.#unconfirmed.get(tab);
      if (late?.id === id) late.seen = true;
      const waiting = this.#waiting.get(id);
      if (waiting?.tab === tab) waiting.settle();
    }
  }

  async forget(tab: string): Promise<void> {
    remember(this.#gone, tab, this.#clock.now() + GONE_MS);
    this.#unconfirmed.delete(tab);
    for (const viewer of [...(this.#viewers.get(tab) ?? [])]) {
      viewer.clear(true);
      this.#drop(tab, viewer);
    }
    // A fixed id: pressing "Clear" twice, or in two copies of the tab, deletes once.
    await this.say(tab, 'forget', { kind: 'text', text: '/forget' });
  }

  async send(address: string, message: OutboundMessage): Promise<string[]> {
    if (this.#isGone(address)) throw new SendError('stopped', 'web-cleared');
    const viewers = this.#viewers.get(address);
    if (!viewers?.size) throw new SendError('offline', 'web-no-viewer');
    const digest = createHash('sha256').update(JSON.stringify(message)).digest('base64url');
    const before = this.#unconfirmed.get(address);
    this.#unconfirmed.delete(address);
    const again = before?.digest === digest ? before : undefined;
    if (again?.seen) return [again.id];
    const id = again?.id ?? this.#ids.id();
    const delivery = { id, message };
    const confirmed = this.#confirmation(address, delivery, digest);
    for (const viewer of [...viewers]) viewer.deliver(delivery);
    await confirmed;
    return [id];
  }

  async remove(address: string, _sentIds: string[]): Promise<void> {
    // The page cannot show half a conversation neutrally: "hide" takes the person's own words away as well.
    for (const viewer of [...(this.#viewers.get(address) ?? [])]) viewer.clear(false);
  }

  /** Resolves when the page has confirmed; rejects as ambiguous after `ackMs` or when the last viewer left. */
  #confirmation(tab: string, delivery: WebDelivery, digest: string): Promise<void> {
    const { id } = delivery;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        settle(new SendError('ambiguous', 'web-not-confirmed'));
        // Whoever does not confirm is not there any more; a page that is comes back by itself.
        for (const viewer of [...(this.#viewers.get(tab) ?? [])]) this.#drop(tab, viewer);
      }, this.#ackMs);
      const settle = (error?: SendError) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        if (!error) return resolve();
        remember(this.#unconfirmed, tab, { id, digest, seen: false });
        reject(error);
      };
      this.#waiting.set(id, { tab, delivery, settle });
    });
  }

  #drop(tab: string, viewer: WebViewer): void {
    const viewers = this.#viewers.get(tab);
    if (!viewers?.delete(viewer)) return;
    this.#viewerCount -= 1;
    viewer.end();
    if (viewers.size) return;
    this.#viewers.delete(tab);
    for (const waiting of [...this.#waiting.values()]) {
      if (waiting.tab === tab) waiting.settle(new SendError('ambiguous', 'web-stream-broke'));
    }
  }

  #isGone(tab: string): boolean {
    const until = this.#gone.get(tab);
    if (until === undefined) return false;
    if (until > this.#clock.now()) return true;
    this.#gone.delete(tab);
    return false;
  }
}

/** Adds to a map of bounded size; the entry added first makes room. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [first] = map.keys();
  if (map.size > MEMORY && first !== undefined) map.delete(first);
}
