import { z } from 'zod';

/** What happened in the operators' group that concerns us. `from`: Telegram's id of somebody, 0 for an anonymous one. */
export type GroupEvent =
  /** A button of ours was pressed. */
  | { kind: 'tap'; from: number; query: string; data: string }
  /** Somebody wrote in a topic. `text` is absent for a picture, a voice message and the like. */
  | { kind: 'words'; from: number; message: number; thread: number; text?: string }
  /** Somebody says who they are, in the group (then `group`) or in private. */
  | { kind: 'link'; from: number; code: string; group?: { message: number; thread?: number } }
  /** What the bot may do here was changed. */
  | { kind: 'rights' }
  /** The group has another number now. */
  | { kind: 'moved' };

const LINK = /^\/link(?:@\w{1,32})?(?:\s+(.*))?$/is;

/** What people send on purpose. Everything else without text is what Telegram writes by itself. */
const MEDIA = [
  'animation',
  'audio',
  'checklist',
  'contact',
  'dice',
  'document',
  'location',
  'paid_media',
  'photo',
  'poll',
  'sticker',
  'story',
  'video',
  'video_note',
  'voice',
];

const sender = z.object({ id: z.int(), is_bot: z.boolean().optional() });
const message = z.object({
  message_id: z.int(),
  chat: z.object({ type: z.string() }),
  from: sender.optional(),
  // Somebody who hides behind the group or a channel.
  sender_chat: z.object({}).optional(),
  message_thread_id: z.int().optional(),
  // Without it the thread is only that of an answer, outside of all topics.
  is_topic_message: z.boolean().optional(),
  text: z.string().optional(),
  migrate_to_chat_id: z.int().optional(),
});
const update = z.object({
  message: message.optional(),
  callback_query: z.object({ id: z.string(), from: sender, data: z.string().max(64).optional() }).optional(),
  my_chat_member: z.object({}).optional(),
});

/** Reads an update of the group, or a private `/link`. @returns undefined for what asks nothing of us */
export function readGroupUpdate(raw: unknown): GroupEvent | undefined {
  const parsed = update.safeParse(raw);
  if (!parsed.success) return undefined;
  const { message: said, callback_query: tap, my_chat_member: member } = parsed.data;
  if (member) return { kind: 'rights' };
  if (tap) return { kind: 'tap', from: tap.from.id, query: tap.id, data: tap.data ?? '' };
  return said && readMessage(said, raw);
}

function readMessage(said: z.infer<typeof message>, raw: unknown): GroupEvent | undefined {
  if (said.migrate_to_chat_id !== undefined) return { kind: 'moved' };
  const hidden = said.sender_chat !== undefined;
  if (said.from === undefined || (said.from.is_bot && !hidden)) return undefined;
  const from = hidden ? 0 : said.from.id;
  const { text, message_id: id } = said;
  const thread = said.is_topic_message === true ? said.message_thread_id : undefined;
  const link = LINK.exec(text ?? '');
  if (link !== null) {
    const where = { message: id, ...(thread === undefined ? {} : { thread }) };
    return {
      kind: 'link',
      from,
      code: link[1]?.trim() ?? '',
      ...(said.chat.type === 'private' ? {} : { group: where }),
    };
  }
  if (thread === undefined || said.chat.type === 'private') return undefined;
  if (text !== undefined) return { kind: 'words', from, message: id, thread, text };
  return isMedia(raw) ? { kind: 'words', from, message: id, thread } : undefined;
}

function isMedia(raw: unknown): boolean {
  const seen = z.object({ message: z.record(z.string(), z.unknown()) }).safeParse(raw);
  return seen.success && MEDIA.some((key) => key in seen.data.message);
}
