import { isDeepStrictEqual } from 'node:util';
import type { Forum } from './telegram-forum-state.ts';
import { type Markup, readMarkup } from './telegram-markup.ts';
import {
  ApiFailure,
  badRequest,
  flag,
  integer,
  list,
  nested,
  type Params,
  record,
} from './telegram-request.ts';

/**
 * Where a person stands with the bot. `unknown`: never wrote. `seen`: only met in a group. `open`: wrote to it.
 */
export type Standing = 'unknown' | 'seen' | 'open' | 'blocked' | 'deactivated';

export interface Message {
  message_id: number;
  /** Seconds since 1970. */
  date: number;
  from: 'bot' | 'person';
  text?: string;
  venue?: { title: string; address: string; latitude: number; longitude: number };
  location?: { latitude: number; longitude: number };
  markup?: Markup;
  /** Topic of a forum it stands in. */
  thread?: number;
  /** Emoji the bot put under it. */
  reaction?: string;
  /** The call's parameters as they arrived, for tests of the exact request. */
  params: Params;
  deleted: boolean;
}

export interface Chat {
  id: number;
  type: 'private' | 'group' | 'supergroup';
  standing: Standing;
  kicked: boolean;
  language?: string;
  /** Topics, and what the bot may do with them: supergroups only. */
  forum?: Forum;
  /** Everything, also what was deleted since. */
  messages: Message[];
  nextId: number;
}

const TEXT_LIMIT = 4096;
const DELETE_LIMIT_S = 48 * 3600;

/** The chats of one bot and the methods that write to them. */
export class Chats {
  readonly all = new Map<number, Chat>();
  /** Most messages to one chat within a time, or nothing. */
  perChat: { messages: number; ms: number } | undefined;
  readonly #now: () => number;
  readonly #sent = new Map<number, number[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  open(id: number, type: Chat['type'], language?: string): Chat {
    const known = this.all.get(id);
    if (known) return known;
    const chat: Chat = {
      id,
      type,
      standing: type === 'private' ? 'unknown' : 'open',
      kicked: false,
      ...(language === undefined ? {} : { language }),
      messages: [],
      nextId: 1,
    };
    this.all.set(id, chat);
    return chat;
  }

  add(chat: Chat, message: Omit<Message, 'message_id' | 'date' | 'deleted'>): Message {
    const full: Message = {
      message_id: chat.nextId,
      date: Math.floor(this.#now() / 1000),
      deleted: false,
      ...message,
    };
    chat.nextId += 1;
    chat.messages.push(full);
    return full;
  }

  sendMessage(params: Params): unknown {
    const chat = this.writable(params.chat_id);
    const text = readText(params);
    const markup = readMarkup(params.reply_markup);
    const thread = readThread(chat, params);
    this.#limit(chat);
    const more = { ...(markup ? { markup } : {}), ...(thread === undefined ? {} : { thread }) };
    return this.view(chat, this.add(chat, { from: 'bot', text, params, ...more }));
  }

  sendVenue(params: Params): unknown {
    const chat = this.writable(params.chat_id);
    const location = readPoint(params);
    const title = field(params, 'title');
    const address = field(params, 'address');
    const markup = readMarkup(params.reply_markup);
    this.#limit(chat);
    const venue = { title, address, ...location };
    return this.view(
      chat,
      this.add(chat, { from: 'bot', venue, location, params, ...(markup ? { markup } : {}) }),
    );
  }

  sendLocation(params: Params): unknown {
    const chat = this.writable(params.chat_id);
    const location = readPoint(params);
    const markup = readMarkup(params.reply_markup);
    this.#limit(chat);
    return this.view(chat, this.add(chat, { from: 'bot', location, params, ...(markup ? { markup } : {}) }));
  }

  editText(params: Params): unknown {
    const chat = this.writable(params.chat_id);
    const message = this.#message(chat, params);
    if (!message) throw badRequest('message to edit not found');
    if (message.from !== 'bot') throw badRequest("message can't be edited");
    const text = readText(params);
    const markup = readMarkup(params.reply_markup);
    if (message.text === text && isDeepStrictEqual(message.markup, markup)) {
      throw badRequest(
        'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      );
    }
    message.text = text;
    if (markup) message.markup = markup;
    else delete message.markup;
    return this.view(chat, message);
  }

  deleteMessage(params: Params): true {
    const chat = this.#readable(params.chat_id);
    const message = this.#message(chat, params);
    if (!message) throw badRequest('message to delete not found');
    if (this.#isOld(message)) throw badRequest("message can't be deleted for everyone");
    message.deleted = true;
    return true;
  }

  deleteMessages(params: Params): true {
    const chat = this.#readable(params.chat_id);
    const ids = list(
      nested(params.message_ids, 'message identifiers'),
      'message identifiers are not specified',
    );
    if (ids.length === 0) throw badRequest('message identifiers are not specified');
    if (ids.length > 100) throw badRequest('too many messages to delete');
    const found = chat.messages.filter((m) => !m.deleted && ids.map(Number).includes(m.message_id));
    // Unknown ids are skipped; one message that is too old refuses the batch.
    if (found.some((m) => this.#isOld(m))) throw badRequest("message can't be deleted for everyone");
    for (const message of found) message.deleted = true;
    return true;
  }

  leave(params: Params): true {
    const chat = this.#readable(params.chat_id);
    if (chat.type === 'private') throw badRequest("chat member status can't be changed in private chats");
    if (chat.kicked) throw new ApiFailure(403, 'Forbidden: bot is not a member of the group chat');
    chat.kicked = true;
    return true;
  }

  chat(params: Params): unknown {
    const chat = this.#readable(params.chat_id);
    if (chat.type !== 'private') this.writable(params.chat_id);
    return { id: chat.id, type: chat.type, ...(chat.forum?.isForum ? { is_forum: true } : {}) };
  }

  /** A message as the bot sees it. */
  view(chat: Chat, message: Message): Record<string, unknown> {
    const { message_id, date, text, venue, location, thread } = message;
    const place = venue && { location, title: venue.title, address: venue.address };
    return {
      message_id,
      date,
      chat: { id: chat.id, type: chat.type },
      ...(thread === undefined ? {} : { message_thread_id: thread, is_topic_message: true }),
      ...(text === undefined ? {} : { text }),
      ...(place ? { venue: place } : {}),
      ...(location ? { location } : {}),
    };
  }

  #readable(id: unknown): Chat {
    if (id === undefined || id === '') throw badRequest('chat_id is empty');
    const chat = this.all.get(Number(id));
    if (!chat || chat.standing === 'unknown') throw badRequest('chat not found');
    return chat;
  }

  /** A chat the bot may write to, or why not. */
  writable(id: unknown): Chat {
    const chat = this.#readable(id);
    const forbidden: Partial<Record<Standing, string>> = {
      seen: "bot can't initiate conversation with a user",
      blocked: 'bot was blocked by the user',
      deactivated: 'user is deactivated',
    };
    const reason = chat.kicked ? `bot was kicked from the ${chat.type} chat` : forbidden[chat.standing];
    if (reason) throw new ApiFailure(403, `Forbidden: ${reason}`);
    const to = chat.forum?.movedTo;
    if (to !== undefined) {
      throw new ApiFailure(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
        migrate_to_chat_id: to,
      });
    }
    return chat;
  }

  #message(chat: Chat, params: Params): Message | undefined {
    return chat.messages.find((m) => m.message_id === integer(params.message_id, 0) && !m.deleted);
  }

  #limit(chat: Chat): void {
    if (!this.perChat) return;
    const { messages, ms } = this.perChat;
    const recent = (this.#sent.get(chat.id) ?? []).filter((at) => at > this.#now() - ms);
    this.#sent.set(chat.id, recent);
    const oldest = recent[0];
    if (recent.length >= messages && oldest !== undefined) {
      const seconds = Math.max(1, Math.ceil((oldest + ms - this.#now()) / 1000));
      throw new ApiFailure(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
    }
    recent.push(this.#now());
  }

  #isOld(message: Message): boolean {
    return this.#now() / 1000 - message.date > DELETE_LIMIT_S;
  }
}

function readText(params: Params): string {
  const { text, parse_mode: mode } = params;
  if (mode !== undefined && mode !== '')
    throw badRequest('the stand-in knows no parse_mode: send plain text');
  if (text === undefined || String(text).trim() === '') throw badRequest('message text is empty');
  if (typeof text !== 'string') throw badRequest('text must be of type String');
  if (text.length > TEXT_LIMIT) throw badRequest('message is too long');
  // The Bot API gives texts back without the white space around them.
  return text.trim();
}

/** The topic a message goes to, and whether what it answers is there. */
function readThread(chat: Chat, params: Params): number | undefined {
  const reply = record(
    nested(params.reply_parameters, 'reply parameters'),
    'object expected as reply parameters',
  );
  const answered = chat.messages.find((m) => m.message_id === Number(reply?.message_id) && !m.deleted);
  if (reply && !answered && !flag(reply.allow_sending_without_reply)) {
    throw badRequest('message to be replied not found');
  }
  const given = integer(params.message_thread_id, 0);
  // An answer stands where the message stands that it answers.
  if (given === 0) return answered?.thread;
  if (!chat.forum?.isForum || !chat.forum.topics.has(given)) throw badRequest('message thread not found');
  if (chat.forum.topics.get(given)?.closed && !chat.forum.rights) throw badRequest('TOPIC_CLOSED');
  return given;
}

function readPoint(params: Params): { latitude: number; longitude: number } {
  const latitude = Number(params.latitude ?? 'x');
  const longitude = Number(params.longitude ?? 'x');
  if (!(Math.abs(latitude) <= 90)) throw badRequest('latitude is empty or invalid');
  if (!(Math.abs(longitude) <= 180)) throw badRequest('longitude is empty or invalid');
  return { latitude, longitude };
}

function field(params: Params, name: string): string {
  const value = params[name];
  if (typeof value !== 'string' || value.trim() === '') throw badRequest(`venue ${name} must be non-empty`);
  return value;
}
