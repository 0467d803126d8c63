import { expect, test } from 'vitest';
import { systemIds } from '../../src/clock.ts';
import { AppError } from '../../src/errors.ts';
import { Flood, type FloodRules } from '../../src/runtime/flood.ts';
import type { Turn } from '../../src/store/port.ts';
import { openStore } from '../../src/store/sqlite.ts';
import { answer, message, session, TestClock, tempDir } from '../store/support.ts';
import { run, until } from './support.ts';

const rules: FloodRules = {
  channels: ['telegram', 'whatsapp'],
  vital: (_, input) => input.kind === 'text' && input.text === '!forget',
  notice: () => answer('slowly, please'),
  full: () => answer('too many people'),
};

const known = session();

function turn(contact: number, text = 'x', channel: 'telegram' | 'web' = 'telegram'): Turn {
  return {
    id: 1,
    contact,
    message: message(`u${contact}`, text, { channel }),
    session: null,
    follows: false,
  };
}

/** What one contact hears, message by message: `.` an answer, `-` nothing, `!` the notice. */
function hear(flood: Flood, times: number, contact = 1): string {
  let heard = '';
  for (let i = 0; i < times; i += 1) {
    const said = flood.check(turn(contact), known);
    heard += said === undefined ? '.' : said.length === 0 ? '-' : '!';
    flood.keep();
  }
  return heard;
}

test('ten at once, one notice, then silence; one more every two seconds; others are not touched', () => {
  const clock = new TestClock();
  const flood = new Flood(clock, rules);
  expect(hear(flood, 14)).toBe('..........!---');
  expect(hear(flood, 3, 2)).toBe('...');
  clock.pass(1_999);
  expect(hear(flood, 1)).toBe('-');
  clock.pass(1);
  expect(hear(flood, 3)).toBe('.--');
  clock.pass(4_000);
  expect(hear(flood, 3)).toBe('..-');
});

test('after a pause the burst is whole, and so is the notice', () => {
  const clock = new TestClock();
  const flood = new Flood(clock, rules);
  hear(flood, 14);
  clock.pass(20_000);
  expect(hear(flood, 12)).toBe('..........!-');
});

test('two hundred an hour, however slowly; one notice until the hour ends', () => {
  const clock = new TestClock();
  const flood = new Flood(clock, rules);
  const slowly = (times: number) => {
    let heard = '';
    for (let i = 0; i < times; i += 1) {
      heard += hear(flood, 1);
      clock.pass(10_000);
    }
    return heard;
  };
  expect(slowly(203)).toBe(`${'.'.repeat(200)}!--`);
  clock.pass(3_600_000 - 2_030_000 - 10_000);
  expect(slowly(3)).toBe('-..');
});

test('what must be heard passes at any time, and two people who talk are not interrupted', () => {
  const flood = new Flood(new TestClock(), rules);
  expect(hear(flood, 12)).toBe('..........!-');
  expect(flood.check(turn(1, '!forget'), known)).toBeUndefined();
  expect(flood.check(turn(1), known, true)).toBeUndefined();
  expect(flood.check(turn(1), known)).toEqual([]);
});

test('channels with limits of their own are left alone', () => {
  const flood = new Flood(new TestClock(), rules);
  for (let i = 0; i < 30; i += 1) expect(flood.check(turn(1, 'x', 'web'), known)).toBeUndefined();
});

test('what was not committed is not counted', () => {
  const flood = new Flood(new TestClock(), rules);
  for (let i = 0; i < 30; i += 1) {
    expect(flood.check(turn(1), null)).toBeUndefined();
    flood.drop();
  }
  expect(hear(flood, 11)).toBe('..........!');
});

test('too many new people in a minute: a short answer once, and room again with time', () => {
  const clock = new TestClock();
  const flood = new Flood(clock, { ...rules, newcomersPerMinute: 3 });
  const arrive = (contact: number, text?: string) => {
    const said = flood.check(turn(contact, text), null);
    flood.keep();
    return said?.map((m) => m.text);
  };
  expect([1, 2, 3, 4, 4, 5].map((c) => arrive(c))).toEqual([
    undefined,
    undefined,
    undefined,
    ['too many people'],
    [],
    ['too many people'],
  ]);
  expect(arrive(6, '!forget')).toBeUndefined();
  // Who talks already is not new.
  expect(flood.check(turn(1), known)).toBeUndefined();
  clock.pass(20_000);
  expect([arrive(4), arrive(5)]).toEqual([undefined, []]);
});

test('a clock that was put back leaves nobody in silence for more than an hour', () => {
  const clock = new TestClock();
  const flood = new Flood(clock, rules);
  for (let i = 0; i < 200; i += 1) {
    expect(hear(flood, 1)).toBe('.');
    clock.pass(2_000);
  }
  expect(hear(flood, 1)).toBe('!');
  clock.pass(-48 * 3_600_000);
  expect(hear(flood, 1)).toBe('.');
});

test('memory is bounded, and those who write are the last to be forgotten', () => {
  const flood = new Flood(new TestClock(), rules);
  expect(hear(flood, 11, 1)).toBe('..........!');
  for (let i = 0; i < 19_999; i += 1) hear(flood, 1, 100 + i);
  expect(hear(flood, 1, 1)).toBe('-');
  for (let i = 0; i < 10; i += 1) hear(flood, 1, 40_000 + i);
  expect(hear(flood, 1, 1)).toBe('-');
  for (let i = 0; i < 20_000; i += 1) hear(flood, 1, 50_000 + i);
  expect(hear(flood, 1, 1)).toBe('.');
});

test('in the loops: a limited message is taken without effect, and the conversation goes on where it was', async () => {
  const clock = new TestClock();
  const { runtime, channel, store } = run({ clock, flood: rules });
  await runtime.host.accept(Array.from({ length: 15 }, (_, i) => message('u', `${i}`)));
  await runtime.host.accept([message('v', 'a')]);
  await until(() => runtime.health().turns.done === 16 && channel.sent.length === 12);
  expect(channel.texts('chat-u')).toEqual([
    ...Array.from({ length: 10 }, (_, i) => `${i + 1}: ${i}`),
    'slowly, please',
  ]);
  expect(channel.texts('chat-v')).toEqual(['1: a']);
  clock.pass(2_000);
  await runtime.host.accept([message('u', 'late')]);
  await until(() => channel.texts('chat-u').includes('11: late'));
  await runtime.host.accept([message('u', '!forget')]);
  await until(() => channel.texts('chat-u').includes('Done.') && store.wipes().length === 0);
  expect(channel.texts('chat-u').slice(11)).toEqual(['11: late', 'Done.']);
});

test('in the loops: a turn whose commit fails is judged once, and a turn that was committed stays judged', async () => {
  const clock = new TestClock();
  const store = openStore({ dir: tempDir(), clock, ids: systemIds });
  const commit = store.commit.bind(store);
  let full = 0;
  store.commit = (results) => {
    full -= 1;
    if (full < 0) return commit(results);
    // A session that cannot be written: the commit fails as on a full disk, and gives the turns back.
    const broken = session();
    Object.assign(broken.vars, { self: broken });
    expect(() => commit(results.map((r) => ({ ...r, session: broken })))).toThrow();
    throw new AppError('STORE_FULL', 'full', { hint: 'wait', retryable: true });
  };
  const { runtime, channel, log } = run({ clock, store, flood: rules });
  full = 1;
  await runtime.host.accept(Array.from({ length: 10 }, (_, i) => message('u', `${i}`)));
  await until(() => channel.sent.length === 10);
  full = 1;
  await runtime.host.accept([message('u', 'one too many')]);
  await until(() => channel.sent.length === 11);
  expect(log.filter((l) => l.event === 'turns.not-committed')).toHaveLength(2);
  expect(channel.texts().slice(9)).toEqual(['10: 9', 'slowly, please']);
});
