import { expect, onTestFinished, test } from 'vitest';
import { VERIFY_TOKEN } from '../channels/fixtures/whatsapp-cloud.ts';
import { FakeGraph } from '../fake/graph.ts';
import { type FakeWhatsApp, fakeWhatsApp } from '../fake/whatsapp.ts';
import { Child, type ChildOptions, run, tempDir } from './child.ts';
import { ready, startTelegram, untilReady } from './telegram.ts';

async function startWhatsApp(): Promise<FakeWhatsApp> {
  const fake = await fakeWhatsApp();
  onTestFinished(() => fake.stop());
  return fake;
}

function withPhone(fake: FakeWhatsApp, options: ChildOptions = {}): Child {
  const env = { WHATSAPP: 'baileys', WHATSAPP_WS_URL: fake.url, WHATSAPP_QR: 'raw', ...options.env };
  return new Child({ ...options, env });
}

async function scanFrom(child: Child, fake: FakeWhatsApp): Promise<void> {
  await child.says('whatsapp-qr: ');
  const qr = /whatsapp-qr: (\S+)/.exec(child.stdout)?.[1] ?? '';
  await fake.phone.scan(qr);
  await fake.whenOnline(60_000);
}

test('paired, asked, killed, started again without pairing, asked again', async () => {
  const fake = await startWhatsApp();
  const dataDir = tempDir();
  const first = withPhone(fake, { dataDir });
  await first.started();
  expect(first.stdout).toContain('WhatsApp   waits for a phone');
  await scanFrom(first, fake);
  const person = fake.person();
  await person.send('салом');
  expect((await person.next(undefined, 60_000)).text).toContain('7');
  await first.end('SIGKILL');
  // Written while nobody was there; WhatsApp keeps it.
  await person.send('7');
  const second = withPhone(fake, { dataDir });
  await second.started();
  const answer = await person.next(undefined, 60_000);
  expect(answer.text).toContain('1  Where to get tested');
  // Two sentences on who can see this chat: here that is also the organisation's phone.
  expect(answer.text).toContain("The organisation's phone shows this chat and your number");
  await person.send('1');
  expect((await person.next(undefined, 60_000)).text).toContain('Where are you?');
  expect(second.stdout).not.toContain('whatsapp-qr');
  expect(fake.problems).toEqual([]);
  // What the library prints of its own is keys.
  for (const child of [first, second]) {
    const theirs = child.output
      .split('\n')
      .filter((line) => !/^(Hamroh runs| {2}|whatsapp-qr: |\{"level"|$)/.test(line));
    expect(theirs).toEqual([]);
  }
  expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

test('the commands: pair with a code to type, status, log out', async () => {
  const fake = await startWhatsApp();
  const dataDir = tempDir();
  const env = { WHATSAPP: 'baileys', WHATSAPP_WS_URL: fake.url };
  const number = fake.phone.jid.split(/[:@]/)[0] ?? '';
  const pairing = new Child({
    program: 'cli',
    args: ['whatsapp', 'pair', '--phone', number],
    dataDir,
    env,
  });
  await pairing.says('Code: ');
  const code = /Code: (\S{4})-(\S{4})/.exec(pairing.stdout);
  await fake.phone.enterCode(`${code?.[1]}${code?.[2]}`);
  expect(await pairing.exit).toEqual({ code: 0, signal: null });
  expect(pairing.stdout).toContain('Paired.');
  const status = await run(['whatsapp', 'status'], { dataDir, env });
  expect(status.stdout).toContain('A phone is paired.');
  expect(status.stdout).toContain('No week yet with enough conversations on WhatsApp to show a figure.');
  const twice = await run(['whatsapp', 'pair'], { dataDir, env });
  expect(twice).toMatchObject({ code: 1, stderr: expect.stringContaining('paired already') });
  const logout = await run(['whatsapp', 'logout'], { dataDir, env });
  expect(logout).toMatchObject({ code: 0, stdout: expect.stringContaining('Logged out') });
  expect((await run(['whatsapp', 'status'], { dataDir, env })).stdout).toContain('No phone is paired');
});

test('Telegram, WhatsApp and the web run together; WhatsApp throws us out, the others stay up', async () => {
  const fake = await startWhatsApp();
  const telegram = await startTelegram();
  const child = withPhone(fake, {
    env: { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.root },
  });
  const url = await child.started();
  await scanFrom(child, fake);
  expect((await untilReady(url)).checks).toMatchObject({ whatsapp: { ok: true }, telegram: { ok: true } });
  fake.phone.unlink();
  await child.says('logged-out');
  expect(await ready(url)).toMatchObject({
    status: 503,
    checks: { web: { ok: true }, telegram: { ok: true }, whatsapp: { ok: false, reason: 'logged-out' } },
  });
  const person = telegram.user(5_550_003);
  person.start();
  await telegram.until(() => person.received.length === 1);
  expect((await fetch(url)).status).toBe(200);
});

test('the official number: Meta delivers to the process, which answers; unsigned deliveries are refused', async () => {
  const graph = await FakeGraph.start();
  onTestFinished(() => graph.stop());
  const child = new Child({
    env: {
      WHATSAPP: 'cloud',
      WHATSAPP_CLOUD_TOKEN: graph.token,
      WHATSAPP_CLOUD_PHONE_ID: graph.phoneId,
      WHATSAPP_CLOUD_APP_SECRET: graph.appSecret,
      WHATSAPP_CLOUD_VERIFY_TOKEN: VERIFY_TOKEN,
      WHATSAPP_CLOUD_API_ROOT: graph.root,
    },
  });
  const url = await child.started();
  expect(child.stdout).toContain('WhatsApp   on (Cloud API)');
  const hook = new URL('/webhooks/whatsapp', url);
  const shake = `?hub.mode=subscribe&hub.verify_token=${VERIFY_TOKEN}&hub.challenge=42`;
  expect(await (await fetch(hook + shake)).text()).toBe('42');
  graph.webhooks.url = String(hook);
  const person = graph.person('15550001');
  person.send('hello');
  await graph.until(() => person.options.length > 0);
  person.tap('English');
  await graph.until(() => person.received.length > 1);
  expect(JSON.stringify(person.received.at(-1))).toContain('I cannot clear this chat for you');
  expect((await fetch(hook, { method: 'POST', body: '{}' })).status).toBe(401);
  expect(child.output).not.toContain(graph.token);
});
