import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addTransactionCapability, proto, type SignalDataSet } from '@whiskeysockets/baileys';
import { describe, expect, test } from 'vitest';
import { createAuth, type KeyRows, userOf } from '../../src/channels/whatsapp-auth.ts';
import { quietLogger } from '../../src/channels/whatsapp-quiet.ts';
import { HOUR, openWorld, TestClock } from '../store/support.ts';

/** Rows in memory that keep a list of what was asked of them. */
function memory(): KeyRows & {
  data: Map<string, { value: string; owner: string | undefined }>;
  calls: string[][];
} {
  const data = new Map<string, { value: string; owner: string | undefined }>();
  const calls: string[][] = [];
  return {
    data,
    calls,
    get: (names) =>
      new Map(names.flatMap((n) => (data.has(n) ? [[n, data.get(n)?.value ?? ''] as const] : []))),
    set(rows) {
      calls.push(rows.map(({ name }) => name));
      for (const { name, value, owner } of rows)
        value === null ? data.delete(name) : data.set(name, { value, owner });
    },
    forget(owners) {
      for (const [name, { owner }] of data)
        if (owner !== undefined && owners.includes(owner)) data.delete(name);
    },
    clear: () => data.clear(),
  };
}

const bytes = (n: number) => new Uint8Array([n, 2, 3]);
/** Something of every type there is, for one person with two devices. */
const everything: SignalDataSet = {
  'pre-key': { 7: { public: bytes(1), private: bytes(2) } },
  session: { '15550001.0': bytes(3), '100000000000001_1.5': bytes(4) },
  'identity-key': { '100000000000001_1.0': bytes(5) },
  'device-list': { '100000000000001': ['0', '5'] },
  'lid-mapping': { '15550001': '100000000000001', '100000000000001_reverse': '15550001' },
  tctoken: {
    '100000000000001@lid': { token: Buffer.from('t'), timestamp: '1' },
    __index: { token: Buffer.from('["100000000000001@lid"]') },
  },
  'sender-key': { '1203@g.us::15550001::0': bytes(6) },
  'sender-key-memory': { '1203@g.us': { '15550001:0@s.whatsapp.net': true } },
  'app-state-sync-key': { AAAA: proto.Message.AppStateSyncKeyData.create({ keyData: bytes(7) }) },
  'app-state-sync-version': { regular: { version: 1, hash: Buffer.alloc(4), indexValueMap: {} } },
};

test('the person behind every form of id', () => {
  const ids = ['4', '4:2@lid', '4@s.whatsapp.net', '4_1.0', '4.0', '4_1:2@lid', '4_reverse'];
  expect(ids.map(userOf)).toEqual(ids.map(() => '4'));
});

describe('over rows', () => {
  test('one set is one transaction, each row belongs to its person, nothing of groups or the address book', async () => {
    const rows = memory();
    const { keys } = createAuth(rows, new TestClock()).begin().state;
    const transactional = addTransactionCapability(keys, quietLogger, {
      maxCommitRetries: 1,
      delayBetweenTriesMs: 1,
    });
    await transactional.transaction(() => Promise.resolve(transactional.set(everything)), 'x');
    expect(rows.calls).toHaveLength(1);
    expect(Object.fromEntries([...rows.data].map(([name, { owner }]) => [name, owner]))).toEqual({
      'pre-key/7': undefined,
      'session/15550001.0': '15550001',
      'session/100000000000001_1.5': '100000000000001',
      'identity-key/100000000000001_1.0': '100000000000001',
      'device-list/100000000000001': '100000000000001',
      'lid-mapping/15550001': '15550001',
      'lid-mapping/100000000000001_reverse': '100000000000001',
      'tctoken/100000000000001@lid': '100000000000001',
    });
  });

  test('what was written is read again after a restart, bytes as bytes', async () => {
    const rows = memory();
    await createAuth(rows, new TestClock()).begin().state.keys.set(everything);
    const { keys } = createAuth(rows, new TestClock()).begin().state;
    const preKey = (await keys.get('pre-key', ['7', '8']))['7'];
    expect(Buffer.from(preKey!.private)).toEqual(Buffer.from(bytes(2)));
    expect(await keys.get('device-list', ['100000000000001'])).toEqual({ '100000000000001': ['0', '5'] });
    expect(
      (await keys.get('tctoken', ['100000000000001@lid']))['100000000000001@lid']?.token.toString(),
    ).toBe('t');
    expect(await keys.get('session', ['nobody.0'])).toEqual({});
    await keys.set({ 'pre-key': { 7: null } });
    expect(rows.data.has('pre-key/7')).toBe(false);
    expect((await keys.get('pre-key', ['7']))['7'] ?? null).toBeNull();
  });

  test('forgetting somebody by either address takes both, from the cache too, and nobody else', async () => {
    for (const address of ['100000000000001@lid', '15550001@s.whatsapp.net']) {
      const rows = memory();
      const auth = createAuth(rows, new TestClock());
      const { keys } = auth.begin().state;
      await keys.set(everything);
      await keys.set({ session: { '15550002.0': bytes(9) }, 'identity-key': { '1555000.0': bytes(9) } });
      auth.forget(address);
      expect([...rows.data.keys()]).toEqual(['pre-key/7', 'session/15550002.0', 'identity-key/1555000.0']);
      expect(await keys.get('session', ['15550001.0', '100000000000001_1.5'])).toEqual({});
      expect(auth.aliasOf(address)).toBeUndefined();
      expect(Object.keys(await keys.get('session', ['15550002.0']))).toEqual(['15550002.0']);
    }
  });

  test('a pair of addresses is learned, found both ways, and written again while they go on writing', () => {
    const rows = memory();
    const clock = new TestClock();
    const auth = createAuth(rows, clock);
    auth.begin();
    const learn = () => auth.learn('100000000000001@lid', '15550001@s.whatsapp.net');
    learn();
    learn();
    expect(rows.calls).toHaveLength(1);
    clock.pass(HOUR);
    learn();
    expect(rows.calls).toHaveLength(2);
    const later = createAuth(rows, clock);
    expect(later.aliasOf('100000000000001@lid')).toBe('15550001@s.whatsapp.net');
    expect(later.aliasOf('15550001@s.whatsapp.net')).toBe('100000000000001@lid');
    expect(later.aliasOf('15550002@s.whatsapp.net')).toBeUndefined();
  });

  test('the credentials of an unfinished pairing are not stored, and not used again', () => {
    const rows = memory();
    const auth = createAuth(rows, new TestClock());
    const first = auth.begin().state.creds;
    first.me = { id: '15550000@s.whatsapp.net', name: '~' };
    auth.save();
    expect(rows.data.size).toBe(0);
    const second = auth.begin().state.creds;
    expect(second.me).toBeUndefined();
    expect(second.advSecretKey).not.toBe(first.advSecretKey);
    second.me = { id: '15550000:3@s.whatsapp.net', lid: '200000000000000:3@lid', name: 'x' };
    second.account = proto.ADVSignedDeviceIdentity.create({ details: bytes(1) });
    auth.save();
    const later = createAuth(rows, new TestClock());
    expect(later.own()).toEqual({ pn: '15550000', lid: '200000000000000' });
    expect(later.begin().state.creds.advSecretKey).toBe(second.advSecretKey);
    later.clear();
    expect(rows.data.size).toBe(0);
    expect(later.paired()).toBe(false);
  });

  test('a connection that is over writes nothing any more', async () => {
    const rows = memory();
    const auth = createAuth(rows, new TestClock());
    const first = auth.begin();
    const second = auth.begin();
    await first.state.keys.set({ session: { '1.0': bytes(1) } });
    expect(rows.data.size).toBe(0);
    expect(await second.state.keys.get('session', ['1.0'])).toEqual({});
    await second.state.keys.set({ session: { '1.0': bytes(1) } });
    second.end();
    await second.state.keys.set({ session: { '2.0': bytes(1) } });
    expect([...rows.data.keys()]).toEqual(['session/1.0']);
    auth.clear();
    await second.state.keys.set({ session: { '3.0': bytes(1) } });
    expect(rows.data.size).toBe(0);
  });

  test('a value that somebody else deleted is not served for longer than five minutes', async () => {
    const rows = memory();
    const clock = new TestClock();
    const { keys } = createAuth(rows, clock).begin().state;
    await keys.set({ session: { '1.0': bytes(1) } });
    rows.data.clear();
    expect(Object.keys(await keys.get('session', ['1.0']))).toEqual(['1.0']);
    clock.pass(5 * 60_000);
    expect(await keys.get('session', ['1.0'])).toEqual({});
  });
});

test('over the real store: nothing of it stands in the files, and a silent person’s rows die', async () => {
  const w = openWorld();
  const auth = createAuth(w.store.channelRows('whatsapp'), w.clock);
  const { keys } = auth.begin().state;
  await keys.set(everything);
  const files = () => Buffer.concat(readdirSync(w.dir).map((name) => readFileSync(join(w.dir, name))));
  for (const secret of ['15550001', '100000000000001', 'lid-mapping', '_reverse', 'pre-key']) {
    expect(files().includes(secret), secret).toBe(false);
  }
  w.clock.pass(49 * HOUR);
  for (let more = true; more; ) more = w.store.sweep(w.clock.now()).more;
  const later = createAuth(w.store.channelRows('whatsapp'), w.clock);
  const after = later.begin().state.keys;
  expect(await after.get('session', ['15550001.0', '100000000000001_1.5'])).toEqual({});
  expect(later.aliasOf('100000000000001@lid')).toBeUndefined();
  expect(Object.keys(await after.get('pre-key', ['7']))).toEqual(['7']);
});
