import { proto } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../fake/whatsapp.ts';
import { node } from '../fake/whatsapp-nodes.ts';
import { FULL, say, type TestHost, until, type World, world } from './whatsapp-kit.ts';

let w: World;
let host: TestHost;
beforeAll(async () => {
  w = await world();
  host = w.host;
  await w.channel.start(host);
  await w.pair();
});
afterAll(() => w.end());

/** Waits for a marker from the same person: whatever came before it has been dealt with. */
async function settled(person: Person): Promise<void> {
  await person.send('that was all');
  await until(() => host.texts(person.lid).includes('that was all'), 'the marker');
}

/** What somebody said, without the markers. */
const said = (person: Person) => host.texts(person.lid).filter((text) => text !== 'that was all');

test('one person under hidden id, number and device is one contact, in whatever order they come', async () => {
  const ways = [
    [{ address: 'lid' }, { address: 'pn' }, { address: 'lid', device: 4 }],
    [{ address: 'pn' }, { address: 'lid', alt: false }, { address: 'pn', device: 4, alt: false }],
    [{ address: 'pn', device: 4 }, { address: 'pn', alt: false }, { address: 'lid' }],
    [
      { address: 'lid', device: 4 },
      { address: 'lid', alt: false },
      { address: 'pn', alt: false },
    ],
  ] as const;
  for (const order of ways) {
    const person = w.fake.person();
    for (const [n, options] of order.entries()) await person.send(`message ${n}`, options);
    await until(() => host.texts(person.lid).length === 3, 'three messages under the hidden id');
    const mine = host.messages.filter(({ user }) => user === person.lid);
    expect(mine.map(({ input }) => input)).toEqual(
      [0, 1, 2].map((n) => ({ kind: 'text', text: `message ${n}` })),
    );
    for (const { aliases, address } of mine) {
      expect(aliases).toEqual([person.pn]);
      expect([person.lid, person.pn]).toContain(address);
    }
  }
});

test('the store makes one contact of them, also when the hidden id is learned late', async () => {
  const person = w.fake.person({ hidden: true });
  await person.send('before', { address: 'pn', alt: false });
  const first = await until(
    () => host.messages.find(({ user }) => user === person.pn),
    'a message under the number',
  );
  expect(first.aliases).toBeUndefined();
  await person.send('after', { address: 'lid' });
  const second = await until(
    () => host.messages.find(({ user }) => user === person.lid),
    'and one under the hidden id',
  );
  expect(second.aliases).toEqual([person.pn]);
  await w.store.accept([first, second]);
  const turns = w.store.claim(10, 10);
  expect(turns).toHaveLength(2);
  expect(new Set(turns.map(({ contact }) => contact)).size).toBe(1);
});

test('a message that comes twice, or could not be read at first, counts once', async () => {
  const person = w.fake.person();
  const id = await person.send('once');
  await until(() => said(person).length === 1, 'the message');
  w.fake.redeliver(id);
  await settled(person);
  await person.loseSessions();
  await w.channel.dropKeys?.(person.lid);
  await person.send('unreadable at first');
  await until(() => said(person).includes('unreadable at first'), 'the message, sealed anew');
  expect(said(person)).toEqual(['once', 'unreadable at first']);
});

test('what is no message of a person is dropped: protocol, groups, status, forgeries', async () => {
  const person = w.fake.person();
  const group = w.fake.group([person]);
  const { Type } = proto.Message.ProtocolMessage;
  await person.send('in a group', { in: group });
  await person.send('a status', { in: 'status@broadcast' });
  await person.react('X', '+');
  await person.revoke('X');
  await person.send({
    protocolMessage: { type: Type.APP_STATE_SYNC_KEY_SHARE, appStateSyncKeyShare: { keys: [] } },
  });
  // Pretends to be sent by the organisation's own phone.
  await person.send('forged', { forged: { attrs: { recipient: w.fake.person().lid } } });
  await person.send({
    deviceSentMessage: { destinationJid: w.fake.account.lid, message: { conversation: 'a copy' } },
  });
  await settled(person);
  expect(said(person)).toEqual([]);
  expect(host.messages.some(({ input }) => input.kind === 'staff')).toBe(false);
});

test('a call is rejected, and is no message', async () => {
  const person = w.fake.person();
  const call = person.call();
  await until(() => call.rejected, 'the rejection');
  person.hangUp(call);
  await settled(person);
  expect(said(person)).toEqual([]);
});

test('an answer by hand, from the organisation’s phone, is told apart and belongs to the person', async () => {
  const person = w.fake.person();
  await person.send('help');
  await settled(person);
  await w.fake.phone.say(person, 'Good day, this is Aigul');
  await until(() => said(person).includes('staff'), 'the sign of a human');
  const staff = host.messages.find(({ input, user }) => input.kind === 'staff' && user === person.lid);
  expect(staff).toMatchObject({ user: person.lid, aliases: [person.pn], input: { kind: 'staff' } });
  // What we send ourselves is not mistaken for it.
  await w.channel.send(person.lid, { lang: 'en', text: 'from the bot', choices: [] }, 'row');
  await person.next(({ text }) => text === 'from the bot');
  await settled(person);
  expect(said(person)).toEqual(['help', 'staff']);
});

test('place and media come through; nothing is read, announced or downloaded', async () => {
  const person = w.fake.person();
  await person.send({ locationMessage: { degreesLatitude: 43.25, degreesLongitude: 76.95 } });
  await person.send({
    imageMessage: { url: 'https://mmg.whatsapp.net/x', directPath: '/x', mediaKey: Buffer.alloc(32) },
  });
  await settled(person);
  expect(said(person)).toEqual(['place', 'media']);
  expect(w.fake.presence).not.toContain('available');
  expect(person.receipts.map(({ type }) => type)).not.toContain('read');
});

test('WhatsApp is told "received" after it is stored, and not before', async () => {
  const person = w.fake.person();
  let store = (): void => undefined;
  host.hold = new Promise((resolve) => {
    store = resolve;
  });
  const before = host.asked;
  await person.send('hold on');
  await until(() => host.asked > before, 'the store to be asked');
  // A question and its answer pass meanwhile, so a receipt would have been here by now.
  await expect(w.channel.send('15559999@s.whatsapp.net', say('x'), 'row-hold')).rejects.toMatchObject({
    kind: 'stopped',
  });
  expect(person.receipts).toEqual([]);
  expect(w.fake.waiting).toBe(1);
  store();
  await until(() => person.receipts.length === 1, 'a receipt');
  expect(said(person)).toEqual(['hold on']);
});

test('what the store does not take is not confirmed, and comes again in order', async () => {
  const person = w.fake.person();
  await person.send('first');
  await until(() => said(person).length === 1, 'the first');
  let refusals = 0;
  host.refuse = () => {
    refusals += 1;
    // Arrives when the line is half closed; the library's answer to it fails, and nobody waits for that.
    const [companion] = w.fake.companions();
    companion?.connection?.send(node('receipt', { from: '12036300000000@g.us', id: 'X', t: '1' }));
    throw FULL;
  };
  for (const text of ['second', 'third', 'fourth']) await person.send(text);
  await until(() => refusals > 3, 'some tries');
  expect(w.fake.waiting).toBeGreaterThanOrEqual(3);
  host.refuse = () => undefined;
  await until(() => said(person).length === 4, 'all four');
  expect(said(person)).toEqual(['first', 'second', 'third', 'fourth']);
  await until(() => w.fake.waiting === 0, 'all to be confirmed');
  expect(w.log.some(({ fields }) => fields.code === 'STORE_FULL')).toBe(true);
  expect(w.log.some(({ event }) => event === 'a step of the library failed')).toBe(true);
  expect(person.receipts.map(({ type }) => type)).not.toContain('retry');
});

test('one message that breaks the store each time does not stand in the way of the others for ever', async () => {
  const [bad, good] = [w.fake.person(), w.fake.person()];
  let tries = 0;
  host.refuse = (messages) => {
    if (messages.every(({ user }) => user !== bad.lid)) return;
    tries += 1;
    throw new TypeError('a fault of ours');
  };
  await bad.send('poison');
  await good.send('waits behind it');
  await until(() => said(good).length === 1, 'the other message');
  expect(tries).toBe(5);
  host.refuse = () => undefined;
  expect(w.log.some(({ event, fields }) => event.includes('lost') && fields.code === 'TypeError')).toBe(true);
});

test('nothing personal is in the log', () => {
  const lines = JSON.stringify(w.log);
  expect(lines).not.toMatch(/\d{6}|@lid|whatsapp\.net/);
  expect(w.fake.problems).toEqual([]);
});
