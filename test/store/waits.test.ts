import { expect, test } from 'vitest';
import type { InboundMessage } from '../../src/message.ts';
import {
  ANNA,
  act,
  BORIS,
  bot,
  chat,
  type Desk,
  handle,
  MINUTE,
  openDesk,
  pass,
  say,
} from './handoff-support.ts';
import { handleAll } from './support.ts';

/** What the bot is told while `work` happens, with the minutes people waited. */
function toldOf(desk: Desk, work: () => void): string[] {
  const told: InboundMessage['input'][] = [];
  work();
  handleAll(desk.store, desk.clock.now(), (turn) => {
    told.push(turn.message.input);
    return bot(turn);
  });
  return told.flatMap((i) => (i.kind === 'desk' ? [`${i.event} ${i.waited ?? '-'}`] : []));
}

test('the first claim says how long somebody waited, in whole minutes, and later ones say nothing', async () => {
  const desk = openDesk();
  await say(desk, 'person');
  desk.clock.pass(4 * MINUTE + 1);
  expect(toldOf(desk, () => act(desk, { type: 'claim' }))).toEqual(['claimed 5']);
  expect(toldOf(desk, () => act(desk, { type: 'release' }))).toEqual(['released -']);
  desk.clock.pass(3 * MINUTE);
  expect(toldOf(desk, () => act(desk, { type: 'claim' }, BORIS))).toEqual(['claimed -']);
  expect(toldOf(desk, () => act(desk, { type: 'close' }, BORIS))).toEqual(['closed -']);
  expect(toldOf(desk, () => act(desk, { type: 'reopen' }, BORIS))).toEqual(['claimed -']);
});

test('outside the hours it counts from when they begin, and a claim before that is no wait', async () => {
  // 10:30; the night team opens at 11:00.
  const early = openDesk();
  await say(early, 'night');
  early.clock.pass(10 * MINUTE);
  expect(toldOf(early, () => act(early, { type: 'claim' }))).toEqual(['claimed 0']);
  const desk = openDesk();
  await say(desk, 'night');
  pass(desk, 30 * MINUTE);
  desk.clock.pass(2 * MINUTE);
  expect(toldOf(desk, () => act(desk, { type: 'claim' }))).toEqual(['claimed 2']);
});

test('somebody who asks again because it cannot wait has waited since they first asked', async () => {
  const desk = openDesk();
  await say(desk, 'person');
  pass(desk, 6 * MINUTE);
  await say(desk, 'urgent');
  expect(chat(desk).urgent).toBe(true);
  expect(toldOf(desk, () => act(desk, { type: 'claim' }))).toEqual(['claimed 6']);
});

test('what the phone answered is no claim, nor is taking it over from there', async () => {
  const desk = openDesk();
  await say(desk, 'person');
  expect(toldOf(desk, () => undefined)).toEqual([]);
  await say(desk, { kind: 'staff' });
  expect(toldOf(desk, () => act(desk, { type: 'claim' }, ANNA))).toEqual([]);
  expect(handle(desk)).toEqual([]);
});
