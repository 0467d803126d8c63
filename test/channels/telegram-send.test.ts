import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TelegramChannel } from '../../src/channels/telegram.ts';
import { FakeTelegram } from '../fake/telegram.ts';
import type { FakePerson } from '../fake/telegram-person.ts';
import { choice, message, telegramOn } from './fixtures/host.ts';

/** The real channel and the real grammY, over real sockets, against the stand-in. */
let tg: FakeTelegram;
let channel: TelegramChannel;
let person: FakePerson;
beforeEach(async () => {
  tg = await FakeTelegram.start();
  ({ channel } = telegramOn(tg));
  person = tg.user(42);
  person.text('hi');
});
afterEach(() => tg.stop());

const sends = (): { method: string; params: unknown }[] =>
  tg.calls.filter((c) => c.method.startsWith('send')).map(({ method, params }) => ({ method, params }));

const place = { name: 'Центр СПИД', address: 'ул. Басенова, 2', lat: 43.2567, lon: 76.9286 };
const plain = { link_preview_options: { is_disabled: true } };

describe('the exact request', () => {
  test('text, source and buttons: plain text, no preview, no protection', async () => {
    const ids = await channel.send(
      '42',
      message({
        text: '<b>1 < 2</b> _*[x](y)',
        note: 'Источник: X, 2025',
        choices: [choice('1', 'Где провериться'), choice('2', 'Мои права'), choice('0', 'Назад')],
      }),
      'x.0',
    );
    expect(ids).toEqual(['2']);
    expect(sends()).toEqual([
      {
        method: 'sendMessage',
        params: {
          chat_id: 42,
          text: '<b>1 < 2</b> _*[x](y)\n\nИсточник: X, 2025',
          ...plain,
          reply_markup: {
            inline_keyboard: [
              [
                { text: 'Где провериться', callback_data: 'ru:menu:menu:c1' },
                { text: 'Мои права', callback_data: 'ru:menu:menu:c2' },
              ],
              [{ text: 'Назад', callback_data: 'ru:menu:menu:c0' }],
            ],
          },
        },
      },
    ]);
  });

  test('asking for a location: the phone button first, then the choices as words to type', async () => {
    await channel.send(
      '42',
      message({ ask: 'location', choices: [choice('1', 'Алматы'), choice('0', 'Назад')] }),
      'x.0',
    );
    expect(sends()[0]?.params).toMatchObject({
      reply_markup: {
        keyboard: [
          [{ text: '📍 Отправить место', request_location: true }],
          [{ text: 'Алматы' }],
          [{ text: 'Назад' }],
        ],
        resize_keyboard: true,
        one_time_keyboard: true,
      },
    });
  });

  test('a message without buttons takes the big keyboard away', async () => {
    await channel.send('42', message(), 'x.0');
    expect(sends()[0]?.params).toEqual({
      chat_id: 42,
      text: 'Что вам нужно?',
      ...plain,
      reply_markup: { remove_keyboard: true },
    });
  });

  test('a place is a venue, above the text with the buttons', async () => {
    expect(await channel.send('42', message({ place, choices: [choice('1', 'Дальше')] }), 'x.0')).toEqual([
      '2',
      '3',
    ]);
    expect(sends()).toMatchObject([
      {
        method: 'sendVenue',
        params: {
          chat_id: 42,
          latitude: 43.2567,
          longitude: 76.9286,
          title: 'Центр СПИД',
          address: 'ул. Басенова, 2',
        },
      },
      { method: 'sendMessage', params: { text: 'Что вам нужно?' } },
    ]);
    expect(person.buttons).toEqual([['Дальше']]);
  });

  test('a place without text carries the buttons itself; a missing address is its name', async () => {
    await channel.send(
      '42',
      message({ text: '', place: { ...place, address: '' }, choices: [choice('1', 'Дальше')] }),
      'x.0',
    );
    expect(sends()).toHaveLength(1);
    expect(person.last.venue).toMatchObject({ title: 'Центр СПИД', address: 'Центр СПИД' });
    expect(person.buttons).toEqual([['Дальше']]);
  });

  test('a venue that Telegram does not like does not keep the text back', async () => {
    tg.fault('sendVenue', { status: 400, description: 'Bad Request: VENUE_INVALID' });
    expect(await channel.send('42', message({ place }), 'x.0')).toEqual(['2']);
    expect(person.texts).toEqual(['Что вам нужно?']);
  });

  test('10,000 characters arrive as three messages in order, the buttons under the last', async () => {
    const text = Array.from({ length: 1000 }, (_, i) => `Слово${i}.`).join(' ');
    const ids = await channel.send('42', message({ text, choices: [choice('1', 'Дальше')] }), 'x.0');
    expect(ids).toHaveLength(Math.ceil(text.length / 4096));
    const ends = ids.map((_, i) => `\n\n(${i + 1}/${ids.length})`);
    expect(person.texts.map((part, i) => part.slice(-(ends[i]?.length ?? 0)))).toEqual(ends);
    expect(person.texts.map((part, i) => part.slice(0, -(ends[i]?.length ?? 0))).join(' ')).toBe(text);
    expect(person.received.map((m) => m.markup && 'inline_keyboard' in m.markup)).toEqual([
      ...ids.slice(1).map(() => false),
      true,
    ]);
  });

  test('everything a flow may carry is accepted by the stand-in', async () => {
    const choices = Array.from({ length: 60 }, (_, i) => ({
      data: 'я'.repeat(32),
      label: '👨‍👩‍👧‍👦'.repeat(40),
      number: String(i + 1),
    }));
    expect(await channel.send('42', message({ choices, place, ask: 'location' }), 'x.0')).not.toEqual([]);
  });
});

describe('taking messages away', () => {
  test('in batches of 100; unknown ids are no error', async () => {
    for (let i = 0; i < 105; i += 1) await channel.send('42', message({ text: `${i}` }), 'x.0');
    const ids = person.received.map((m) => String(m.message_id));
    await channel.remove('42', [...ids, '99999', 'x', '']);
    expect(person.received).toEqual([]);
    expect(
      tg.calls.filter((c) => c.method === 'deleteMessages').map((c) => (c.params.message_ids as []).length),
    ).toEqual([100, 6]);
    await channel.remove('42', []);
    await channel.remove('4711', ['1']);
  });

  test('what is older than 48 hours stays, the rest goes', async () => {
    const old = await channel.send('42', message({ text: 'old' }), 'x.0');
    tg.advance(49 * 3600_000);
    const young = await channel.send('42', message({ text: 'young' }), 'x.0');
    await channel.remove('42', [...old, ...young]);
    expect(person.texts).toEqual(['old']);
  });

  test('what may work later is an error to try again with', async () => {
    const ids = await channel.send('42', message(), 'x.0');
    tg.fault('deleteMessages', { status: 429, retryAfter: 3 });
    await expect(channel.remove('42', ids)).rejects.toMatchObject({ kind: 'retry', retryAfterMs: 3000 });
    await channel.remove('42', ids);
    expect(person.received).toEqual([]);
  });
});
