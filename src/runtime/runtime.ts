import type { Channel, ChannelHost } from '../channels/channel.ts';
import type { Clock, Ids } from '../clock.ts';
import type { Handoffs } from '../handoff/port.ts';
import type { Log } from '../log-port.ts';
import type { ChannelId } from '../message.ts';
import type { Backlog, Store } from '../store/port.ts';
import { Deliveries } from './delivery.ts';
import { type DeskProvider, DeskTimers, deskOf } from './desk.ts';
import { Flood, type FloodRules } from './flood.ts';
import { type MakeRelease, Releases } from './releases.ts';
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
  /** Limits for people who write too fast. Default: none. */
  flood?: FloodRules;
  /** Who would answer somebody who asks for a person now (ms since 1970). Default: nobody sits there. */
  desk?: DeskProvider;
  /** The deployment's country, for somebody who named none. */
  country?: string;
  /** Makes what is published of a week. Default: nothing is ever released. */
  release?: MakeRelease;
}

export interface Runtime {
  /** What each channel gets in its `start(host)`. */
  host: ChannelHost;
  /** The chats with people, for the console and the operators' group. */
  handoffs: Handoffs;
  /** Starts the loops; takes up what waited at the last stop or crash. */
  start(): void;
  /**
   * Finishes what was accepted and stops the loops, in at most 10 s (or `ms`). Stop the channels' receiving first:
   * they must still be able to send. The store stays open.
   */
  stop(ms?: number): Promise<void>;
  /** Does at once what only time brings: for a clock that is set forward in leaps. Turns and messages follow by themselves. */
  leap(): void;
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
    channel: (id) => channels.get(id),
    ...(options.flood === undefined ? {} : { flood: new Flood(clock, options.flood) }),
    ...(options.desk === undefined ? {} : { desk: deskOf(store, clock, options.desk) }),
    ...(options.country === undefined ? {} : { country: options.country }),
    log,
    committed: (forgets) => {
      delivery.wake();
      if (forgets) wiper.wake();
    },
  });
  const time = timeLoops(options);
  store.handoffs.onChange(() => {
    turns.wake();
    delivery.wake();
    time.wake();
  });
  return {
    host: {
      async accept(messages) {
        await store.accept(messages);
        turns.wake();
      },
      reachable: (channel, address) => delivery.reachable(channel, address),
    },
    handoffs: store.handoffs,
    start() {
      time.start();
      turns.start();
      delivery.start();
      wiper.start();
    },
    async stop(ms = DRAIN_MS) {
      time.stop();
      const end = new AbortController();
      const timer = setTimeout(() => end.abort(), ms);
      await turns.drain(end.signal);
      await delivery.drain(end.signal);
      await wiper.drain(end.signal);
      clearTimeout(timer);
    },
    leap: () => time.leap(),
    health: () => ({
      disk: store.probe(),
      backlog: store.backlog(clock.now()),
      turns: { ...turns.figures },
      delivery: { ...delivery.figures },
    }),
  };
}

/** The loops that time alone moves. */
function timeLoops({ store, clock, log, release }: RuntimeOptions) {
  const desk = new DeskTimers({ store, clock, log });
  const retention = new Retention({ store, clock, log });
  const releases = release === undefined ? undefined : new Releases({ store, make: release, clock, log });
  return {
    wake: () => desk.wake(),
    start() {
      desk.start();
      // Before the sweep, which deletes counters that are too old to wait any longer.
      releases?.start();
      retention.start();
    },
    leap() {
      desk.wake();
      releases?.look();
      retention.sweep();
    },
    stop() {
      retention.stop();
      releases?.stop();
      desk.stop();
    },
  };
}
