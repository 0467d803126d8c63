import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WhatsAppChannel } from '../channels/whatsapp.ts';
import { systemClock, systemIds } from '../clock.ts';
import { type BaileysConfig, type Config, readConfig } from '../config.ts';
import { AppError } from '../errors.ts';
import { createLog } from '../log.ts';
import { createPhone } from '../messengers.ts';
import type { Store } from '../store/port.ts';
import { readReleases } from '../store/releases.ts';
import { openStore } from '../store/sqlite.ts';
import { Archive } from '../usage/archive.ts';
import { messageWeeks } from '../usage/messages.ts';
import type { Health } from '../web/health.ts';
import { askRunning } from './ask-running.ts';
import { showPairingCodes } from './pairing-code.ts';

type Print = (text: string) => void;

/** How long a logout waits for a connection before it deletes the keys without telling WhatsApp, in ms. */
const LOGOUT_MS = 15_000;

/**
 * `hamroh whatsapp pair`: links this computer to a phone, with a QR code or, given its number, a code to type.
 * @throws AppError when a phone is paired already, or nobody scanned the code
 */
export async function pair(root: string, number: string | undefined, print: Print): Promise<void> {
  const { config, settings } = settingsOf(root);
  await withPhone(root, config, async (phone, store) => {
    if (phone.pairing().state === 'paired') {
      throw new AppError('CHANNEL_REFUSED', 'A phone is paired already.', {
        hint: 'See: npx hamroh whatsapp status. To pair another one, first: npx hamroh whatsapp logout',
      });
    }
    const stopShowing =
      number === undefined ? showPairingCodes(phone, settings.qr ?? 'terminal', print) : () => {};
    // What arrives between the pairing and the next start is stored and answered then.
    await phone.start({ accept: (messages) => store.accept(messages), reachable: () => undefined });
    if (number !== undefined) await printCode(phone, number, print);
    await untilUp(phone);
    stopShowing();
    print('Paired. Start Hamroh with WHATSAPP=baileys: npm start');
  });
}

async function printCode(phone: WhatsAppChannel, number: string, print: Print): Promise<void> {
  while (phone.pairing().state === 'unpaired') await sleepUnlessDown(phone);
  const code = await phone.requestCode(number);
  print(
    `Code: ${code.slice(0, 4)}-${code.slice(4)}\nOn the phone: WhatsApp → Settings → Linked devices → Link a device → Link with phone number.`,
  );
}

async function untilUp(phone: WhatsAppChannel): Promise<void> {
  while (phone.state().state !== 'up') await sleepUnlessDown(phone);
}

/** @throws AppError when the channel has given up */
async function sleepUnlessDown(phone: WhatsAppChannel): Promise<void> {
  await sleep(100);
  const now = phone.state();
  if (now.state === 'down' && now.reason !== 'not-paired')
    throw new AppError('CHANNEL_REFUSED', `WhatsApp: ${now.reason}.`, { hint: now.hint });
}

/** `hamroh whatsapp status`: which way, whether it works, and how many messages a conversation takes. */
export async function status(root: string, print: Print): Promise<void> {
  const { config } = settingsOf(root);
  const { whatsapp } = config;
  print(
    whatsapp === undefined
      ? 'WhatsApp is off. WHATSAPP=baileys or WHATSAPP=cloud in .env switches it on; the README says what each costs.'
      : whatsapp.way === 'baileys'
        ? 'WhatsApp through a paired phone (WHATSAPP=baileys).'
        : 'WhatsApp through the Cloud API (WHATSAPP=cloud).',
  );
  if (!existsSync(join(config.dataDir, 'hamroh.db'))) return print('Hamroh has not been started here yet.');
  for (const line of figures(config)) print(line);
  try {
    await withStore(root, config, async (store) => {
      const phone = await createPhone(
        { clock: systemClock, ids: systemIds, log: createLog('silent') },
        {},
        store,
      );
      if (whatsapp?.way === 'baileys') {
        const paired = phone.pairing().state === 'paired';
        print(paired ? 'A phone is paired.' : 'No phone is paired: npx hamroh whatsapp pair');
      }
      print('Hamroh does not run now.');
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'STORE_LOCKED') throw error;
    print(inWords(await askRunning(config)));
  }
}

function inWords(health: Health | undefined): string {
  const check = health?.checks.whatsapp;
  if (check === undefined) return 'Hamroh runs, without WhatsApp or without its web server.';
  if (check.ok) return 'Hamroh runs, and WhatsApp works.';
  const hint = check.hint === undefined ? '' : `\n→ ${check.hint}`;
  return `Hamroh runs; WhatsApp: ${check.reason ?? 'does not work'}.${hint}`;
}

/** `hamroh whatsapp logout`: takes this computer off the phone's list, and deletes every key. */
export async function logout(root: string, print: Print): Promise<void> {
  const { config } = settingsOf(root);
  await withPhone(root, config, async (phone, store) => {
    if (phone.pairing().state !== 'paired') return print('No phone is paired. Nothing to do.');
    await phone.start({ accept: (messages) => store.accept(messages), reachable: () => undefined });
    for (let waited = 0; waited < LOGOUT_MS && phone.state().state === 'connecting'; waited += 100)
      await sleep(100);
    const told = phone.state().state === 'up';
    await phone.logout();
    print('Logged out; all WhatsApp keys are deleted.');
    if (!told) print('WhatsApp could not be told: on the phone, remove this computer under Linked devices.');
  });
}

/** Messages of the bot per conversation, by week: what a Cloud API bill grows with. */
function figures({ dataDir }: Config): string[] {
  const weeks = messageWeeks(new Archive().open(readReleases(dataDir)), 'whatsapp');
  if (weeks.length === 0) return ['No week yet with enough conversations on WhatsApp to show a figure.'];
  return weeks.map(({ week, sent, conversations }) => {
    const each = (sent / conversations).toFixed(1);
    return `Week of ${week}: about ${conversations} conversations, ${sent} messages of the bot, ${each} each.`;
  });
}

function settingsOf(root: string): { config: Config; settings: Partial<BaileysConfig> } {
  const envFile = join(root, '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const config = readConfig(process.env);
  return { config, settings: config.whatsapp?.way === 'baileys' ? config.whatsapp : {} };
}

async function withPhone(
  root: string,
  config: Config,
  work: (phone: WhatsAppChannel, store: Store) => Promise<void>,
): Promise<void> {
  const { whatsapp } = config;
  if (whatsapp?.way === 'cloud') {
    throw new AppError('CONFIG_INVALID', 'WHATSAPP=cloud needs no phone.', {
      hint: 'Pairing and logging out are for WHATSAPP=baileys.',
    });
  }
  await withStore(root, config, async (store) => {
    const phone = await createPhone(
      { clock: systemClock, ids: systemIds, log: createLog('error') },
      whatsapp ?? {},
      store,
    );
    try {
      await work(phone, store);
    } finally {
      await phone.stop();
    }
  });
}

/** @throws AppError STORE_LOCKED while Hamroh runs, with what to do then */
async function withStore(root: string, config: Config, work: (store: Store) => Promise<void>): Promise<void> {
  const store = open(root, config);
  try {
    await work(store);
  } finally {
    store.close();
  }
}

function open(root: string, { dataDir }: Config): Store {
  try {
    return openStore({
      dir: dataDir,
      clock: systemClock,
      ids: systemIds,
      migrations: join(root, 'db', 'migrations'),
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'STORE_LOCKED') throw error;
    throw new AppError('STORE_LOCKED', 'Hamroh runs on this data folder.', {
      hint: 'Stop it first, or use its console page /console/whatsapp.',
      cause: error,
    });
  }
}
