import { describe, expect, test } from 'vitest';
import type { DeliveryOutcome } from '../../src/store/port.ts';
import {
  ANNA,
  act,
  BORIS,
  chat,
  type Desk,
  handle,
  openDesk,
  pass,
  say,
  told,
  USER,
} from './handoff-support.ts';
import { HOUR, message, sendAll } from './support.ts';

/** A chat that Anna holds, with nothing left to send. */
async function talking(): Promise<Desk> {
  const desk = openDesk();
  await say(desk, 'person');
  act(desk, { type: 'claim' });
  handle(desk);
  return desk;
}

const words = (desk: Desk) => told(desk).filter((l) => l.startsWith('operator'));

/** Takes what is due and says what became of each. */
function settle(desk: Desk, outcome: (id: string) => DeliveryOutcome): string[] {
  const due = desk.store.due(100, desk.clock.now());
  desk.store.settle(due.map(({ id }) => outcome(id)));
  return due.map(({ task }) => (task.type === 'send' ? task.message.text : task.type));
}

const lineOf = (desk: Desk) =>
  desk.store.handoffs.lines(chat(desk).id).find((l) => l.from === 'operator')!.id;

describe("an operator's words", () => {
  test.each<[string, (id: string) => DeliveryOutcome, string]>([
    ['arrived', (id) => ({ id, result: 'sent', sentIds: ['1'] }), 'sent'],
    ['may have arrived', (id) => ({ id, result: 'unclear', at: 0 }), 'unknown'],
    ['can never arrive', (id) => ({ id, result: 'dead' }), 'failed'],
    ['wait for the person', (id) => ({ id, result: 'offline' }), 'waiting-for-person'],
    ['certainly did not arrive yet', (id) => ({ id, result: 'retry', at: 1 }), 'queued'],
  ])('that %s say so', async (_, outcome, delivery) => {
    const desk = await talking();
    act(desk, { type: 'reply', text: 'hi' });
    const changes: unknown[] = [];
    desk.store.handoffs.onChange((c) => c.type === 'line' && changes.push(c.line.delivery));
    const [first] = desk.store.due(1, desk.clock.now());
    expect(first).toMatchObject({ once: true, address: `chat-${USER}`, channel: 'telegram' });
    desk.store.settle([outcome(first!.id)]);
    expect(words(desk)).toEqual([`operator: hi (${delivery})`]);
    expect(changes).toEqual(delivery === 'queued' ? [] : [delivery]);
  });

  test('the bot may send twice what may have arrived; these are sent once, also after a crash', async () => {
    const desk = await talking();
    act(desk, { type: 'reply', text: 'hi' });
    act(desk, { type: 'reply', text: 'again' });
    expect(desk.store.due(1, desk.clock.now())).toHaveLength(1);
    desk.restart();
    expect(words(desk)).toEqual(['operator: hi (unknown)', 'operator: again (queued)']);
    expect(sendAll(desk.store, desk.clock.now())).toEqual(['again']);
    expect(words(desk)[1]).toBe('operator: again (sent)');
  });

  test('are sent again only when somebody asks for it, under the same id', async () => {
    const desk = await talking();
    act(desk, { type: 'reply', text: 'hi' });
    const [first] = desk.store.due(1, desk.clock.now());
    desk.store.settle([{ id: first!.id, result: 'unclear', at: 0 }]);
    expect(pass(desk, HOUR / 4)).toEqual([]);
    expect(act(desk, { type: 'resend', line: 1 })).toEqual({ ok: false, reason: 'gone' });
    expect(act(desk, { type: 'resend', line: lineOf(desk) }, BORIS)).toMatchObject({ reason: 'not-yours' });
    expect(act(desk, { type: 'resend', line: lineOf(desk) })).toMatchObject({ line: { delivery: 'queued' } });
    expect(act(desk, { type: 'resend', line: lineOf(desk) })).toEqual({ ok: false, reason: 'too-late' });
    const [second] = desk.store.due(1, desk.clock.now());
    expect(second!.id).toBe(first!.id);
    desk.store.settle([{ id: second!.id, result: 'sent', sentIds: [] }]);
    expect(words(desk)).toEqual(['operator: hi (sent)']);
    expect(act(desk, { type: 'resend', line: lineOf(desk) })).toMatchObject({ reason: 'too-late' });
  });

  test('all that wait for somebody who is away say so, and arrive in their order', async () => {
    const desk = await talking();
    act(desk, { type: 'reply', text: 'one' });
    act(desk, { type: 'reply', text: 'two' });
    settle(desk, (id) => ({ id, result: 'offline' }));
    act(desk, { type: 'reply', text: 'three' });
    const waiting = ['one', 'two', 'three'].map((t) => `operator: ${t} (waiting-for-person)`);
    expect(words(desk)).toEqual(waiting);
    expect(desk.store.wake('telegram', `chat-${USER}`)).toBe(true);
    expect(sendAll(desk.store, desk.clock.now())).toEqual(['one', 'two', 'three']);
    expect(words(desk)).toEqual(['one', 'two', 'three'].map((t) => `operator: ${t} (sent)`));
  });

  test('come behind what the bot said before, in the same queue', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    await desk.store.accept([message(USER, 'a question')]);
    const [turn] = desk.store.claim(1);
    desk.store.commit([
      {
        turn: turn!,
        session: null,
        effects: [{ type: 'send', message: { lang: 'ru', text: 'bot', choices: [] } }],
      },
    ]);
    act(desk, { type: 'claim' });
    act(desk, { type: 'reply', text: 'hi' });
    expect(sendAll(desk.store, desk.clock.now())).toEqual(['bot', 'hi']);
  });

  test('that were not sent when the person cleared the screen, or within 48 h, have failed', async () => {
    const desk = await talking();
    act(desk, { type: 'reply', text: 'one' });
    settle(desk, (id) => ({ id, result: 'offline' }));
    expect(await say(desk, 'hide')).toEqual(['hide 3', 'hidden']);
    expect(words(desk)).toEqual(['operator: one (failed)']);
    act(desk, { type: 'reply', text: 'two' });
    settle(desk, (id) => ({ id, result: 'offline' }));
    desk.clock.pass(50 * HOUR);
    desk.store.sweep(desk.clock.now());
    expect(words(desk)[1]).toBe('operator: two (failed)');
  });

  test('to somebody who blocked us have failed, and the chat has ended', async () => {
    const desk = await talking();
    act(desk, { type: 'reply', text: 'one' });
    act(desk, { type: 'reply', text: 'two' });
    settle(desk, (id) => ({ id, result: 'stopped' }));
    expect(words(desk)).toEqual(['operator: one (failed)', 'operator: two (failed)']);
    expect(chat(desk)).toMatchObject({ state: 'withdrawn', ended: 'stopped' });
    expect(act(desk, { type: 'reply', text: 'three' }, ANNA)).toEqual({ ok: false, reason: 'ended' });
  });

  test('that were on their way when the chat ended still say what became of them', async () => {
    const desk = await talking();
    act(desk, { type: 'reply', text: 'bye' });
    act(desk, { type: 'close' });
    expect(sendAll(desk.store, desk.clock.now())).toEqual(['bye']);
    expect(words(desk)).toEqual(['operator: bye (sent)']);
  });
});
