import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runDemo } from '../../src/demo/command.ts';
import { dropFolder, makeFolder } from '../../src/demo/folder.ts';
import { Progress } from '../../src/demo/progress.ts';
import { projectRoot } from '../../src/paths.ts';
import { isSimulated, markSimulated } from '../../src/simulated.ts';
import { TestClock, tempDir } from '../store/support.ts';

const ROOT = projectRoot();
const MARK = 'SIMULATED.txt';
const REQUEST = { people: 5, weeks: 1, seed: 1, lang: 'en' } as const;

/** A process that writes into memory. `interrupted`: Ctrl+C comes at once. */
function fakeProcess(interrupted = false) {
  const written: string[] = [];
  return {
    written,
    stdout: { write: (text: string) => written.push(text) },
    env: {},
    exitCode: 0,
    once: (signal: string, listener: () => void) => {
      if (interrupted && signal === 'SIGINT') listener();
    },
    off: () => undefined,
  };
}

test('a new folder is its owner’s alone, marked before anything else is in it, and deleted when it is not finished', () => {
  const folder = makeFolder(undefined);
  onTestFinished(() => rmSync(folder.dir, { recursive: true, force: true }));
  expect(dirname(folder.dir)).toBe(tmpdir());
  expect(statSync(folder.dir).mode & 0o777).toBe(0o700);
  expect(isSimulated(folder.dir)).toBe(true);
  expect(readFileSync(join(folder.dir, MARK), 'utf8')).toContain('not complete');
  markSimulated(folder.dir, true);
  expect(readFileSync(join(folder.dir, MARK), 'utf8')).not.toContain('not complete');
  expect(dropFolder(folder)).toBe(true);
  expect(existsSync(folder.dir)).toBe(false);
});

test('a named folder may be there, if it is empty; it is never deleted', () => {
  const dir = join(tempDir(), 'a', 'demo');
  mkdirSync(dir, { recursive: true });
  const folder = makeFolder(dir);
  expect(folder).toEqual({ dir, temporary: false });
  expect(dropFolder(folder)).toBe(false);
  expect(isSimulated(dir)).toBe(true);
});

test('a folder with anything in it is refused and left as it is', async () => {
  const dir = tempDir();
  writeFileSync(join(dir, 'hamroh.db'), 'somebody’s');
  const refused = runDemo(ROOT, { ...REQUEST, dir }, fakeProcess());
  await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: `${dir} is not empty.` });
  expect(existsSync(join(dir, MARK))).toBe(false);
  expect(() => makeFolder(join(dir, 'hamroh.db'))).toThrow('is not empty');
  expect(readFileSync(join(dir, 'hamroh.db'), 'utf8')).toBe('somebody’s');
});

test('Ctrl+C: a folder of ours is deleted, a named one is said to be incomplete', async () => {
  const process = fakeProcess(true);
  await runDemo(ROOT, REQUEST, process);
  const made = /fills (\S+)\./.exec(process.written.join(''))?.[1] ?? '';
  expect(made).toContain('hamroh-demo-');
  expect(existsSync(made)).toBe(false);
  expect(process.written.at(-1)).toBe('The demo is not complete; its folder is deleted.\n');
  expect(process.exitCode).toBe(130);
  const dir = join(tempDir(), 'named');
  const other = fakeProcess(true);
  await runDemo(ROOT, { ...REQUEST, dir }, other);
  expect(other.written.at(-1)).toBe(`The demo is not complete: delete ${dir}.\n`);
  expect(readFileSync(join(dir, MARK), 'utf8')).toContain('not complete');
});

test('progress: one line that is rewritten on a terminal, elsewhere a line for each month', () => {
  const start = Date.parse('2026-10-26T00:00:00Z');
  const days = Array.from({ length: 28 }, (_, i) => ({
    now: start + i * 86_400_000,
    visits: i * 100,
    of: 2_800,
    turns: i * 700,
  }));
  const show = (isTTY: boolean) => {
    const clock = new TestClock();
    const written: string[] = [];
    const progress = new Progress({ write: (text) => written.push(text), isTTY }, clock, start);
    for (const done of days) {
      progress.show(done);
      clock.pass(1_000);
    }
    progress.end();
    return written;
  };
  expect(show(false)).toEqual([
    'week 1 · 2026-10-26 · 0 visits · 0 messages\n',
    'week 1 · 2026-11-01 · 600 visits · 4,200 messages · 22 s left\n',
  ]);
  const lines = show(true);
  expect(lines).toHaveLength(29);
  expect(lines.slice(0, -1).every((line) => line.startsWith('\r') && !line.includes('\n'))).toBe(true);
  expect(lines[14]).toContain('week 3 · 2026-11-09 · 1,400 visits · 9,800 messages · 14 s left');
});
