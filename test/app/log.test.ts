import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import type { FakeTelegram } from '../fake/telegram.ts';
import { formsOf, scan } from '../store/scan.ts';
import { tempDir } from './child.ts';
import { startTelegram, withTelegram } from './telegram.ts';

/** A log into memory, line by line. */
function logLines(level: Parameters<typeof createLog>[0]) {
  const lines: string[] = [];
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
  return { lines, log: createLog(level, out) };
}

test('a log line holds an event, a time, a level and allowed fields', () => {
  const { lines, log } = logLines('info');
  log.warn('delivery.unclear', { channel: 'telegram', reason: 'telegram-500', attempts: 2 });
  expect(JSON.parse(lines.join(''))).toEqual({
    level: 40,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    channel: 'telegram',
    reason: 'telegram-500',
    attempts: 2,
    msg: 'delivery.unclear',
  });
});

test('fields without a place in the list never come out, whatever they are called', () => {
  const { lines, log } = logLines('debug');
  for (const name of [
    'text',
    'user',
    'address',
    'chat',
    'chat_id',
    'token',
    'payload',
    'message',
    'err',
    'url',
    'lat',
    'toString',
  ]) {
    log.error('an.event', { [name]: 'canary-words' });
    log.info('an.event', { [name]: 4_815_162_342 });
  }
  expect(lines).toHaveLength(24);
  expect(lines.join('')).not.toMatch(/canary|4815162342/);
});

test('numbers as long as an id or a phone are masked, in a field as in the event', () => {
  const { lines, log } = logLines('info');
  log.info('an.event', {
    reason: 'chat 4815162342 not found',
    code: 4_815_162_342,
    status: -1_004_815_162_342,
  });
  log.info('chat 4815162342', { hint: '+77014815162' });
  log.info('an.event', { count: 12_345, ms: 86_400_000, reason: 'telegram-429', state: true });
  expect(lines.slice(0, 2).join('')).not.toMatch(/481516/);
  expect(
    lines
      .slice(0, 2)
      .join('')
      .match(/\[number\]/g),
  ).toHaveLength(5);
  expect(JSON.parse(lines[2] ?? '')).toMatchObject({
    count: 12_345,
    ms: 86_400_000,
    reason: 'telegram-429',
    state: true,
  });
});

test('levels below the chosen one are silent, and "silent" is silent', () => {
  const warn = logLines('warn');
  warn.log.info('an.event', {});
  warn.log.warn('an.event', {});
  expect(warn.lines).toHaveLength(1);
  const silent = logLines('silent');
  silent.log.error('an.event', {});
  expect(silent.lines).toEqual([]);
});

const CANARY = {
  first: 'Gulbahorcanary',
  last: 'Otajonovacanary',
  username: 'gulya_canary_77',
  words: 'yashirin gap canary',
  city: 'Toʻytepacanary',
  phone: '+77014815162',
  /** For every width in which SQLite keeps such an integer: 6 and 8 bytes, and 4. */
  ids: [7_391_846_205_113, 4_815_162_342, 3_987_654_321],
  lat: 43.238_949_127,
  lon: 76.889_709_431,
  data: 'en:canary:canary:canary',
};

/** A person whose updates carry a name, a username and a language, as real ones do. */
function write(telegram: FakeTelegram, id: number, content: Record<string, unknown>): void {
  const { first, last, username } = CANARY;
  const who = { id, first_name: first, last_name: last, username };
  telegram.user(id).chat.standing = 'open';
  telegram.push({
    message: {
      message_id: 4,
      date: 1_795_000_000,
      chat: { ...who, type: 'private' },
      from: { ...who, is_bot: false, language_code: 'en' },
      ...content,
    },
  });
}

async function converse(telegram: FakeTelegram, id: number): Promise<void> {
  const { words, city, phone, lat, lon, data } = CANARY;
  const person = telegram.user(id);
  const answered = async (act: () => void) => {
    const before = person.received.length;
    act();
    await telegram.until(() => person.received.length > before);
  };
  await answered(() => write(telegram, id, { text: '/start canary-payload' }));
  await answered(() => person.tap('English'));
  await answered(() => write(telegram, id, { text: words }));
  await answered(() => write(telegram, id, { text: '1' }));
  await answered(() => write(telegram, id, { text: city }));
  await answered(() => write(telegram, id, { location: { latitude: lat, longitude: lon } }));
  await answered(() => write(telegram, id, { contact: { phone_number: phone, first_name: CANARY.first } }));
  await answered(() => person.tapData(data));
}

function forbidden(token: string): string[] {
  const { first, last, username, words, city, phone, ids, lat, lon } = CANARY;
  const texts = [first, last, username, words, city, phone.slice(1), 'canary-payload', 'canary:canary'];
  const secret = token.split(':')[1] ?? token;
  return [...texts, ...ids.map(String), lat.toFixed(4), lon.toFixed(4), secret];
}

/** SQLite keeps a real number as eight bytes. */
function findsPlace(dir: string): string[] {
  return readdirSync(dir).filter((file) => {
    const bytes = readFileSync(join(dir, file));
    return [CANARY.lat, CANARY.lon].some((degrees) => {
      const real = Buffer.alloc(8);
      real.writeDoubleBE(degrees);
      return bytes.includes(real) || bytes.includes(real.swap64());
    });
  });
}

test('nothing a person wrote or is reaches a log or lies readable on the disk, also when Telegram fails', {
  timeout: 60_000,
}, async () => {
  const telegram = await startTelegram();
  const child = withTelegram(telegram, { env: { HAMROH_LOG: 'debug' } });
  await child.started();
  for (const id of CANARY.ids) await converse(telegram, id);
  const [limited = 0, unlucky = 0, gone = 0] = CANARY.ids;
  telegram.fault('sendMessage', { status: 429, retryAfter: 600 }, { chat: limited });
  telegram.fault('sendMessage', { status: 500 }, { chat: unlucky });
  telegram.fault('sendMessage', { drop: 'after' }, { chat: unlucky });
  telegram.fault('sendMessage', { status: 403 }, { chat: gone });
  const calls = telegram.count('sendMessage');
  for (const id of CANARY.ids) write(telegram, id, { text: `${CANARY.words} ${CANARY.city}` });
  write(telegram, gone, { text: 7, chat: { id: String(gone), title: CANARY.words } });
  await telegram.until(() => telegram.count('sendMessage') >= calls + 4, 20_000);
  await child.says('skipped updates that cannot be read');
  await child.says('delivery.unclear');
  const values = forbidden(telegram.token);
  // One answer waits in the outbox now, three conversations stand open: look before and after the end.
  const found = () => [...scan(child.dataDir, values), ...findsPlace(child.dataDir)];
  expect(found()).toEqual([]);
  expect(await child.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(found()).toEqual([]);
  expect(scan(outputOf(child), values)).toEqual([]);
  // It goes on where it was, and ends in the middle of it: by a fault nobody catches, then killed.
  for (const end of ['SIGUSR2', 'SIGKILL'] as const) {
    const next = withTelegram(telegram, {
      dataDir: child.dataDir,
      env: { HAMROH_LOG: 'debug', NODE_OPTIONS: `--import ${THROWS_WHEN_TOLD}` },
    });
    await next.started();
    const before = telegram.user(unlucky).received.length;
    write(telegram, unlucky, { text: `${CANARY.words} ${CANARY.city}` });
    await telegram.until(() => telegram.user(unlucky).received.length > before);
    const exit = await next.end(end);
    expect(exit).toEqual(end === 'SIGKILL' ? { code: null, signal: end } : { code: 1, signal: null });
    expect(found()).toEqual([]);
    expect(scan(outputOf(next), values)).toEqual([]);
  }
});

/** Makes a process throw where nobody catches it. */
const THROWS_WHEN_TOLD = `data:text/javascript,${encodeURIComponent(
  "process.on('SIGUSR2', () => { throw new Error('a fault nobody catches'); });",
)}`;

/** What a process wrote, as files to look through. */
function outputOf(child: { stdout: string; stderr: string }): string {
  const output = tempDir();
  writeFileSync(join(output, 'stdout'), child.stdout);
  writeFileSync(join(output, 'stderr'), child.stderr);
  return output;
}

test('the scan above finds what it looks for, in every form', () => {
  const values = forbidden('123456:canary-token-of-a-bot');
  for (const value of values) {
    const forms = formsOf(value);
    expect(forms.length).toBeGreaterThanOrEqual(6);
    for (const { form, bytes } of forms) {
      const dir = tempDir();
      const noise = Buffer.from('SQLite format 3\0 noise ');
      writeFileSync(join(dir, 'hamroh.db-wal'), Buffer.concat([noise, bytes, noise]));
      expect(scan(dir, [value])).toContain(`hamroh.db-wal: ${form} of ${value}`);
    }
  }
  const widths = CANARY.ids.flatMap((id) =>
    formsOf(String(id)).flatMap(({ form }) => form.match(/^integer.*/) ?? []),
  );
  expect(new Set(widths)).toEqual(new Set(['integer 4 B', 'integer 6 B', 'integer 8 B']));
});
