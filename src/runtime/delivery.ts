import { type Channel, SendError } from '../channels/channel.ts';
import type { Clock, Ids } from '../clock.ts';
import { AppError } from '../errors.ts';
import { codeOf, type Log } from '../log-port.ts';
import type { ChannelId } from '../message.ts';
import type { Delivery, DeliveryOutcome, Store } from '../store/port.ts';
import { backoff } from './backoff.ts';

/** Sends at the same time, each to another contact. */
const CONCURRENCY = 30;
/** After a commit that the disk did not take. */
const PAUSE_MS = 250;
const MAX_TIMER_MS = 60_000;

export interface DeliveryOptions {
  store: Store;
  channels: ReadonlyMap<ChannelId, Channel>;
  clock: Clock;
  ids: Ids;
  log: Log;
  /**
   * How often a message that may have arrived is sent again: each such try can show it twice. One more when nothing
   * is known, but an outage with 5xx answers must not leave people without an answer.
   */
  unclearTries: number;
  /** Called when the last message of a contact came back, so that a waiting wipe can go on. */
  settled: () => void;
}

interface Flight {
  delivery: Delivery;
  /** The address came back while the send was on its way to fail. */
  woken: boolean;
}

/** Sends what the outbox holds: strictly in order within a contact, several contacts at once. */
export class Deliveries {
  /** Since the start. */
  readonly figures = { sent: 0, retried: 0, unclear: 0, offline: 0, dead: 0, stopped: 0 };
  readonly #options: DeliveryOptions;
  readonly #flights = new Map<string, Flight>();
  #outcomes: DeliveryOutcome[] = [];
  #scheduled = false;
  #running = false;
  #timer: NodeJS.Timeout | undefined;
  #paused = false;
  #idle: (() => void)[] = [];

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Begins, with what waited at the last stop. */
  start(): void {
    this.#running = true;
    this.wake();
  }

  /** There may be something to send or to write down. */
  wake(): void {
    if (this.#scheduled || this.#paused || !this.#running) return;
    this.#scheduled = true;
    setImmediate(() => this.#pass());
  }

  /** The person at this address can be reached again. */
  reachable(channel: ChannelId, address: string): void {
    for (const flight of this.#flights.values()) {
      if (flight.delivery.channel === channel && flight.delivery.address === address) flight.woken = true;
    }
    if (this.#options.store.wake(channel, address)) this.wake();
  }

  /**
   * Resolves when nothing is due and nothing is on its way, or when `signal` says that there is no more time. What is
   * on its way then is sent again by the next start.
   */
  async drain(signal: AbortSignal): Promise<void> {
    this.wake();
    await new Promise<void>((resolve) => {
      if (signal.aborted || !this.#scheduled) resolve();
      this.#idle.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#running = false;
    clearTimeout(this.#timer);
  }

  #pass(): void {
    this.#scheduled = false;
    // After drain() nothing touches the store any more: it may be closed.
    if (!this.#running) return;
    const { store, clock, log } = this.#options;
    try {
      this.#settle();
      const free = CONCURRENCY - this.#flights.size;
      if (free > 0 && store.nextDueAt() !== undefined) {
        for (const delivery of store.due(free, clock.now())) this.#send(delivery);
      }
      this.#arm(clock.now());
    } catch (error) {
      log.error('delivery.not-committed', { code: codeOf(error) });
      // Nothing is lost: outcomes stay in memory and rows in the outbox until the disk takes writes.
      if (!(error instanceof AppError)) throw error;
      this.#paused = true;
      this.#timer = setTimeout(() => {
        this.#paused = false;
        this.wake();
      }, PAUSE_MS);
    }
  }

  /** All outcomes since the last pass in one commit. */
  #settle(): void {
    if (this.#outcomes.length === 0) return;
    const outcomes = this.#outcomes.map((o) => this.#lastMinute(o));
    this.#options.store.settle(outcomes);
    this.#outcomes = [];
    for (const { id } of outcomes) this.#flights.delete(id);
    this.#options.settled();
  }

  #lastMinute(outcome: DeliveryOutcome): DeliveryOutcome {
    const woken = outcome.result === 'offline' && this.#flights.get(outcome.id)?.woken === true;
    return woken ? { id: outcome.id, result: 'retry', at: this.#options.clock.now() } : outcome;
  }

  #arm(now: number): void {
    clearTimeout(this.#timer);
    const at = this.#options.store.nextDueAt();
    const full = this.#flights.size >= CONCURRENCY;
    if (at !== undefined && at <= now && !full) {
      this.wake();
      return;
    }
    if (at !== undefined && !full) {
      this.#timer = setTimeout(() => this.wake(), Math.min(at - now, MAX_TIMER_MS));
      this.#timer.unref();
    }
    if (this.#flights.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #send(delivery: Delivery): void {
    this.#flights.set(delivery.id, { delivery, woken: false });
    void this.#attempt(delivery).then((outcome) => {
      this.#outcomes.push(outcome);
      this.wake();
    });
  }

  /** Never rejects. */
  async #attempt(delivery: Delivery): Promise<DeliveryOutcome> {
    const { id, address, task } = delivery;
    const channel = this.#options.channels.get(delivery.channel);
    if (channel === undefined) {
      // A channel that is switched off now may be on after the next start.
      this.figures.offline += 1;
      return { id, result: 'offline', reason: 'channel-off' };
    }
    try {
      if (task.type === 'hide') {
        if (task.sentIds.length > 0) await channel.remove(address, task.sentIds);
        return { id, result: 'sent', sentIds: [] };
      }
      const sentIds = await channel.send(address, task.message, id);
      this.figures.sent += 1;
      return { id, result: 'sent', sentIds };
    } catch (error) {
      return this.#failed(delivery, error);
    }
  }

  #failed(delivery: Delivery, error: unknown): DeliveryOutcome {
    const { id, attempts, unclear, once } = delivery;
    const { clock, ids, log, unclearTries } = this.#options;
    // What is not a SendError is a fault of the adapter's; whether the message went out is then not known.
    const failure = error instanceof SendError ? error : new SendError('ambiguous', codeOf(error));
    const fields = { channel: delivery.channel, kind: failure.kind, reason: failure.reason, attempts };
    switch (failure.kind) {
      case 'retry':
        this.figures.retried += 1;
        return { id, result: 'retry', at: clock.now() + (failure.retryAfterMs ?? backoff(attempts, ids)) };
      case 'offline':
        this.figures.offline += 1;
        return { id, result: 'offline', reason: failure.reason };
      case 'stopped':
        this.figures.stopped += 1;
        return { id, result: 'stopped' };
      case 'ambiguous':
        this.figures.unclear += 1;
        // An operator's words are not sent again in any case; that nobody knows is what has to be told.
        if (once || unclear < unclearTries) {
          log.warn('delivery.unclear', fields);
          return { id, result: 'unclear', at: clock.now() + backoff(attempts, ids) };
        }
        break;
      case 'permanent':
        break;
    }
    this.figures.dead += 1;
    log.error('delivery.dead', fields);
    return { id, result: 'dead', reason: failure.reason };
  }
}
