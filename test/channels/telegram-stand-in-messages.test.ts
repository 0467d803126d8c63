import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeTelegram } from '../fake/telegram.ts';
import { ACCEPTED, type Answer, button, RawApi } from './fixtures/raw-api.ts';

/** The stand-in refuses what Telegram refuses: messages, taps, commands. */
let tg: FakeTelegram;
let api: RawApi;
beforeEach(async () => {
  tg = await FakeTelegram.start();
  api = new RawApi(tg);
});
afterEach(() => tg.stop());

describe('who can be written to', () => {
  test('nobody before they wrote; nobody who blocked, left or was only met in a group', async () => {
    const send = (chat_id?: number): Promise<string> => api.refusal('sendMessage', { chat_id, text: 'x' });
    expect(await send()).toBe('400 Bad Request: chat_id is empty');
    expect(await send(7)).toBe('400 Bad Request: chat not found');
    const user = tg.user(7);
    expect(await send(7)).toBe('400 Bad Request: chat not found');
    tg.user(8, { met: 'group' });
    expect(await send(8)).toBe("403 Forbidden: bot can't initiate conversation with a user");
    user.start();
    expect(await send(7)).toBe(ACCEPTED);
    user.block();
    expect(await send(7)).toBe('403 Forbidden: bot was blocked by the user');
    expect((await api.updates()).at(-1)).toMatchObject({
      my_chat_member: { new_chat_member: { status: 'kicked' } },
    });
    user.deactivate();
    expect(await send(7)).toBe('403 Forbidden: user is deactivated');
    tg.group(-5);
    expect((await api.call('leaveChat', { chat_id: -5 })).result).toBe(true);
    expect(await send(-5)).toBe('403 Forbidden: bot was kicked from the group chat');
  });
});

describe('what can be written', () => {
  beforeEach(() => tg.user(7).text('hi'));
  const send = (params: object): Promise<string> =>
    api.refusal('sendMessage', { chat_id: 7, text: 'x', ...params });

  test('text of 1 to 4096 UTF-16 units', async () => {
    expect(await send({ text: '' })).toBe('400 Bad Request: message text is empty');
    expect(await send({ text: ' \n ' })).toBe('400 Bad Request: message text is empty');
    expect(await send({ text: 'x'.repeat(4096) })).toBe(ACCEPTED);
    expect(await send({ text: 'x'.repeat(4097) })).toBe('400 Bad Request: message is too long');
    expect(await send({ text: '😀'.repeat(2048) })).toBe(ACCEPTED);
    expect(await send({ text: '😀'.repeat(2049) })).toBe('400 Bad Request: message is too long');
  });

  test('button data of 1 to 64 bytes', async () => {
    expect(await send({ reply_markup: button('') })).toBe('400 Bad Request: BUTTON_DATA_INVALID');
    expect(await send({ reply_markup: button('я'.repeat(32)) })).toBe(ACCEPTED);
    expect(await send({ reply_markup: button('я'.repeat(33)) })).toBe('400 Bad Request: BUTTON_DATA_INVALID');
  });

  test('buttons have a text and an action, and are at most 100', async () => {
    expect(await send({ reply_markup: button('d', '') })).toMatch(
      /inline keyboard button text must be non-empty/,
    );
    expect(await send({ reply_markup: { inline_keyboard: [[{ text: 'x' }]] } })).toMatch(
      /text buttons are unallowed/,
    );
    const row = (n: number): object => ({
      inline_keyboard: Array(n).fill([{ text: 'x', callback_data: 'd' }]),
    });
    expect(await send({ reply_markup: row(100) })).toBe(ACCEPTED);
    expect(await send({ reply_markup: row(101) })).toBe('400 Bad Request: reply markup is too long');
    expect(await send({ reply_markup: { keyboard: [[{ text: '' }]] } })).toMatch(
      /keyboard button text must be non-empty/,
    );
    expect(await send({ reply_markup: '[' })).toMatch(/can't parse reply keyboard markup JSON object/);
    expect(await send({ reply_markup: [] })).toBe('400 Bad Request: object expected as reply markup');
  });

  test('an empty keyboard is none', async () => {
    expect(await send({ reply_markup: { inline_keyboard: [] } })).toBe(ACCEPTED);
    expect(await send({ reply_markup: { inline_keyboard: [[], []] } })).toBe(ACCEPTED);
    expect(tg.user(7).received.map((m) => m.markup)).toEqual([undefined, undefined]);
  });

  test('a venue has a point, a title and an address', async () => {
    const venue = { chat_id: 7, latitude: 43.2, longitude: 76.9, title: 'A', address: 'B' };
    expect((await api.call('sendVenue', venue)).result).toMatchObject({
      venue: { title: 'A', address: 'B' },
    });
    for (const [part, words] of [
      [{ latitude: 91 }, /latitude/],
      [{ longitude: 'east' }, /longitude/],
      [{ title: '' }, /title/],
      [{ address: undefined }, /address/],
    ] as const) {
      expect(await api.refusal('sendVenue', { ...venue, ...part })).toMatch(words);
    }
  });

  test('message ids count per chat', async () => {
    tg.user(8).text('hi');
    await send({});
    await send({});
    await api.call('sendMessage', { chat_id: 8, text: 'x' });
    expect(tg.user(7).received.map((m) => m.message_id)).toEqual([2, 3]);
    expect(tg.user(8).received.map((m) => m.message_id)).toEqual([2]);
  });

  test('429 above the rate of a chat, with the time to wait, for that chat only', async () => {
    tg.user(8).text('hi');
    tg.limit({ messages: 2, ms: 3000 });
    expect([await send({}), await send({})]).toEqual([ACCEPTED, ACCEPTED]);
    expect(await api.call('sendMessage', { chat_id: 7, text: 'x' })).toEqual({
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 3',
      parameters: { retry_after: 3 },
    });
    expect((await api.call('sendMessage', { chat_id: 8, text: 'x' })).ok).toBe(true);
    tg.advance(3001);
    expect(await send({})).toBe(ACCEPTED);
  });
});

describe('editing and deleting', () => {
  test('not modified, not found, not ours', async () => {
    tg.user(7).text('hi');
    await api.call('sendMessage', { chat_id: 7, text: 'x', reply_markup: button('d') });
    const edit = (params: object): Promise<string> =>
      api.refusal('editMessageText', { chat_id: 7, message_id: 2, ...params });
    expect(await edit({ text: 'x', reply_markup: button('d') })).toMatch(
      /^400 Bad Request: message is not modified/,
    );
    expect(await edit({ text: 'x' })).toBe(ACCEPTED);
    expect(await edit({ text: 'y', message_id: 9 })).toBe('400 Bad Request: message to edit not found');
    expect(await edit({ text: 'y', message_id: 1 })).toBe("400 Bad Request: message can't be edited");
    expect(tg.user(7).last).toMatchObject({ text: 'x' });
  });

  test('at most 100, at most 48 hours old', async () => {
    tg.user(7).text('hi');
    for (let i = 0; i < 3; i += 1) await api.call('sendMessage', { chat_id: 7, text: `${i}` });
    const remove = (message_ids: number[]): Promise<string> =>
      api.refusal('deleteMessages', { chat_id: 7, message_ids });
    expect(await remove([])).toMatch(/not specified/);
    expect(await remove(Array.from({ length: 101 }, (_, i) => i + 1))).toBe(
      '400 Bad Request: too many messages to delete',
    );
    expect(await remove([2, 99])).toBe(ACCEPTED);
    expect(tg.user(7).texts).toEqual(['1', '2']);
    expect(await api.refusal('deleteMessage', { chat_id: 7, message_id: 2 })).toBe(
      '400 Bad Request: message to delete not found',
    );
    tg.advance(48 * 3600_000 + 1000);
    expect(await remove([3])).toBe("400 Bad Request: message can't be deleted for everyone");
    expect(await api.refusal('deleteMessage', { chat_id: 7, message_id: 3 })).toMatch(/can't be deleted/);
    expect(tg.user(7).texts).toEqual(['1', '2']);
  });
});

describe('answering taps', () => {
  const OLD = '400 Bad Request: query is too old and response timeout expired or query ID is invalid';
  test('once, in time, and only those that were', async () => {
    const [first, second] = [tg.user(7).tapData('a'), tg.user(7).tapData('b')];
    const answer = (id: string, text = ''): Promise<string> =>
      api.refusal('answerCallbackQuery', { callback_query_id: id, text });
    expect(await answer(first, 'x'.repeat(201))).toBe('400 Bad Request: MESSAGE_TOO_LONG');
    expect(await answer(first)).toBe(ACCEPTED);
    expect(await answer(first)).toBe(OLD);
    expect(await answer('123')).toBe(OLD);
    tg.advance(31_000);
    expect(await answer(second)).toBe(OLD);
  });
});

describe('commands', () => {
  test('names, descriptions and language codes are checked', async () => {
    const set = (command: string, description: string, language_code?: string): Promise<string> =>
      api.refusal('setMyCommands', { commands: [{ command, description }], language_code });
    expect(await set('Menu', 'x')).toBe('400 Bad Request: BOT_COMMAND_INVALID');
    expect(await set('', 'x')).toBe('400 Bad Request: BOT_COMMAND_INVALID');
    expect(await set('x'.repeat(33), 'x')).toBe('400 Bad Request: BOT_COMMAND_INVALID');
    expect(await set('menu', '')).toBe('400 Bad Request: BOT_COMMAND_DESCRIPTION_INVALID');
    expect(await set('menu', 'x'.repeat(257))).toBe('400 Bad Request: BOT_COMMAND_DESCRIPTION_INVALID');
    expect(await set('menu', 'x', 'uz-Cyrl')).toMatch(/invalid language code/);
    expect(await set('menu', 'Menu', 'ru')).toBe(ACCEPTED);
    expect((await api.call('getMyCommands', { language_code: 'ru' })).result).toEqual([
      { command: 'menu', description: 'Menu' },
    ]);
    expect((await api.call('getMyCommands')).result).toEqual([]);
  });
});

describe('scripts of faults', () => {
  test('an error, a page of a proxy, a broken connection before and after, silence', async () => {
    tg.user(7).text('hi');
    const send = (text: string): Promise<Answer> => api.call('sendMessage', { chat_id: 7, text });
    tg.fault('sendMessage', { status: 500 }, { times: 2, chat: 7 });
    expect([(await send('a')).error_code, (await send('b')).error_code]).toEqual([500, 500]);
    tg.fault('sendMessage', { body: '<html>' });
    await expect(send('c')).rejects.toThrow(/JSON/);
    tg.fault('sendMessage', { drop: 'before' });
    await expect(send('d')).rejects.toThrow(/fetch failed/);
    tg.fault('*', { drop: 'after' });
    await expect(send('e')).rejects.toThrow(/fetch failed/);
    tg.fault('sendMessage', { hang: true });
    const silent = send('f');
    silent.catch(() => undefined);
    await tg.until(() => tg.calls.at(-1)?.params.text === 'f');
    tg.release();
    await expect(silent).rejects.toThrow(/fetch failed/);
    expect((await send('g')).ok).toBe(true);
    expect(tg.user(7).texts).toEqual(['e', 'g']);
  });
});
