import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type App, createApp, type Running } from './app.ts';
import { systemClock, systemIds } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { AppError } from './errors.ts';
import { createLog } from './log.ts';
import { projectRoot } from './paths.ts';

/** Starts Hamroh as a service and runs until it is told to stop. */
async function main(): Promise<void> {
  const root = projectRoot();
  const envFile = join(root, '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const app = createApp({ root, config, clock: systemClock, ids: systemIds, log });
  stopOnSignals(app);
  const running = await app.start();
  process.stdout.write(`${startLines(config, running).join('\n')}\n`);
}

/** At most ten lines: what runs, where, what is missing, and the next step. */
function startLines(config: Config, running: Running): string[] {
  const lines = [`Hamroh runs.`, `  Web chat   ${running.url ?? 'off'}`];
  const failed = running.failed.find((f) => f.channel === 'telegram');
  const way = config.telegram?.webhook === undefined ? 'long polling' : 'webhook';
  if (config.telegram === undefined)
    lines.push('  Telegram   off (write TELEGRAM_BOT_TOKEN into .env to switch it on)');
  else if (failed === undefined)
    lines.push(
      running.connecting.includes('telegram')
        ? `  Telegram   connecting (${way}): no answer yet, Hamroh keeps trying`
        : `  Telegram   on (${way})`,
    );
  else lines.push(`  Telegram   FAILED: ${failed.error.message}`, `             → ${failed.error.hint}`);
  lines.push(`  Data       ${config.dataDir}`, '  Stop with Ctrl+C. Advice: npx hamroh doctor');
  return lines;
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
