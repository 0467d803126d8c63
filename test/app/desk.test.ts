import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { expect, onTestFinished, test } from 'vitest';
import { fakeWhatsApp } from '../fake/whatsapp.ts';
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
const PASSWORD = 'four quiet words in a row';

/** A browser without pictures: keeps the cookie and the form token. */
class Visitor {
  readonly #base: string;
  #cookie = '';

  constructor(base: string) {
    this.#base = base;
  }

  async get(path: string): Promise<string> {
    return this.#read(
      await fetch(new URL(path, this.#base), { headers: this.#headers(), redirect: 'manual' }),
    );
  }

  /** Sends the form of the page at `from` to `to`, with these fields. */
  async send(from: string, to: string, fields: Record<string, string>): Promise<string> {
    const csrf = /name="csrf" value="([^"]+)"/.exec(await this.get(from))?.[1] ?? '';
    const body = new URLSearchParams({ csrf, ...fields });
    const headers = { ...this.#headers(), 'sec-fetch-site': 'same-origin' };
    return this.#read(
      await fetch(new URL(to, this.#base), { method: 'POST', headers, body, redirect: 'manual' }),
    );
  }

  #headers(): Record<string, string> {
    const cookie: Record<string, string> = this.#cookie === '' ? {} : { cookie: this.#cookie };
    return { accept: 'text/html', 'accept-language': 'en', ...cookie };
  }

  async #read(answer: Response): Promise<string> {
    const [cookie] = (answer.headers.get('set-cookie') ?? '').split(';');
    if (cookie) this.#cookie = cookie;
    expect(answer.status).toBeLessThan(400);
    return answer.text();
  }
}

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
  const seed = await aigul.send(path, path, { password: PASSWORD, again: PASSWORD });
  const key = /class="code"[^>]*>([A-Z2-7 ]+)</.exec(seed)?.[1]?.replaceAll(' ', '') ?? '';
  const code = TOTP.generate({ secret: Secret.fromBase32(key) });
  expect(await aigul.send(path, path, { step: 'app', code })).toContain('Recovery codes');
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
