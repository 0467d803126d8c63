import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type App, createApp, type Running } from './app.ts';
import { showPairingCodes } from './cli/pairing-code.ts';
import { systemClock, systemIds } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { AppError } from './errors.ts';
import { createLog } from './log.ts';
import { projectRoot } from './paths.ts';
import { isSimulated } from './simulated.ts';

/** Starts Hamroh as a service and runs until it is told to stop. */
async function main(): Promise<void> {
  const root = projectRoot();
  const envFile = join(root, '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const app = await createApp({ root, config, clock: systemClock, ids: systemIds, log });
  stopOnSignals(app);
  const running = await app.start();
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  print(startLines(config, running).join('\n'));
  const { whatsapp } = config;
  if (app.whatsappPhone !== undefined && whatsapp?.way === 'baileys')
    showPairingCodes(app.whatsappPhone, whatsapp.qr, print);
}

/** At most ten lines: what runs, where, what is missing, and the next step. */
function startLines(config: Config, running: Running): string[] {
  return [
    'Hamroh runs.',
    `  Web chat   ${running.url ?? 'off'}`,
    ...telegramLines(config, running),
    ...whatsappLines(config, running),
    running.invitation === undefined
      ? `  Console    ${running.url ?? ''}/console`
      : `  Console    set up the first account: ${running.invitation}`,
    `  Data       ${config.dataDir}${isSimulated(config.dataDir) ? ' (a demo: nobody in it is real)' : ''}`,
    '  Stop with Ctrl+C. Advice: npx hamroh doctor',
  ];
}

function telegramLines({ telegram }: Config, running: Running): string[] {
  if (telegram === undefined)
    return ['  Telegram   off (write TELEGRAM_BOT_TOKEN into .env to switch it on)'];
  return channelLines('telegram', telegram.webhook === undefined ? 'long polling' : 'webhook', running);
}

function whatsappLines({ whatsapp }: Config, running: Running): string[] {
  if (whatsapp === undefined)
    return ['  WhatsApp   off (WHATSAPP=baileys or cloud switches it on; see the README)'];
  if (running.unpaired) return ['  WhatsApp   waits for a phone: scan the code that follows'];
  return channelLines('whatsapp', whatsapp.way === 'cloud' ? 'Cloud API' : 'paired phone', running);
}

function channelLines(channel: 'telegram' | 'whatsapp', way: string, running: Running): string[] {
  const name = channel === 'telegram' ? 'Telegram' : 'WhatsApp';
  const failed = running.failed.find((f) => f.channel === channel);
  if (failed !== undefined)
    return [`  ${name}   FAILED: ${failed.error.message}`, `             → ${failed.error.hint}`];
  return running.connecting.includes(channel)
    ? [`  ${name}   connecting (${way}): no answer yet, Hamroh keeps trying`]
    : [`  ${name}   on (${way})`];
}

/** The first signal ends in order, within ten seconds; the second at once. */
function stopOnSignals(app: App): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    app.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** A sentence first, what to do next; a stack only for a fault of ours. */
function fail(error: unknown): never {
  if (error instanceof AppError) {
    process.stderr.write(`Hamroh cannot run (${error.code}):\n${error.message}\n→ ${error.hint}\n`);
  } else {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`Hamroh stopped because of a fault of its own. Please report this:\n${stack}\n`);
  }
  process.exit(1);
}

main().catch(fail);
