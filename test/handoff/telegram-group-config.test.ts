import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';

const TOKEN = { TELEGRAM_BOT_TOKEN: '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1' };
const CHAT = { OPERATORS_TELEGRAM_CHAT_ID: '-1001234567890' };

describe('OPERATORS_TELEGRAM_CHAT_ID and OPERATORS_RELAY_TEXT', () => {
  test('no group unless it is named, and no words in it unless that is said', () => {
    expect(readConfig(TOKEN).operators).toBeUndefined();
    expect(readConfig({ ...TOKEN, ...CHAT }).operators).toEqual({ chat: -1001234567890, relay: false });
    const on = { ...TOKEN, ...CHAT, OPERATORS_RELAY_TEXT: 'on' };
    expect(readConfig(on).operators).toEqual({ chat: -1001234567890, relay: true });
  });

  test.each([
    [{ ...TOKEN, OPERATORS_TELEGRAM_CHAT_ID: '1234567890' }, 'begins with -100'],
    [{ ...TOKEN, OPERATORS_TELEGRAM_CHAT_ID: '@team' }, 'begins with -100'],
    [{ ...TOKEN, OPERATORS_TELEGRAM_CHAT_ID: '-51234567' }, 'begins with -100'],
    [CHAT, 'TELEGRAM_BOT_TOKEN is not'],
    [{ OPERATORS_RELAY_TEXT: 'on' }, 'needs OPERATORS_TELEGRAM_CHAT_ID'],
    [{ ...TOKEN, ...CHAT, OPERATORS_RELAY_TEXT: 'yes' }, 'OPERATORS_RELAY_TEXT=yes is not usable'],
    [{ CONSOLE_HOSTS: 'https://desk.example.org' }, 'CONSOLE_HOSTS'],
  ])('%j is refused with a hint', (env, message) => {
    expect(() => readConfig(env)).toThrow(message);
  });

  test('CONSOLE_HOSTS is a list of names', () => {
    expect(readConfig({}).consoleHosts).toEqual([]);
    expect(readConfig({ CONSOLE_HOSTS: 'Desk.example.org, b.example.org' }).consoleHosts).toEqual([
      'desk.example.org',
      'b.example.org',
    ]);
  });
});
