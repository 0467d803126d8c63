import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { quickDir } from '../support/temp.ts';
import { ROOT } from '../support/world.ts';

/** How a process ended: an exit code, or the signal that ended it. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  /** The project's folder; its `dist/` is what runs. Default: this project. */
  root?: string;
  /** `src/main.js` (default) or `src/cli.js`. */
  program?: 'main' | 'cli';
  args?: string[];
  env?: Record<string, string>;
  /** Variables that are left out instead of set to nothing, so that an .env file may set them. */
  unset?: string[];
  /** Data folder; default: a new one. `null` leaves HAMROH_DATA_DIR to its default. */
  dataDir?: string | null;
  /** Where the process stands. Default: an empty temporary folder. */
  cwd?: string;
  /** Told what to do when the process is not needed any more. Default: it is done at the end of the test. */
  atEnd?: AtEnd;
}

/** Takes what is to be done at the end. */
type AtEnd = (end: () => void | Promise<void>) => void;

/** Every variable the program reads. They are set to nothing, so that neither a shell nor an .env file of a developer matters. */
const NOTHING_SET = [
  'PORT',
  'HOST',
  'HAMROH_DATA_DIR',
  'HAMROH_COUNTRY',
  'HAMROH_ORGANISATION',
  'HAMROH_PUBLIC_HOST',
  'CONSOLE_HOSTS',
  'HAMROH_LOG',
  'TELEGRAM_BOT_TOKEN',
  'TELEGRAM_API_ROOT',
  'TELEGRAM_WEBHOOK_URL',
  'TELEGRAM_WEBHOOK_SECRET',
  'OPERATORS_TELEGRAM_CHAT_ID',
  'OPERATORS_RELAY_TEXT',
  'WHATSAPP',
  'WHATSAPP_WS_URL',
  'WHATSAPP_VERSION',
  'WHATSAPP_QR',
  'WHATSAPP_CLOUD_TOKEN',
  'WHATSAPP_CLOUD_PHONE_ID',
  'WHATSAPP_CLOUD_APP_SECRET',
  'WHATSAPP_CLOUD_VERIFY_TOKEN',
  'WHATSAPP_CLOUD_TEMPLATE',
  'WHATSAPP_CLOUD_API_ROOT',
];

function nothing(but: string[]): Record<string, string> {
  return Object.fromEntries(NOTHING_SET.filter((name) => !but.includes(name)).map((name) => [name, '']));
}

/** Optimised code pays off after minutes; a process of seconds spends a third of its time on making it. */
const SHORT_LIVED = ['--no-opt'];

/** A process outlives neither its test nor the test runner. */
const RUNNING = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of RUNNING) child.kill('SIGKILL');
});

const LAST_START_LINE = 'Stop with Ctrl+C';

/** The real program in a process of its own. Killed at the end of the test, if it still runs then. */
export class Child {
  readonly dataDir: string;
  /** Resolves when the process has ended and all it wrote was read. */
  readonly exit: Promise<Exit>;
  stdout = '';
  stderr = '';
  readonly #process: ChildProcess;
  #ended = false;
  #look: () => void = () => undefined;

  constructor(options: ChildOptions = {}) {
    const {
      root = ROOT,
      program = 'main',
      args = [],
      env = {},
      unset = [],
      atEnd = onTestFinished,
    } = options;
    const { cwd = tempDir(atEnd) } = options;
    const file = join(root, 'dist', 'src', `${program}.js`);
    if (!existsSync(file)) throw new Error(`${file} is missing: run "npm run build" before the tests`);
    this.dataDir = options.dataDir ?? join(cwd, 'data');
    const data = options.dataDir === null ? {} : { HAMROH_DATA_DIR: this.dataDir };
    this.#process = spawn(process.execPath, [...SHORT_LIVED, file, ...args], {
      cwd,
      env: { PATH: process.env.PATH, ...nothing(unset), PORT: '0', ...data, ...env },
      stdio: 'pipe',
    });
    this.exit = this.#watch();
    RUNNING.add(this.#process);
    atEnd(async () => {
      this.signal('SIGKILL');
      await this.exit;
    });
  }

  get running(): boolean {
    return !this.#ended;
  }

  /** Everything it wrote, for messages and for scans. */
  get output(): string {
    return this.stdout + this.stderr;
  }

  /**
   * Resolves with the address of the web chat as the start lines print it.
   * @throws Error with all output when the process ends before
   */
  async started(): Promise<string> {
    await this.says(LAST_START_LINE);
    const url = /Web chat +(http:\S+)/.exec(this.stdout)?.[1];
    if (url === undefined) throw new Error(`no address among the start lines:\n${this.output}`);
    return url;
  }

  /** Resolves when the output holds these words; rejects with all output when the process ends without them. */
  async says(words: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#look = () => {
        if (this.output.includes(words)) resolve();
        else if (this.#ended) reject(new Error(`it ended without "${words}":\n${this.output}`));
      };
      this.#look();
    });
  }

  /** Writes lines to its standard input and closes it. */
  type(lines: string[]): void {
    this.#process.stdin?.end(lines.map((line) => `${line}\n`).join(''));
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Sends a signal and waits for the end. */
  async end(name: NodeJS.Signals): Promise<Exit> {
    this.signal(name);
    return this.exit;
  }

  #watch(): Promise<Exit> {
    const { stdout, stderr } = this.#process;
    stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#look();
    });
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#look();
    });
    return new Promise((resolve, reject) => {
      this.#process.once('error', reject);
      this.#process.once('close', (code, signal) => {
        this.#ended = true;
        RUNNING.delete(this.#process);
        this.#look();
        resolve({ code, signal });
      });
    });
  }
}

/** One command of `hamroh`, to its end. */
export async function run(
  args: string[],
  options: ChildOptions & { lines?: string[] } = {},
): Promise<Exit & { stdout: string; stderr: string }> {
  const child = new Child({ program: 'cli', ...options, args });
  child.type(options.lines ?? []);
  const exit = await child.exit;
  return { ...exit, stdout: child.stdout, stderr: child.stderr };
}

/** An empty folder that is deleted at the end. */
export function tempDir(atEnd: AtEnd = onTestFinished): string {
  const dir = quickDir('hamroh-app-');
  atEnd(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** What the program reads besides its code. */
const FILES = ['flows', 'locales', 'db', 'package.json', join('src', 'web', 'public')];

/** A copy of what the program reads, in a temporary folder, to break files in. */
export function copyFiles(): string {
  const root = mkdtempSync(join(tmpdir(), 'hamroh-copy-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const file of FILES) cpSync(join(ROOT, file), join(root, file), { recursive: true });
  return root;
}

/** The same with the program itself, to be started there. */
export function copyProject(): string {
  const root = copyFiles();
  const filter = (file: string) => !file.endsWith('.map');
  cpSync(join(ROOT, 'dist'), join(root, 'dist'), { recursive: true, filter });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return root;
}
