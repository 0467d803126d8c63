import { describe, expect, test } from 'vitest';
import type { Effect, Session } from '../../src/engine/types.ts';
import { Visitors } from '../../src/store/visitors.ts';
import type { UsageEvent } from '../../src/usage/event.ts';
import {
  answer,
  echo,
  HOUR,
  handleAll,
  message,
  openWorld,
  readCounters,
  session,
  type World,
} from './support.ts';

const DAY = 24 * HOUR;
const count = (event: UsageEvent): Effect => ({ type: 'count', event });
const VISIT = count({ name: 'visit', channel: 'telegram', lang: 'ru' });
const HELPED = count({ name: 'useful', flow: 'rights', answer: 'helped' });

/** A person writes, and the turn counts this. */
async function turn({ store, clock }: World, user: string, ...effects: Effect[]): Promise<void> {
  await store.accept([message(user, 'x')]);
  handleAll(store, clock.now(), (t) => echo(t, effects));
}

/** `visit telegram ru: 2` */
function counted(dir: string, name?: string): string[] {
  return readCounters(dir, name).map((c) => `${[c.name, c.a, c.b].join(' ').trim()}: ${c.n}`);
}

test('what is said is counted by channel and week, a forgotten person as the one word they get', async () => {
  const { dir, store, clock } = openWorld();
  const more = (n: number) =>
    Array.from({ length: n }, () => ({ type: 'send' as const, message: answer('x') }));
  await store.accept([
    message('a', '1'),
    message('b', '1', { channel: 'whatsapp' }),
    message('c', '1', { channel: 'whatsapp' }),
  ]);
  store.commit(
    store.claim(9).map((t) => {
      if (t.message.user === 'c') return { ...echo(t, more(4)), forget: answer('Done.') };
      return echo(t, t.message.channel === 'whatsapp' ? more(2) : []);
    }),
  );
  clock.pass(7 * DAY);
  await store.accept([message('a', '2')]);
  store.commit(store.claim(9).map((t) => echo(t, more(1))));
  const sent = (week: string, a: string, n: number) => ({ week, name: 'sent', a, b: '', n });
  expect(readCounters(dir)).toEqual([
    sent('2026-11-16', 'telegram', 1),
    sent('2026-11-16', 'whatsapp', 4),
    sent('2026-11-23', 'telegram', 2),
  ]);
});

test('a turn that is committed twice, or rolled back, is counted once, or not', async () => {
  const { dir, store } = openWorld();
  await store.accept([message('a', '1'), message('b', '1')]);
  const turns = store.claim(9);
  const broken = echo(turns[1]!, [VISIT]);
  Object.assign(broken.session!.vars, { self: broken.session });
  expect(() => store.commit([echo(turns[0]!, [VISIT]), broken])).toThrow();
  expect(readCounters(dir)).toEqual([]);
  const [a] = store.claim(9);
  store.commit([echo(a!, [VISIT])]);
  store.commit([echo(a!, [VISIT])]);
  // What was marked in the transaction that failed does not keep it from being counted now.
  expect(counted(dir)).toEqual(['hour 7 10: 1', 'sent telegram: 1', 'visit telegram ru: 1']);
});

describe('once a day', () => {
  test('of one person each counter takes one a day, of two people two; what we send all counts', async () => {
    const world = openWorld();
    for (let i = 0; i < 9; i += 1) await turn(world, 'a', VISIT, HELPED, HELPED);
    await turn(world, 'b', VISIT);
    expect(counted(world.dir)).toEqual([
      'hour 7 10: 2',
      'sent telegram: 10',
      'useful rights helped: 1',
      'visit telegram ru: 2',
    ]);
  });

  test('several turns of one person in one commit are one', async () => {
    const { dir, store, clock } = openWorld();
    await store.accept([message('a', '1'), message('a', '2'), message('b', '1')]);
    store.commit(store.claim(9, 9).map((t) => echo(t, [VISIT, HELPED])));
    expect(counted(dir, 'visit')).toEqual(['visit telegram ru: 2']);
    expect(counted(dir, 'useful')).toEqual(['useful rights helped: 2']);
    handleAll(store, clock.now());
  });

  test('the next day (UTC) begins anew, and so does a restart; nothing about it is on the disk', async () => {
    const world = openWorld();
    await turn(world, 'a', VISIT);
    // 10:30 and 13 hours: still the same day. One hour more: the next.
    world.clock.pass(13 * HOUR);
    await turn(world, 'a', VISIT);
    expect(counted(world.dir, 'visit')).toEqual(['visit telegram ru: 1']);
    world.clock.pass(HOUR);
    await turn(world, 'a', VISIT);
    expect(readCounters(world.dir, 'visit').map((c) => [c.week, c.n])).toEqual([
      ['2026-11-16', 1],
      ['2026-11-23', 1],
    ]);
    world.restart();
    await turn(world, 'a', VISIT);
    expect(readCounters(world.dir, 'visit').map((c) => c.n)).toEqual([1, 2]);
  });

  test('a visit is one, whatever language it is in; passing the menu is not a topic', async () => {
    const world = openWorld();
    const start = (flow: string) => count({ name: 'flow-started', flow, country: 'KZ' });
    await turn(world, 'a', VISIT, start('welcome'), start('menu'));
    await turn(world, 'a', count({ name: 'visit', channel: 'telegram', lang: 'uz' }), start('rights'));
    expect(counted(world.dir, 'visit')).toEqual(['visit telegram ru: 1']);
    expect(counted(world.dir, 'hour')).toEqual(['hour 7 10: 1']);
    expect(counted(world.dir, 'flow-started')).toEqual(['flow-started rights KZ: 1']);
  });

  test('somebody who proves to be the same person by another name is not counted twice', async () => {
    const { dir, store, clock } = openWorld();
    const say = async (user: string, effects: Effect[], aliases: string[] = []) => {
      await store.accept([message(user, 'x', { channel: 'whatsapp', aliases })]);
      handleAll(store, clock.now(), (t) => echo(t, effects));
    };
    await say('number', [VISIT]);
    await say('hidden', [HELPED]);
    await say('number', [VISIT, HELPED], ['hidden']);
    expect(counted(dir, 'visit')).toEqual(['visit telegram ru: 1']);
    expect(counted(dir, 'useful')).toEqual(['useful rights helped: 1']);
  });
});

test('the hour is that of the clocks in the country', async () => {
  const { dir, store, clock } = openWorld(undefined, undefined, { clockOffset: () => 14 * HOUR });
  await store.accept([message('a', '1')]);
  handleAll(store, clock.now(), (t) => echo(t, [VISIT]));
  // Sunday 10:30 UTC is half past midnight on Monday there.
  expect(counted(dir, 'hour')).toEqual(['hour 1 00: 1']);
});

describe('a conversation that ends by itself', () => {
  const at = (flow: string, step: string): Pick<Session, 'at'> => ({
    at: { flow, step, hash: 'h', shown: [] },
  });

  async function standAt(world: World, user: string, place: Pick<Session, 'at'>): Promise<void> {
    await world.store.accept([message(user, 'x')]);
    handleAll(world.store, world.clock.now(), (t) => ({ ...echo(t), session: { ...session(), ...place } }));
  }

  test('is counted where it stood, not at the menu and not when it had ended before', async () => {
    const world = openWorld();
    await standAt(world, 'a', at('rights', 'papers'));
    await standAt(world, 'b', at('rights', 'papers'));
    await standAt(world, 'c', at('menu', 'main'));
    await standAt(world, 'd', {});
    world.clock.pass(25 * HOUR);
    expect(world.store.sweep(world.clock.now()).sessions).toBe(4);
    expect(counted(world.dir, 'step')).toEqual(['step rights.papers expired: 2']);
    world.clock.pass(25 * HOUR);
    world.store.sweep(world.clock.now());
    expect(counted(world.dir, 'step')).toEqual(['step rights.papers expired: 2']);
  });

  test('with "delete my data" nothing of it is counted a day later', async () => {
    const world = openWorld();
    await standAt(world, 'a', at('rights', 'papers'));
    await world.store.accept([message('a', 'forget me')]);
    handleAll(world.store, world.clock.now(), (t) => ({ ...echo(t), forget: answer('Done.') }));
    world.clock.pass(25 * HOUR);
    world.store.sweep(world.clock.now());
    expect(counted(world.dir, 'step')).toEqual([]);
  });
});

test('raw counters live for eight days after their week and not a day longer', async () => {
  const world = openWorld();
  await turn(world, 'a', VISIT);
  // Sunday 2026-11-22 10:30. The week ends with it; eight days later is Tuesday, 2026-12-01.
  world.clock.pass(Date.parse('2026-11-30T23:00:00Z') - world.clock.now());
  world.store.sweep(world.clock.now());
  expect(readCounters(world.dir)).toHaveLength(3);
  world.clock.pass(2 * HOUR);
  world.store.sweep(world.clock.now());
  expect(readCounters(world.dir)).toEqual([]);
});

describe('who was counted today, in memory', () => {
  test('so many at most; those seen first are forgotten first', () => {
    const visitors = new Visitors(3);
    visitors.begin(DAY);
    for (let contact = 1; contact <= 5; contact += 1) {
      expect(visitors.isFirst(contact, 'visit')).toBe(true);
      visitors.keep();
    }
    expect(visitors.size).toBe(3);
    expect([3, 4, 5].map((contact) => visitors.isFirst(contact, 'visit'))).toEqual([false, false, false]);
    expect(visitors.isFirst(1, 'visit')).toBe(true);
  });

  test('gone with the day, also when nobody writes', async () => {
    const visitors = new Visitors();
    visitors.begin(DAY);
    visitors.isFirst(1, 'visit');
    visitors.keep();
    visitors.begin(2 * DAY - 1);
    expect(visitors.size).toBe(1);
    visitors.begin(2 * DAY);
    expect(visitors.size).toBe(0);
  });

  test('gone with "delete my data"', () => {
    const visitors = new Visitors();
    visitors.begin(DAY);
    visitors.isFirst(1, 'visit');
    visitors.keep();
    visitors.forget(1);
    expect(visitors.size).toBe(0);
  });
});
