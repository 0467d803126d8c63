import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../runtime/support.ts';
import { TestHost, until, type World, world } from './whatsapp-kit.ts';

/** `npm run soak` is a whole night; the suite a shorter one. */
const LONG = process.env.SOAK === '1';
const PEOPLE = LONG ? 20 : 8;
const MESSAGES = LONG ? 50 : 20;

let w: World;
beforeAll(async () => {
  w = await world();
  await w.channel.start(w.host);
  await w.pair();
}, 300_000);
afterAll(() => w.end());

test(`a night offline: ${MESSAGES} messages from each of ${PEOPLE} people, each accepted once, in order`, async () => {
  const people = Array.from({ length: PEOPLE }, () => w.fake.person());
  // Half of them are known, with an encryption session from before; half write for the first time.
  const known = people.slice(0, PEOPLE / 2);
  for (const person of known) await person.send('before');
  await until(() => w.host.messages.length === known.length, 'those who are known');
  await w.channel.stop();

  const wanted = Array.from({ length: MESSAGES }, (_, n) => `message ${n}`);
  await Promise.all(
    people.map(async (person, n) => {
      // By hidden id, by number, from a second device: as it comes.
      const options = [{}, { address: 'pn' }, { device: 3 }, { address: 'pn', device: 3 }] as const;
      for (const text of wanted) await person.send(text, options[n % 4]);
    }),
  );
  expect(w.fake.waiting).toBe(people.length * wanted.length);

  const channel = w.again();
  const host = new TestHost();
  await channel.start(host);
  // Somebody writes while the night is still being read: live, and yet after what they wrote before.
  await until(() => host.messages.length > 10, 'the first of them');
  await people.at(-1)?.send('one more', { address: 'pn', device: 3 });
  await until(() => w.fake.waiting === 0, 'all to be confirmed', 120_000);
  for (const [n, { lid }] of people.entries()) {
    expect(host.texts(lid)).toEqual(n === PEOPLE - 1 ? [...wanted, 'one more'] : wanted);
  }
  await channel.stop();
}, 150_000);

test('what waited is answered through the real runtime and store: each once, in order', async () => {
  await w.channel.stop();
  const people = Array.from({ length: LONG ? PEOPLE : 6 }, () => w.fake.person());
  const wanted = Array.from({ length: LONG ? MESSAGES : 5 }, (_, n) => `message ${n}`);
  await Promise.all(
    people.map(async (person) => {
      for (const text of wanted) await person.send(text);
    }),
  );
  const channel = w.again();
  const { runtime } = run({ store: w.store, channels: new Map([['whatsapp', channel]]) });
  await channel.start(runtime.host);
  await until(() => people.every(({ received }) => received.length >= wanted.length), 'all answers', 240_000);
  for (const { screen } of people) expect(screen).toEqual(wanted.map((text, n) => `${n + 1}: ${text}`));
  // One of them has everything deleted, and is told so.
  await people[0]?.send('!forget');
  expect((await people[0]?.next(({ text }) => text === 'Done.'))?.text).toBe('Done.');
  expect(people[0]?.screen).toEqual(['Done.']);
  await channel.stop();
  expect(w.fake.problems).toEqual([]);
}, 300_000);
