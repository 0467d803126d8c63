import type { Api } from 'grammy';
import { toApiSignal } from '../channels/telegram-poll.ts';
import type { Button } from './telegram-group-card.ts';

/** A message of ours in the group. */
export interface Post {
  text: string;
  /** Absent: outside of all topics. */
  thread?: number;
  /** Message it answers. */
  reply?: number;
  buttons?: readonly Button[];
  /** Cannot be forwarded or saved. */
  guarded?: true;
}

/** All that is ever asked of Telegram for the group: plain text, no previews. */
export interface GroupCalls {
  createTopic(name: string, color: (typeof COLOR)[keyof typeof COLOR]): Promise<number>;
  setClosed(thread: number, closed: boolean): Promise<void>;
  deleteTopic(thread: number): Promise<void>;
  post(post: Post): Promise<number>;
  edit(message: number, text: string, buttons: readonly Button[]): Promise<void>;
  thumb(message: number): Promise<void>;
  /** Tells whoever pressed a button, and nobody else. */
  answer(query: string, text: string): Promise<void>;
  /** To somebody in private. */
  whisper(to: number, text: string): Promise<void>;
}

/** Colours that Telegram has for topics. */
export const COLOR = { urgent: 16478047, plain: 7322096 } as const;

const NO_PREVIEW = { link_preview_options: { is_disabled: true } };
/** Longer answers stay until they are tapped away. */
const GLANCE = 60;

/** @param cut ends calls that are under way */
export function createGroupCalls(api: Api, chat: number, cut: AbortSignal): GroupCalls {
  const signal = toApiSignal(cut);
  return {
    async createTopic(name, color) {
      return (await api.createForumTopic(chat, name, { icon_color: color }, signal)).message_thread_id;
    },
    async setClosed(thread, closed) {
      if (closed) await api.closeForumTopic(chat, thread, signal);
      else await api.reopenForumTopic(chat, thread, signal);
    },
    async deleteTopic(thread) {
      await api.deleteForumTopic(chat, thread, signal);
    },
    async post({ text, thread, reply, buttons, guarded }) {
      const more = {
        ...NO_PREVIEW,
        ...(thread === undefined ? {} : { message_thread_id: thread }),
        ...(guarded ? { protect_content: true } : {}),
        ...(reply === undefined
          ? {}
          : { reply_parameters: { message_id: reply, allow_sending_without_reply: true } }),
        ...(buttons === undefined ? {} : { reply_markup: keyboard(buttons) }),
      };
      return (await api.sendMessage(chat, text, more, signal)).message_id;
    },
    async edit(message, text, buttons) {
      const more = { ...NO_PREVIEW, reply_markup: keyboard(buttons) };
      await api.editMessageText(chat, message, text, more, signal);
    },
    async thumb(message) {
      await api.setMessageReaction(chat, message, [{ type: 'emoji', emoji: '👍' }], {}, signal);
    },
    async answer(query, text) {
      await api.answerCallbackQuery(query, { text, show_alert: text.length > GLANCE }, signal);
    },
    async whisper(to, text) {
      await api.sendMessage(to, text, NO_PREVIEW, signal);
    },
  };
}

/** One button a row; none takes earlier ones away. */
function keyboard(buttons: readonly Button[]) {
  return { inline_keyboard: buttons.map(({ label, data }) => [{ text: label, callback_data: data }]) };
}
