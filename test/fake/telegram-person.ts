import type { Bot } from './telegram-bot.ts';
import type { Chat, Message } from './telegram-chats.ts';

/** A person with the Telegram app: what they do becomes updates, what the bot sends is on their screen. */
export class FakePerson {
  readonly chat: Chat;
  readonly #bot: Bot;
  readonly #nextQuery: () => string;

  constructor(bot: Bot, chat: Chat, nextQuery: () => string) {
    this.#bot = bot;
    this.chat = chat;
    this.#nextQuery = nextQuery;
  }

  /** What the bot sent and has not taken back, oldest first. */
  get received(): Message[] {
    return this.chat.messages.filter((m) => m.from === 'bot' && !m.deleted);
  }

  get texts(): string[] {
    return this.received.flatMap((m) => (m.text === undefined ? [] : [m.text]));
  }

  get last(): Message {
    const last = this.received.at(-1);
    if (!last) throw new Error('the bot has sent nothing to this person');
    return last;
  }

  /** Labels under the last message, row by row. */
  get buttons(): string[][] {
    const markup = this.last.markup;
    if (!markup || 'remove_keyboard' in markup) return [];
    const rows = 'inline_keyboard' in markup ? markup.inline_keyboard : markup.keyboard;
    return rows.map((row) => row.map((button) => button.text));
  }

  start(payload = ''): void {
    this.text(payload === '' ? '/start' : `/start ${payload}`);
  }

  text(text: string): void {
    const bot = text.startsWith('/')
      ? [{ type: 'bot_command', offset: 0, length: text.split(/\s/)[0]?.length ?? 1 }]
      : [];
    this.#write({ text, ...(bot.length > 0 ? { entities: bot } : {}) }, text);
  }

  location(latitude: number, longitude: number): void {
    this.#write({ location: { latitude, longitude } });
  }

  venue(title: string, latitude: number, longitude: number): void {
    const location = { latitude, longitude };
    this.#write({ venue: { location, title, address: title }, location });
  }

  sticker(): void {
    this.#write({
      sticker: { file_id: 'CAACAgIAAx', file_unique_id: 'AgADx', type: 'regular', width: 512, height: 512 },
    });
  }

  voice(): void {
    this.#write({ voice: { file_id: 'AwACAgIAAx', file_unique_id: 'AgADy', duration: 3 } });
  }

  contact(): void {
    this.#write({ contact: { phone_number: '+70000000000', first_name: 'N' } });
  }

  /** Any message content, e.g. `{ dice: { emoji: '🎲', value: 3 } }`. */
  send(content: Record<string, unknown>): void {
    this.#write(content);
  }

  /** Changes the last own message. */
  edit(text: string): void {
    const message = this.chat.messages.findLast((m) => m.from === 'person');
    if (!message) throw new Error('this person has written nothing');
    const body = { ...this.#envelope(message), edit_date: message.date + 1, text };
    this.#bot.updates.push('edited_message', body, this.chat.id);
  }

  /** Presses a button by its label or its data: the newest message that has it; on the big keyboard, types it. */
  tap(labelOrData: string): void {
    for (const message of this.received.toReversed()) {
      const { markup } = message;
      if (markup && 'inline_keyboard' in markup) {
        const button = markup.inline_keyboard
          .flat()
          .find((b) => b.text === labelOrData || b.callback_data === labelOrData);
        if (button?.callback_data !== undefined) {
          this.tapData(button.callback_data, message);
          return;
        }
      }
      if (markup && 'keyboard' in markup) {
        const key = markup.keyboard.flat().find((b) => b.text === labelOrData);
        if (key && !key.request_location) return this.text(key.text);
      }
    }
    throw new Error(`no button "${labelOrData}" on this person's screen`);
  }

  /** Sends callback data that need not be on any button; without a message, from one too old to be read. */
  tapData(data: string, message?: Message): string {
    const id = this.#nextQuery();
    this.#bot.queries.set(id, { chat: this.chat.id, at: this.#bot.now(), answered: false });
    const chat = this.#chat();
    this.#bot.updates.push(
      'callback_query',
      {
        id,
        from: this.#from(),
        chat_instance: '-1',
        data,
        message: message
          ? { ...this.#bot.chats.view(this.chat, message), chat }
          : { chat, message_id: 1, date: 0 },
      },
      this.chat.id,
    );
    return id;
  }

  block(): void {
    this.chat.standing = 'blocked';
    this.#member('member', 'kicked');
  }

  unblock(): void {
    this.chat.standing = 'open';
    this.#member('kicked', 'member');
  }

  deactivate(): void {
    this.chat.standing = 'deactivated';
  }

  #member(before: string, after: string): void {
    const user = { id: this.#bot.id, is_bot: true, first_name: 'Hamroh', username: this.#bot.username };
    const body = {
      chat: this.#chat(),
      from: this.#from(),
      date: Math.floor(this.#bot.now() / 1000),
      old_chat_member: { user, status: before },
      new_chat_member: { user, status: after, ...(after === 'kicked' ? { until_date: 0 } : {}) },
    };
    this.#bot.updates.push('my_chat_member', body, this.chat.id);
  }

  #write(content: Record<string, unknown>, text?: string): void {
    // Writing to a bot opens the chat, and unblocks it.
    if (this.chat.standing !== 'deactivated') this.chat.standing = 'open';
    const message = this.#bot.chats.add(this.chat, {
      from: 'person',
      params: content,
      ...(text === undefined ? {} : { text }),
    });
    this.#bot.updates.push('message', { ...this.#envelope(message), ...content }, this.chat.id);
  }

  #envelope(message: Message): Record<string, unknown> {
    return { message_id: message.message_id, from: this.#from(), chat: this.#chat(), date: message.date };
  }

  #chat(): Record<string, unknown> {
    return { id: this.chat.id, first_name: 'Name', username: 'name', type: 'private' };
  }

  #from(): Record<string, unknown> {
    const { id, language } = this.chat;
    const code = language === undefined ? {} : { language_code: language };
    return { id, is_bot: false, first_name: 'Name', username: 'name', ...code };
  }
}

/** A group somebody added the bot to. */
export class FakeGroup {
  readonly chat: Chat;
  readonly #bot: Bot;

  constructor(bot: Bot, chat: Chat) {
    this.#bot = bot;
    this.chat = chat;
  }

  get received(): Message[] {
    return this.chat.messages.filter((m) => m.from === 'bot');
  }

  addBot(): void {
    this.chat.kicked = false;
    const user = { id: this.#bot.id, is_bot: true, first_name: 'Hamroh', username: this.#bot.username };
    const body = {
      chat: this.#chat(),
      from: { id: 1, is_bot: false, first_name: 'Name' },
      date: Math.floor(this.#bot.now() / 1000),
      old_chat_member: { user, status: 'left' },
      new_chat_member: { user, status: 'member' },
    };
    this.#bot.updates.push('my_chat_member', body, this.chat.id);
  }

  text(from: number, text: string): void {
    const message = this.#bot.chats.add(this.chat, { from: 'person', text, params: {} });
    const sender = { id: from, is_bot: false, first_name: 'Name' };
    const body = {
      message_id: message.message_id,
      from: sender,
      chat: this.#chat(),
      date: message.date,
      text,
    };
    this.#bot.updates.push('message', body, this.chat.id);
  }

  #chat(): Record<string, unknown> {
    return { id: this.chat.id, title: 'Group', type: 'group' };
  }
}
