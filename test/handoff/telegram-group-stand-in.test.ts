import { Api, GrammyError } from 'grammy';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeTelegram } from '../fake/telegram.ts';
import type { FakeForum } from '../fake/telegram-forum.ts';
import { CHAT } from './telegram-group-kit.ts';

let tg: FakeTelegram;
let forum: FakeForum;
let api: Api;

beforeEach(async () => {
  tg = await FakeTelegram.start();
  forum = tg.forum(CHAT);
  api = new Api(tg.token, { apiRoot: tg.root });
});
afterEach(() => tg.stop());

/** What Telegram says to a call: its words when it refuses, 'ok' otherwise. */
async function answer(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    if (!(error instanceof GrammyError)) throw error;
    return `${error.error_code} ${error.description}`;
  }
}

test('topics are made, named anew, closed, opened and deleted with what is in them', async () => {
  const { message_thread_id: thread } = await api.createForumTopic(CHAT, 'K7Q2MX', { icon_color: 7322096 });
  const message = await api.sendMessage(CHAT, 'hello', { message_thread_id: thread });
  expect(message).toMatchObject({ message_thread_id: thread, is_topic_message: true });
  expect(await answer(api.editForumTopic(CHAT, thread, { name: 'K7Q2MY' }))).toBe('ok');
  expect(await answer(api.editForumTopic(CHAT, thread, { name: 'K7Q2MY' }))).toMatch('TOPIC_NOT_MODIFIED');
  expect(await answer(api.closeForumTopic(CHAT, thread))).toBe('ok');
  expect(await answer(api.closeForumTopic(CHAT, thread))).toMatch('TOPIC_NOT_MODIFIED');
  expect(forum.forum.topics.get(thread)).toEqual({ name: 'K7Q2MY', color: 7322096, closed: true });
  // An administrator may write in a closed topic.
  expect(await answer(api.sendMessage(CHAT, 'x', { message_thread_id: thread }))).toBe('ok');
  expect(await answer(api.reopenForumTopic(CHAT, thread))).toBe('ok');
  expect(await answer(api.deleteForumTopic(CHAT, thread))).toBe('ok');
  expect(forum.texts(thread)).toEqual([]);
  expect(await answer(api.sendMessage(CHAT, 'x', { message_thread_id: thread }))).toBe(
    '400 Bad Request: message thread not found',
  );
  expect(await answer(api.editMessageText(CHAT, message.message_id, 'y'))).toMatch(
    'message to edit not found',
  );
});

test('an answer stands in the topic of what it answers, and what it answers must be there', async () => {
  const { message_thread_id: thread } = await api.createForumTopic(CHAT, 'K7Q2MX');
  const said = forum.text(5, 'hi', thread);
  const reply = (id: number, allow_sending_without_reply = false) =>
    api.sendMessage(CHAT, 'x', { reply_parameters: { message_id: id, allow_sending_without_reply } });
  expect(await reply(said.message_id)).toMatchObject({ message_thread_id: thread });
  expect(await answer(reply(999))).toBe('400 Bad Request: message to be replied not found');
  expect(await answer(reply(999, true))).toBe('ok');
});

test('rights: what a member, an administrator and a stranger may', async () => {
  expect(await api.getChat(CHAT)).toMatchObject({ type: 'supergroup', is_forum: true });
  expect(await api.getChatMember(CHAT, tg.bot.id)).toMatchObject({ status: 'administrator' });
  const { message_thread_id: thread } = await api.createForumTopic(CHAT, 'K7Q2MX');
  forum.setRights({ can_manage_topics: true, can_delete_messages: false });
  expect(await answer(api.deleteForumTopic(CHAT, thread))).toMatch(/^400 Bad Request: not enough rights/);
  forum.setRights(undefined);
  expect(await api.getChatMember(CHAT, tg.bot.id)).toMatchObject({ status: 'member' });
  expect(await answer(api.createForumTopic(CHAT, 'A'))).toBe(
    '400 Bad Request: not enough rights to create a topic',
  );
  expect(await answer(api.sendMessage(CHAT, 'x'))).toBe('ok');
  forum.setRights(null);
  expect(await answer(api.getChat(CHAT))).toBe('403 Forbidden: bot was kicked from the supergroup chat');
  expect(await answer(api.createForumTopic(CHAT - 1, 'A'))).toBe('400 Bad Request: chat not found');
});

test('a group without topics, and one that moved', async () => {
  forum.forum.isForum = false;
  expect(await answer(api.createForumTopic(CHAT, 'A'))).toBe('400 Bad Request: the chat is not a forum');
  forum.forum.movedTo = -1009;
  expect(await answer(api.sendMessage(CHAT, 'x'))).toBe(
    '400 Bad Request: group chat was upgraded to a supergroup chat',
  );
});

test('only some reactions and colours', async () => {
  const said = forum.text(5, 'hi');
  expect(await answer(api.setMessageReaction(CHAT, said.message_id, [{ type: 'emoji', emoji: '👍' }]))).toBe(
    'ok',
  );
  expect(said.reaction).toBe('👍');
  expect(await answer(api.setMessageReaction(CHAT, said.message_id, []))).toBe('ok');
  expect(said.reaction).toBeUndefined();
  expect(await answer(api.setMessageReaction(CHAT, 999, []))).toMatch('message to react not found');
});
