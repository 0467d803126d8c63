import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeWhatsApp, fakeWhatsApp } from './whatsapp.ts';
import { BareClient } from './whatsapp-client.ts';
import { contents } from './whatsapp-contents.ts';
import { until } from './whatsapp-nodes.ts';

let fake: FakeWhatsApp;
let client: BareClient;

beforeAll(async () => {
  fake = await fakeWhatsApp();
  client = new BareClient(fake);
  await client.link();
});

afterAll(async () => {
  await client.sock.end(undefined);
  await fake.stop();
});

describe('people and a linked Baileys', () => {
  test('talk under LID, number and from a linked device', async () => {
    const person = fake.person();
    const first = await client.heard(await person.send('hello'));
    expect(first).toMatchObject({ message: { conversation: 'hello' }, live: true });
    expect(first.key).toMatchObject({ remoteJid: person.lid, remoteJidAlt: person.pn, fromMe: false });
    await client.say(person.lid, 'welcome');
    expect(await person.next()).toMatchObject({ text: 'welcome', to: person.lid, from: fake.phone.lid });

    const second = await client.heard(await person.send('by number', { address: 'pn', device: 5 }));
    expect(second.key).toMatchObject({ remoteJid: person.pn, remoteJidAlt: person.lid });
    await client.say(person.pn, 'to both devices');
    expect(await person.next()).toMatchObject({ text: 'to both devices', to: person.pn });

    const bare = await client.heard(await person.send('no other address', { alt: false }));
    expect(bare.key.remoteJidAlt).toBeUndefined();
    expect(fake.problems).toEqual([]);
  });

  test('a stranger whose LID the service hides is known by number alone', async () => {
    const person = fake.person({ hidden: true });
    const { key } = await client.heard(await person.send('hi', { address: 'pn', alt: false }));
    expect(key).toMatchObject({ remoteJid: person.pn });
    await client.say(person.pn, 'hello');
    expect((await person.next()).text).toBe('hello');
    expect([...client.rows.get('lid-mapping')!.keys()]).not.toContain(person.pn.split('@')[0]);
  });

  test('what is sent while the client is away comes later, until it is confirmed', async () => {
    const person = fake.person();
    await fake.whenConfirmed();
    await client.leave();
    const ids = [await person.send('one'), await person.send('two'), await person.send('three')];
    const call = person.call();
    expect(fake.waiting).toBe(4);
    await client.back();
    for (const id of ids) expect(await client.heard(id)).toMatchObject({ live: false });
    const order = client.messages.filter(({ key }) => ids.includes(key.id!)).map(({ key }) => key.id);
    expect(order).toEqual(ids);
    await until(() => call.acked, 'the call');
    await fake.whenConfirmed();
    expect(person.receipts.map(({ type }) => type)).toEqual(['inactive', 'inactive', 'inactive']);
  });

  test('a message can come twice: the same bytes are refused, the same words are read again', async () => {
    const person = fake.person();
    const id = await person.send('twice');
    await client.heard(id);
    await fake.whenConfirmed();
    fake.redeliver(id);
    await until(() => fake.nacks.some((nack) => nack.id === id && nack.error === '487'), 'the refusal');
    expect(client.readable(id)).toHaveLength(1);
    await person.repost(id);
    await client.heard(id, 2);
  });

  test('a client that has lost the session asks for the message again', async () => {
    const person = fake.person();
    await client.heard(await person.send('before'));
    await client.say(person.lid, 'now the session is settled');
    await person.next();
    client.rows.get('session')?.clear();
    const id = await person.send('after');
    expect(await client.text(id)).toBe('after');
    expect(person.receipts).toContainEqual({ id, type: 'retry' });
    expect(client.messages.find(({ key }) => key.id === id)?.messageStubType).toBe(2);
    await client.say(person.lid, 'and back');
    expect((await person.next()).text).toBe('and back');
  });

  test('a phone that has lost the session gets the message again, and one that is new too', async () => {
    const person = fake.person();
    await client.heard(await person.send('before'));
    await client.say(person.lid, 'settled');
    await person.next();
    await person.loseSessions();
    await client.say(person.lid, 'you lost me');
    expect((await person.next()).text).toBe('you lost me');
    person.reinstall();
    await fake.whenConfirmed();
    await client.say(person.lid, 'you are new');
    expect((await person.next()).text).toBe('you are new');
    expect(await client.text(await person.send('indeed'))).toBe('indeed');
  });

  test('the organisation writes from its own phone; the client sees it, and the phone sees the client', async () => {
    const person = fake.person();
    await client.heard(await person.send('is anybody there?'));
    const id = await fake.phone.say(person, 'a human');
    const { key, message } = await client.heard(id);
    expect(key).toMatchObject({ remoteJid: person.lid, remoteJidAlt: person.pn, fromMe: true });
    expect(message?.conversation).toBe('a human');
    const own = await client.say(person.lid, 'a bot');
    await until(() => fake.phone.copies.some((copy) => copy.id === own), 'the copy');
    expect(fake.phone.copies.find((copy) => copy.id === own)).toMatchObject({
      text: 'a bot',
      chat: person.lid,
    });
    expect(person.screen).toEqual(['a human', 'a bot']);
    expect(fake.phone.heard.at(-1)).toMatchObject({ text: 'is anybody there?', chat: person.lid });
    await fake.whenConfirmed();
  });

  test('receipts, typing, taking back, reactions, and contents go through', async () => {
    const person = fake.person();
    const first = await person.send(contents.location(41.3, 69.2));
    expect((await client.heard(first)).message?.locationMessage?.degreesLatitude).toBe(41.3);
    expect((await client.heard(await person.send(contents.image()))).message?.imageMessage).toBeTruthy();
    expect((await client.heard(await person.send(contents.voice()))).message?.audioMessage?.ptt).toBe(true);
    await client.sock.sendPresenceUpdate('composing', person.lid);
    const id = await client.say(person.lid, 'wrong');
    await person.next();
    expect(person.typing).toEqual(['composing']);
    person.look(id);
    await until(() => client.statuses(id).includes(4), 'read');
    await client.sock.sendMessage(person.lid, { delete: { remoteJid: person.lid, id, fromMe: true } });
    await until(() => person.revoked.includes(id), 'the message taken back');
    expect(person.screen).toEqual([]);
    await client.heard(await person.react(id, '👍'));
    const revoke = await client.heard(await person.revoke(first));
    expect(revoke.message?.protocolMessage?.key?.id).toBe(first);
  });

  test('groups, broadcasts and status arrive as such', async () => {
    const person = fake.person();
    const group = fake.group([person]);
    for (const place of [group, 'status@broadcast', '15550001@broadcast']) {
      const { key, message } = await client.heard(await person.send(`in ${place}`, { in: place }));
      expect(key).toMatchObject({ remoteJid: place, participant: person.lid });
      expect(message?.conversation).toBe(`in ${place}`);
    }
    await fake.whenConfirmed();
  });

  test('calls ring and are rejected', async () => {
    const person = fake.person();
    const call = person.call({ video: true });
    const [{ id, from } = { id: '', from: '' }] = await until(
      () => client.calls.length > 1 && client.calls.slice(-1),
      'a call',
    );
    expect({ id, from }).toEqual({ id: call.id, from: person.lid });
    await client.sock.rejectCall(id, from);
    expect(call).toMatchObject({ acked: true, rejected: true });
  });

  test('what a stranger forges arrives as the service would let it through', async () => {
    const person = fake.person();
    const victim = fake.person();
    const copy = contents.deviceSent(victim.lid, { conversation: 'a copy of nothing' });
    expect((await client.heard(await person.send(copy))).key).toMatchObject({
      remoteJid: person.lid,
      fromMe: false,
    });
    const claimed = await person.send('not mine', { forged: { attrs: { recipient: victim.lid } } });
    await until(() => fake.nacks.some(({ id }) => id === claimed), 'the refusal');
    expect(client.readable(claimed)).toEqual([]);
    expect(await client.text(await person.send('unsealed', { forged: { plaintext: true } }))).toBe(
      'unsealed',
    );
    const history = await client.heard(await person.send(contents.history(victim.lid, 'made up')));
    expect(history.key.fromMe).toBe(false);
    expect(client.messages.some(({ key }) => key.id === 'HISTORY1')).toBe(false);
  });

  test('the service says who is on WhatsApp, and refuses messages by error in the ack', async () => {
    const person = fake.person();
    const unknown = '15559999@s.whatsapp.net';
    expect(await client.sock.onWhatsApp(person.pn, unknown)).toEqual([{ jid: person.pn, exists: true }]);
    for (const error of [463, 479, 420]) {
      fake.failNext(error);
      const id = await client.say(person.lid, `refused with ${error}`);
      await until(() => client.statuses(id).includes(0), `${error}`);
      expect(client.errors(id)[0]).toBe(String(error));
    }
    await client.say(person.lid, 'through');
    expect((await person.next()).text).toBe('through');
    expect(person.screen).toEqual(['through']);
  });
});
