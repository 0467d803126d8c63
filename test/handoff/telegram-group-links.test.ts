import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { dataOf, readData } from '../../src/handoff/telegram-group-card.ts';
import { fateOf } from '../../src/handoff/telegram-group-talk.ts';
import { wordsIn } from '../../src/web/console/words.ts';
import { seat } from '../console/desk.ts';
import { MINUTE } from '../store/handoff-support.ts';
import { scan } from '../store/scan.ts';
import { link, ON_TELEGRAM, openTeam, privately, type Team, t, texts } from './telegram-group-kit.ts';

const { anna, stranger } = ON_TELEGRAM;

/** What somebody reads who sends this to the bot in private. */
async function whisper(team: Team, from: number, text: string): Promise<string> {
  const person = team.tg.user(from);
  const before = person.texts.length;
  person.text(text);
  await team.tg.until(() => person.texts.length > before);
  return person.texts.at(-1)!;
}

const codeFor = (team: Team) => team.group.linkCode(team.anna.id)!.code;

describe('who is who', () => {
  test('a code from the console, sent in private; the bot does not take it for words of a person', async () => {
    const team = await openTeam({ linked: false });
    const code = codeFor(team);
    expect(team.group.isLinked(team.anna.id)).toBe(false);
    expect(await whisper(team, anna, `/link ${code}`)).toBe(t('group.link.linked', { name: 'Anna' }));
    expect(team.group.isLinked(team.anna.id)).toBe(true);
    expect(team.host.accepted).toEqual([]);
    // Whatever else they write to the bot is theirs.
    team.tg.user(anna).text('/links');
    await team.tg.until(() => team.host.texts.length === 1);
  });

  test('or in the group', async () => {
    const team = await openTeam({ linked: false });
    const message = team.forum.text(anna, `/link@hamroh_bot ${codeFor(team).toUpperCase()}`);
    await team.says(undefined, 'You are linked as Anna');
    expect(team.forum.received()[0]?.params).toMatchObject({
      reply_parameters: { message_id: message.message_id },
    });
    expect(team.group.isLinked(team.anna.id)).toBe(true);
  });

  test('a code works once, for ten minutes, and the newest only', async () => {
    const team = await openTeam({ linked: false });
    const [old, code] = [codeFor(team), codeFor(team)];
    const wrong = t('group.link.wrong');
    expect(await whisper(team, stranger, `/link ${old}`)).toBe(wrong);
    expect(await whisper(team, stranger, '/link')).toBe(wrong);
    expect(await whisper(team, anna, `/link ${code}`)).not.toBe(wrong);
    expect(await whisper(team, stranger, `/link ${code}`)).toBe(wrong);
    const late = codeFor(team);
    team.desk.clock.pass(10 * MINUTE);
    expect(await whisper(team, stranger, `/link ${late}`)).toBe(wrong);
  });

  test('guessing ends after five tries, and a right code is not taken then', async () => {
    const team = await openTeam({ linked: false });
    for (let i = 0; i < 5; i += 1) await whisper(team, stranger, `/link aaaa-aaa${i}`);
    expect(await whisper(team, stranger, `/link ${codeFor(team)}`)).toBe(t('group.link.slow'));
    expect(await whisper(team, anna, `/link ${codeFor(team)}`)).toContain('Anna');
  });

  test('only whoever may answer people gets a code', async () => {
    const team = await openTeam({ linked: false });
    for (const role of ['coordinator', 'admin', 'auditor'] as const)
      expect(team.group.linkCode(seat(team.staff, role, role).id)).toBeUndefined();
    expect(team.group.linkCode(4711)).toBeUndefined();
  });

  test('one account here and there: a new link replaces both', async () => {
    const team = await openTeam();
    link(team, stranger, team.anna);
    link(team, anna, team.boris);
    expect([team.group.isLinked(team.anna.id), team.group.isLinked(team.boris.id)]).toEqual([true, true]);
    link(team, stranger, team.boris);
    expect([team.group.isLinked(team.anna.id), team.group.isLinked(team.boris.id)]).toEqual([false, true]);
  });

  test('a link outlives a restart, and ends with the account, its role or its second factor', async () => {
    const team = await openTeam();
    await team.restart();
    expect(team.group.isLinked(team.anna.id)).toBe(true);
    team.group.unlink(team.boris.id);
    expect(team.group.isLinked(team.boris.id)).toBe(false);
    team.staff.staff.accounts.change(team.anna.id, { role: 'auditor' }, 0);
    expect(team.group.isLinked(team.anna.id)).toBe(false);
    team.staff.staff.accounts.change(team.anna.id, { role: 'operator' }, 0);
    expect(team.group.isLinked(team.anna.id)).toBe(true);
    team.staff.staff.accounts.reset(team.anna.id, 0);
    expect(team.group.isLinked(team.anna.id)).toBe(false);
    // Set up again by whoever got the new link: the phone of before is not theirs.
    const db = new Database(join(team.staff.dir, 'staff.db'));
    db.prepare("UPDATE operator SET password = 'x', seed = x'0102' WHERE id = ?").run(team.anna.id);
    db.close();
    expect(team.staff.staff.accounts.get(team.anna.id)?.state).toBe('active');
    expect(team.group.isLinked(team.anna.id)).toBe(false);
  });

  test('somebody who hides behind the group is nobody', async () => {
    const team = await openTeam({ linked: false });
    const code = codeFor(team);
    team.forum.send(1087968824, { text: `/link ${code}`, sender_chat: { id: -1 } });
    await team.says(undefined, t('group.link.wrong'));
    expect(team.group.isLinked(team.anna.id)).toBe(false);
  });

  test("neither Telegram's id nor the code is in any file", async () => {
    const team = await openTeam({ linked: false });
    const code = codeFor(team);
    link(team, 555000123456, team.boris);
    team.group.take({ message: privately(stranger, `/link ${code}`) });
    const needles = ['555000123456', String(stranger), code, code.replace('-', '')];
    expect([...scan(team.desk.dir, needles), ...scan(team.staff.dir, needles)]).toEqual([]);
    expect(team.log.lines.join()).not.toMatch(/555000/);
  });
});

describe('words and data', () => {
  test('what a tap is answered with fits, in every language', () => {
    for (const lang of ['en', 'ru', 'kk'] as const) {
      const missing: unknown[] = [];
      const words = wordsIn(texts, lang, (error) => missing.push(error));
      const params = { ref: 'K7Q2MX', name: 'N'.repeat(60), link: '' };
      for (const key of [
        'gone',
        'not_linked',
        'not_stored',
        'taken',
        'yours',
        'yours_here',
        'done',
        'ended_already',
      ])
        expect(words(`group.${key}`, params).length, `${lang} ${key}`).toBeLessThanOrEqual(200);
      for (const why of ['by', 'closed', 'nobody-came', 'silence', 'stopped', 'erased'])
        expect(words(`group.ended.${why}`, params)).toContain('K7Q2MX');
      expect(fateOf('unknown', 'K7Q2MX', 1, words)?.buttons).toHaveLength(1);
      expect(missing).toEqual([]);
    }
  });

  test('the data of a button says what it said, in 64 bytes', () => {
    for (const act of ['claim', 'release', 'close'] as const)
      expect(readData(dataOf({ act, ref: 'K7Q2MX' }))).toEqual({ act, ref: 'K7Q2MX' });
    const longest = { act: 'resend', ref: 'K7Q2MX', line: Number.MAX_SAFE_INTEGER } as const;
    expect(readData(dataOf(longest))).toEqual(longest);
    expect(Buffer.byteLength(dataOf(longest))).toBeLessThanOrEqual(64);
  });
});
