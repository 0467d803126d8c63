import { Command, CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { addOperatorCommands, consoleAddress } from '../../src/cli/operator.ts';
import { systemIds } from '../../src/clock.ts';
import { findMigrations } from '../../src/store/db.ts';
import { Staff } from '../../src/store/staff.ts';
import { staffSecret } from '../../src/store/staff-secret.ts';
import { openWorld, TestClock, tempDir } from '../store/support.ts';
import { ROOT } from './office.ts';

/** `hamroh operator …` in a data folder: what it prints, or why it ends. */
async function run(dir: string, ...args: string[]): Promise<string> {
  let printed = '';
  const program = new Command('hamroh').exitOverride();
  const write = (text: string) => {
    printed += text;
  };
  addOperatorCommands(program, ROOT, { stdout: { write }, env: { HAMROH_DATA_DIR: dir, PORT: '4567' } });
  for (const command of [program, ...program.commands, ...program.commands.flatMap((c) => c.commands)]) {
    command.exitOverride().configureOutput({ writeErr: write, writeOut: write });
  }
  try {
    await program.parseAsync(['operator', ...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return `(${error.exitCode}) ${printed}`;
  }
  return printed;
}

test('add, list, reset, remove: in a new folder, and beside a running process', async () => {
  const dir = tempDir();
  expect(await run(dir, 'list')).toContain('Nobody has an account yet');
  expect(await run(dir, 'add', 'Дина', '--role', 'admin', '--lang', 'kk')).toMatch(
    /^Дина is added as admin\.\n.*\n {2}http:\/\/127\.0\.0\.1:4567\/console\/invite\/[\w-]{43}\n$/,
  );
  // Somebody else holds the folder's lock and the database.
  openWorld(dir);
  const clock = new TestClock(Date.now());
  const options = { dir, migrations: findMigrations(), clock, ids: systemIds };
  const staff = new Staff({ ...options, secret: staffSecret(dir, clock, systemIds, options.migrations) });
  expect(staff.firstLink()).toBeUndefined();
  await run(dir, 'add', 'Рустам', '--role', 'operator', '--team', 'North');
  expect(staff.accounts.list().map(({ name, lang, team }) => [name, lang, team])).toEqual([
    ['Дина', 'kk', undefined],
    ['Рустам', 'ru', 'North'],
  ]);
  expect(await run(dir, 'list')).toBe('Дина  admin  invited\nРустам  operator  North  invited\n');
  const printed = await run(dir, 'reset', 'рустам');
  const token = /invite\/([\w-]{43})/.exec(printed)?.[1] ?? '';
  expect(staff.invites.look(token)).toEqual({ purpose: 'reset', name: 'Рустам' });
  expect(await run(dir, 'add', 'РУСТАМ', '--role', 'operator')).toContain(
    '(1) Somebody has this name already',
  );
  expect(await run(dir, 'add', 'X', '--role', 'boss')).toContain('Allowed choices are operator');
  expect(await run(dir, 'add', 'X')).toContain('(1) ');
  expect(await run(dir, 'remove', 'Nobody')).toContain('(1) Nobody is called "Nobody"');
  expect(await run(dir, 'remove', 'Рустам')).toContain('removed');
  expect(staff.invites.look(token)).toBeUndefined();
  expect(staff.audit.list({ limit: 9 }).map(({ actor, action }) => `${actor} ${action}`)).toEqual([
    '0 account_removed',
    '0 account_reset',
    '0 account_added',
    '0 account_added',
  ]);
  expect(await staff.audit.verify()).toEqual({ ok: true, rows: 4 });
  staff.close();
});

test('the address of a link: a name others use with TLS, else this computer', () => {
  const base = { host: '127.0.0.1', port: 3000 };
  expect(consoleAddress({ ...base, consoleHosts: ['console.example.org', 'b.example'] })).toBe(
    'https://console.example.org',
  );
  expect(consoleAddress({ ...base, consoleHosts: ['localhost'] })).toBe('http://127.0.0.1:3000');
  expect(consoleAddress({ host: '::1', port: 80 })).toBe('http://[::1]:80');
  expect(consoleAddress({ host: '0.0.0.0', port: 3000 })).toBe('http://127.0.0.1:3000');
});
