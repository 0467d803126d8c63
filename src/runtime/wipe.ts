import { type Channel, SendError } from '../channels/channel.ts';
import type { Ids } from '../clock.ts';
import { AppError } from '../errors.ts';
import { codeOf, type Log } from '../log-port.ts';
import type { ChannelId } from '../message.ts';
import type { Store, Wipe } from '../store/port.ts';
import { backoff } from './backoff.ts';

export interface WiperOptions {
  store: Store;
  channels: ReadonlyMap<ChannelId, Channel>;
  ids: Ids;
  log: Log;
}

/**
 * The part of "delete my data" after the point of no return: clear the screen, truncate the log, say one word, shred
 * the ticket. Each step may be done twice, after a crash or an outage, and none is forgotten.
 */
export class Wiper {
  /** Finished since the start. */
  readonly figures = { wiped: 0 };
  readonly #options: WiperOptions;
  readonly #busy = new Set<number>();
  readonly #notBefore = new Map<number, NodeJS.Timeout>();
  #running = false;
  #pause: NodeJS.Timeout | undefined;

  constructor(options: WiperOptions) {
    this.#options = options;
  }

  /** Begins, with the tickets of the last run. */
  start(): void {
    this.#running = true;
    this.wake();
  }

  /** There may be tickets. */
  wake(): void {
    if (!this.#running || this.#pause !== undefined) return;
    try {
      for (const wipe of this.#options.store.wipes()) {
        if (this.#busy.has(wipe.id) || this.#notBefore.has(wipe.id)) continue;
        this.#busy.add(wipe.id);
        void this.#finish(wipe);
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#retryAll(error);
    }
  }

  /** Waits for tickets that are being finished; the others stay for the next start. */
  async drain(signal: AbortSignal): Promise<void> {
    while (this.#busy.size > 0 && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, 10));
    this.#running = false;
    clearTimeout(this.#pause);
    for (const timer of this.#notBefore.values()) clearTimeout(timer);
    this.#notBefore.clear();
  }

  /** Never rejects. */
  async #finish(wipe: Wipe): Promise<void> {
    const { store, channels, log } = this.#options;
    try {
      store.tryWipe(wipe.id);
      const channel = channels.get(wipe.channel);
      if (channel !== undefined) {
        // First, because it must not wait for a platform that is down; again at the end, because taking messages back
        // and saying a word may need an encryption session.
        await channel.dropKeys?.(wipe.address);
        if (wipe.sentIds.length > 0) await tolerant(() => channel.remove(wipe.address, wipe.sentIds));
        store.checkpoint();
        await tolerant(() => channel.send(wipe.address, wipe.done, `wipe.${wipe.id}`));
        await channel.dropKeys?.(wipe.address);
      }
      store.endWipe(wipe.id);
      // The ticket's ciphertext may still be in the log.
      store.checkpoint();
      this.figures.wiped += 1;
    } catch (error) {
      log.warn('wipe.again', { channel: wipe.channel, code: codeOf(error), attempts: wipe.attempts });
      this.#again(wipe, error);
    } finally {
      this.#busy.delete(wipe.id);
    }
  }

  #again(wipe: Wipe, error: unknown): void {
    if (!this.#running) return;
    const wait = error instanceof SendError ? error.retryAfterMs : undefined;
    const timer = setTimeout(() => {
      this.#notBefore.delete(wipe.id);
      this.wake();
    }, wait ?? backoff(wipe.attempts, this.#options.ids));
    timer.unref();
    this.#notBefore.set(wipe.id, timer);
  }

  #retryAll(error: AppError): void {
    this.#options.log.error('wipe.not-committed', { code: error.code });
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.wake();
    }, 1_000);
    this.#pause.unref();
  }
}

/** Only what will work later is worth another try: a person who blocked us, or left, has no screen to clear. */
async function tolerant(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof SendError && error.kind !== 'retry') return;
    throw error;
  }
}
