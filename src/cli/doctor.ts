import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isoDate, systemClock } from '../clock.ts';
import { type Config, isLoopback, readConfig } from '../config.ts';
import { checkContent } from '../content/check.ts';
import { staleContent } from '../content/stale.ts';
import { AppError, type Problem } from '../errors.ts';
import { loadTeams } from '../handoff/teams.ts';
import { checkLocales } from '../i18n/check.ts';
import { askRunning } from './ask-running.ts';
import { flowProblems } from './flows.ts';

/** One line of advice: fine, worth knowing, or to be mended. */
interface Finding {
  level: 'ok' | 'note' | 'fix';
  text: string;
}

/** Reads like advice from a colleague: what is fine, what to know, what to mend. Exit code 1 when something is to be mended. */
export async function doctor(root: string, { stdout, env }: typeof process): Promise<void> {
  if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
  const findings = await examine(root, env);
  const mark = { ok: '✓', note: '·', fix: '✗' };
  for (const f of findings) stdout.write(`${mark[f.level]} ${f.text}\n`);
  const toFix = findings.filter((f) => f.level === 'fix').length;
  stdout.write(toFix === 0 ? 'Nothing to mend.\n' : `${toFix} to mend.\n`);
  if (toFix > 0) process.exitCode = 1;
}

async function examine(root: string, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  let config: Config;
  try {
    config = readConfig(env);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [
      { level: 'fix', text: `The settings are not usable.\n  ${error.message.replaceAll('\n', '\n  ')}` },
    ];
  }
  return [
    node(),
    ...dataFolder(config),
    reach(config),
    telegram(config),
    whatsapp(config),
    desk(root),
    await running(config),
    ...files(root),
  ];
}

function node(): Finding {
  return { level: 'ok', text: `Node.js ${process.versions.node}.` };
}

function dataFolder({ dataDir }: Config): Finding[] {
  const there = existsSync(dataDir);
  const folder = there ? dataDir : dirname(dataDir);
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    return [
      {
        level: 'fix',
        text: `${folder} cannot be written (${String(error)}). Give this user the folder, or set HAMROH_DATA_DIR.`,
      },
    ];
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 1_000_000);
  const findings: Finding[] = [
    free < 500
      ? {
          level: 'fix',
          text: `Only ${free} MB are free on the disk of ${folder}. Free some, or messages will be refused.`,
        }
      : {
          level: 'ok',
          text: `Data folder ${dataDir}${there ? '' : ' (made at the first start)'}; ${free} MB free.`,
        },
  ];
  const key = join(dataDir, 'root.key');
  if (!existsSync(key)) return findings;
  if ((statSync(key).mode & 0o077) !== 0)
    findings.push({ level: 'fix', text: `${key} can be read by others. Run: chmod 600 ${key}` });
  findings.push({
    level: 'note',
    text: 'The root key lies beside the data. Keep the folder on an encrypted disk, and never copy it.',
  });
  return findings;
}

function reach({ host, publicHosts }: Config): Finding {
  if (isLoopback(host))
    return {
      level: 'ok',
      text: 'The web chat is for this computer only, or for a web server in front of it.',
    };
  return publicHosts.length > 0
    ? {
        level: 'note',
        text: `Others reach the web chat as ${publicHosts.join(', ')}. See that TLS (https) is in front of it.`,
      }
    : {
        level: 'fix',
        text: `HOST=${host} listens to others under any name. Put TLS in front and set HAMROH_PUBLIC_HOST.`,
      };
}

function telegram({ telegram: t }: Config): Finding {
  if (t === undefined)
    return {
      level: 'note',
      text: 'Telegram is off. A token from @BotFather in TELEGRAM_BOT_TOKEN switches it on.',
    };
  return {
    level: 'ok',
    text: `Telegram is configured (${t.webhook === undefined ? 'long polling' : 'webhook'}).`,
  };
}

function whatsapp({ whatsapp: w }: Config): Finding {
  if (w === undefined)
    return {
      level: 'note',
      text: 'WhatsApp is off. WHATSAPP=baileys or cloud switches it on; see the README first.',
    };
  if (w.way === 'cloud')
    return w.template === undefined
      ? {
          level: 'note',
          text: 'WhatsApp is configured (Cloud API). Without WHATSAPP_CLOUD_TEMPLATE an answer after 24 hours waits until the person writes.',
        }
      : { level: 'ok', text: 'WhatsApp is configured (Cloud API).' };
  return {
    level: 'note',
    text: 'WhatsApp is configured (a paired phone). The number can be banned on any day; see: npx hamroh whatsapp status',
  };
}

function desk(root: string): Finding {
  const { teams } = loadTeams(root, isoDate(systemClock.now()));
  return teams.length === 0
    ? {
        level: 'note',
        text: 'No team is in db/content/teams.yaml: people who ask for somebody get telephone numbers.',
      }
    : { level: 'ok', text: `Teams that answer people: ${teams.map((team) => team.id).join(', ')}.` };
}

async function running(config: Config): Promise<Finding> {
  const { port } = config;
  const health = await askRunning(config);
  if (health === undefined)
    return { level: 'note', text: `Hamroh does not run on port ${port} now. Start it with: npm start` };
  if (health.ready) return { level: 'ok', text: `Hamroh runs on port ${port} and is ready.` };
  const wrong = Object.entries(health.checks ?? {}).flatMap(([part, check]) =>
    check.ok ? [] : [`${part}: ${check.reason ?? 'down'}${check.hint ? `. ${check.hint}` : ''}`],
  );
  return {
    level: 'fix',
    text: `Something on port ${port} answers, but is not ready. ${wrong.join(' ')}`.trim(),
  };
}

function files(root: string): Finding[] {
  const today = isoDate(systemClock.now());
  const problems: Problem[] = [...checkContent(root, today), ...checkLocales(root), ...inFlows(root, today)];
  const errors = problems.filter((p) => p.level === 'error').length;
  const stale = staleContent(root, today).filter((f) => f.shown).length;
  return [
    errors === 0
      ? { level: 'ok', text: 'Flows, texts and facts are in order.' }
      : {
          level: 'fix',
          text: `${errors} mistakes in flows, texts or facts. See: npx hamroh flows check, locales check, content check`,
        },
    stale === 0
      ? { level: 'ok', text: 'Every fact shown is within its review date.' }
      : {
          level: 'fix',
          text: `${stale} facts shown are past their review date. See: npx hamroh content stale`,
        },
  ];
}

/** Flows can only be examined when every file loads; that they do not is a finding like any other. */
function inFlows(root: string, today: string): Problem[] {
  try {
    return flowProblems(root, today, 'warning');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ file: 'flows', rule: error.code, message: error.message, hint: error.hint, level: 'error' }];
  }
}
