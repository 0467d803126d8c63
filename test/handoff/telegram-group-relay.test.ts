import { describe, expect, test } from 'vitest';
import { GroupMemory } from '../../src/handoff/telegram-group-memory.ts';
import { act, chat, handle, MINUTE, pass, say, told } from '../store/handoff-support.ts';
import { HOUR, sendAll } from '../store/support.ts';
import { asked, CHAT, ON_TELEGRAM, openTeam, type Team, type TeamOptions, t } from './telegram-group-kit.ts';

const { anna, boris, stranger } = ON_TELEGRAM;

/** A chat that Anna holds, taken in the group. */
async function talking(options: TeamOptions = {}): Promise<{ team: Team; ref: string; thread: number }> {
  const team = await openTeam({ relay: true, ...options });
  await say(team.desk, 'person');
  const head = chat(team.desk);
  const thread = await team.threadOf(head);
  team.forum.tap(anna, t('group.claim'), thread);
  await team.says(thread, 'held by Anna');
  handle(team.desk);
  return { team, ref: head.ref, thread };
}

/** What the bot wrote into the topic below the card. */
const below = ({ forum }: Team, thread: number) => forum.texts(thread).slice(1);
const person = ({ forum }: Team, thread: number) =>
  below({ forum } as Team, thread).filter((s) => s.startsWith('👤'));
const operators = ({ desk }: Team) => told(desk).filter((line) => line.startsWith('operator'));
const heard = (team: Team) => team.tg.until(() => team.tg.pending.length === 0);

describe("the person's words", () => {
  test('go into the topic: plain, without preview, not to be passed on', async () => {
    const { team, thread } = await talking();
    await say(team.desk, 'I feel *bad* _today_ <b>');
    await team.says(thread, 'bad');
    expect(person(team, thread)).toEqual(['👤 I feel *bad* _today_ <b>']);
    const { params } = team.forum.received(thread).at(-1)!;
    expect(params).toMatchObject({ protect_content: true, link_preview_options: { is_disabled: true } });
    expect(Object.keys(params)).not.toEqual(expect.arrayContaining(['parse_mode']));
    expect(Object.keys(params)).not.toEqual(expect.arrayContaining(['entities']));
  });

  test('make no link, mention or command in the app of an operator', async () => {
    const { team, thread } = await talking();
    await say(team.desk, 'see https://evil.example/x, ask @anna, /link abcd, #tag');
    await team.says(thread, 'evil');
    const [text] = person(team, thread);
    expect(text).not.toMatch(/https?:\/\/|\.example|@anna|\/link|#tag/);
    expect(text!.replaceAll('\u2060', '')).toBe('👤 see https://evil.example/x, ask @anna, /link abcd, #tag');
  });

  test('before somebody holds the chat: nothing; then all there was', async () => {
    const team = await openTeam({ relay: true });
    await say(team.desk, 'person');
    await say(team.desk, 'first');
    await say(team.desk, { kind: 'media' });
    const thread = await team.threadOf(chat(team.desk));
    await team.quiet();
    expect(asked(team)).not.toContain('first');
    act(team.desk, { type: 'claim' }, team.anna.id);
    await team.says(thread, 'first');
    expect(person(team, thread)).toEqual([`👤 first\n\n${t('group.said.media')}`]);
    const read = team.staff.staff.audit.list({ limit: 9 }).filter((e) => e.action === 'handoff_read');
    expect(read).toMatchObject([{ actor: team.anna.id, subject: chat(team.desk).ref }]);
  });

  test('stay out when the owner works in the console only', async () => {
    const team = await openTeam({ relay: true, linked: false });
    await say(team.desk, 'person');
    const thread = await team.threadOf(chat(team.desk));
    act(team.desk, { type: 'claim' }, team.anna.id);
    await say(team.desk, 'only for Anna');
    await team.says(thread, 'held by Anna');
    await team.quiet();
    expect(asked(team)).not.toContain('only for');
  });

  test('a long one in parts, many short ones together, all in order and once', async () => {
    const { team, thread } = await talking();
    const long = Array.from({ length: 4096 }, (_, i) => (i % 40 === 0 ? '😀' : 'я')).join('');
    await say(team.desk, 'before');
    await say(team.desk, long);
    for (let i = 0; i < 20; i += 1) await say(team.desk, `line ${i}`);
    await team.says(thread, 'line 19');
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    const all = person(team, thread).map((text) => text.slice('👤 '.length));
    expect(all.join('').replaceAll('\n', '')).toBe(['before', long, ...lines].join(''));
    expect(all.every((text) => text.length <= 4096)).toBe(true);
    expect(all.length).toBeLessThan(15);
  });

  test('are not shown again after a restart, and none is missing', async () => {
    const { team, thread } = await talking();
    await say(team.desk, 'one');
    await team.says(thread, 'one');
    await team.quiet();
    await team.restart(async () => void (await say(team.desk, 'two')));
    await team.says(thread, 'two');
    await team.quiet();
    expect(person(team, thread)).toEqual(['👤 one', '👤 two']);
  });
});

describe("the owner's words", () => {
  test('go to the person, in order, and a thumb says that they arrived', async () => {
    const { team, thread } = await talking();
    const sent = Array.from({ length: 20 }, (_, i) => team.forum.text(anna, `word ${i}`, thread));
    await team.tg.until(() => operators(team).length === 20);
    const words = sendAll(team.desk.store, team.desk.clock.now());
    expect(words).toEqual(Array.from({ length: 20 }, (_, i) => `word ${i}`));
    await team.tg.until(() => sent.every((message) => message.reaction === '👍'));
    expect(below(team, thread)).toEqual([]);
  });

  test('are taken from nobody else, and not after the end; whoever wrote is told why', async () => {
    const { team, thread } = await talking();
    const refused = async (from: number, answer: string): Promise<void> => {
      team.forum.text(from, 'not for the person', thread);
      await team.says(thread, answer);
    };
    await refused(boris, 'Held by Anna.');
    await refused(stranger, t('group.not_linked'));
    // In the console it went to somebody else.
    act(team.desk, { type: 'transfer', to: { operator: team.boris.id } }, team.anna.id);
    await refused(anna, 'Held by Boris.');
    act(team.desk, { type: 'release' }, team.boris.id);
    await refused(anna, t('group.nobody_holds'));
    act(team.desk, { type: 'claim' }, team.anna.id);
    act(team.desk, { type: 'close' }, team.anna.id);
    await refused(anna, t('group.ended_already'));
    expect(operators(team)).toEqual([]);
  });

  test('only text reaches the person, and says so', async () => {
    const { team, thread } = await talking();
    team.forum.send(anna, { sticker: { file_id: 'CAACAgIAAx' } }, thread);
    await team.says(thread, t('group.text_only'));
    team.forum.text(anna, '\u200e', thread);
    await team.tg.until(
      () => team.forum.texts(thread).filter((s) => s === t('group.text_only')).length === 2,
    );
    team.forum.send(anna, { forum_topic_edited: { name: 'x' } }, thread);
    await heard(team);
    await team.quiet();
    expect([operators(team), below(team, thread).length]).toEqual([[], 2]);
  });

  test('delivered twice by Telegram are sent once', async () => {
    const { team, thread } = await talking();
    const message = team.forum.text(anna, 'once', thread);
    await team.tg.until(() => operators(team).length === 1);
    team.tg.push({ message: update(message.message_id, 'once', thread) });
    await heard(team);
    await team.restart();
    team.tg.push({ message: update(message.message_id, 'once', thread) });
    await heard(team);
    await team.quiet();
    expect(sendAll(team.desk.store, team.desk.clock.now())).toEqual(['once']);
    expect(below(team, thread)).toEqual([]);
  });

  test('when we ended in the middle they are not sent again, and the operator learns that it is unclear', async () => {
    const { team, thread } = await talking();
    await team.restart(() => {
      new GroupMemory(team.desk.store.channelRows('telegram'), CHAT).begin(4711);
    });
    team.tg.push({ message: update(4711, 'perhaps', thread) });
    await team.says(thread, t('group.unclear'));
    team.tg.push({ message: update(4711, 'perhaps', thread) });
    await heard(team);
    await team.quiet();
    expect(operators(team)).toEqual([]);
    expect(below(team, thread)).toEqual([t('group.unclear')]);
  });

  test('that may not have arrived are asked about, and sent again by a button', async () => {
    const { team, thread } = await talking();
    team.forum.text(anna, 'hello', thread);
    await team.tg.until(() => operators(team).length === 1);
    const [due] = team.desk.store.due(1, team.desk.clock.now());
    team.desk.store.settle([{ id: due!.id, result: 'unclear', at: 0 }]);
    await team.says(thread, t('group.unknown'));
    expect(sendAll(team.desk.store, team.desk.clock.now())).toEqual([]);
    const query = team.forum.tap(anna, t('group.resend'), thread);
    await team.tg.until(() => query.answered);
    expect(sendAll(team.desk.store, team.desk.clock.now())).toEqual(['hello']);
    expect(operators(team)).toEqual(['operator: hello (sent)']);
  });
});

describe('the end', () => {
  test('by the button of the owner, of nobody else', async () => {
    const { team, ref, thread } = await talking();
    const other = team.forum.tap(boris, t('group.close'), thread);
    await team.tg.until(() => other.answered);
    expect(other.answer).toBe('Held by Anna.');
    team.forum.tap(anna, t('group.close'), thread);
    await team.says(thread, `${ref} · ended by Anna`);
    expect(chat(team.desk)).toMatchObject({ state: 'closed', owner: team.anna.id });
  });

  test('"delete my data": the topic goes with every word in it, and the team learns that it was the person', async () => {
    const { team, ref, thread } = await talking();
    await say(team.desk, 'my secret');
    await team.says(thread, 'my secret');
    team.forum.text(anna, 'about the secret', thread);
    await heard(team);
    await say(team.desk, 'forget');
    await team.says(undefined, `${ref} · erased by the person`);
    expect(team.forum.forum.topics.has(thread)).toBe(false);
    const left = team.forum.chat.messages.filter((m) => !m.deleted).map((m) => m.text);
    expect(left).toEqual([`${ref} · erased by the person`]);
    await team.quiet();
    expect(team.tg.count('createForumTopic')).toBe(1);
  });

  test('words that were shredded while we were away are taken out at the next start', async () => {
    const { team, thread } = await talking();
    await say(team.desk, 'my secret');
    await team.says(thread, 'my secret');
    await team.restart(() => {
      act(team.desk, { type: 'close' }, team.anna.id);
      pass(team.desk, 73 * HOUR);
    });
    await team.tg.until(() => !team.forum.forum.topics.has(thread));
  });

  test('the person who is left without an answer waits again, in the group too', async () => {
    const { team, ref, thread } = await talking();
    await say(team.desk, 'hello?');
    await team.says(thread, 'hello?');
    pass(team.desk, 31 * MINUTE);
    await team.tg.until(() => team.forum.texts(thread).at(-1) === `${ref} waits · tg · KZ · treatment`);
  });
});

/** A message of Anna's as Telegram delivers it. */
function update(id: number, text: string, thread: number) {
  return {
    message_id: id,
    date: 0,
    from: { id: anna, is_bot: false },
    chat: { id: CHAT, type: 'supergroup', is_forum: true },
    message_thread_id: thread,
    is_topic_message: true,
    text,
  };
}
