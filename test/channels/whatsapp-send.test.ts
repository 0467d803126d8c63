import { encodeBigEndian } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SendError } from '../../src/channels/channel.ts';
import type { Place } from '../../src/message.ts';
import type { Person } from '../fake/whatsapp.ts';
import { node } from '../fake/whatsapp-nodes.ts';
import { say, until, type World, world } from './whatsapp-kit.ts';

let w: World;
beforeAll(async () => {
  w = await world();
  await w.channel.start(w.host);
  await w.pair();
});
afterAll(() => w.end());

/** Somebody who has written to us, as everybody we write to has. */
async function acquaintance(): Promise<Person> {
  const person = w.fake.person();
  await person.send('hello');
  await until(() => w.host.texts(person.lid).length === 1, 'their message');
  return person;
}

const failure = (send: Promise<unknown>): Promise<SendError> =>
  send.then(
    () => Promise.reject(new Error('it was sent')),
    (error: SendError) => error,
  );
const idsSent = (person: Person) => w.fake.sent.filter(({ to }) => to === person.lid).map(({ id }) => id);

test('a point before its text, a long text in pieces, numbered choices: in order, under ids made from the row', async () => {
  const person = await acquaintance();
  const place: Place = { name: 'Center', address: 'Street 1', lat: 43.2, lon: 76.9 };
  const long = 'word '.repeat(1500).trim();
  const choices = [{ data: 'ru:a:b:c', label: 'Yes', number: '1' }];
  const ids = await w.channel.send(person.lid, say(long, { place, choices }), 'row-1');
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^3EB0[0-9A-F]{18}$/);
  await until(() => person.received.length === 3, 'three messages');
  const at = person.received.findIndex(({ message }) => message.locationMessage);
  expect(person.received[at]?.message.locationMessage).toMatchObject({
    degreesLatitude: 43.2,
    name: 'Center',
  });
  expect(person.received.map(({ id }) => id)).toEqual(ids);
  const texts = person.received.filter((_, n) => n !== at).map(({ text }) => text);
  for (const text of texts) expect(text.length).toBeLessThanOrEqual(4096);
  expect(texts.join('')).toContain(long.slice(0, 4000));
  expect(texts.at(-1)).toMatch(/1\b.*Yes/);
  // A preview would have fetched the address from us and told its owner.
  await w.channel.send(person.lid, say('see https://example.org'), 'row-2');
  const link = await person.next(({ text }) => text.includes('example.org'));
  expect(Object.keys(link.message).sort()).toEqual(['conversation', 'messageContextInfo']);
});

test('under the number as under the hidden id', async () => {
  const person = await acquaintance();
  await w.channel.send(person.pn, say('to the number'), 'row-pn');
  expect(await person.next()).toMatchObject({ text: 'to the number' });
});

test.each(['before', 'after'] as const)(
  'the connection breaks %s delivery: unclear, and sent again as the same message',
  async (drop) => {
    const person = await acquaintance();
    w.fake.dropNext(drop);
    const error = await failure(w.channel.send(person.lid, say('only once'), `row-${drop}`));
    expect(error).toMatchObject({ name: 'SendError', kind: 'ambiguous' });
    await w.fake.whenOnline();
    await until(() => w.channel.state().state === 'up', 'the channel to be up again');
    const [id] = await w.channel.send(person.lid, say('only once'), `row-${drop}`);
    await until(() => person.received.length > 0, 'the message');
    // A receipt that comes after all says the same as an answer, and saves the second try.
    expect(new Set(idsSent(person))).toEqual(new Set([id]));
    if (drop === 'before') expect(idsSent(person)).toHaveLength(2);
    await w.channel.send(person.lid, say('next'), `row-${drop}-next`);
    await person.next(({ text }) => text === 'next');
    expect(person.received.map(({ text }) => text)).toEqual(['only once', 'next']);
  },
);

test('the server says nothing: unclear', async () => {
  const quick = w.again({ timings: { ack: 200 } });
  await w.channel.stop();
  const person = w.fake.person();
  await quick.start(w.host);
  await until(() => quick.state().state === 'up', 'up');
  // Their devices are known after this, so that the next message is really written.
  await quick.send(person.lid, say('heard'), 'row-heard').catch(() => undefined);
  w.fake.freeze();
  const error = await failure(quick.send(person.lid, say('into the void'), 'row-void'));
  expect(error).toMatchObject({ kind: 'ambiguous', reason: 'whatsapp-no-answer' });
  w.fake.freeze(false);
  w.fake.cut();
  await quick.stop();
  const offline = await failure(quick.send(person.lid, say('stopped'), 'row-stopped'));
  expect(offline).toMatchObject({ kind: 'retry', reason: 'whatsapp-offline' });
  await w.channel.start(w.host);
  await until(() => w.channel.state().state === 'up', 'up');
});

test('refused: by the account’s standing, by stale devices, by haste', async () => {
  const person = await acquaintance();
  const send = (id: string) => w.channel.send(person.lid, say(id), id);
  w.fake.failNext(463);
  expect(await failure(send('a'))).toMatchObject({ kind: 'permanent', reason: 'whatsapp-463' });
  expect(w.channel.state()).toMatchObject({ state: 'down', reason: 'restricted' });
  expect(w.log.filter(({ fields }) => fields.reason === 'restricted')).toHaveLength(1);
  // Others may still be answered, and one answer that passes shows that we may.
  await send('b');
  expect(w.channel.state()).toEqual({ state: 'up' });
  w.fake.failNext(479);
  expect(await failure(send('c'))).toMatchObject({ kind: 'ambiguous' });
  w.fake.failNext(420);
  expect(await failure(send('d'))).toMatchObject({ kind: 'retry', retryAfterMs: 60_000 });
  await send('c');
});

test('nobody there: a number that is not on WhatsApp, and what is no address at all', async () => {
  const stranger = await failure(w.channel.send('15559999@s.whatsapp.net', say('x'), 'n1'));
  expect(stranger).toMatchObject({ kind: 'stopped', reason: 'whatsapp-not-there' });
  const unknown = await failure(w.channel.send('199999999999999@lid', say('x'), 'n2'));
  expect(unknown).toMatchObject({ kind: 'retry', reason: 'whatsapp-no-devices' });
  const group = await failure(w.channel.send('120363000000000@g.us', say('x'), 'n3'));
  expect(group).toMatchObject({ kind: 'permanent', reason: 'whatsapp-address' });
});

test('a phone that cannot read a message gets it again, also long after', async () => {
  const person = await acquaintance();
  await w.channel.send(person.lid, say('one'), 'retry-1');
  await person.next();
  await person.loseSessions();
  const [id = ''] = await w.channel.send(person.lid, say('two'), 'retry-2');
  expect((await person.next()).text).toBe('two');
  // The library's own memory of it ends after minutes; here it is emptied, as "forget" of anybody does.
  await w.channel.dropKeys?.(w.fake.person().lid);
  const before = idsSent(person).filter((sent) => sent === id).length;
  const [companion] = w.fake.companions();
  const { registrationId } = await person.device(0).bundle();
  companion?.deliver(
    node('receipt', { from: person.lid, id, t: person.t, type: 'retry' }, [
      node('retry', { count: '1', id, t: person.t, v: '1' }),
      node('registration', {}, encodeBigEndian(registrationId)),
    ]),
  );
  await until(() => idsSent(person).filter((sent) => sent === id).length > before, 'the message once more');
});

test('takes messages back, and minds no unknown ids', async () => {
  const person = await acquaintance();
  const ids: string[] = [];
  for (const n of [1, 2, 3]) ids.push(...(await w.channel.send(person.lid, say(`secret ${n}`), `hide-${n}`)));
  await until(() => person.screen.length === 3, 'three messages');
  await w.channel.remove(person.lid, [...ids, '3EB0000000000000000000']);
  await until(() => person.screen.length === 0, 'an empty screen');
  await w.channel.remove(person.lid, ids);
  await w.channel.remove(person.lid, []);
});

test('after "delete my data" nothing is left, and the next message gets through', async () => {
  const person = await acquaintance();
  await w.channel.send(person.lid, say('before'), 'forget-1');
  await person.next();
  const rows = w.store.channelRows('whatsapp');
  const lid = person.lid.split('@')[0];
  const pn = person.pn.split('@')[0];
  const names = [`session/${lid}_1.0`, `identity-key/${lid}_1.0`, `device-list/${lid}`, `lid-mapping/${pn}`];
  expect([...rows.get(names).keys()]).toEqual(names);
  await w.channel.dropKeys?.(person.lid);
  expect(rows.get([...names, `lid-mapping/${lid}_reverse`]).size).toBe(0);
  // Their phone knows nothing of it and goes on with the session we have thrown away.
  await person.send('again');
  await until(() => w.host.texts(person.lid).includes('again'), 'the message, sealed anew');
  await w.channel.send(person.lid, say('welcome'), 'forget-2');
  expect((await person.next(({ text }) => text === 'welcome')).text).toBe('welcome');
  // The same when we are the first to write.
  await w.channel.dropKeys?.(person.pn);
  await w.channel.send(person.lid, say('first to write'), 'forget-3');
  expect((await person.next(({ text }) => text === 'first to write')).text).toBe('first to write');
});

test('keeps its pace, shows that it types, and does not repeat the part that went before its turn ended', async () => {
  const person = await acquaintance();
  await w.channel.stop();
  let ahead = 0;
  const slow = w.again({
    clock: { now: () => Date.now() + ahead },
    pace: { perSecond: 1000, perContact: { everyMs: 60_000, burst: 1 } },
    timings: { typing: () => 1 },
  });
  await slow.start(w.host);
  await until(() => slow.state().state === 'up', 'up');
  const place: Place = { name: 'Center', address: 'Street 1', lat: 43.2, lon: 76.9 };
  const both = () => slow.send(person.lid, say('text', { place }), 'row-parts');
  const late = await failure(both());
  expect(late).toMatchObject({ kind: 'retry', reason: 'pace' });
  expect(late.retryAfterMs).toBeGreaterThan(30_000);
  ahead = 60_000;
  const ids = await both();
  expect(idsSent(person)).toEqual(ids);
  await until(
    () => person.received.length === 2 && person.typing.includes('composing'),
    'both parts, and a sign of typing',
  );
  await slow.stop();
});

test('the stand-in saw nothing that WhatsApp would not see', () => {
  expect(w.fake.problems).toEqual([]);
  expect(w.fake.presence).not.toContain('available');
});
