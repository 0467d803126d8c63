import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bindBot } from './bot.ts';
import type { Channel } from './channels/channel.ts';
import { createWebChannel } from './channels/web.ts';
import type { WhatsAppChannel } from './channels/whatsapp.ts';
import { type Clock, type Ids, isoDate } from './clock.ts';
import type { Config } from './config.ts';
import { step } from './engine/step.ts';
import type { Env } from './engine/types.ts';
import { AppError } from './errors.ts';
import { floodRules } from './flood-rules.ts';
import { healthOf } from './health.ts';
import { codeOf, type Log } from './log-port.ts';
import type { ChannelId, OutboundMessage } from './message.ts';
import { createMessengers, type Messengers } from './messengers.ts';
import { createRuntime, type Runtime } from './runtime/runtime.ts';
import { createStaffConsole, groupKey, mayAnswer, openStaff, type StaffConsole } from './staff-console.ts';
import { releaseMaker } from './statistics.ts';
import type { Store } from './store/port.ts';
import { openStore } from './store/sqlite.ts';
import type { Staff } from './store/staff.ts';
import { openTeamDesk, type TeamDesk } from './team-desk.ts';
import { clockOffsetOf } from './usage/local-time.ts';
import { createWeb, type Web } from './web/server.ts';
import { WEB_KEYS } from './web/words.ts';
import { loadWorld } from './world.ts';

/** How long a start waits for a platform that does not answer, in ms; the channel goes on trying. */
const START_MS = 3_000;
/** A stop ends within ten seconds: of them, for channels to stop receiving … */
const CHANNEL_STOP_MS = 3_000;
/** … and for that and all that was accepted. The web server then closes within one second. */
const STOP_MS = 8_500;

export interface AppOptions {
  /** The project's folder: flows/, locales/, db/. */
  root: string;
  config: Config;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** More channels, e.g. the terminal; with it the web stays off. */
  only?: Channel;
}

/** What runs, for the start-up lines. */
export interface Running {
  url?: string;
  /** Channels that could not start, with what to do. Others run on. */
  failed: { channel: ChannelId; error: AppError }[];
  /** Channels whose platform has not answered yet. They go on trying. */
  connecting: ChannelId[];
  /** Where the first administrator sets up an account: opens once. Absent when there is one. */
  invitation?: string;
  /** WhatsApp waits for a phone to be paired. */
  unpaired: boolean;
}

export interface App {
  /** WhatsApp through a paired phone, when it is configured so: to show its pairing codes. */
  readonly whatsappPhone?: WhatsAppChannel;
  /** @throws AppError when nothing can run: broken files, a locked data folder, a taken port */
  start(): Promise<Running>;
  /** Stops receiving, finishes what was accepted (≤ 10 s), closes the store. */
  stop(): Promise<void>;
}

/**
 * Ties everything together: content → store → runtime → channels → web.
 *
 * @throws AppError; nothing is left open then
 */
export async function createApp(options: AppOptions): Promise<App> {
  const { root, config, clock, ids } = options;
  const today = isoDate(clock.now());
  const env = loadWorld(root, config.country, today);
  // Known only once the accounts are open; nobody asks before.
  let staff: Staff | undefined;
  const desk = openTeamDesk(root, today, () => config.operators !== undefined || mayAnswer(staff));
  const migrations = join(root, 'db', 'migrations');
  const clockOffset = clockOffsetOf(config.country);
  const store = openStore({ dir: config.dataDir, clock, ids, migrations, desk: desk.rules, clockOffset });
  try {
    if (options.only === undefined) staff = openStaff(config.dataDir, migrations, clock, ids);
    return await assemble(options, { env, desk, store, staff, migrations });
  } catch (error) {
    staff?.close();
    store.close();
    throw error;
  }
}

/** What everything else is made of. */
interface Grounds {
  env: Env;
  desk: TeamDesk;
  store: Store;
  /** Absent without the web. */
  staff: Staff | undefined;
  migrations: string;
}

async function assemble(options: AppOptions, grounds: Grounds): Promise<App> {
  const { clock, ids, log } = options;
  const { env, desk, store, staff } = grounds;
  const channels = new Map<ChannelId, Channel>();
  const runtime = createRuntime({
    ...bindBot(env, clock),
    store,
    channels,
    clock,
    ids,
    log,
    flood: floodRules(env),
    desk: desk.provider,
    country: env.country,
    release: releaseMaker(env, options.config, ids),
  });
  const { handoffs } = runtime;
  const messengers: Messengers =
    staff === undefined
      ? { webhooks: [] }
      : await createMessengers(options, env, store, {
          staff,
          handoffs,
          groupKey: () => groupKey(options.config.dataDir, grounds.migrations, clock, ids),
        });
  const staffed =
    staff === undefined
      ? undefined
      : createStaffConsole({ ...options, env, desk, handoffs, messengers, staff });
  const web =
    staffed === undefined ? undefined : addWeb(options, env, messengers, channels, runtime, staffed);
  if (options.only !== undefined) channels.set(options.only.id, options.only);
  return {
    ...(messengers.phone === undefined ? {} : { whatsappPhone: messengers.phone }),
    async start() {
      try {
        runtime.start();
        messengers.group?.start();
        const url = web === undefined ? undefined : (await web.listen()).url;
        const failed = await startChannels(channels, runtime, log);
        const connecting = await stillConnecting(channels);
        const unpaired = messengers.phone !== undefined && messengers.phone.pairing().state !== 'paired';
        const invitation = staff?.firstLink();
        return {
          ...(url === undefined ? {} : { url }),
          ...(url === undefined || invitation === undefined ? {} : { invitation: url + invitation }),
          failed,
          connecting,
          unpaired,
        };
      } catch (error) {
        await runtime.stop(0);
        staffed?.close();
        store.close();
        throw error;
      }
    },
    async stop() {
      const began = clock.now();
      staffed?.end();
      // What a platform leaves unanswered for half a minute must not keep us from ending in order.
      await atMost(Promise.all([...channels.values()].map((c) => c.stop())), CHANNEL_STOP_MS);
      await messengers.group?.stop();
      await runtime.stop(Math.max(0, STOP_MS - (clock.now() - began)));
      await web?.close();
      staffed?.close();
      store.close();
    },
  };
}

/** One channel that fails, or whose platform does not answer, leaves the others up. */
async function startChannels(
  channels: ReadonlyMap<ChannelId, Channel>,
  runtime: Runtime,
  log: Log,
): Promise<Running['failed']> {
  const failed: Running['failed'] = [];
  for (const channel of channels.values()) {
    const start = channel.start(runtime.host).catch((error: unknown) => {
      log.error('channel.failed', { channel: channel.id, code: codeOf(error) });
      if (!(error instanceof AppError)) throw error;
      failed.push({ channel: channel.id, error });
    });
    await atMost(start, START_MS);
  }
  return failed;
}

/** Gives channels a moment for their first contact, so that the start lines can say how it is. */
async function stillConnecting(channels: ReadonlyMap<ChannelId, Channel>): Promise<ChannelId[]> {
  const waiting = () => [...channels.values()].filter((c) => c.state().state === 'connecting');
  for (let tries = 0; tries < 20 && waiting().length > 0; tries += 1) await sleep(50);
  return waiting().map((c) => c.id);
}

/** Waits for work, but no longer than this. @throws what the work throws in that time */
async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  const end = new AbortController();
  const limit = sleep(ms, undefined, { signal: end.signal }).catch(() => undefined);
  try {
    await Promise.race([work, limit]);
  } finally {
    end.abort();
  }
}

function addWeb(
  options: AppOptions,
  env: Env,
  messengers: Messengers,
  channels: Map<ChannelId, Channel>,
  runtime: Runtime,
  staffed: StaffConsole,
): Web {
  const { config, clock, ids, log } = options;
  const hub = createWebChannel({ clock, ids });
  channels.set('web', hub);
  const { telegram, whatsapp, webhooks } = messengers;
  if (telegram !== undefined) channels.set('telegram', telegram);
  if (whatsapp !== undefined) channels.set('whatsapp', whatsapp);
  return createWeb({
    host: config.host,
    port: config.port,
    clock,
    ids,
    assets: join(options.root, 'src', 'web', 'public'),
    channel: hub,
    greeting: () => greeting(env),
    chrome: (lang) => Object.fromEntries(WEB_KEYS.map((key) => [key, env.texts.t(lang, `web:${key}`)])),
    phones: shortNumbers(env),
    health: () => healthOf(channels, runtime, messengers.group?.state()),
    staff: () => [
      { name: 'Web', state: hub.state() },
      { name: 'Telegram', ...(telegram === undefined ? {} : { state: telegram.state() }) },
      { name: 'WhatsApp', ...(whatsapp === undefined ? {} : { state: whatsapp.state() }) },
    ],
    ...(config.publicHosts.length > 0 ? { allowedHosts: config.publicHosts } : {}),
    webhooks,
    console: staffed.app,
    report: (error) => log.error('web.fault', { code: codeOf(error) }),
  });
}

/** The first message of any conversation: asked of the engine, so that the page shows what the bot would say. */
function greeting(env: Env): OutboundMessage {
  const { effects } = step(env, null, { kind: 'start' }, { channel: 'web' });
  const first = effects.find((e) => e.type === 'send');
  if (first === undefined) throw new Error('the first turn of a conversation says nothing');
  return first.message;
}

/** `112`, `103` …: numbers that only a list can tell from a year or a house number. */
function shortNumbers(env: Env): string[] {
  const topics = ['pep', 'crisis', 'violence', 'police'] as const;
  const lines = env.content.countries().flatMap((c) => topics.flatMap((t) => env.content.emergency(c, t)));
  return [...new Set(lines.flatMap((contact) => contact.phones).filter((p) => !p.startsWith('+')))];
}
