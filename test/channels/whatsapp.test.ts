import { afterAll, beforeAll, expect, test } from 'vitest';
import { WHATSAPP_VERSION } from '../../src/channels/whatsapp.ts';
import { say, TestHost, until, type World, world } from './whatsapp-kit.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

test('pairs by QR code, answers, and after a restart goes on without pairing', async () => {
  const { fake, host, channel } = w;
  const codes: string[] = [];
  channel.onQr((qr) => codes.push(qr));
  await channel.start(host);
  await w.pair();
  expect(codes).toHaveLength(1);
  expect(channel.pairing()).toEqual({ state: 'paired' });
  expect(fake.clientVersion).toBe(WHATSAPP_VERSION.join('.'));

  const person = fake.person();
  await person.send('salom');
  const first = await host.nth(1);
  expect(first).toMatchObject({
    channel: 'whatsapp',
    user: person.lid,
    input: { kind: 'text', text: 'salom' },
  });
  const [id] = await channel.send(first.address, say('Salom!'), 'row-1');
  expect(await person.next()).toMatchObject({ id, text: 'Salom!' });

  await channel.stop();
  await person.send('are you there');
  const next = w.again();
  const later = new TestHost();
  await next.start(later);
  const second = await later.nth(1);
  expect(later.texts()).toEqual(['are you there']);
  await until(() => next.state().state === 'up', 'up');
  await next.send(second.address, say('Yes'), 'row-2');
  expect((await person.next()).text).toBe('Yes');
  expect(fake.problems).toEqual([]);
});
