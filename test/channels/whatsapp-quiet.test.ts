import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWhatsApp, type WhatsAppChannel } from '../../src/channels/whatsapp.ts';
import { silenceLibraries } from '../../src/channels/whatsapp-quiet.ts';
import { systemClock, systemIds } from '../../src/clock.ts';
import type { Store } from '../../src/store/port.ts';
import { openStore } from '../../src/store/sqlite.ts';
import { type FakeWhatsApp, fakeWhatsApp, type Person } from '../fake/whatsapp.ts';
import { quickDir } from '../support/temp.ts';
import { FAST, say, TestHost, until } from './whatsapp-kit.ts';

const METHODS = ['log', 'debug', 'info', 'warn', 'error', 'trace', 'dir'] as const;
const original = { ...console };
const streams = { out: process.stdout.write, err: process.stderr.write };
const printed: string[] = [];

/** Catches everything that is printed, by whomever. */
function listen(): void {
  for (const name of METHODS)
    console[name] = (...args: unknown[]) => void printed.push(args.map(String).join(' '));
  const catcher = (chunk: unknown): boolean => {
    printed.push(String(chunk));
    return true;
  };
  process.stdout.write = catcher;
  process.stderr.write = catcher;
}

function restore(): void {
  Object.assign(console, original);
  process.stdout.write = streams.out;
  process.stderr.write = streams.err;
}

let dir: string;
let store: Store;
let fake: FakeWhatsApp;
let channel: WhatsAppChannel;
const host = new TestHost();
beforeAll(async () => {
  dir = quickDir('hamroh-quiet-');
  store = openStore({ dir, clock: systemClock, ids: systemIds });
  fake = await fakeWhatsApp({ pn: '15557654321', lid: '276543210987654' });
  listen();
  channel = createWhatsApp({
    rows: store.channelRows('whatsapp'),
    wsUrl: fake.url,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    clock: systemClock,
    ids: systemIds,
    timings: FAST,
  });
});
afterAll(async () => {
  restore();
  await channel.stop();
  await fake.stop();
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Everything that makes libsignal print: sessions opened, closed, replaced, and messages nobody can read. */
async function rekey(person: Person, round: string): Promise<void> {
  await person.send(`hello ${round}`);
  await until(() => host.texts(person.lid).includes(`hello ${round}`), 'their message');
  await channel.send(person.lid, say(`answer ${round}`), `row ${round}`);
  await person.next(({ text }) => text === `answer ${round}`);
  person.reinstall();
  await person.send(`new phone ${round}`);
  await until(() => host.texts(person.lid).includes(`new phone ${round}`), 'a message from the new phone');
  await channel.dropKeys?.(person.lid);
  await person.send(`forgotten ${round}`);
  await until(() => host.texts(person.lid).includes(`forgotten ${round}`), 'a message without a session');
}

test('the libraries print nothing, whatever happens, and would without us', async () => {
  const person = fake.person({ pn: '15551234567', lid: '165432109876543' });
  await channel.start(host);
  await fake.phone.scan(await until(() => channel.pairing().qr, 'a code'));
  await fake.whenOnline();
  await until(() => channel.state().state === 'up', 'up');
  await rekey(person, 'one');
  fake.closeWith(500);
  await until(() => fake.logins > 1 && channel.state().state === 'up', 'up again');
  expect(printed).toEqual([]);
  listen();
  await rekey(person, 'two');
  expect(printed.join('\n')).toMatch(/session/i);
  silenceLibraries();
  printed.length = 0;
  await rekey(person, 'three');
  expect(printed).toEqual([]);
});

test('no number, no id, no word and no key of it stands in the files', () => {
  const rows = store.channelRows('whatsapp');
  const creds = rows.get(['creds']).get('creds') ?? '';
  const keys = [...creds.matchAll(/"data":"([^"]{20,})"/g)].map(([, data]) =>
    Buffer.from(data ?? '', 'base64'),
  );
  expect(keys.length).toBeGreaterThan(5);
  const files = readdirSync(dir).map((name) => readFileSync(join(dir, name)));
  expect(files.length).toBeGreaterThan(1);
  const holds = (needle: Buffer | string): boolean => files.some((file) => file.includes(needle));
  // The scan would find them.
  expect(holds('channel_row')).toBe(true);
  for (const key of keys) {
    expect(holds(key)).toBe(false);
    expect(holds(key.toString('base64').slice(0, 24))).toBe(false);
    expect(holds(key.toString('hex'))).toBe(false);
  }
  for (const word of [
    '15551234567',
    '165432109876543',
    '15557654321',
    '276543210987654',
    'hello one',
    'answer one',
  ]) {
    expect(holds(word), word).toBe(false);
    expect(holds(Buffer.from(word, 'utf16le')), word).toBe(false);
    expect(holds(Buffer.from(word).toString('hex')), word).toBe(false);
    for (const shift of [0, 1, 2]) {
      const inside = Buffer.from(`${'x'.repeat(shift)}${word}`)
        .toString('base64')
        .slice(4, -4);
      expect(holds(inside), word).toBe(false);
    }
    if (!/^\d+$/.test(word)) continue;
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(BigInt(word));
    expect(holds(number.subarray(2)), word).toBe(false);
  }
});
