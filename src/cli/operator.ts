import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { systemClock, systemIds } from '../clock.ts';
import { isLoopback, readConfig } from '../config.ts';
import type { Staff } from '../store/staff.ts';
import { CONSOLE_LANGS, type ConsoleLang, ROLES, type Role, type Why } from '../store/staff-types.ts';

/** What the commands need of the process they run in. */
export interface OperatorProcess {
  stdout: { write(text: string): unknown };
  env: Record<string, string | undefined>;
}

/** Who does it in the audit trail: the command line. */
const COMMAND_LINE = 0;

/** Why something was refused, for a reader of the terminal. */
const REASONS: Partial<Record<Why, string>> = {
  name_empty: 'Give a name with letters in it.',
  name_taken: 'Somebody has this name already. Choose another, or see: hamroh operator list',
  last_admin:
    'This is the only administrator. Add another one first: hamroh operator add <name> --role admin',
};

/**
 * Adds `hamroh operator add|list|reset|remove`. They work whether Hamroh runs or not: `staff.db` is written by one
 * transaction at a time, whoever makes it, and the running process remembers nothing of it.
 */
export function addOperatorCommands(program: Command, root: string, process: OperatorProcess): void {
  const operator = program.command('operator').description('people who work with the console');
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  const use = (work: (staff: Staff, link: (token: string) => string) => void): Promise<void> =>
    useStaff(root, process.env, work);

  operator
    .command('add')
    .argument('<name>', 'as colleagues see it; the person signs in with it')
    .addOption(new Option('--role <role>', 'what the person may do').choices(ROLES).makeOptionMandatory())
    .addOption(new Option('--lang <code>', 'language of the console').choices(CONSOLE_LANGS).default('ru'))
    .option('--team <name>', 'when there are several teams', teamOf)
    .description('make an account, and print a link to set it up')
    .action((name: string, options: { role: Role; lang: ConsoleLang; team?: string }) =>
      use((staff, link) => {
        const made = staff.accounts.add({ name, ...options }, COMMAND_LINE);
        if (!made.ok) return operator.error(REASONS[made.why] ?? made.why);
        print(`${made.operator.name} is added as ${made.operator.role}.`);
        printLink(print, link(made.token));
      }),
    );
  operator
    .command('list')
    .description('who has an account')
    .action(() =>
      use((staff) => {
        const people = staff.accounts.list();
        for (const { name, role, team, state } of people) {
          print([name, role, ...(team === undefined ? [] : [team]), state].join('  '));
        }
        if (people.length === 0)
          print('Nobody has an account yet. npm start prints a link for the first one.');
      }),
    );
  operator
    .command('reset')
    .argument('<name>')
    .description('lock an account (phone or password lost), and print a link to set it up again')
    .action((name: string) =>
      use((staff, link) => {
        const id = staff.accounts.find(name)?.id;
        if (id === undefined) return operator.error(noSuch(name));
        const made = staff.accounts.reset(id, COMMAND_LINE);
        if (!made.ok) return operator.error(REASONS[made.why] ?? made.why);
        print(`${made.operator.name} is signed out and locked.`);
        printLink(print, link(made.token));
      }),
    );
  operator
    .command('remove')
    .argument('<name>')
    .description('remove somebody for good')
    .action((name: string) =>
      use((staff) => {
        const id = staff.accounts.find(name)?.id;
        if (id === undefined) return operator.error(noSuch(name));
        const done = staff.accounts.remove(id, COMMAND_LINE);
        if (!done.ok) return operator.error(REASONS[done.why] ?? done.why);
        print(`${name} is signed out and removed.`);
      }),
    );
}

/**
 * The address of the console as people reach it: a name from `CONSOLE_HOSTS` with TLS in front, else this computer.
 */
export function consoleAddress(config: {
  host: string;
  port: number;
  consoleHosts?: readonly string[];
}): string {
  const [name] = config.consoleHosts ?? [];
  if (name !== undefined && !isLoopback(name)) return `https://${name}`;
  return `http://${isLoopback(config.host) ? bracketed(config.host) : '127.0.0.1'}:${config.port}`;
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

async function useStaff(
  root: string,
  env: OperatorProcess['env'],
  work: (staff: Staff, link: (token: string) => string) => void,
): Promise<void> {
  const [{ Staff }, { staffSecret }, { invitePath }] = await Promise.all([
    import('../store/staff.ts'),
    import('../store/staff-secret.ts'),
    import('../store/staff-invites.ts'),
  ]);
  if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
  const config = readConfig(env);
  const migrations = join(root, 'db', 'migrations');
  const [clock, ids] = [systemClock, systemIds];
  const secret = staffSecret(config.dataDir, clock, ids, migrations);
  const staff = new Staff({ dir: config.dataDir, migrations, secret, clock, ids });
  try {
    work(staff, (token) => consoleAddress(config) + invitePath(token));
  } finally {
    staff.close();
    secret.fill(0);
  }
}

function printLink(print: (text: string) => void, link: string): void {
  print(`Send this link in a way you trust. It opens once, within 24 hours:\n  ${link}`);
}

function noSuch(name: string): string {
  return `Nobody is called "${name}". See: hamroh operator list`;
}

function teamOf(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('Give the name of the team.');
}
