import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { BY_PHONE } from '../../src/handoff/port.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { FakeGraph } from '../fake/graph.ts';
import { sign } from '../fake/graph-webhooks.ts';
import { run, until } from '../runtime/support.ts';
import { MemoryHost } from './fixtures/host.ts';
import { type Cloud, cloud, cloudOn } from './fixtures/whatsapp-cloud.ts';

/** The channel with the real runtime and a real store; the step counts turns and answers "<n>: <text>". */
async function whole(options: Parameters<typeof cloud>[0] = {}): Promise<Cloud & { runtime: Runtime }> {
  const first = await cloud(options);
  const { runtime } = run({ channels: new Map([[first.channel.id, first.channel]]) });
  await first.channel.start(runtime.host);
  return { ...first, runtime };
}

describe('messages and statuses', () => {
  test('twice, in the wrong order, in batches: each message is answered once, each status counts once', async () => {
    const { graph, channel } = await whole();
    graph.webhooks.mischief = { doubled: true, reversed: true };
    graph.webhooks.paused = true;
    const people = [1, 2, 3].map((n) => graph.person(`1555000${n}`));
    for (const [n, person] of people.entries()) person.send(`from ${n}`);
    graph.webhooks.paused = false;
    graph.webhooks.flush();
    await graph.until(() => people.every((p) => p.texts.length === 1));
    expect(people.map((p) => p.texts)).toEqual([['1: from 0'], ['1: from 1'], ['1: from 2']]);
    await graph.until(() => graph.webhooks.waiting.length === 0 && channel.figures.read === 3);
    for (const person of people) person.send('more');
    await graph.until(() => people.every((p) => p.texts.length === 2));
    expect(graph.webhooks.deliveries[0]).toMatchObject({
      body: expect.stringContaining('from 2'),
      status: 200,
    });
    await graph.until(() => channel.figures.read === 6);
    expect(channel.figures).toMatchObject({ sent: 6, billed: 6, failed: 0, malformed: 0, refused: 0 });
    // "read" came first each time, so "delivered" after it was no news.
    expect(channel.figures.delivered).toBe(0);
  });

  test('a message that failed later is counted and logged by its code', async () => {
    const { graph, channel, log } = await whole();
    const person = graph.person('15550001');
    graph.fault({ later: 131026 });
    person.send('hi');
    await until(() => channel.figures.failed === 1);
    const lines = log.lines.join();
    expect(lines).toContain('"code":131026');
    expect(lines).not.toContain('15550001');
  });

  test('the same person by number and by user id is one conversation, also after they hid the number', async () => {
    const { graph, runtime } = await whole();
    const person = graph.person('15550001');
    person.send('a');
    await person.next();
    person.hidden = true;
    person.send('b');
    await person.next();
    expect(graph.sends.at(-1)?.body).toMatchObject({ recipient: person.userId });
    person.echo('somebody of the organisation answers');
    // Whoever answers by hand holds the chat, and the bot is silent in it.
    await until(() => runtime.handoffs.heads().length === 1);
    expect(runtime.handoffs.heads()[0]).toMatchObject({ state: 'claimed', owner: BY_PHONE });
    person.send('c');
    await until(() =>
      runtime.handoffs.lines(runtime.handoffs.heads()[0]?.id ?? 0).some((l) => l.text === 'c'),
    );
    expect(person.texts).toEqual(['1: a', '2: b']);
  });
});

describe('the 24-hour window', () => {
  test('closed: the message waits, one template goes, and when the person writes it is delivered first', async () => {
    const { graph, channel, runtime } = await whole({ template: { name: 'neutral', lang: 'ru' } });
    graph.templates.add('neutral:ru');
    const person = graph.person('15550001');
    // The bot learns of the message a day late, so its answer is outside the window.
    graph.webhooks.paused = true;
    person.send('late');
    graph.advance(25 * 3_600_000);
    graph.webhooks.paused = false;
    graph.webhooks.flush();
    await until(() => runtime.health().delivery.offline === 1);
    expect(person.received.map((m) => m.template ?? m.text)).toEqual(['neutral:ru']);
    person.send('here');
    await graph.until(() => person.texts.length === 2);
    expect(person.texts).toEqual(['1: late', '2: here']);
    await until(() => channel.figures.sent === 2);
    expect(channel.figures).toMatchObject({ templates: 1 });
    expect(channel.state()).toEqual({ state: 'up' });
  });
});

describe('start and stop', () => {
  test.each<[string, { token?: string; phoneId?: string }]>([
    ['another token', { token: 'EAAother' }],
    ['another number', { phoneId: '999' }],
  ])('%s is refused with a hint, and nothing is received', async (_, part) => {
    const graph = await FakeGraph.start();
    onTestFinished(() => graph.stop());
    const { channel, log } = cloudOn(graph, part);
    await expect(channel.start(new MemoryHost())).rejects.toMatchObject({
      code: 'CHANNEL_REFUSED',
      hint: expect.stringContaining('WHATSAPP_CLOUD_'),
    });
    expect(channel.state()).toMatchObject({ state: 'down' });
    expect(log.lines.join()).not.toContain('EAA');
    const headers = { 'x-hub-signature-256': sign(graph.appSecret, '{}') };
    const asked = new Request('http://x/', { method: 'POST', headers, body: '{}' });
    expect((await channel.webhookHandler(asked)).status).toBe(503);
    await channel.stop();
  });

  test('Meta cannot be reached: connecting, deliveries are taken, and it is up when Meta is back', async () => {
    const before = await FakeGraph.start();
    const { port } = before;
    await before.stop();
    const { channel, log } = cloudOn(before, { clock: systemClock });
    const host = new MemoryHost();
    await channel.start(host);
    expect(channel.state()).toEqual({ state: 'connecting' });
    expect(log.lines.join()).toContain('whatsapp-econnrefused');
    const graph = await FakeGraph.start({ port });
    onTestFinished(async () => {
      await channel.stop();
      await graph.stop();
    });
    await graph.until(() => channel.state().state === 'up');
    expect(graph.sends).toEqual([]);
    expect(graph.calls.every((c) => c.method === 'GET' && c.authorization === `Bearer ${graph.token}`)).toBe(
      true,
    );
  });

  test('a stop ends the asking', async () => {
    const graph = await FakeGraph.start();
    const { channel } = cloudOn(graph);
    await channel.start(new MemoryHost());
    await channel.stop();
    await channel.start(new MemoryHost());
    expect(channel.state()).toEqual({ state: 'up' });
    await channel.stop();
    await graph.stop();
    expect(graph.calls).toHaveLength(2);
  });
});

test('everybody who writes can be reached again, under each of their addresses', async () => {
  const { graph, channel } = await cloud();
  const host = new MemoryHost();
  await channel.start(host);
  const person = graph.person('15550001');
  person.send('hi');
  await graph.until(() => host.reached.length > 0);
  expect(host.reached).toEqual(['15550001|KZ.1555000177', '15550001|', '|KZ.1555000177']);
  person.echo('from the phone');
  await graph.until(() => host.accepted.length === 2);
  await graph.until(() => graph.webhooks.deliveries.length === 2);
  expect(host.reached).toHaveLength(3);
});
