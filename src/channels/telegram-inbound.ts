import { z } from 'zod';
import { cleanText, type InboundMessage, type Input, LANGS, type Lang } from '../message.ts';

/** What one update asks of us. An empty object: nothing, on purpose. */
export interface Incoming {
  message?: InboundMessage;
  /** Tap to confirm to the person's app, once the message is accepted. */
  callbackId?: string;
  /** A group or channel that we were added to: we leave it without a word. */
  leave?: number;
  /** Of the operators' group, or for it: nothing that a person wrote to the bot. */
  forGroup?: true;
  /** Not an update as Telegram documents it. */
  malformed?: true;
}

/** The kinds of update we ask Telegram for: nothing that we would throw away. */
export const UPDATE_KINDS = ['message', 'callback_query', 'my_chat_member'] as const;

const chat = z.object({ id: z.int(), type: z.string() });
const from = z.object({
  is_bot: z.boolean().optional(),
  language_code: z.string().optional(),
});
const point = z.object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) });
const message = z.object({
  chat,
  from: from.optional(),
  text: z.string().optional(),
  location: point.optional(),
  venue: z.object({ location: point }).optional(),
});
const update = z.object({
  update_id: z.int(),
  message: message.optional(),
  // Present on a message that is too old to be read, too, with the chat and no content.
  callback_query: z
    .object({
      id: z.string(),
      from,
      data: z.string().max(64).optional(),
      message: z.object({ chat }).optional(),
    })
    .optional(),
  my_chat_member: z.object({ chat, new_chat_member: z.object({ status: z.string() }) }).optional(),
});

// What Telegram writes into a private chat by itself. Everything else that is neither text nor a place is something
// the person sent, so it gets an answer, also if it was invented after this list.
const SERVICE = [
  'pinned_message',
  'message_auto_delete_timer_changed',
  'connected_website',
  'write_access_allowed',
  'passport_data',
  'users_shared',
  'chat_shared',
  'successful_payment',
  'refunded_payment',
  'web_app_data',
  'boost_added',
  'chat_background_set',
  'forum_topic_created',
  'gift',
  'unique_gift',
];

/** How somebody of the staff, in private, tells the operators' group who they are. */
const LINK = /^\/link(@\w{1,32})?(\s|$)/i;

/**
 * Reads one update, taking only what we need: no name, no username, nothing about the device.
 *
 * Edited messages are not read at all. The conversation has moved on from what the person edited, and an old "1"
 * turned into "2" would answer another question than the one it was written for; typing it again always works.
 *
 * @param account id of the bot
 * @param group Telegram's number of the operators' group, which is not left
 */
export function toInbound(raw: unknown, account: string, group?: number): Incoming {
  const parsed = update.safeParse(raw);
  if (!parsed.success) return { malformed: true };
  const { update_id: id, message, callback_query: callback, my_chat_member: member } = parsed.data;
  if (group !== undefined && isForGroup(parsed.data, group)) return { forGroup: true };
  if (message) {
    if (message.chat.type !== 'private') return { leave: message.chat.id };
    const input = message.from?.is_bot ? undefined : toInput(message, raw);
    return input
      ? { message: inbound(account, id, message.chat.id, input, message.from?.language_code) }
      : {};
  }
  if (callback) {
    const where = callback.message?.chat;
    if (where && where.type !== 'private') return { leave: where.id };
    if (!where || callback.data === undefined) return { callbackId: callback.id };
    const input: Input = { kind: 'tap', data: cleanText(callback.data).text };
    return {
      callbackId: callback.id,
      message: inbound(account, id, where.id, input, callback.from.language_code),
    };
  }
  if (member && member.chat.type !== 'private' && isPresent(member.new_chat_member.status)) {
    return { leave: member.chat.id };
  }
  return {};
}

function isForGroup({ message, callback_query, my_chat_member }: z.infer<typeof update>, group: number) {
  const where = message?.chat ?? callback_query?.message?.chat ?? my_chat_member?.chat;
  if (where?.id === group) return true;
  return where?.type === 'private' && LINK.test(message?.text ?? '');
}

/** The id of an update, also of one that is otherwise unreadable. */
export function updateId(raw: unknown): number | undefined {
  const parsed = z.object({ update_id: z.int() }).safeParse(raw);
  return parsed.success ? parsed.data.update_id : undefined;
}

/** `ru-RU` → `ru`; `uz-Cyrl` stays; languages we do not speak → undefined. */
export function toLangHint(code: string | undefined): Lang | undefined {
  if (code === undefined) return undefined;
  const [language, ...rest] = code.toLowerCase().split(/[-_]/);
  if (language === 'uz' && rest.includes('cyrl')) return 'uz-Cyrl';
  return LANGS.find((lang) => lang === language);
}

function inbound(account: string, id: number, chatId: number, input: Input, code?: string): InboundMessage {
  const user = String(chatId);
  const langHint = toLangHint(code);
  return {
    channel: 'telegram',
    account,
    user,
    id: String(id),
    address: user,
    input,
    ...(langHint ? { langHint } : {}),
  };
}

function toInput(m: z.infer<typeof message>, raw: unknown): Input | undefined {
  if (m.text !== undefined) return textInput(m.text);
  const place = m.venue?.location ?? m.location;
  if (place) return { kind: 'place', lat: place.latitude, lon: place.longitude };
  return isService(raw) ? undefined : { kind: 'media' };
}

function textInput(raw: string): Input {
  // "/menu@hamroh_bot" is how apps write a command that was tapped in a group or a list of bots.
  const text = cleanText(raw).text.replace(/^(\/\w{1,32})@\w{1,32}/, '$1');
  return /^\/start(\s|$)/i.test(text) ? { kind: 'start' } : { kind: 'text', text };
}

function isService(raw: unknown): boolean {
  const seen = z.object({ message: z.record(z.string(), z.unknown()) }).safeParse(raw);
  return seen.success && SERVICE.some((key) => key in seen.data.message);
}

function isPresent(status: string): boolean {
  return status === 'member' || status === 'administrator' || status === 'restricted';
}
