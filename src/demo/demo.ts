import { join } from 'node:path';
import { bindBot } from '../bot.ts';
import type { Channel } from '../channels/channel.ts';
import type { Clock, Ids } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Env } from '../engine/types.ts';
import { type Canned, loadCanned } from '../handoff/canned.ts';
import { desk } from '../handoff/desk.ts';
import type { Log } from '../log-port.ts';
import type { ChannelId } from '../message.ts';
import { createRuntime } from '../runtime/runtime.ts';
import { markSimulated } from '../simulated.ts';
import { openStaff } from '../staff-console.ts';
import { releaseMaker } from '../statistics.ts';
import type { Store } from '../store/port.ts';
import { openStore } from '../store/sqlite.ts';
import type { ConsoleLang } from '../store/staff-types.ts';
import { clockOffsetOf } from '../usage/local-time.ts';
import { type DemoLink, makeAccounts } from './accounts.ts';
import { DemoClock } from './agenda.ts';
import { DEMO_CHANNELS, type Hear, Messenger } from './messenger.ts';
import { type Done, Simulation } from './simulation.ts';
import { demoTeam, Operators } from './team.ts';
import type { Words } from './words.ts';
import { type Span, spanOf } from './year.ts';

/** What a demo is made of. */
export interface DemoOptions {
  /** The project's folder. */
  root: string;
  /** The environment's; its country is the deployment's. */
  config: Config;
  /** An empty folder that is marked as simulated. */
  dir: string;
  people: number;
  weeks: number;
  seed: number;
  /** Of the console. */
  lang: ConsoleLang;
  env: Env;
  words: Words;
  clock: Clock;
  ids: Ids;
  signal: AbortSignal;
  progress: (done: Done) => void;
}

/** What became of it. */
export interface Demo {
  figures: DemoFigures;
  /** To set the accounts up with. */
  links: DemoLink[];
}

export interface DemoFigures {
  visits: number;
  /** Messages of people. */
  turns: number;
  /** Messages of the bot and of operators. */
  sent: number;
  /** Chats that people asked for. */
  asked: number;
  /** Released weeks. */
  weeks: number;
  /** People who wait for somebody at the end, and who talk with somebody. */
  waiting: number;
  held: number;
}

/**
 * Fills a folder with simulated weeks that end now, the current one included: through the real engine, store and loops,
 * without a network. The folder is complete when this resolves.
 *
 * @throws AppError when the folder cannot be used; the signal's reason when it is aborted
 */
export async function makeDemo(options: DemoOptions): Promise<Demo> {
  const { root, config, dir, weeks, lang, clock, ids } = options;
  const offset = clockOffsetOf(config.country);
  const span = spanOf(weeks, clock.now(), offset);
  const demoClock = new DemoClock(span.start);
  const { canned } = loadCanned(root);
  const { team, rules } = demoTeam(span.end, offset, canned);
  const migrations = join(root, 'db', 'migrations');
  const store = openStore({
    dir,
    clock: demoClock,
    ids,
    migrations,
    desk: rules,
    clockOffset: offset,
    throwAway: true,
  });
  try {
    const staff = openStaff(dir, migrations, clock, ids);
    try {
      const { colleagues, links } = await makeAccounts(staff, lang, clock, ids);
      const figures = await live(options, { store, clock: demoClock, span, team, canned, colleagues });
      markSimulated(dir, true);
      return { figures, links };
    } finally {
      staff.close();
    }
  } finally {
    store.close();
  }
}

interface Grounds {
  store: Store;
  clock: DemoClock;
  span: Span;
  team: ReturnType<typeof demoTeam>['team'];
  canned: Canned;
  colleagues: number[];
}

/** The weeks themselves. */
async function live(options: DemoOptions, grounds: Grounds): Promise<DemoFigures> {
  const { config, env, ids, words, people, seed, signal } = options;
  const { store, clock, span, team, canned, colleagues } = grounds;
  const hear: Hear = (address, message) => simulation.hear(address, message);
  const channels = new Map<ChannelId, Channel>(DEMO_CHANNELS.map((id) => [id, new Messenger(id, hear)]));
  const log = new Strict();
  const runtime = createRuntime({
    ...bindBot(env, clock),
    store,
    channels,
    clock,
    ids,
    log,
    desk: (wanted, now) => desk([team], now, wanted),
    country: env.country,
    release: releaseMaker(env, { ...config, dataDir: options.dir, ...EVERY_CHANNEL }, ids),
  });
  let visits = 0;
  let turns = 0;
  let asked = 0;
  const seen = new Set<number>();
  store.handoffs.onChange((change) => {
    if (change.type !== 'head' || seen.has(change.head.id)) return;
    seen.add(change.head.id);
    asked += 1;
  });
  const idle = () => {
    log.check();
    const { inbox, outbox } = store.backlog(clock.now());
    return inbox === undefined && outbox === undefined;
  };
  const tick = () => void store.handoffs.tick(clock.now());
  const progress = (done: Done) => {
    visits = done.visits;
    turns = done.turns;
    options.progress(done);
  };
  const world = { texts: env.texts, content: env.content, words };
  const simulation = new Simulation({
    ...{ span, people, seed, env, world, clock, runtime, tick, idle, progress, signal },
  });
  const note = simulation.note.bind(simulation);
  const { handoffs } = runtime;
  new Operators({ handoffs, clock, note, accounts: colleagues, canned, end: span.end, seed }).watch();
  runtime.start();
  try {
    await simulation.run();
  } finally {
    await runtime.stop();
  }
  log.check();
  const heads = handoffs.heads();
  const { delivery } = runtime.health();
  return {
    visits,
    turns,
    sent: delivery.sent,
    asked,
    weeks: store.releases.list().length,
    waiting: heads.filter(({ state }) => state === 'waiting' || state === 'requested').length,
    held: heads.filter(({ state }) => state === 'claimed').length,
  };
}

/** People come by every way there is; these are never used. */
const EVERY_CHANNEL = {
  telegram: { token: '', apiRoot: '' },
  whatsapp: { way: 'baileys', qr: 'raw' },
} as const satisfies Partial<Config>;

/** Takes no failure for granted: what a running bot would log and survive is a fault of the demo. */
class Strict implements Log {
  #failed: string | undefined;

  info(): void {}

  warn(event: string): void {
    this.#failed ??= event;
  }

  error(event: string): void {
    this.#failed ??= event;
  }

  /** @throws Error when something failed since the last time */
  check(): void {
    if (this.#failed !== undefined) throw new Error(`the demo failed: ${this.#failed}`);
  }
}
