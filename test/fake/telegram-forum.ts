import type { Bot, Query } from './telegram-bot.ts';
import type { Chat, Message } from './telegram-chats.ts';
import type { Forum, Rights, Topic } from './telegram-forum-state.ts';
import { badRequest, integer, list, nested, type Params, record } from './telegram-request.ts';

const NAME_LIMIT = 128;
const COLORS = [7322096, 16766590, 13338331, 9367192, 16749490, 16478047];

/** The methods about topics. Wordings of refusals that nobody has written down are assumed, and marked so. */
export const FORUM_METHODS: Record<string, (bot: Bot, params: Params) => unknown> = {
  createforumtopic(bot, params) {
    const { chat, forum } = manageable(bot, params, 'not enough rights to create a topic');
    const name = readName(params.name);
    const color = integer(params.icon_color, COLORS[0] ?? 0);
    if (!COLORS.includes(color)) throw badRequest('invalid icon color specified'); // assumed
    // A topic is the thread under the service message that announces it.
    const service = bot.chats.add(chat, { from: 'bot', params });
    service.thread = service.message_id;
    forum.topics.set(service.message_id, { name, color, closed: false });
    return { message_thread_id: service.message_id, name, icon_color: color };
  },
  editforumtopic(bot, params) {
    const { topic } = topicOf(bot, params);
    const name = readName(params.name);
    if (topic.name === name) throw badRequest('TOPIC_NOT_MODIFIED');
    topic.name = name;
    return true;
  },
  setmessagereaction: setMessageReaction,
  closeforumtopic: (bot, params) => setClosed(bot, params, true),
  reopenforumtopic: (bot, params) => setClosed(bot, params, false),
  deleteforumtopic(bot, params) {
    const { chat, forum, thread } = topicOf(bot, params);
    if (!forum.rights?.can_delete_messages) throw badRequest('not enough rights to delete a topic'); // assumed
    removeTopic(chat, thread);
    return true;
  },
  getchatmember(bot, params) {
    const { forum } = bot.chats.writable(params.chat_id);
    const user = { id: bot.id, is_bot: true, first_name: 'Hamroh', username: bot.username };
    if (Number(params.user_id) !== bot.id) throw badRequest('user not found');
    return forum?.rights ? { status: 'administrator', user, ...forum.rights } : { status: 'member', user };
  },
};

/** What a bot may react with here: what people may, too. The real list is longer. */
const REACTIONS = ['👍', '👎', '👌', '👀'];

function setMessageReaction(bot: Bot, params: Params): true {
  const chat = bot.chats.writable(params.chat_id);
  const message = chat.messages.find((m) => m.message_id === integer(params.message_id, 0) && !m.deleted);
  if (!message) throw badRequest('message to react not found');
  const [first] = list(nested(params.reaction, 'reaction') ?? [], 'expected an Array of ReactionType');
  const { emoji } = record(first, 'ReactionType must be an Object') ?? {};
  if (emoji === undefined) delete message.reaction;
  else if (!REACTIONS.includes(String(emoji))) throw badRequest('REACTION_INVALID');
  else message.reaction = String(emoji);
  return true;
}

/** A topic goes with everything in it. */
function removeTopic(chat: Chat, thread: number): void {
  chat.forum?.topics.delete(thread);
  for (const message of chat.messages) if (message.thread === thread) message.deleted = true;
}

function readName(value: unknown): string {
  const name = String(value ?? '').trim();
  if (name === '' || name.length > NAME_LIMIT) throw badRequest('TOPIC_TITLE_EMPTY'); // assumed
  return name;
}

function setClosed(bot: Bot, params: Params, closed: boolean): true {
  const { topic } = topicOf(bot, params);
  if (topic.closed === closed) throw badRequest('TOPIC_NOT_MODIFIED');
  topic.closed = closed;
  return true;
}

function manageable(bot: Bot, params: Params, refusal: string): { chat: Chat; forum: Forum } {
  const chat = bot.chats.writable(params.chat_id);
  const { forum } = chat;
  if (!forum?.isForum) throw badRequest('the chat is not a forum');
  if (!forum.rights?.can_manage_topics) throw badRequest(refusal);
  return { chat, forum };
}

function topicOf(bot: Bot, params: Params): { chat: Chat; forum: Forum; topic: Topic; thread: number } {
  const { chat, forum } = manageable(bot, params, 'not enough rights to manage topics'); // assumed
  const thread = integer(params.message_thread_id, 0);
  const topic = forum.topics.get(thread);
  if (!topic) throw badRequest('message thread not found');
  return { chat, forum, topic, thread };
}

/** A supergroup with topics, and what people do in it. */
export class FakeForum {
  readonly chat: Chat;
  readonly forum: Forum;
  readonly #bot: Bot;
  #queries = 0;

  constructor(bot: Bot, id: number) {
    this.#bot = bot;
    this.chat = bot.chats.open(id, 'supergroup');
    this.chat.forum ??= {
      isForum: true,
      topics: new Map(),
      rights: { can_manage_topics: true, can_delete_messages: true },
    };
    this.forum = this.chat.forum;
  }

  /** Thread of the newest topic with this name. */
  thread(name: string): number | undefined {
    return [...this.forum.topics].findLast(([, topic]) => topic.name === name)?.[0];
  }

  /** What the bot wrote into a topic and has not taken back; without a thread: outside of all topics. */
  received(thread?: number): Message[] {
    return this.chat.messages.filter(
      (m) => m.from === 'bot' && m.text !== undefined && !m.deleted && m.thread === thread,
    );
  }

  texts(thread?: number): string[] {
    return this.received(thread).map((m) => m.text ?? '');
  }

  /** Somebody writes in a topic, or outside of all. @returns the message */
  text(from: number, text: string, thread?: number): Message {
    return this.send(from, { text }, thread);
  }

  send(from: number, content: Record<string, unknown>, thread?: number): Message {
    const text = typeof content.text === 'string' ? { text: content.text } : {};
    const topic = thread === undefined ? {} : { thread };
    const message = this.#bot.chats.add(this.chat, { from: 'person', params: content, ...text, ...topic });
    const body = {
      ...this.#bot.chats.view(this.chat, message),
      from: sender(from),
      chat: this.#chat(),
      ...content,
    };
    this.#bot.updates.push('message', body, this.chat.id);
    return message;
  }

  /** Presses the button of the newest message that has it. @returns the query, with the bot's answer once it came */
  tap(from: number, label: string, thread?: number): Query {
    for (const message of this.received(thread).toReversed()) {
      const rows =
        message.markup && 'inline_keyboard' in message.markup ? message.markup.inline_keyboard : [];
      const button = rows.flat().find((b) => b.text === label);
      if (button?.callback_data !== undefined) return this.tapData(from, button.callback_data, message);
    }
    throw new Error(`no button "${label}" in this topic`);
  }

  tapData(from: number, data: string, message: Message): Query {
    this.#queries += 1;
    const id = `${from}9${String(this.#queries).padStart(6, '0')}`;
    const query: Query = { chat: this.chat.id, at: this.#bot.now(), answered: false };
    this.#bot.queries.set(id, query);
    const view = { ...this.#bot.chats.view(this.chat, message), chat: this.#chat() };
    const body = { id, from: sender(from), chat_instance: '-1', data, message: view };
    this.#bot.updates.push('callback_query', body, this.chat.id);
    return query;
  }

  /** Somebody deletes a topic by hand: the bot is not told. */
  deleteTopic(thread: number): void {
    removeTopic(this.chat, thread);
  }

  /** Somebody changes what the bot may do, or takes it out of the group (`null`). */
  setRights(rights: Rights | null): void {
    this.chat.kicked = rights === null;
    this.forum.rights = rights ?? undefined;
    const user = { id: this.#bot.id, is_bot: true, first_name: 'Hamroh', username: this.#bot.username };
    const status = rights === null ? 'kicked' : rights ? 'administrator' : 'member';
    const body = {
      chat: this.#chat(),
      from: sender(1),
      date: Math.floor(this.#bot.now() / 1000),
      old_chat_member: { user, status: 'member' },
      new_chat_member: { user, status, ...rights },
    };
    this.#bot.updates.push('my_chat_member', body, this.chat.id);
  }

  #chat(): Record<string, unknown> {
    return {
      id: this.chat.id,
      title: 'Team',
      type: 'supergroup',
      ...(this.forum.isForum ? { is_forum: true } : {}),
    };
  }
}

function sender(id: number): Record<string, unknown> {
  return { id, is_bot: false, first_name: 'Name', username: 'name' };
}
