import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fakeWhatsApp } from '../fake/whatsapp.ts';
import { Visitor } from '../support/visitor.ts';
import { Child, copyProject, run, tempDir } from './child.ts';
import { startTelegram } from './telegram.ts';

const TEAM = `holidays: []
teams:
  - id: always
    names: { ru: Дежурные, kk: Кезекшілер, en: On duty }
    time_zone: Asia/Almaty
    hours: 24/7
    holidays: none
    languages: [ru, kk, en]
    countries: [ALL]
    topics: [general]
    claim_within: 15
`;
const GROUP = -1_001_234_567_890;

test('the whole program: somebody asks on Telegram and on WhatsApp, an operator takes both and answers', async () => {
  const root = copyProject();
  writeFileSync(join(root, 'db', 'content', 'teams.yaml'), TEAM);
  const dataDir = tempDir();
  const telegram = await startTelegram();
  const forum = telegram.forum(GROUP);
  const whatsapp = await fakeWhatsApp();
  onTestFinished(() => whatsapp.stop());
  const env = {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.root,
    OPERATORS_TELEGRAM_CHAT_ID: String(GROUP),
    WHATSAPP: 'baileys',
    WHATSAPP_WS_URL: whatsapp.url,
    WHATSAPP_QR: 'raw',
  };
  const child = new Child({ root, dataDir, env });
  const url = await child.started();
  // The first account is the administrator's; the link is among the start lines.
  expect(child.stdout).toContain(`set up the first account: ${url.replace(/\/$/, '')}/console/invite/`);
  await child.says('whatsapp-qr: ');
  await whatsapp.phone.scan(/whatsapp-qr: (\S+)/.exec(child.stdout)?.[1] ?? '');
  await whatsapp.whenOnline(60_000);

  const added = await run(['operator', 'add', 'Aigul', '--role', 'operator', '--lang', 'en'], {
    root,
    dataDir,
  });
  const path = /\/console\/invite\/\S+/.exec(added.stdout)?.[0] ?? '';
  const aigul = new Visitor(url);
  expect(await aigul.setUp(path)).toContain('Recovery codes');
  expect(await aigul.get('/console/queue')).toContain('Aigul');

  const traveller = telegram.user(5_550_009, { language: 'en' });
  traveller.start();
  await telegram.until(() => traveller.received.length === 1);
  traveller.tap('English');
  await telegram.until(() => traveller.received.length === 2);
  traveller.tap('Talk to a person');
  await telegram.until(() =>
    traveller.texts.some((text) => text.includes('A person of the team answers here')),
  );
  const guest = whatsapp.person();
  for (const words of ['hello', '7', '5']) {
    await guest.send(words);
    await guest.next(undefined, 60_000);
  }
  traveller.text('my pills are at home');
  await guest.send('I am at the station');

  const queue = await aigul.get('/console/queue');
  const refs = [
    ...new Set([...queue.matchAll(/\/console\/chat\/([A-Z0-9]{6})/g)].map(([, ref]) => ref ?? '')),
  ];
  expect(refs).toHaveLength(2);
  // The operators' group has a topic for each, which says who waits and nothing of what they wrote.
  await telegram.until(() => refs.every((ref) => forum.thread(ref) !== undefined));
  expect(JSON.stringify(telegram.calls.filter((c) => c.params.chat_id === GROUP))).not.toContain('pills');
  for (const ref of refs) {
    const chat = `/console/chat/${ref}`;
    await aigul.send(chat, `${chat}/claim`, {});
    await aigul.send(chat, `${chat}/reply`, { text: `I am here, ${ref}` });
  }
  await telegram.until(() => traveller.texts.some((text) => /^I am here, \w{6}$/.test(text)));
  expect((await guest.next(({ text }) => text.startsWith('I am here'), 60_000)).text).toMatch(
    /^I am here, \w{6}$/,
  );
  const pages = await Promise.all(refs.map((ref) => aigul.get(`/console/chat/${ref}`)));
  expect(pages.join()).toContain('my pills are at home');
  expect(pages.join()).toContain('I am at the station');
  // Nothing there says who they are.
  for (const one of ['5550009', guest.pn.split('@')[0] ?? '-', guest.lid.split('@')[0] ?? '-'])
    expect(pages.join()).not.toContain(one);

  // While somebody is there, the bot is silent, also after a crash.
  await child.end('SIGKILL');
  const again = new Child({ root, dataDir, env });
  const later = new Visitor(await again.started());
  traveller.text('menu');
  const before = traveller.received.length;
  await expect.poll(async () => (await later.get('/livez')).length).toBeGreaterThan(0);
  traveller.text('stop');
  await telegram.until(() => traveller.texts.some((text) => text.includes('The talk with the team is over')));
  expect(traveller.received.slice(before).length).toBeLessThanOrEqual(2);

  // Whoever leaves gives back what they held: the other one is not forgotten.
  await whatsapp.whenOnline(60_000);
  await run(['operator', 'remove', 'Aigul'], { root, dataDir });
  await guest.next(({ text }) => text.includes('You are in the queue again'), 60_000);
});
