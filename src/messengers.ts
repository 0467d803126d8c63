import type { TelegramChannel } from './channels/telegram.ts';
import type { WhatsAppChannel } from './channels/whatsapp.ts';
import type { WhatsAppCloudChannel } from './channels/whatsapp-cloud.ts';
import { consoleAddress } from './cli/operator.ts';
import type { Clock, Ids } from './clock.ts';
import type { BaileysConfig, CloudConfig, Config } from './config.ts';
import type { Env } from './engine/types.ts';
import type { Handoffs } from './handoff/port.ts';
import type { TelegramGroup } from './handoff/telegram-group.ts';
import type { Log } from './log-port.ts';
import { LANGS, type Lang } from './message.ts';
import type { Store } from './store/port.ts';
import type { Staff } from './store/staff.ts';
import { wordsIn } from './web/console/words.ts';
import type { Webhook } from './web/server.ts';

/** Where platforms deliver. */
const TELEGRAM_WEBHOOK_PATH = '/webhooks/telegram';
const WHATSAPP_WEBHOOK_PATH = '/webhooks/whatsapp';

/** The messengers this deployment is reached by. */
export interface Messengers {
  telegram?: TelegramChannel;
  whatsapp?: WhatsAppChannel | WhatsAppCloudChannel;
  /** The same as `whatsapp` when it is a paired phone. */
  phone?: WhatsAppChannel;
  /** The operators' group, served by the same bot as `telegram`. */
  group?: TelegramGroup;
  webhooks: Webhook[];
}

/** What the operators' group needs of the people who work here. */
export interface Staffing {
  staff: Staff;
  handoffs: Handoffs;
  /** 32 bytes for the fingerprints of Telegram accounts; asked for only where there is a group. */
  groupKey(): Buffer;
}

interface Options {
  config: Config;
  clock: Clock;
  ids: Ids;
  log: Log;
}

/**
 * Makes the messengers that the configuration switches on. None is started. Their libraries are loaded only when they are
 * used: grammY takes a fifth of a second, Baileys a third.
 */
export async function createMessengers(
  options: Options,
  env: Env,
  store: Store,
  staffing: Staffing,
): Promise<Messengers> {
  const made: Messengers = { webhooks: [] };
  const group = await groupOf(options, env, store, staffing);
  if (group !== undefined) made.group = group;
  const telegram = await telegramOf(options, env, group);
  if (telegram !== undefined) {
    made.telegram = telegram;
    const handle = telegram.webhookHandler?.bind(telegram);
    if (handle !== undefined) made.webhooks.push({ path: TELEGRAM_WEBHOOK_PATH, methods: ['POST'], handle });
  }
  const { whatsapp } = options.config;
  if (whatsapp?.way === 'baileys') {
    made.phone = await createPhone(options, whatsapp, store);
    made.whatsapp = made.phone;
  }
  if (whatsapp?.way === 'cloud') {
    const cloud = await createCloud(options, whatsapp, env);
    made.whatsapp = cloud;
    const handle = cloud.webhookHandler.bind(cloud);
    made.webhooks.push({ path: WHATSAPP_WEBHOOK_PATH, methods: ['GET', 'POST'], handle });
  }
  return made;
}

/** WhatsApp as a device of a paired phone; also for the commands that pair and log out. */
export async function createPhone(
  { clock, ids, log }: Omit<Options, 'config'>,
  { wsUrl, version }: Partial<BaileysConfig>,
  store: Store,
): Promise<WhatsAppChannel> {
  const { createWhatsApp } = await import('./channels/whatsapp.ts');
  return createWhatsApp({
    rows: store.channelRows('whatsapp'),
    ...(wsUrl === undefined ? {} : { wsUrl }),
    ...(version === undefined ? {} : { version }),
    clock,
    ids,
    log,
  });
}

async function createCloud(
  { clock, ids, log }: Options,
  config: CloudConfig,
  env: Env,
): Promise<WhatsAppCloudChannel> {
  const { createWhatsAppCloud } = await import('./channels/whatsapp-cloud.ts');
  const { way: _way, ...settings } = config;
  return createWhatsAppCloud({
    ...settings,
    listLabel: (lang) => env.texts.t(lang, 'common:list'),
    clock,
    ids,
    log,
  });
}

async function telegramOf(
  { config, clock, log }: Options,
  env: Env,
  group: TelegramGroup | undefined,
): Promise<TelegramChannel | undefined> {
  if (config.telegram === undefined) return undefined;
  const { createTelegram } = await import('./channels/telegram.ts');
  return createTelegram({
    ...config.telegram,
    ...(group === undefined ? {} : { group }),
    log,
    clock,
    commands: LANGS.map((lang) => ({ lang, list: commandsIn(env, lang) })),
    defaultLang: 'ru',
    locationLabel: (lang) => env.texts.t(lang, 'common:location'),
  });
}

/** The language of the notices in the group: one for everybody in it. */
const GROUP_LANG = 'ru';
/** How long the group's calls to Telegram may take, in seconds. */
const GROUP_CALL_SECONDS = 30;

async function groupOf(
  { config, clock, ids, log }: Options,
  env: Env,
  store: Store,
  { staff, handoffs, groupKey }: Staffing,
): Promise<TelegramGroup | undefined> {
  const { operators, telegram } = config;
  if (operators === undefined || telegram === undefined) return undefined;
  const [{ Api }, { createTelegramGroup }] = await Promise.all([
    import('grammy'),
    import('./handoff/telegram-group.ts'),
  ]);
  const { token, apiRoot } = telegram;
  const t = wordsIn(env.texts, GROUP_LANG);
  return createTelegramGroup({
    api: new Api(token, { apiRoot, timeoutSeconds: GROUP_CALL_SECONDS }),
    ...operators,
    handoffs,
    staff,
    key: groupKey(),
    rows: store.channelRows('telegram'),
    t,
    topic: (id) => t(`desk.topics.${id}`),
    link: (ref) => `${consoleAddress(config)}/console/chat/${ref}`,
    log,
    clock,
    ids,
  });
}

/** The words that always work, and the flows that have a command, as Telegram's menu shows them. */
const COMMANDS = [
  'menu',
  'test',
  'treatment',
  'rights',
  'urgent',
  'human',
  'back',
  'language',
  'help',
  'hide',
  'forget',
  'stop',
] as const;

function commandsIn(env: Env, lang: Lang) {
  return COMMANDS.map((command) => ({
    command,
    description: env.texts.t(lang, `common:commands.${command}`),
  }));
}
