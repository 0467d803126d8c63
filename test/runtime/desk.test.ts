import { expect, test } from 'vitest';
import { systemIds } from '../../src/clock.ts';
import type { TurnContext } from '../../src/engine/types.ts';
import type { Desk } from '../../src/handoff/types.ts';
import { openStore } from '../../src/store/sqlite.ts';
import { ANNA, MINUTE, RULES, think } from '../store/handoff-support.ts';
import { message, session, TestClock, tempDir } from '../store/support.ts';
import { run, until } from './support.ts';

const WANTED = { topic: 'art', lang: 'tg', country: 'KZ' } as const;
const day: Desk = { team: 'day', open: true };

/** A runtime whose clock stands still, and what its engine was told. */
function start(desk?: Desk) {
  const clock = new TestClock();
  const store = openStore({ dir: tempDir(), clock, ids: systemIds, desk: RULES });
  const told: { text: string; ctx: TurnContext; desk: Desk | undefined }[] = [];
  const running = run({
    store,
    clock,
    country: 'KZ',
    ...(desk === undefined ? {} : { desk: () => desk }),
    step: (_, input, ctx) => {
      const text = input.kind === 'text' ? input.text : input.kind;
      told.push({ text, ctx, desk: ctx.desk?.(WANTED) });
      if (text === 'broken') throw new TypeError('broken');
      return { session: session(), effects: think(input, ctx.handoff) };
    },
  });
  const say = async (text: string, user = 'anna') => {
    await running.runtime.host.accept([message(user, text)]);
    await until(() => store.backlog(clock.now()).inbox === undefined, 'an idle inbox');
  };
  const head = () => running.runtime.handoffs.heads()[0]!;
  return { ...running, clock, told, say, head };
}

test('the engine is told where the chat is, and who would answer', async () => {
  const { say, told, head, runtime } = start(day);
  await say('hello');
  await say('person');
  await say('waiting');
  runtime.handoffs.act(head().id, { type: 'claim' }, ANNA);
  await say('claimed');
  expect(told.map((t) => [t.text, t.ctx.handoff, t.desk?.full])).toEqual([
    ['hello', undefined, undefined],
    ['person', undefined, undefined],
    ['waiting', 'waiting', true],
    ['desk', 'claimed', true],
    ['claimed', 'claimed', true],
  ]);
  expect(told[0]!.desk).toEqual(day);
});

test('without teams nobody is promised, and the rest works', async () => {
  const { say, told, channel } = start();
  await say('hello');
  expect(told[0]!.ctx.desk).toBeUndefined();
  await until(() => channel.texts().length === 1);
  expect(channel.texts()).toEqual(['bot: hello']);
});

test('whoever asks now learns how long others waited', async () => {
  const { say, told, runtime, clock } = start(day);
  for (let n = 0; n < 5; n += 1) {
    await say('person', `user-${n}`);
    clock.pass(7 * MINUTE);
    const waiting = runtime.handoffs.heads().find((h) => h.state === 'waiting')!;
    runtime.handoffs.act(waiting.id, { type: 'claim' }, ANNA);
  }
  await say('hello', 'late');
  expect(told.at(-1)!.desk).toEqual({ ...day, wait: 10 });
});

test("an operator's words go out by themselves, and time moves the chats", async () => {
  const { say, head, runtime, channel, clock, store } = start(day);
  await say('person');
  runtime.handoffs.act(head().id, { type: 'claim' }, ANNA);
  runtime.handoffs.act(head().id, { type: 'reply', text: 'hi' }, ANNA);
  await until(() => channel.texts().includes('hi'), 'the words');
  await until(() => runtime.handoffs.lines(head().id).some((l) => l.delivery === 'sent'), 'their outcome');
  await say('a question');
  clock.pass(31 * MINUTE);
  // Anything that happens to a chat wakes the timers, not only the clock.
  store.handoffs.setThread(head().id, 5);
  await until(() => head().state === 'waiting', 'the chat in the queue');
  await until(() => channel.texts().includes('bot: desk released'), 'the word of the bot');
});

test('a fault of the engine while somebody holds the chat: no apology, and the words arrive', async () => {
  const { say, head, runtime, channel, log } = start(day);
  await say('person');
  runtime.handoffs.act(head().id, { type: 'claim' }, ANNA);
  await say('broken');
  expect(log.map((l) => l.event)).toEqual(['turns.fault']);
  expect(runtime.handoffs.lines(head().id).at(-1)).toMatchObject({ from: 'person', text: 'broken' });
  await until(() => channel.texts().includes('bot: desk claimed'));
  expect(channel.texts()).not.toContain('sorry');
});

test("the organisation's phone takes the chat, also of somebody who never talked with the bot", async () => {
  const { head, runtime, channel } = start();
  await runtime.host.accept([message('anna', '', { input: { kind: 'staff' }, langHint: 'uz' })]);
  await until(() => runtime.handoffs.heads().length === 1, 'a chat');
  expect(head()).toMatchObject({ state: 'claimed', owner: 0, lang: 'uz', country: 'KZ', topic: 'general' });
  await runtime.host.accept([message('anna', 'thank you')]);
  await until(() => runtime.handoffs.lines(head().id).length === 2, 'the words');
  expect(channel.texts()).toEqual([]);
});

test('nothing an operator writes keeps the loops from ending', async () => {
  const { say, head, runtime, channel } = start(day);
  await say('person');
  runtime.handoffs.act(head().id, { type: 'claim' }, ANNA);
  runtime.handoffs.act(head().id, { type: 'reply', text: 'bye' }, ANNA);
  await runtime.stop();
  expect(channel.texts()).toContain('bye');
});
