import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TelegramChannel, TelegramOptions } from '../../src/channels/telegram.ts';
import { FakeTelegram } from '../fake/telegram.ts';
import { MemoryHost, type MemoryLog, telegramOn } from './fixtures/host.ts';

let tg: FakeTelegram;
let host: MemoryHost;
let channel: TelegramChannel;
let log: MemoryLog;
const started: TelegramChannel[] = [];

beforeEach(async () => {
  tg = await FakeTelegram.start();
  host = new MemoryHost();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((c) => c.stop()));
  await tg.stop();
});

async function start(options: Partial<TelegramOptions> = {}): Promise<void> {
  ({ channel, log } = telegramOn(tg, options));
  started.push(channel);
  await channel.start(host);
}
const isUp = (): boolean => channel.state().state === 'up';

describe('receiving', () => {
  test('what a person does reaches the host in order, with nothing about them but an address', async () => {
    await start();
    const person = tg.user(42, { language: 'tg' });
    person.start('poster');
    person.text('Олмаотӣ');
    person.location(43.2, 76.9);
    person.venue('Bazaar', 42.8, 74.5);
    person.sticker();
    person.voice();
    person.contact();
    await tg.until(() => host.accepted.length === 7);
    expect(host.inputs).toEqual([
      { kind: 'start' },
      { kind: 'text', text: 'Олмаотӣ' },
      { kind: 'place', lat: 43.2, lon: 76.9 },
      { kind: 'place', lat: 42.8, lon: 74.5 },
      { kind: 'media' },
      { kind: 'media' },
      { kind: 'media' },
    ]);
    expect(
      new Set(host.accepted.map((m) => `${m.channel} ${m.account} ${m.user} ${m.address} ${m.langHint}`)),
    ).toEqual(new Set(['telegram 110201543 42 42 tg']));
  });

  test('what waited before the start is not lost, also when a webhook was set', async () => {
    tg.bot.updates.setWebhook({ url: 'https://example.org/' });
    tg.user(42).text('before');
    await start();
    await tg.until(() => host.texts.length === 1);
    expect(host.texts).toEqual(['before']);
    expect(isUp()).toBe(true);
  });

  test('asks only for the kinds it reads', async () => {
    await start();
    await tg.until(() => tg.count('getUpdates') > 0);
    expect(tg.calls.find((c) => c.method === 'getUpdates')?.params).toMatchObject({
      allowed_updates: ['message', 'callback_query', 'my_chat_member'],
    });
    tg.user(42).text('1');
    tg.user(42).edit('2');
    tg.user(42).block();
    tg.user(42).text('3');
    await tg.until(() => host.accepted.length === 2);
    expect(host.texts).toEqual(['1', '3']);
  });

  test('a tap is confirmed to the app once, after the commit', async () => {
    await start();
    let commit: () => void = () => undefined;
    host.before = () => new Promise((resolve) => (commit = resolve));
    const id = tg.user(42).tapData('ru:menu:menu:test');
    await tg.until(() => tg.count('getUpdates') >= 2 || tg.pending.length === 1);
    expect(tg.bot.queries.get(id)?.answered).toBe(false);
    host.before = async () => undefined;
    await tg.until(() => {
      commit();
      return host.accepted.length === 1;
    });
    await tg.until(() => tg.bot.queries.get(id)?.answered === true);
    expect(host.inputs).toEqual([{ kind: 'tap', data: 'ru:menu:menu:test' }]);
    expect(tg.count('answerCallbackQuery')).toBe(1);
  });

  test('a tap that is too old to confirm still counts', async () => {
    tg.user(42).tapData('ru:menu:menu:test');
    tg.advance(3600_000);
    await start();
    await tg.until(() => log.lines.some((l) => l.includes('answerCallbackQuery')));
    expect(host.inputs).toEqual([{ kind: 'tap', data: 'ru:menu:menu:test' }]);
    expect(isUp()).toBe(true);
  });

  test('groups are left without a word', async () => {
    await start();
    const group = tg.group(-5);
    group.addBot();
    await tg.until(() => group.chat.kicked);
    const other = tg.group(-6);
    other.text(42, '/menu@hamroh_bot');
    await tg.until(() => other.chat.kicked);
    expect([group.received, other.received, host.accepted]).toEqual([[], [], []]);
  });

  test('unreadable updates are counted and skipped, what is around them arrives', async () => {
    await start();
    tg.user(42).text('a');
    tg.push({ message: 'poison' });
    tg.push({ message: { chat: null } });
    tg.push({ update_id: null, message: { text: 'x' } });
    tg.user(42).text('b');
    await tg.until(() => host.texts.length === 2);
    expect(host.texts).toEqual(['a', 'b']);
    expect(log.lines.join()).toContain('skipped updates');
    await tg.until(() => tg.pending.length <= 1);
  });
});

describe('the offset', () => {
  test('does not move before the store has committed', async () => {
    await start();
    let commit: () => void = () => undefined;
    let waiting = false;
    host.before = () => {
      waiting = true;
      return new Promise((resolve) => (commit = resolve));
    };
    tg.user(42).text('a');
    await tg.until(() => waiting);
    expect(tg.pending).toHaveLength(1);
    host.before = async () => undefined;
    commit();
    await tg.until(() => tg.pending.length === 0);
    expect(host.texts).toEqual(['a']);
  });

  test('a store that cannot take a message gets it again, and nothing is confirmed meanwhile', async () => {
    let failures = 3;
    host.before = async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('disk full');
    };
    for (const text of ['a', 'b', 'c']) tg.user(42).text(text);
    await start();
    await tg.until(() => channel.state().state === 'down');
    expect(tg.pending).toHaveLength(3);
    await tg.until(() => isUp() && tg.pending.length === 0);
    expect(host.texts).toEqual(['a', 'b', 'c']);
  });

  test('is said once: an old one must not confirm what came after it and is not stored', async () => {
    await start();
    tg.user(42).text('a');
    await tg.until(() => tg.pending.length === 0);
    const asked = tg.count('getUpdates');
    let failures = 2;
    host.before = async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('disk full');
    };
    tg.user(42).text('b');
    await tg.until(() => host.texts.length === 2);
    const offsets = tg.calls.filter((c) => c.method === 'getUpdates').map((c) => c.params.offset);
    expect(offsets.slice(asked, asked + 2)).toEqual([undefined, undefined]);
  });

  test('a crash between commit and confirmation delivers again, and once is kept', async () => {
    for (const text of ['a', 'b', 'c']) tg.user(42).text(text);
    // The process "dies": after the commit nothing of it reaches Telegram any more.
    host.before = async () => tg.fault('getUpdates', { drop: 'before' }, { times: 1000 });
    await start();
    await tg.until(() => host.accepted.length === 3);
    await channel.stop();
    expect(tg.pending).toHaveLength(3);
    tg.release();
    host.before = async () => undefined;
    await start();
    await tg.until(() => tg.pending.length === 0);
    expect(host.delivered.map((m) => m.id)).toHaveLength(6);
    expect(host.texts).toEqual(['a', 'b', 'c']);
  });

  test('survives ids that start anew, lower or higher', async () => {
    await start();
    const person = tg.user(42);
    for (const [jump, text] of [
      [undefined, 'a'],
      [5, 'b'],
      [2 ** 31 - 10, 'c'],
    ] as const) {
      if (jump !== undefined) tg.bot.updates.jump(jump);
      person.text(text);
      await tg.until(() => host.texts.includes(text));
      await tg.until(() => tg.pending.length === 0);
    }
    expect(host.delivered).toHaveLength(3);
  });

  test('a burst of 250 arrives whole and in order', async () => {
    for (let i = 0; i < 250; i += 1) tg.user(42).text(`${i}`);
    await start();
    await tg.until(() => host.accepted.length === 250);
    expect(host.texts).toEqual(Array.from({ length: 250 }, (_, i) => `${i}`));
  });
});

describe('stopping', () => {
  test('ends a long poll at once and confirms what was accepted, nothing else', async () => {
    await start({ timings: { pollSeconds: 50 } });
    await tg.until(isUp);
    tg.user(42).text('a');
    await tg.until(() => host.texts.length === 1);
    await channel.stop();
    expect(tg.pending).toEqual([]);
    tg.user(42).text('b');
    expect(tg.pending).toHaveLength(1);
    expect(host.texts).toEqual(['a']);
  });

  test('waits for the batch that is being stored', async () => {
    await start();
    let commit: () => void = () => undefined;
    host.before = () => new Promise((resolve) => (commit = resolve));
    tg.user(42).text('a');
    await tg.until(() => tg.pending.length === 1 && tg.count('getUpdates') > 0);
    const before = commit;
    await tg.until(() => commit !== before);
    let stopped = false;
    const stopping = channel.stop().then(() => {
      stopped = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(stopped).toBe(false);
    commit();
    await stopping;
    expect(host.texts).toEqual(['a']);
    expect(tg.pending).toEqual([]);
  });
});
