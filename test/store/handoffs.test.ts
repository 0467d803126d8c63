import { describe, expect, test } from 'vitest';
import type { DeskChange } from '../../src/handoff/port.ts';
import type { Input } from '../../src/message.ts';
import {
  ANNA,
  act,
  BORIS,
  bot,
  chat,
  handle,
  MINUTE,
  openDesk,
  pass,
  say,
  told,
  USER,
} from './handoff-support.ts';
import { HOUR, message } from './support.ts';

const DAY = 24 * HOUR;

describe('a chat', () => {
  test('goes from the request to the end: the bot, the person, the operator', async () => {
    const desk = openDesk();
    expect(await say(desk, 'hello')).toEqual(['bot: hello']);
    expect(await say(desk, 'person')).toEqual(['one moment', 'you are in the queue']);
    expect(chat(desk)).toMatchObject({
      state: 'waiting',
      topic: 'art',
      country: 'KZ',
      lang: 'tg',
      channel: 'telegram',
      owner: null,
      unanswered: true,
      waitingSince: desk.clock.now(),
    });
    expect(chat(desk).ref).toMatch(/^[2-9A-HJ-NP-Z]{6}$/);
    expect(desk.store.handoffs.find(chat(desk).ref)).toEqual(chat(desk));
    expect(desk.store.handoffs.way(chat(desk).id)).toEqual([
      { flow: 'menu', step: 'a' },
      { flow: 'art', step: 'a' },
    ]);
    expect(await say(desk, 'my words')).toEqual(['passed my words']);
    expect(act(desk, { type: 'claim' })).toMatchObject({ ok: true, head: { state: 'claimed', owner: ANNA } });
    expect(handle(desk)).toEqual(['bot: desk claimed']);
    expect(await say(desk, 'are you there?')).toEqual([]);
    expect(act(desk, { type: 'reply', text: ' Yes.\u202e ' })).toMatchObject({
      ok: true,
      line: { from: 'operator', by: ANNA, text: 'Yes.', delivery: 'queued' },
    });
    expect(handle(desk)).toEqual(['Yes.']);
    expect(act(desk, { type: 'note', text: 'a note' })).toMatchObject({ ok: true, line: { from: 'note' } });
    expect(act(desk, { type: 'labels', labels: ['x', ' x ', '', 'y'.repeat(60)] })).toMatchObject({
      head: { labels: ['x', 'y'.repeat(40)] },
    });
    expect(act(desk, { type: 'close' })).toMatchObject({
      ok: true,
      head: { state: 'closed', ended: 'closed' },
    });
    expect(handle(desk)).toEqual(['bot: desk closed']);
    expect(told(desk)).toEqual([
      'bot: one moment',
      'bot: you are in the queue',
      'person: my words',
      'event: claimed',
      'person: are you there?',
      'operator: Yes. (sent)',
      'note: a note',
      'event: closed',
    ]);
    expect(await say(desk, 'and now?')).toEqual(['bot: and now?']);
  });

  test('is the same after a restart, word for word', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    await say(desk, 'words');
    act(desk, { type: 'claim' });
    act(desk, { type: 'labels', labels: ['x'] });
    desk.store.handoffs.setThread(chat(desk).id, 77);
    const before = [chat(desk), told(desk), desk.store.handoffs.way(chat(desk).id)];
    desk.restart();
    expect([chat(desk), told(desk), desk.store.handoffs.way(chat(desk).id)]).toEqual(before);
    expect(desk.store.handoffs.thread(chat(desk).id)).toBe(77);
    expect(handle(desk)).toEqual(['bot: desk claimed']);
    expect(await say(desk, 'more')).toEqual([]);
    expect(told(desk).at(-1)).toBe('person: more');
  });

  test.each<[Input, string]>([
    [{ kind: 'tap', data: 'ru:a:b:c' }, 'tap'],
    [{ kind: 'media' }, 'media'],
    [{ kind: 'place', lat: 43, lon: 76 }, 'place'],
    [{ kind: 'start' }, 'start'],
  ])('%j leaves a mark in the transcript, and nothing of itself', async (input, mark) => {
    const desk = openDesk();
    await say(desk, 'person');
    act(desk, { type: 'claim' });
    handle(desk);
    const sent = await say(desk, input);
    // Only that photos and places do not get there may be said.
    expect(sent).toEqual(mark === 'media' || mark === 'place' ? [`passed ${mark}`] : []);
    expect(told(desk).at(-1)).toBe(`event: ${mark}`);
  });

  test('a second request changes nothing, unless somebody cannot wait any more', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    await say(desk, 'person');
    expect(chat(desk)).toMatchObject({ topic: 'art', urgent: false });
    await say(desk, 'urgent');
    expect(chat(desk)).toMatchObject({ topic: 'pep', urgent: true, state: 'waiting' });
    desk.restart();
    expect(chat(desk)).toMatchObject({ topic: 'pep', urgent: true });
  });

  test('who cannot wait comes first, then who has waited longest', async () => {
    const desk = openDesk();
    for (const [user, what] of Object.entries({ a: 'person', b: 'person', c: 'urgent' })) {
      await say(desk, what, user);
      desk.clock.pass(MINUTE);
    }
    const heads = desk.store.handoffs.heads();
    expect(heads.map((h) => h.urgent)).toEqual([true, false, false]);
    expect(heads[1]!.openedAt).toBeLessThan(heads[2]!.openedAt);
  });
});

describe('one owner', () => {
  test('of fifty claims at once one wins, and 49 are told who has it', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    const results = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => act(desk, { type: 'claim' }, 100 + i)),
    );
    const won = results.filter((r) => r.ok);
    expect(won).toHaveLength(1);
    const owner = chat(desk).owner;
    expect(results.filter((r) => !r.ok)).toEqual(Array(49).fill({ ok: false, reason: 'taken', owner }));
    expect(handle(desk)).toEqual(['bot: desk claimed']);
  });

  test("only the owner's words are taken", async () => {
    const desk = openDesk();
    await say(desk, 'person');
    expect(act(desk, { type: 'reply', text: 'hi' })).toEqual({ ok: false, reason: 'not-yours' });
    act(desk, { type: 'claim' });
    for (const type of ['reply', 'note'] as const)
      expect(act(desk, { type, text: 'hi' }, BORIS)).toEqual({ ok: false, reason: 'not-yours', owner: ANNA });
    expect(act(desk, { type: 'close' }, BORIS)).toMatchObject({ reason: 'not-yours' });
    act(desk, { type: 'transfer', to: { operator: BORIS } });
    expect(act(desk, { type: 'reply', text: 'hi' })).toEqual({
      ok: false,
      reason: 'not-yours',
      owner: BORIS,
    });
    expect(act(desk, { type: 'reply', text: 'hi' }, BORIS)).toMatchObject({ ok: true });
    expect(told(desk).filter((l) => l.startsWith('operator'))).toEqual(['operator: hi (queued)']);
  });

  test.each([
    ['  ', 'empty'],
    ['\u202e', 'empty'],
    ['x'.repeat(4_097), 'too-long'],
  ])('words that cannot be sent are refused: %#', async (text, reason) => {
    const desk = openDesk();
    await say(desk, 'person');
    act(desk, { type: 'claim' });
    for (const type of ['reply', 'note'] as const)
      expect(act(desk, { type, text })).toEqual({ ok: false, reason });
    expect(told(desk).at(-1)).toBe('event: claimed');
  });

  test("a canned reply comes in the person's language", async () => {
    const desk = openDesk();
    await say(desk, 'person');
    act(desk, { type: 'claim' });
    expect(act(desk, { type: 'canned', canned: 'bye' })).toEqual({ ok: false, reason: 'unknown-canned' });
    expect(act(desk, { type: 'canned', canned: 'hello' })).toMatchObject({ line: { text: 'hello in tg' } });
  });

  test('what nobody has is gone, and what ended has ended', async () => {
    const desk = openDesk();
    expect(desk.store.handoffs.act(1, { type: 'claim' }, ANNA)).toEqual({ ok: false, reason: 'gone' });
    expect([desk.store.handoffs.head(1), desk.store.handoffs.lines(1)]).toEqual([undefined, []]);
    await say(desk, 'person');
    await say(desk, 'stop');
    expect(act(desk, { type: 'claim' })).toEqual({ ok: false, reason: 'ended' });
    expect(chat(desk)).toMatchObject({ state: 'withdrawn', ended: 'stopped' });
  });

  test('a close can be taken back while the person has no new chat', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    act(desk, { type: 'claim' });
    act(desk, { type: 'close' });
    expect(act(desk, { type: 'reopen' }, BORIS)).toMatchObject({ reason: 'not-yours' });
    expect(act(desk, { type: 'reopen' })).toMatchObject({
      ok: true,
      head: { state: 'claimed', owner: ANNA },
    });
    expect(await say(desk, 'still there?')).not.toContain('bot: still there?');
    act(desk, { type: 'close' });
    handle(desk);
    const [first] = desk.store.handoffs.heads();
    await say(desk, 'person');
    expect(desk.store.handoffs.act(first!.id, { type: 'reopen' }, ANNA)).toEqual({
      ok: false,
      reason: 'too-late',
    });
  });

  test('all chats of an account go back into the queue when it goes', async () => {
    const desk = openDesk();
    for (const user of ['a', 'b', 'c']) await say(desk, 'person', user);
    const [a, b, c] = desk.store.handoffs.heads();
    desk.store.handoffs.act(a!.id, { type: 'claim' }, ANNA);
    desk.store.handoffs.act(b!.id, { type: 'claim' }, ANNA);
    desk.store.handoffs.act(c!.id, { type: 'claim' }, BORIS);
    desk.store.handoffs.releaseAll(ANNA);
    expect(desk.store.handoffs.heads().map((h) => [h.state, h.owner])).toEqual([
      ['waiting', null],
      ['waiting', null],
      ['claimed', BORIS],
    ]);
  });
});

describe("the organisation's phone", () => {
  test('takes an open chat, whoever held it; the console can take it back', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    act(desk, { type: 'claim' });
    handle(desk);
    expect(await say(desk, { kind: 'staff' })).toEqual([]);
    expect(chat(desk)).toMatchObject({ state: 'claimed', owner: 0, unanswered: false });
    expect(act(desk, { type: 'reply', text: 'hi' })).toEqual({ ok: false, reason: 'not-yours', owner: 0 });
    expect(await say(desk, 'thank you')).toEqual([]);
    expect(act(desk, { type: 'claim' })).toMatchObject({ ok: true, head: { owner: ANNA } });
    expect(handle(desk)).toEqual([]);
    expect(told(desk).slice(-2)).toEqual(['person: thank you', 'event: claimed']);
  });

  test('begins a chat where there is none, and the bot comes back by itself', async () => {
    const desk = openDesk();
    await say(desk, 'hello');
    expect(await say(desk, { kind: 'staff' })).toEqual([]);
    expect(chat(desk)).toMatchObject({ state: 'claimed', owner: 0, topic: 'general' });
    expect(await say(desk, 'a question')).toEqual([]);
    expect(pass(desk, 30 * MINUTE)).toEqual(['bot: desk released']);
    expect(pass(desk, 15 * MINUTE)).toEqual(['bot: desk nobody-came']);
    expect(await say(desk, 'hello')).toEqual(['bot: hello']);
  });

  test('of somebody who never wrote to the bot: when nobody says anything more, the chat ends within a day', async () => {
    const desk = openDesk();
    await say(desk, { kind: 'staff' });
    expect(pass(desk, DAY - MINUTE)).toEqual([]);
    expect(pass(desk, MINUTE)).toEqual(['bot: desk silence']);
  });
});

describe('time', () => {
  test('nobody comes: said after the time of the team, and the bot is back', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    expect(pass(desk, 15 * MINUTE - 1)).toEqual([]);
    expect(pass(desk, 1)).toEqual(['bot: desk nobody-came']);
    expect(chat(desk)).toMatchObject({ state: 'expired', ended: 'nobody-came' });
    expect(await say(desk, 'hello')).toEqual(['bot: hello']);
  });

  test('a closed team opens, also after a restart in between', async () => {
    const desk = openDesk();
    await say(desk, 'night');
    expect(chat(desk).state).toBe('requested');
    desk.restart();
    expect(pass(desk, 30 * MINUTE)).toEqual(['bot: desk opened']);
    expect(chat(desk)).toMatchObject({ state: 'waiting', waitingSince: desk.clock.now() });
    expect(pass(desk, 5 * MINUTE)).toEqual(['bot: desk nobody-came']);
  });

  test('an operator who does not answer loses the chat to the queue', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    act(desk, { type: 'claim' });
    handle(desk);
    act(desk, { type: 'reply', text: 'hi' });
    expect(pass(desk, HOUR)).toEqual(['hi']);
    await say(desk, 'a question');
    pass(desk, 20 * MINUTE);
    await say(desk, 'hello?');
    expect(pass(desk, 10 * MINUTE)).toEqual(['bot: desk released']);
    expect(chat(desk)).toMatchObject({ state: 'waiting', owner: null });
    expect(act(desk, { type: 'claim' }, BORIS)).toMatchObject({ ok: true });
  });

  test('who claims and says nothing loses it too', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    act(desk, { type: 'claim' });
    handle(desk);
    expect(pass(desk, 30 * MINUTE)).toEqual(['bot: desk released']);
  });

  test('a week of silence ends a chat, thirty days end any', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    act(desk, { type: 'claim' });
    act(desk, { type: 'reply', text: 'hi' });
    handle(desk);
    expect(pass(desk, 7 * DAY)).toEqual(['bot: desk silence']);
    expect(chat(desk)).toMatchObject({ state: 'expired', ended: 'silence' });
    const other = openDesk();
    await say(other, 'person');
    act(other, { type: 'claim' });
    for (let day = 0; day < 30; day += 5) {
      act(other, { type: 'reply', text: `day ${day}` });
      handle(other);
      expect(chat(other).state).toBe('claimed');
      pass(other, 5 * DAY);
    }
    expect(chat(other)).toMatchObject({ state: 'expired', ended: 'silence' });
  });

  test('timers that came due while nothing ran are carried out at the start', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    desk.store.close();
    desk.clock.pass(3 * HOUR);
    desk.restart();
    expect(pass(desk, 0)).toEqual(['bot: desk nobody-came']);
  });

  test('how long people waited is remembered, in this run only', async () => {
    const desk = openDesk();
    for (const user of ['a', 'b']) {
      await say(desk, 'person', user);
      desk.clock.pass(3 * MINUTE);
      const head = desk.store.handoffs.heads().find((h) => h.state === 'waiting');
      desk.store.handoffs.act(head!.id, { type: 'claim' }, ANNA);
    }
    expect(desk.store.handoffs.waits()).toEqual([3 * MINUTE, 3 * MINUTE]);
    desk.restart();
    expect(desk.store.handoffs.waits()).toEqual([]);
  });
});

describe('limits', () => {
  test('three chats a day', async () => {
    const desk = openDesk();
    for (let n = 0; n < 3; n += 1) {
      await say(desk, 'person');
      await say(desk, 'stop');
    }
    // The bot promised a person all the same: then it learns at once that nobody comes.
    expect(await say(desk, 'person')).toEqual([
      'one moment',
      'you are in the queue',
      'bot: desk nobody-came',
    ]);
    expect(desk.store.handoffs.heads()).toHaveLength(3);
    pass(desk, DAY);
    expect(await say(desk, 'person')).toEqual(['one moment', 'you are in the queue']);
  });

  test('a queue of 200, also when all ask in one moment', async () => {
    const desk = openDesk();
    await desk.store.accept(Array.from({ length: 201 }, (_, i) => message(`u${i}`, 'person')));
    expect(handle(desk).filter((t) => t === 'bot: desk nobody-came')).toHaveLength(1);
    expect(desk.store.handoffs.heads()).toHaveLength(200);
    await desk.store.accept([message('late', 'hello')]);
    const [late] = desk.store.claim(1);
    expect(desk.store.handoffs.takes(late!.contact)).toBe(false);
    desk.store.handoffs.act(desk.store.handoffs.heads()[0]!.id, { type: 'claim' }, ANNA);
    expect(desk.store.handoffs.takes(late!.contact)).toBe(true);
  });

  test('nobody fills the disk with words: the transcript says where it stopped', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    act(desk, { type: 'claim' });
    await desk.store.accept(Array.from({ length: 2_005 }, (_, i) => message(USER, `w${i}`)));
    desk.store.commit(desk.store.claim(2_006, 2_006).map(bot));
    const lines = told(desk);
    expect(lines.filter((l) => l.startsWith('person:'))).toHaveLength(2_000);
    expect(lines.filter((l) => l === 'event: too-many')).toHaveLength(1);
  });
});

describe('changes', () => {
  test('come after the commit, each to all; a listener that throws harms nobody else', async () => {
    const desk = openDesk();
    const heard: string[] = [];
    const name = (c: DeskChange) =>
      c.type === 'head' ? c.head.state : c.type === 'line' ? c.line.text : c.type;
    desk.store.handoffs.onChange(() => {
      throw new Error('broken');
    });
    const stop = desk.store.handoffs.onChange((change) => {
      heard.push(name(change));
      // What a listener reads is what was committed.
      if (change.type === 'head') expect(desk.store.handoffs.head(change.head.id)).toEqual(change.head);
    });
    await say(desk, 'person');
    act(desk, { type: 'claim' });
    expect(heard).toEqual(['waiting', 'one moment', 'you are in the queue', 'claimed', 'claimed']);
    act(desk, { type: 'claim' }, BORIS);
    expect(heard).toHaveLength(5);
    stop();
    act(desk, { type: 'close' });
    expect(heard).toHaveLength(5);
    expect(desk.store.backlog(desk.clock.now()).faults).toBeGreaterThan(0);
  });

  test('a listener may act itself', async () => {
    const desk = openDesk();
    desk.store.handoffs.onChange((change) => {
      if (change.type === 'head' && change.head.state === 'waiting')
        desk.store.handoffs.act(change.head.id, { type: 'claim' }, ANNA);
    });
    await say(desk, 'person');
    expect(chat(desk)).toMatchObject({ state: 'claimed', owner: ANNA });
    expect(told(desk).at(-1)).toBe('event: claimed');
  });
});

describe('two voices', () => {
  test('a turn that was thought out before somebody took the chat is thought over', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    await desk.store.accept([message(USER, 'one'), message(USER, 'two')]);
    const turns = desk.store.claim(10, 10);
    act(desk, { type: 'claim' });
    desk.store.commit(turns.map(bot));
    expect(told(desk)).not.toContain('person: one');
    expect(handle(desk)).toEqual(['bot: desk claimed']);
    expect(told(desk).slice(-2)).toEqual(['person: one', 'person: two']);
  });

  test('whatever the bot says while somebody holds the chat is not sent, and the words are kept', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    act(desk, { type: 'claim' });
    handle(desk);
    await desk.store.accept([message(USER, 'one')]);
    const talks = desk.store.claim(1).map(bot);
    expect(talks[0]!.effects).toMatchObject([{ type: 'send' }]);
    desk.store.commit(talks);
    expect(handle(desk)).toEqual([]);
    expect(told(desk).at(-1)).toBe('person: one');
  });
});
