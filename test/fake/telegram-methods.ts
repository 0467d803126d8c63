import type { Bot } from './telegram-bot.ts';
import { FORUM_METHODS } from './telegram-forum.ts';
import { badRequest, list, nested, type Params, record } from './telegram-request.ts';

/** How long a tap can be answered. Telegram publishes no figure; seen in the wild: from 15 seconds to minutes. */
const QUERY_LIFETIME_MS = 30_000;
const OLD_QUERY = 'query is too old and response timeout expired or query ID is invalid';

/** The methods by their name in lower case: the Bot API does not care about it. */
export const METHODS: Record<string, (bot: Bot, params: Params) => unknown> = {
  getme: (bot) => ({
    id: bot.id,
    is_bot: true,
    first_name: 'Hamroh',
    username: bot.username,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
  }),
  getupdates: (bot, params) => bot.updates.get(params),
  setwebhook: (bot, params) => bot.updates.setWebhook(params),
  deletewebhook: (bot, params) => bot.updates.deleteWebhook(params),
  getwebhookinfo: (bot) => bot.updates.webhookInfo(),
  sendmessage: (bot, params) => bot.chats.sendMessage(params),
  sendvenue: (bot, params) => bot.chats.sendVenue(params),
  sendlocation: (bot, params) => bot.chats.sendLocation(params),
  editmessagetext: (bot, params) => bot.chats.editText(params),
  deletemessage: (bot, params) => bot.chats.deleteMessage(params),
  deletemessages: (bot, params) => bot.chats.deleteMessages(params),
  leavechat: (bot, params) => bot.chats.leave(params),
  getchat: (bot, params) => bot.chats.chat(params),
  ...FORUM_METHODS,
  answercallbackquery: answerCallbackQuery,
  setmycommands: setMyCommands,
  getmycommands: (bot, params) => bot.commands.get(String(params.language_code ?? '')) ?? [],
  deletemycommands: (bot, params) => {
    bot.commands.delete(String(params.language_code ?? ''));
    return true;
  },
};

function answerCallbackQuery(bot: Bot, params: Params): true {
  const text = String(params.text ?? '');
  if (text.length > 200) throw badRequest('MESSAGE_TOO_LONG');
  const query = bot.queries.get(String(params.callback_query_id ?? ''));
  if (!query || query.answered || bot.now() - query.at > QUERY_LIFETIME_MS) throw badRequest(OLD_QUERY);
  query.answered = true;
  query.answer = text;
  return true;
}

function setMyCommands(bot: Bot, params: Params): true {
  const given = list(nested(params.commands, 'commands'), 'expected an Array of BotCommand');
  if (given.length > 100) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  const commands = given.map((item) => {
    const { command, description } = record(item, 'BotCommand must be an Object') ?? {};
    if (typeof command !== 'string' || !/^[a-z0-9_]{1,32}$/.test(command))
      throw badRequest('BOT_COMMAND_INVALID');
    if (typeof description !== 'string' || description.length < 1 || description.length > 256) {
      throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
    }
    return { command, description };
  });
  const language = String(params.language_code ?? '');
  if (language !== '' && !/^[a-z]{2}$/.test(language)) throw badRequest('invalid language code specified');
  bot.commands.set(language, commands);
  return true;
}
