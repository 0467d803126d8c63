import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { consoleAddress } from '../cli/operator.ts';
import { isoDate, systemClock, systemIds } from '../clock.ts';
import { type Config, readConfig } from '../config.ts';
import { invitePath } from '../store/staff-invites.ts';
import type { ConsoleLang } from '../store/staff-types.ts';
import { loadWorld } from '../world.ts';
import { type Demo, makeDemo } from './demo.ts';
import { type DemoFolder, dropFolder, makeFolder } from './folder.ts';
import { number, type Output, Progress, timeOf } from './progress.ts';
import type { Done } from './simulation.ts';
import { loadWords } from './words.ts';
import { spanOf } from './year.ts';

/** As a shell has it after Ctrl+C. */
const INTERRUPTED = 130;

/** What somebody asked for. */
export interface DemoRequest {
  /** Default: a new folder among the temporary files. */
  dir?: string;
  people: number;
  weeks: number;
  seed: number;
  /** Of the console. */
  lang: ConsoleLang;
}

/** What the command needs of the process it runs in. */
export interface DemoProcess {
  stdout: Output;
  env: Record<string, string | undefined>;
  once(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exitCode?: number | string | null | undefined;
}

/**
 * Makes a demo and says how far it is, and at the end how to look at it. Ctrl+C leaves nothing that could be mistaken for a
 * whole one.
 *
 * @throws AppError when the settings or the folder cannot be used
 */
export async function runDemo(root: string, request: DemoRequest, process: DemoProcess): Promise<void> {
  if (existsSync(join(root, '.env'))) globalThis.process.loadEnvFile(join(root, '.env'));
  const config = readConfig(process.env);
  const folder = makeFolder(request.dir);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const print = (text: string) => void process.stdout.write(`${text}\n`);
  try {
    print((await fill(root, config, request, folder, process.stdout, stop.signal)).join('\n'));
  } catch (error) {
    print(
      dropFolder(folder)
        ? 'The demo is not complete; its folder is deleted.'
        : `The demo is not complete: delete ${folder.dir}.`,
    );
    if (!stop.signal.aborted) throw error;
    process.exitCode = INTERRUPTED;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** @returns what to say at the end */
async function fill(
  root: string,
  config: Config,
  request: DemoRequest,
  { dir }: DemoFolder,
  out: Output,
  signal: AbortSignal,
): Promise<string[]> {
  out.write(`A simulated bot fills ${dir}. Nobody in it is real.\n`);
  signal.throwIfAborted();
  const now = systemClock.now();
  const env = loadWorld(root, config.country, isoDate(now));
  const words = loadWords(root);
  const progress = new Progress(out, systemClock, spanOf(request.weeks, now, () => 0).start);
  const show = (done: Done) => progress.show(done);
  const [clock, ids] = [systemClock, systemIds];
  const demo = await makeDemo({
    ...request,
    ...{ root, config, dir, env, words, clock, ids, signal, progress: show },
  }).finally(() => progress.end());
  return lastLines(config, dir, request, demo, progress.seconds);
}

function lastLines(
  config: Config,
  dir: string,
  { people }: DemoRequest,
  { figures, links }: Demo,
  seconds: number,
): string[] {
  const { visits, turns, sent, asked, weeks, waiting, held } = figures;
  const speed = number(Math.round(turns / seconds));
  const address = consoleAddress(config);
  return [
    `${number(people)} people came ${number(visits)} times and wrote ${number(turns)} messages; ${number(sent)} went out.`,
    `${number(asked)} asked for a person: ${waiting} wait now, ${held} talk with somebody. ${weeks} weeks are released.`,
    `It took ${timeOf(seconds)} (${speed} messages a second).`,
    '',
    'To look at it, start Hamroh on this folder:',
    `  ${environment(config, dir)} npm start`,
    'and open one of these links. Each works once, within 24 hours:',
    ...links.map(({ role, token }) => `  ${role.padEnd(11)}  ${address}${invitePath(token)}`),
    '',
    'Every page says that this is demo data. Delete the folder when you have looked at it.',
  ];
}

/** No messenger of a real bot may come near made-up people. */
function environment({ telegram, whatsapp }: Config, dir: string): string {
  return [
    `HAMROH_DATA_DIR=${/^[\w./-]+$/.test(dir) ? dir : JSON.stringify(dir)}`,
    ...(telegram === undefined ? [] : ['TELEGRAM_BOT_TOKEN= OPERATORS_TELEGRAM_CHAT_ID=']),
    ...(whatsapp === undefined ? [] : ['WHATSAPP=off']),
  ].join(' ');
}
