import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Child, copyProject, tempDir } from './child.ts';

async function get(url: string, path: string): Promise<{ status: number; body: string }> {
  const answer = await fetch(new URL(path, url));
  return { status: answer.status, body: await answer.text() };
}

/** Takes a port of 127.0.0.1 until the test ends; undefined when somebody else has it. */
async function takePort(port = 0): Promise<number | undefined> {
  const server = createServer();
  const taken = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!taken) return undefined;
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('without any configuration it serves the web chat, says where, and answers for its health', async (ctx) => {
  const root = copyProject();
  const cwd = tempDir();
  const child = new Child({ root, cwd, dataDir: null, env: { PORT: '' } });
  const url = await child.started().catch((error: unknown) => {
    // Somebody on this machine works on the default port; the other tests use free ones.
    if (child.output.includes('PORT_TAKEN')) return ctx.skip('port 3000 is taken on this machine');
    throw error;
  });
  expect(url).toBe('http://127.0.0.1:3000');
  expect(child.stdout).toContain('Telegram   off');
  expect(child.stdout.split('\n').length).toBeLessThanOrEqual(11);
  expect(existsSync(join(cwd, 'data', 'hamroh.db'))).toBe(true);
  expect(await get(url, '/livez')).toMatchObject({ status: 200 });
  expect(await get(url, '/readyz')).toMatchObject({ status: 200 });
  expect((await get(url, '/')).body).toContain('Русский');
  expect((await get(url, '/chat.js')).status).toBe(200);
  expect(await child.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(child.stderr).toBe('');
});

test('an .env file in the project folder is read, and the environment stands above it', async () => {
  const root = copyProject();
  writeFileSync(join(root, '.env'), 'HAMROH_COUNTRY=nowhere\nHAMROH_LOG=loud\n');
  const child = new Child({ root, env: { HAMROH_LOG: 'warn' }, unset: ['HAMROH_COUNTRY'] });
  expect(await child.exit).toEqual({ code: 1, signal: null });
  expect(child.stderr).toContain('HAMROH_COUNTRY=nowhere is not usable');
  expect(child.stderr).not.toContain('HAMROH_LOG');
});

test('a second start on the same data folder says so and leaves the first one alone', async () => {
  const first = new Child();
  const url = await first.started();
  const second = new Child({ dataDir: first.dataDir });
  expect(await second.exit).toEqual({ code: 1, signal: null });
  expect(second.stdout).toBe('');
  expect(second.stderr).toBe(
    `Hamroh cannot run (STORE_LOCKED):\nAnother Hamroh process uses ${first.dataDir}.\n` +
      '→ Stop the other process, or give this one its own HAMROH_DATA_DIR.\n',
  );
  expect(await get(url, '/readyz')).toMatchObject({ status: 200 });
});

test('a taken port is named, with another one to try', async () => {
  const port = await takePort();
  const child = new Child({ env: { PORT: String(port) } });
  expect(await child.exit).toEqual({ code: 1, signal: null });
  expect(child.stdout).toBe('');
  expect(child.stderr).toContain(
    `Hamroh cannot run (PORT_TAKEN):\nPort ${port} is in use by another program.\n→ `,
  );
});

test('wrong values: one exit that lists each of them with a hint, and no secret', async () => {
  const child = new Child({
    env: {
      PORT: '99999',
      HAMROH_COUNTRY: 'ATLANTIS',
      HAMROH_LOG: 'loud',
      HAMROH_PUBLIC_HOST: 'https://x',
      TELEGRAM_BOT_TOKEN: 'canary-token',
      TELEGRAM_API_ROOT: 'ftp://example.org',
      TELEGRAM_WEBHOOK_URL: 'http://bot.example.org/',
      TELEGRAM_WEBHOOK_SECRET: 'canary!',
    },
  });
  expect(await child.exit).toEqual({ code: 1, signal: null });
  const problems = child.stderr.split('\n').filter((line) => line.includes(' is not usable: '));
  expect(problems.map((line) => line.split(' ')[0])).toEqual([
    'PORT=99999',
    'HAMROH_COUNTRY=ATLANTIS',
    'HAMROH_PUBLIC_HOST=https://x',
    'HAMROH_LOG=loud',
    'TELEGRAM_BOT_TOKEN',
    'TELEGRAM_API_ROOT=ftp://example.org',
    'TELEGRAM_WEBHOOK_URL=http://bot.example.org/',
    'TELEGRAM_WEBHOOK_SECRET',
  ]);
  for (const line of problems) expect(line.split(' is not usable: ')[1]?.length).toBeGreaterThan(10);
  expect(child.stderr).toContain('\n→ Correct these');
  expect(child.output).not.toContain('canary');
  expect(child.stdout).toBe('');
  expect(existsSync(child.dataDir)).toBe(false);
});

test('values that only go together are asked for together', async () => {
  const child = new Child({
    env: {
      TELEGRAM_WEBHOOK_URL: 'https://bot.example.org/webhooks/telegram',
      TELEGRAM_API_ROOT: 'http://api.example.org',
    },
  });
  expect(await child.exit).toEqual({ code: 1, signal: null });
  expect(child.stderr).toContain('TELEGRAM_WEBHOOK_SECRET go together');
  expect(child.stderr).toContain('TELEGRAM_BOT_TOKEN is not: add the token');
  expect(child.stderr).toContain('may use http only on this machine');
});

test('a database that is none stops the start and is not touched', async () => {
  const dataDir = join(tempDir(), 'data');
  mkdirSync(dataDir);
  const words = 'This is not a database, but somebody may want it back.'.repeat(40);
  writeFileSync(join(dataDir, 'hamroh.db'), words);
  const child = new Child({ dataDir });
  expect(await child.exit).toEqual({ code: 1, signal: null });
  expect(child.stderr).toContain('Hamroh cannot run (STORE_UNREADABLE)');
  expect(child.stdout).toBe('');
  expect(readFileSync(join(dataDir, 'hamroh.db'), 'utf8')).toBe(words);
});
