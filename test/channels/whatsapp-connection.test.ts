import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WhatsAppChannel } from '../../src/channels/whatsapp.ts';
import { TestHost, until, type World, world } from './whatsapp-kit.ts';

/** Whether anything is stored of the pairing. */
const stored = (w: World) => w.store.channelRows('whatsapp').get(['creds']).size > 0;

describe('a paired device', () => {
  let w: World;
  let channel: WhatsAppChannel;
  beforeAll(async () => {
    w = await world();
    channel = w.channel;
    await channel.start(w.host);
    await w.pair();
  });
  beforeEach(async () => {
    w.log.length = 0;
    await until(() => channel.state().state === 'up', 'up');
  });
  afterAll(() => w.end());

  /** A message comes in and an answer goes out. */
  async function works(): Promise<void> {
    const person = w.fake.person();
    await person.send('ping');
    const { address } = await until(
      () => w.host.messages.find(({ user }) => user === person.lid),
      'their message',
    );
    await until(() => channel.state().state === 'up', 'up');
    await channel.send(address, { lang: 'en', text: 'pong', choices: [] }, `row-${person.lid}`);
    expect((await person.next()).text).toBe('pong');
  }

  test.each([515, 428, 408, 503, 500])('%i: comes back by itself', async (code) => {
    const before = w.fake.logins;
    w.fake.closeWith(code);
    await until(() => w.fake.logins > before, 'another login');
    await works();
    expect(stored(w)).toBe(true);
    const waited = w.log.filter(({ event }) => event === 'the connection ended');
    if (code === 515) expect(waited).toEqual([]);
    else expect(waited[0]?.fields).toMatchObject({ channel: 'whatsapp', code, attempts: 1 });
  });

  test('a broken line and a server that is away: comes back when it does', async () => {
    await w.fake.down();
    await until(() => w.log.some(({ fields }) => fields.attempts === 3), 'three tries');
    expect(channel.state()).toEqual({ state: 'connecting' });
    await w.fake.up();
    await works();
  });

  test('440: stays away, says why, and looks again later', async () => {
    const before = w.fake.logins;
    w.fake.closeWith(440);
    await until(() => channel.state().state === 'down', 'down');
    expect(channel.state()).toMatchObject({
      reason: 'replaced',
      hint: expect.stringContaining('Another program'),
    });
    expect(w.fake.logins).toBe(before);
    await works();
    expect(w.fake.logins).toBe(before + 1);
  });

  test.each([
    [403, 'banned'],
    [405, 'version-too-old'],
    [411, 'not-multi-device'],
  ])('thrown out with %i: stops, says why, keeps the pairing', async (code, reason) => {
    w.fake.closeWith(code);
    await until(() => channel.state().state === 'down', 'down');
    expect(channel.state()).toMatchObject({ reason });
    expect(stored(w)).toBe(true);
    channel.pair();
    await works();
  });

  test.each([
    [402, 'banned-for-now'],
    [403, 'banned'],
    [405, 'version-too-old'],
    [406, 'refused'],
    [409, 'version-refused'],
    [463, 'restricted'],
  ])('refused with %i: stops, says why, keeps the pairing', async (code, reason) => {
    w.fake.refuseLogin(code);
    w.fake.cut();
    await until(() => channel.state().state === 'down', 'down');
    expect(channel.state()).toMatchObject({ reason });
    expect(w.log.find(({ level }) => level === 'error')?.fields).toMatchObject({ code, reason });
    const tries = w.fake.connections;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(w.fake.connections).toBe(tries);
    expect(stored(w)).toBe(true);
    w.fake.refuseLogin(null);
    channel.pair();
    await works();
  });

  test('500 at every login: three tries, then only now and then', async () => {
    w.fake.refuseLogin(500);
    w.fake.cut();
    await until(() => channel.state().state === 'down', 'down');
    expect(channel.state()).toMatchObject({ reason: 'bad-session' });
    expect(
      w.log.filter(({ event, fields }) => event === 'the connection ended' && fields.code === 500),
    ).toHaveLength(2);
    w.fake.refuseLogin(null);
    await works();
  });

  test('stop ends it, also while it waits, and nothing connects afterwards', async () => {
    await channel.stop();
    const tries = w.fake.connections;
    expect(w.fake.open).toBe(0);
    await w.fake.person().send('while we are away');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(w.fake.connections).toBe(tries);
    await w.fake.down();
    await channel.start(w.host);
    await until(() => w.log.some(({ event }) => event === 'the connection ended'), 'a try');
    await channel.stop();
    await w.fake.up();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(w.fake.connections).toBe(tries);
    await channel.start(w.host);
    await until(() => w.host.texts().includes('while we are away'), 'what waited');
    await works();
  });

  test('lines cut at any moment lose no message, repeat none, and change no order', async () => {
    const people = Array.from({ length: 4 }, () => w.fake.person());
    const wanted = Array.from({ length: 12 }, (_, n) => `message ${n}`);
    const writing = Promise.all(
      people.map(async (person) => {
        for (const text of wanted) {
          await person.send(text);
          if (Number(text.slice(8)) % 3 === 0) w.fake.cut();
        }
      }),
    );
    await writing;
    await until(() => people.every(({ lid }) => w.host.texts(lid).length >= wanted.length), 'all messages');
    for (const { lid } of people) expect(w.host.texts(lid)).toEqual(wanted);
    await until(() => w.fake.waiting === 0, 'all to be confirmed');
  });

  test('401: the keys are gone, and pairing begins when somebody asks for it', async () => {
    w.fake.phone.unlink();
    await until(() => channel.state().state === 'down', 'down');
    expect(channel.state()).toMatchObject({
      reason: 'logged-out',
      hint: expect.stringContaining('hamroh whatsapp pair'),
    });
    expect(stored(w)).toBe(false);
    expect(w.store.channelRows('whatsapp').get(['pre-key/1', 'pre-key/700']).size).toBe(0);
    expect(w.log.some(({ level, fields }) => level === 'error' && fields.reason === 'logged-out')).toBe(true);
    expect(channel.pairing()).toEqual({ state: 'unpaired' });
    channel.pair();
    await w.pair();
    await works();
  });

  test('logging out takes the device off the phone, and the keys from the disk', async () => {
    await channel.logout();
    expect(stored(w)).toBe(false);
    expect(channel.state()).toMatchObject({ state: 'down', reason: 'not-paired' });
    expect(w.fake.companions()).toEqual([]);
    expect(w.fake.problems).toEqual([]);
    expect(JSON.stringify(w.log)).not.toMatch(/\d{6}|@lid|whatsapp\.net/);
    channel.pair();
    await until(() => channel.pairing().qr, 'another code');
  });
});

describe('an unpaired device', () => {
  test('shows codes, new ones when they run out, and stops when nobody comes', async () => {
    const w = await world({ timings: { pairingRounds: 2 } }, { qrRefs: 1 });
    // One code a connection, and that for a minute: the end of its time is told by the stand-in.
    const shown: string[] = [];
    w.channel.onQr((qr) => shown.push(qr));
    expect(w.channel.pairing()).toEqual({ state: 'unpaired' });
    await w.channel.start(w.host);
    await until(() => shown.length === 1, 'a code');
    expect(w.channel.state()).toMatchObject({ state: 'down', reason: 'not-paired' });
    expect(w.channel.pairing()).toEqual({ state: 'waiting', qr: shown[0] });
    w.fake.closeWith(408);
    await until(() => shown.length === 2, 'a second code');
    expect(shown[1]).not.toBe(shown[0]);
    w.fake.closeWith(408);
    await until(() => w.channel.pairing().state === 'unpaired', 'the end');
    await until(() => w.log.some(({ event }) => event.includes('nobody paired')), 'a line about it');
    w.channel.pair();
    await until(() => shown.length === 3, 'a third code, because somebody asked');
    expect(stored(w)).toBe(false);
    await w.end();
  });

  test('is linked by a code that is typed on the phone, after a number that is none', async () => {
    const w = await world();
    await w.channel.start(w.host);
    await expect(w.channel.requestCode('12')).rejects.toMatchObject({ code: 'CHANNEL_REFUSED' });
    const code = await w.channel.requestCode(
      `+${w.fake.account.pn.slice(0, 4)} ${w.fake.account.pn.slice(4)}`,
    );
    expect(code).toMatch(/^[0-9A-Z]{8}$/);
    expect(w.channel.pairing()).toMatchObject({ state: 'waiting', code });
    await w.fake.whenLinking('code');
    expect(stored(w)).toBe(false);
    await w.fake.phone.enterCode(code);
    await w.fake.whenOnline();
    await until(() => w.channel.state().state === 'up', 'up');
    expect(w.channel.pairing()).toEqual({ state: 'paired' });
    await expect(w.channel.requestCode(w.fake.account.pn)).rejects.toMatchObject({ code: 'CHANNEL_REFUSED' });
    const person = w.fake.person();
    await person.send('hello');
    expect(await w.host.nth(1)).toMatchObject({ user: person.lid });
    expect(w.fake.problems).toEqual([]);
    // What is not confirmed belongs to nobody: a channel that takes nothing confirms nothing.
    await w.channel.stop();
    const other = new TestHost();
    const next = w.again();
    await next.start(other);
    await until(() => next.state().state === 'up', 'up without another code');
    await w.end();
  });

  test('ends in time, also when nobody answers any more', async () => {
    const w = await world({ timings: { close: 100 }, version: [2, 3000, 7] });
    await w.channel.start(w.host);
    await until(() => w.channel.pairing().qr, 'a code');
    expect(w.fake.clientVersion).toBe('2.3000.7');
    w.fake.freeze();
    await w.channel.stop();
    expect(w.channel.pairing()).toEqual({ state: 'unpaired' });
    w.fake.cut();
    await w.end();
  });

  test('gives no code while WhatsApp is not there', async () => {
    const w = await world({ timings: { answer: 200 } });
    await w.fake.down();
    await w.channel.start(w.host);
    await expect(w.channel.requestCode(w.fake.account.pn)).rejects.toMatchObject({
      code: 'CHANNEL_BUSY',
      retryable: true,
    });
    expect(w.channel.state()).toEqual({ state: 'connecting' });
    await w.end();
  });
});
