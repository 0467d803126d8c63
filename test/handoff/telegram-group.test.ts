import { describe, expect, test } from 'vitest';
import { createPace } from '../../src/channels/pace.ts';
import { GROUP_TIMINGS } from '../../src/handoff/telegram-group-lane.ts';
import { act, chat, handle, MINUTE, pass, say, USER } from '../store/handoff-support.ts';
import { HOUR, sendAll, TestClock } from '../store/support.ts';
import { asked, CONSOLE, ON_TELEGRAM, openTeam, type Team, t } from './telegram-group-kit.ts';

const { anna, boris, stranger } = ON_TELEGRAM;

/** Somebody waits, and the group shows it. */
async function waiting(team: Team, words = 'person'): Promise<{ ref: string; thread: number }> {
  await say(team.desk, words);
  const head = chat(team.desk);
  return { ref: head.ref, thread: await team.threadOf(head) };
}

describe('the notice', () => {
  test('a topic with the reference as its name, and nothing of the person', async () => {
    const team = await openTeam();
    const { ref, thread } = await waiting(team);
    expect(team.forum.forum.topics.get(thread)).toEqual({ name: ref, color: 7322096, closed: false });
    expect(team.forum.texts(thread)).toEqual([`${ref} waits · tg · KZ · treatment`]);
    expect(team.group.state()).toEqual({ state: 'up' });
  });

  test('what is urgent says so, also by its colour', async () => {
    const team = await openTeam();
    const { ref, thread } = await waiting(team, 'urgent');
    expect(team.forum.texts(thread)).toEqual([`${ref} waits · tg · KZ · after a risk · urgent`]);
    expect(team.forum.forum.topics.get(thread)?.color).toBe(16478047);
  });

  test('the wait is edited after 5, 15 and 30 minutes, not each minute and not anew', async () => {
    const team = await openTeam();
    const { ref, thread } = await waiting(team);
    for (const minutes of [5, 15, 30]) {
      team.desk.clock.pass((minutes - (minutes === 5 ? 0 : minutes === 15 ? 9 : 19)) * MINUTE);
      await team.says(thread, `${ref} waits ${minutes} min`);
      team.desk.clock.pass(4 * MINUTE);
      await team.quiet();
    }
    expect(team.forum.texts(thread)).toHaveLength(1);
    expect(team.tg.count('editMessageText')).toBe(3);
  });

  test('outside of opening hours there is none until the team opens', async () => {
    const team = await openTeam();
    await say(team.desk, 'night');
    await team.quiet();
    expect(team.tg.count('createForumTopic')).toBe(0);
    pass(team.desk, HOUR);
    await team.threadOf(chat(team.desk));
  });

  test('who was taken before it could be said needs no topic', async () => {
    const team = await openTeam({ prepare: (forum) => forum.setRights(undefined) });
    await team.tg.until(() => team.group.state().state === 'down');
    await say(team.desk, 'person');
    act(team.desk, { type: 'claim' }, team.anna.id);
    team.forum.setRights({ can_manage_topics: true, can_delete_messages: true });
    await team.tg.until(() => team.group.state().state === 'up');
    await team.quiet();
    expect(team.tg.count('createForumTopic')).toBe(0);
  });
});

describe('the button', () => {
  test('two press it, one wins, the other is told who has it', async () => {
    const team = await openTeam();
    const { ref, thread } = await waiting(team);
    const first = team.forum.tap(anna, t('group.claim'), thread);
    const second = team.forum.tap(boris, t('group.claim'), thread);
    await team.tg.until(() => first.answered && second.answered);
    expect(chat(team.desk)).toMatchObject({ state: 'claimed', owner: team.anna.id });
    expect(first.answer).toBe(t('group.yours', { ref, link: `${CONSOLE}/${ref}` }));
    expect(second.answer).toBe('Held by Anna.');
    await team.says(thread, `${ref} · held by Anna`);
    const claimed = team.staff.staff.audit.list({ limit: 9 }).filter((e) => e.action === 'handoff_claimed');
    expect(claimed).toMatchObject([{ actor: team.anna.id, subject: ref }]);
  });

  test('somebody who is not linked is told how, and changes nothing', async () => {
    const team = await openTeam();
    const { thread } = await waiting(team);
    const query = team.forum.tap(stranger, t('group.claim'), thread);
    await team.tg.until(() => query.answered);
    expect(query.answer).toBe(t('group.not_linked'));
    expect(chat(team.desk).state).toBe('waiting');
  });

  test('somebody who may not answer people any more is not linked any more', async () => {
    const team = await openTeam();
    const { thread } = await waiting(team);
    team.staff.staff.accounts.change(team.anna.id, { role: 'coordinator' }, 0);
    const query = team.forum.tap(anna, t('group.claim'), thread);
    await team.tg.until(() => query.answered);
    expect(query.answer).toBe(t('group.not_linked'));
  });

  test('taken in the console: the same owner here, and the button says so', async () => {
    const team = await openTeam();
    const { ref, thread } = await waiting(team);
    const [card] = team.forum.received(thread);
    act(team.desk, { type: 'claim' }, team.boris.id);
    const query = team.forum.tapData(anna, `h:claim:${ref}`, card!);
    await team.tg.until(() => query.answered);
    expect(query.answer).toBe('Held by Boris.');
    await team.says(thread, 'held by Boris');
  });

  test('given back: said anew, because an edit rings no bell', async () => {
    const team = await openTeam();
    const { ref, thread } = await waiting(team);
    team.forum.tap(anna, t('group.claim'), thread);
    await team.says(thread, 'held by Anna');
    team.forum.tap(anna, t('group.release'), thread);
    await team.tg.until(() => team.forum.texts(thread).length === 2);
    expect(team.forum.texts(thread)).toEqual([`${ref} · held by Anna`, `${ref} waits · tg · KZ · treatment`]);
    expect(chat(team.desk)).toMatchObject({ state: 'waiting', owner: null });
  });

  test('what is on no button of ours is nothing', async () => {
    const team = await openTeam();
    const { thread } = await waiting(team);
    const [card] = team.forum.received(thread);
    const queries = ['h:claim:ZZZZZZ', 'h:resend:ABCDEF', 'ru:menu:menu:c1', 'x'].map((data) =>
      team.forum.tapData(anna, data, card!),
    );
    await team.tg.until(() => queries.every((query) => query.answered));
    expect(queries.map((query) => query.answer)).toEqual(Array(4).fill(t('group.gone')));
    expect(chat(team.desk).state).toBe('waiting');
  });
});

describe('what happens elsewhere', () => {
  test('passed on, closed, taken back, closed for good and shredded', async () => {
    const team = await openTeam();
    const { ref, thread } = await waiting(team);
    const topic = () => team.forum.forum.topics.get(thread);
    act(team.desk, { type: 'claim' }, team.anna.id);
    act(team.desk, { type: 'transfer', to: { operator: team.boris.id } }, team.anna.id);
    await team.says(thread, `${ref} · held by Boris`);
    act(team.desk, { type: 'close' }, team.boris.id);
    await team.says(thread, `${ref} · ended by Boris`);
    await team.tg.until(() => topic()?.closed === true);
    act(team.desk, { type: 'reopen' }, team.boris.id);
    await team.tg.until(() => topic()?.closed === false);
    await team.says(thread, `${ref} · held by Boris`);
    act(team.desk, { type: 'close' }, team.boris.id);
    await team.tg.until(() => topic()?.closed === true);
    pass(team.desk, 73 * HOUR);
    await team.tg.until(() => topic() === undefined);
  });

  test.each<[string, (team: Team) => unknown, string]>([
    ['nobody came', ({ desk }) => pass(desk, 15 * MINUTE), 'nobody came in time'],
    ['the person does not want to', ({ desk }) => say(desk, 'stop'), 'ended by the person'],
    ['delete my data', ({ desk }) => say(desk, 'forget'), 'erased by the person'],
  ])('%s: said, and the topic is closed', async (_, happens, text) => {
    const team = await openTeam();
    const { thread } = await waiting(team);
    await happens(team);
    await team.says(thread, text);
    await team.tg.until(() => team.forum.forum.topics.get(thread)?.closed === true);
    expect(team.forum.received(thread).at(-1)?.markup).toBeUndefined();
  });

  test('thirty changes at once are few calls', async () => {
    const team = await openTeam();
    const { thread } = await waiting(team);
    const before = team.tg.count('sendMessage') + team.tg.count('editMessageText');
    for (let i = 0; i < 15; i += 1) {
      act(team.desk, { type: 'claim' }, team.anna.id);
      act(team.desk, { type: 'release' }, team.anna.id);
    }
    act(team.desk, { type: 'claim' }, team.boris.id);
    await team.says(thread, 'held by Boris');
    await team.quiet();
    expect(team.tg.count('sendMessage') + team.tg.count('editMessageText') - before).toBeLessThan(4);
  });
});

describe('with OPERATORS_RELAY_TEXT=off', () => {
  test('words in a topic are refused with a sentence and a link, once', async () => {
    const team = await openTeam();
    const { ref, thread } = await waiting(team);
    act(team.desk, { type: 'claim' }, team.anna.id);
    team.forum.text(anna, 'I answer here', thread);
    team.forum.text(anna, 'Hello?', thread);
    await team.says(thread, t('group.relay_off', { link: `${CONSOLE}/${ref}` }));
    await team.quiet();
    expect(team.forum.texts(thread).filter((text) => text.includes('does not reach'))).toHaveLength(1);
    expect(team.desk.store.handoffs.lines(chat(team.desk).id).map((l) => l.from)).not.toContain('operator');
  });

  test('colleagues may talk outside of the topics', async () => {
    const team = await openTeam();
    await team.quiet();
    const before = team.tg.count('sendMessage');
    team.forum.text(anna, 'good morning');
    team.forum.text(stranger, 'hi');
    await team.tg.until(() => team.tg.pending.length === 0);
    await team.quiet();
    expect(team.tg.count('sendMessage')).toBe(before);
    expect([team.host.accepted, team.forum.chat.kicked]).toEqual([[], false]);
  });

  test("nothing of a person's words, name or number is in any call", async () => {
    const team = await openTeam();
    const { ref, thread } = await waiting(team);
    await say(team.desk, 'Mavzuna from Kulob');
    team.forum.tap(anna, t('group.claim'), thread);
    await team.says(thread, 'held by Anna');
    await say(team.desk, 'call me +992900000017');
    act(team.desk, { type: 'reply', text: 'the clinic opens at nine' }, team.anna.id);
    act(team.desk, { type: 'note', text: 'sounds frightened' }, team.anna.id);
    act(team.desk, { type: 'labels', labels: ['pregnant'] }, team.anna.id);
    sendAll(team.desk.store, team.desk.clock.now());
    act(team.desk, { type: 'transfer', to: { operator: team.boris.id } }, team.anna.id);
    await team.restart();
    await say(team.desk, 'are you there');
    act(team.desk, { type: 'close' }, team.boris.id);
    await team.says(thread, `${ref} · ended`);
    await say(team.desk, 'forget');
    await team.quiet();
    for (const word of ['Mavzuna', 'Kulob', '9929', 'clinic', 'frightened', 'pregnant', 'there', USER])
      expect(asked(team)).not.toContain(word);
    expect(asked(team)).toContain(ref);
  });
});

describe('a restart', () => {
  test('finds the topics again, and shows what happened meanwhile', async () => {
    const team = await openTeam();
    const { ref, thread } = await waiting(team);
    await team.restart(() => {
      act(team.desk, { type: 'claim' }, team.boris.id);
    });
    await team.says(thread, `${ref} · held by Boris`);
    await team.quiet();
    expect(team.tg.count('createForumTopic')).toBe(1);
    expect(team.forum.texts(thread)).toHaveLength(1);
  });

  test('with nothing new asks for nothing', async () => {
    const team = await openTeam();
    await waiting(team);
    const work = () =>
      team.tg.calls.filter((c) => /Topic|editMessage|sendMessage/.test(c.method)).map((c) => c.method);
    const before = work();
    await team.restart();
    await team.tg.until(() => team.group.state().state === 'up');
    await team.quiet();
    expect(work()).toEqual(before);
  });

  test('a button from before still works', async () => {
    const team = await openTeam();
    const { thread } = await waiting(team);
    await team.restart();
    const query = team.forum.tap(anna, t('group.claim'), thread);
    await team.tg.until(() => query.answered);
    expect(chat(team.desk).owner).toBe(team.anna.id);
  });
});

describe('the pace', () => {
  test('never more than twenty messages in a minute', () => {
    const clock = new TestClock();
    const pace = createPace(GROUP_TIMINGS.pace, clock);
    const sent: number[] = [];
    for (let i = 0; i < 200; i += 1) {
      for (let wait = pace.take('group'); wait > 0; wait = pace.take('group')) clock.pass(wait);
      sent.push(clock.now());
    }
    const inMinute = sent.map((from) => sent.filter((at) => at >= from && at < from + MINUTE).length);
    expect(Math.max(...inMinute)).toBeLessThanOrEqual(20);
    // And not slower than has to be.
    expect(sent.at(-1)! - sent[0]!).toBeLessThan(17 * MINUTE);
  });
});

test('the bot stays in its group and leaves others', async () => {
  const team = await openTeam();
  const other = team.tg.group(-7);
  other.addBot();
  await team.tg.until(() => other.chat.kicked);
  expect(team.forum.chat.kicked).toBe(false);
  handle(team.desk);
});
