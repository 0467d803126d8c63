import { join } from 'node:path';
import type { Hono } from 'hono';
import type { Clock, Ids } from './clock.ts';
import type { Config } from './config.ts';
import type { Env } from './engine/types.ts';
import { releaseLeavers } from './handoff/leavers.ts';
import type { Handoffs } from './handoff/port.ts';
import { codeOf, type Log } from './log-port.ts';
import type { Messengers } from './messengers.ts';
import { isSimulated } from './simulated.ts';
import { readReleases } from './store/releases.ts';
import { Staff } from './store/staff.ts';
import { staffSecret } from './store/staff-secret.ts';
import type { TeamDesk } from './team-desk.ts';
import { Archive } from './usage/archive.ts';
import { messageWeeks } from './usage/messages.ts';
import { createConsole } from './web/console/console.ts';
import { DESK_FILES, deskPages } from './web/console/desk/desk.ts';
import { STATS_FILES, statsPages } from './web/console/stats/stats.tsx';
import { telegramPages } from './web/console/telegram.tsx';
import { whatsappPages } from './web/console/whatsapp.tsx';

const HOUR_MS = 3_600_000;
/** How long a chat may stay with somebody who left. */
const LEAVERS_MS = 5_000;
const KEY_BYTES = 32;

/** What the console is made from. */
export interface StaffConsoleOptions {
  root: string;
  config: Config;
  clock: Clock;
  log: Log;
  env: Env;
  desk: TeamDesk;
  handoffs: Handoffs;
  messengers: Messengers;
  staff: Staff;
}

/** The pages for the people who work here. */
export interface StaffConsole {
  app: Hono;
  /** Ends what browsers have open, so that the server can stop. */
  end(): void;
  close(): void;
}

/**
 * Opens the accounts, `staff.db` in the data folder.
 * @throws AppError STORE_UNREADABLE
 */
export function openStaff(dir: string, migrations: string, clock: Clock, ids: Ids): Staff {
  return new Staff({ dir, migrations, secret: staffSecret(dir, clock, ids, migrations), clock, ids });
}

/** The key of the fingerprints by which the operators' group knows who is who: 32 bytes. */
export function groupKey(dir: string, migrations: string, clock: Clock, ids: Ids): Buffer {
  return Buffer.from(staffSecret(dir, clock, ids, migrations).subarray(KEY_BYTES));
}

/** Whether there is an account, set up, that may answer people. */
export function mayAnswer(staff: Staff | undefined): boolean {
  return staff?.accounts.list().some((a) => a.role === 'operator' && a.state === 'active') ?? false;
}

/** Builds the console's pages; takes over closing the accounts. */
export function createStaffConsole(options: StaffConsoleOptions): StaffConsole {
  const { root, config, clock, log, env, desk, handoffs, staff } = options;
  const ending = new AbortController();
  const app = createConsole({
    staff,
    texts: env.texts,
    assets: join(root, 'src', 'web', 'public'),
    hosts: config.consoleHosts,
    simulated: isSimulated(config.dataDir),
    scripts: [...DESK_FILES, ...STATS_FILES],
    pages: [
      ...deskPages({
        handoffs,
        staff,
        canned: desk.canned,
        teams: desk.teams,
        texts: env.texts,
        flows: env.flows,
        clock,
        ending: ending.signal,
      }),
      ...statsPages({
        ...env,
        clock,
        releases: () => readReleases(config.dataDir),
        ...(config.organisation === undefined ? {} : { organisation: config.organisation }),
      }),
      ...pairingPages(options),
      ...linkPages(options),
    ],
    report: (error) => log.error('console.fault', { code: codeOf(error) }),
  });
  const sweep = setInterval(() => staff.sweep(clock.now()), HOUR_MS);
  const leavers = setInterval(() => releaseLeavers(handoffs, staff.accounts), LEAVERS_MS);
  sweep.unref();
  leavers.unref();
  return {
    app,
    end: () => ending.abort(),
    close() {
      clearInterval(sweep);
      clearInterval(leavers);
      staff.close();
    },
  };
}

function pairingPages({ config, messengers, staff }: StaffConsoleOptions) {
  const { phone, whatsapp } = messengers;
  if (whatsapp === undefined) return [];
  const archive = new Archive();
  return whatsappPages({
    staff,
    ...(phone === undefined ? {} : { phone }),
    state: () => whatsapp.state(),
    weeks: () => messageWeeks(archive.open(readReleases(config.dataDir)), 'whatsapp'),
  });
}

function linkPages({ messengers, staff, clock }: StaffConsoleOptions) {
  const { group } = messengers;
  return group === undefined ? [] : telegramPages({ staff, links: group, now: () => clock.now() });
}
