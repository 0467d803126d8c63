import type { Channel, ChannelHost } from '../channels/channel.ts';
import type { Clock, Ids } from '../clock.ts';
import type { Log } from '../log-port.ts';
import type { ChannelId } from '../message.ts';
import type { Backlog, Store } from '../store/port.ts';
import { Deliveries } from './delivery.ts';
import { Retention } from './retention.ts';
import { Turns, type TurnsOptions } from './turns.ts';
import { Wiper } from './wipe.ts';

const DRAIN_MS = 10_000;
/** Further tries of a message that may already have arrived: with the waits between them 15 to 30 s of an outage. */
const UNCLEAR_TRIES = 5;

export interface RuntimeOptions extends Pick<TurnsOptions, 'step' | 'onFault' | 'doneMessage'> {
  store: Store;
  /** Filled before {@link Runtime.start}; the caller starts and stops the channels themselves. */
  channels: ReadonlyMap<ChannelId, Channel>;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** How often a message that may have arrived is sent again. Default 5. */
  unclearTries?: number;
}

export interface Runtime {
  /** What each channel gets in its `start(host)`. */
  host: ChannelHost;
  /** Starts the loops; takes up what waited at the last stop or crash. */
  start(): void;
  /**
   * Finishes what was accepted and stops the loops, in at most 10 s (or `ms`). Stop the channels' receiving first:
   * they must still be able to send. The store stays open.
   */
  stop(ms?: number): Promise<void>;
  health(): RuntimeHealth;
}

export interface RuntimeHealth {
  /** A write reaches the disk now. */
  disk: boolean;
  /** Ages in ms of the oldest unfinished rows; absent when there is none. */
  backlog: Backlog;
  turns: { done: number; faults: number };
  delivery: Deliveries['figures'];
}

/** Ties the store, the engine's step and the channels together. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const { store, channels, clock, ids, log, step, onFault, doneMessage } = options;
  const wiper = new Wiper({ store, channels, ids, log });
  const delivery = new Deliveries({
    store,
    channels,
    clock,
    ids,
    log,
    unclearTries: options.unclearTries ?? UNCLEAR_TRIES,
    settled: () => wiper.wake(),
  });
  const turns = new Turns({
    store,
    step,
    onFault,
    doneMessage,
    log,
    committed: (forgets) => {
      delivery.wake();
      if (forgets) wiper.wake();
    },
  });
  const retention = new Retention({ store, clock, log });
  return {
    host: {
      async accept(messages) {
        await store.accept(messages);
        turns.wake();
      },
      reachable: (channel, address) => delivery.reachable(channel, address),
    },
    start() {
      retention.start();
      turns.start();
      delivery.start();
      wiper.start();
    },
    async stop(ms = DRAIN_MS) {
      retention.stop();
      const end = new AbortController();
      const timer = setTimeout(() => end.abort(), ms);
      await turns.drain(end.signal);
      await delivery.drain(end.signal);
      await wiper.drain(end.signal);
      clearTimeout(timer);
    },
    health: () => ({
      disk: store.probe(),
      backlog: store.backlog(clock.now()),
      turns: { ...turns.figures },
      delivery: { ...delivery.figures },
    }),
  };
}
