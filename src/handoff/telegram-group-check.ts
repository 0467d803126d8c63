import type { Api } from 'grammy';
import type { ChannelState } from '../channels/channel.ts';
import { errorWord, statusOf } from '../channels/telegram-errors.ts';
import { toApiSignal } from '../channels/telegram-poll.ts';

const NAME = 'OPERATORS_TELEGRAM_CHAT_ID';

/**
 * Whether the bot can work in the operators' group; also for `doctor`. `connecting`: Telegram did not answer.
 * @param cut ends the questions
 */
export async function checkTelegramGroup(api: Api, chat: number, cut: AbortSignal): Promise<ChannelState> {
  const signal = toApiSignal(cut);
  try {
    const found = await api.getChat(chat, signal);
    if (found.type !== 'supergroup' || found.is_forum !== true)
      return down('the group has no topics', 'Switch on "Topics" in the settings of the Telegram group.');
    const me = await api.getChatMember(chat, Number(api.token.split(':')[0]), signal);
    if (me.status !== 'administrator')
      return down(
        'the bot is not an administrator of the group',
        'Make the bot an administrator of the group who may manage topics and delete messages.',
      );
    if (me.can_manage_topics !== true || !me.can_delete_messages)
      return down(
        'the bot lacks rights in the group',
        'In the group, under administrators, let the bot manage topics and delete messages.',
      );
    return { state: 'up' };
  } catch (error) {
    return refusedGroup(error) ?? { state: 'connecting' };
  }
}

/** Why Telegram does not let the bot into the group; undefined for an error that passes. */
export function refusedGroup(error: unknown): ChannelState | undefined {
  const status = statusOf(error);
  if (status !== 400 && status !== 403) return undefined;
  const why = describe(error);
  const moved = movedTo(error);
  if (moved !== undefined)
    return down('the group has another number now', `Set ${NAME}=${moved} and start Hamroh again.`);
  if (/chat not found|CHAT_ID_INVALID|PEER_ID_INVALID/i.test(why))
    return down('there is no such group', `Check ${NAME}, and add the bot to the group.`);
  if (status === 403 || /not a member|kicked/i.test(why))
    return down('the bot is not in the group', 'Add the bot to the group again, as an administrator.');
  return undefined;
}

/** Telegram's own words about a refusal, which quote nothing of a message. */
export function describe(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'description' in error) return String(error.description);
  return errorWord(error);
}

/** The number of the supergroup that a group has become. */
function movedTo(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('parameters' in error)) return undefined;
  const { parameters } = error;
  if (typeof parameters !== 'object' || parameters === null || !('migrate_to_chat_id' in parameters))
    return undefined;
  return Number(parameters.migrate_to_chat_id) || undefined;
}

function down(reason: string, hint: string): ChannelState {
  return { state: 'down', reason: `operators' group: ${reason}`, hint };
}
