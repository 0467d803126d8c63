import { describe, expect, test } from 'vitest';
import type { FakeForum } from '../fake/telegram-forum.ts';
import { act, chat, say } from '../store/handoff-support.ts';
import { asked, CHAT, ON_TELEGRAM, openTeam, t } from './telegram-group-kit.ts';

const RIGHTS = { can_manage_topics: true, can_delete_messages: true };

describe('a group that does not take the bot', () => {
  const SPOILT: [string, (forum: FakeForum) => unknown, string][] = [
    ['no topics', (f) => (f.forum.isForum = false), 'Topics'],
    ['a member only', (f) => (f.forum.rights = undefined), 'administrator'],
    [
      'no right to topics',
      (f) => (f.forum.rights = { ...RIGHTS, can_manage_topics: false }),
      'manage topics',
    ],
    ['none to delete', (f) => f.setRights({ ...RIGHTS, can_delete_messages: false }), 'delete messages'],
    ['not in the group', (f) => (f.chat.kicked = true), 'Add the bot'],
    [
      'another number',
      (f) => (f.forum.movedTo = -1009999999999),
      'OPERATORS_TELEGRAM_CHAT_ID=-1009999999999',
    ],
    ['no such group', (f) => (f.chat.standing = 'unknown'), 'Check OPERATORS_TELEGRAM_CHAT_ID'],
  ];

  test('says what to do; no chat is lost, and all are shown when it works', async () => {
    const team = await openTeam();
    for (const [name, spoil, hint] of SPOILT) {
      await team.tg.until(() => team.group.state().state === 'up');
      spoil(team.forum);
      // It shows at the next call that Telegram refuses, or when Telegram says so.
      await say(team.desk, 'person', `99290000${name.length}${hint.length}`);
      await team.tg.until(() => team.group.state().state === 'down');
      expect(team.group.state(), name).toMatchObject({ hint: expect.stringContaining(hint) });
      delete team.forum.forum.movedTo;
      Object.assign(team.forum.forum, { isForum: true, rights: RIGHTS });
      Object.assign(team.forum.chat, { kicked: false, standing: 'open' });
    }
    for (const head of team.desk.store.handoffs.heads()) await team.threadOf(head);
    expect(team.forum.forum.topics.size).toBe(SPOILT.length);
    expect(team.group.state()).toEqual({ state: 'up' });
  });

  test('rights that are taken and given back while it runs', async () => {
    const team = await openTeam({ timings: { recheck: 60_000 } });
    await team.tg.until(() => team.group.state().state === 'up');
    team.forum.setRights({ ...RIGHTS, can_manage_topics: false });
    await team.tg.until(() => team.group.state().state === 'down');
    const asked = team.tg.count('getChat');
    await say(team.desk, 'person');
    expect(act(team.desk, { type: 'claim' }, team.boris.id)).toMatchObject({ ok: true });
    act(team.desk, { type: 'release' }, team.boris.id);
    await team.quiet();
    // What people do is no reason to ask a group again that refuses the bot.
    expect(team.tg.count('getChat')).toBe(asked);
    team.forum.setRights(RIGHTS);
    await team.threadOf(chat(team.desk));
  });

  test('a right that Telegram misses in spite of all: that one call is left, the rest goes on', async () => {
    const team = await openTeam();
    team.tg.fault('createForumTopic', { status: 400, description: 'Bad Request: CHAT_ADMIN_REQUIRED' });
    await say(team.desk, 'person');
    const { ref } = chat(team.desk);
    await team.tg.until(() => team.log.lines.some((line) => line.includes('group.refused')));
    await say(team.desk, 'person', '992000000002');
    await team.threadOf(team.desk.store.handoffs.heads().find((head) => head.ref !== ref)!);
    await team.quiet();
    expect(team.tg.count('createForumTopic')).toBe(2);
  });
});

describe('by hand', () => {
  test('a topic that somebody deleted is made anew, three times at most', async () => {
    const team = await openTeam();
    await say(team.desk, 'person');
    for (let made = 1; made <= 3; made += 1) {
      await team.tg.until(() => team.tg.count('createForumTopic') === made);
      const thread = await team.threadOf(chat(team.desk));
      await team.quiet();
      team.forum.deleteTopic(thread);
      team.desk.clock.pass(made === 1 ? 300_000 : 600_000);
      if (made === 3) team.desk.clock.pass(600_000);
    }
    await team.quiet();
    expect(team.tg.count('createForumTopic')).toBe(3);
    expect(chat(team.desk).state).toBe('waiting');
  });

  test('a message that somebody deleted is written anew', async () => {
    const team = await openTeam();
    await say(team.desk, 'person');
    const thread = await team.threadOf(chat(team.desk));
    team.forum.received(thread)[0]!.deleted = true;
    act(team.desk, { type: 'claim' }, team.anna.id);
    await team.says(thread, 'held by Anna');
  });

  test('a topic that somebody closed or opened is as it should be', async () => {
    const team = await openTeam();
    await say(team.desk, 'person');
    const thread = await team.threadOf(chat(team.desk));
    team.forum.forum.topics.get(thread)!.closed = true;
    act(team.desk, { type: 'claim' }, team.anna.id);
    act(team.desk, { type: 'close' }, team.anna.id);
    await team.says(thread, 'ended by Anna');
    await team.quiet();
    expect(team.forum.forum.topics.get(thread)?.closed).toBe(true);
    expect(team.group.state()).toEqual({ state: 'up' });
  });
});

describe('Telegram', () => {
  test('that asks to wait is left alone for that long', async () => {
    const team = await openTeam();
    await team.quiet();
    team.tg.fault('createForumTopic', { status: 429, retryAfter: 1 });
    await say(team.desk, 'person');
    await team.tg.until(() => team.tg.count('createForumTopic') === 1);
    const asked = Date.now();
    await team.threadOf(chat(team.desk));
    // Never less, whatever the machine; how much more is not measured.
    expect(Date.now() - asked).toBeGreaterThan(900);
  });

  test.each([
    ['500', { status: 500 }],
    ['a broken connection', { drop: 'before' }],
    ['a page of a proxy', { body: '<html>' }],
  ] as const)('%s: tried again, and all is there in the end', async (_, fault) => {
    const team = await openTeam();
    team.tg.fault('createForumTopic', fault, { times: 3 });
    team.tg.fault('sendMessage', fault, { times: 3, chat: CHAT });
    await say(team.desk, 'person');
    const thread = await team.threadOf(chat(team.desk));
    await team.quiet();
    expect([team.forum.forum.topics.size, team.forum.texts(thread).length]).toEqual([1, 1]);
  });

  test('an answer that got lost: one copy more at most', async () => {
    const team = await openTeam();
    team.tg.fault('sendMessage', { drop: 'after' }, { chat: CHAT });
    await say(team.desk, 'person');
    const thread = await team.threadOf(chat(team.desk));
    await team.quiet();
    expect(team.forum.texts(thread)).toHaveLength(2);
  });

  test('that is not there: the state says so, people are not kept waiting by it, and it comes back', async () => {
    const team = await openTeam();
    await team.tg.until(() => team.group.state().state === 'up');
    team.tg.fault('*', { drop: 'before' }, { times: 100_000 });
    await say(team.desk, 'person');
    await team.tg.until(() => team.group.state().state === 'connecting');
    expect(act(team.desk, { type: 'claim' }, team.anna.id).ok).toBe(true);
    act(team.desk, { type: 'release' }, team.anna.id);
    team.tg.release();
    await team.threadOf(chat(team.desk));
  });

  test('that does not answer does not hold up a stop', async () => {
    const team = await openTeam();
    await team.quiet();
    team.tg.fault('createForumTopic', { hang: true });
    await say(team.desk, 'person');
    await team.tg.until(() => team.tg.count('createForumTopic') === 1);
    await team.restart();
    await team.threadOf(chat(team.desk));
  });
});

test('updates of any shape are swallowed, and the log holds nothing of anybody', async () => {
  const team = await openTeam();
  await say(team.desk, 'person');
  const thread = await team.threadOf(chat(team.desk));
  const shapes = [null, 7, {}, [], 'x', { id: 1 }, { id: CHAT, type: 'supergroup' }];
  for (const a of shapes)
    for (const b of shapes) {
      team.group.take(a);
      team.group.take({ message: a, callback_query: b });
      team.group.take({
        message: { message_id: 1, chat: b, from: a, text: 'my words', message_thread_id: thread },
      });
      team.group.take({ callback_query: { id: 'x', from: a, data: b } });
    }
  team.forum.text(ON_TELEGRAM.stranger, 'my words', thread);
  await team.says(thread, 'does not reach');
  expect(team.forum.texts(thread)).toHaveLength(2);
  const all = team.log.lines.join();
  for (const word of ['my words', String(ON_TELEGRAM.stranger), team.tg.token])
    expect(all).not.toContain(word);
  expect(asked(team)).not.toContain(t('group.not_stored'));
});
