import { createServer } from 'node:net';
import { beforeEach, describe, expect, test } from 'vitest';
import type { SendError } from '../../src/channels/channel.ts';
import { META_PACE, type WhatsAppCloudChannel } from '../../src/channels/whatsapp-cloud.ts';
import type { OutboundMessage } from '../../src/message.ts';
import type { FakeGraph, GraphFault } from '../fake/graph.ts';
import type { FakeWriter } from '../fake/graph-person.ts';
import { type MemoryHost, type MemoryLog, message } from './fixtures/host.ts';
import {
  ADDRESS,
  choices,
  cloud,
  cloudOn,
  failureOf,
  newRow,
  place,
  written,
} from './fixtures/whatsapp-cloud.ts';

/** The real channel over real sockets against a stand-in that refuses whatever Meta refuses. */
let graph: FakeGraph;
let channel: WhatsAppCloudChannel;
let log: MemoryLog;
let person: FakeWriter;
let host: MemoryHost;
beforeEach(async () => {
  ({ graph, channel, log, host, person } = await written());
});

function send(part: Partial<OutboundMessage> = {}, id = newRow()): Promise<string[]> {
  return channel.send(ADDRESS, message(part), id);
}
function failure(part: Partial<OutboundMessage> = {}, id?: string): Promise<SendError> {
  return failureOf(send(part, id));
}

describe('what a failure means', () => {
  test.each<[number, SendError['kind'], string, number?]>([
    [0, 'retry', 'whatsapp-token', 60_000],
    [10, 'retry', 'whatsapp-token', 60_000],
    [190, 'retry', 'whatsapp-token', 60_000],
    [200, 'retry', 'whatsapp-token', 60_000],
    [368, 'retry', 'whatsapp-account', 300_000],
    [131031, 'retry', 'whatsapp-account', 300_000],
    [131042, 'retry', 'whatsapp-account', 300_000],
    [133010, 'retry', 'whatsapp-account', 300_000],
    [4, 'retry', 'whatsapp-rate', 60_000],
    [80007, 'retry', 'whatsapp-rate', 60_000],
    [130429, 'retry', 'whatsapp-rate', 5000],
    [131048, 'retry', 'whatsapp-spam-rate', 900_000],
    [2, 'retry', 'whatsapp-service', 10_000],
    [131016, 'retry', 'whatsapp-service', 10_000],
    [131057, 'retry', 'whatsapp-maintenance', 60_000],
    [1, 'ambiguous', 'whatsapp-unknown'],
    [131000, 'ambiguous', 'whatsapp-unknown'],
    [131050, 'stopped', 'whatsapp-stopped'],
    [131026, 'permanent', 'whatsapp-undeliverable'],
    [131049, 'permanent', 'whatsapp-not-chosen'],
    [131051, 'permanent', 'whatsapp-type'],
    [100, 'permanent', 'whatsapp-invalid'],
    [131009, 'permanent', 'whatsapp-invalid'],
    [132001, 'permanent', 'whatsapp-template'],
    [132015, 'permanent', 'whatsapp-template'],
    [131047, 'offline', 'whatsapp-window'],
    [139999, 'permanent', 'whatsapp-139-999'],
  ])('%i: %s', async (code, kind, reason, retryAfterMs) => {
    graph.fault({ code });
    const error = await failure();
    expect(error).toMatchObject({ kind, reason });
    expect(error.retryAfterMs).toBe(retryAfterMs);
    expect(person.received).toEqual([]);
    // The log masks words with six digits in a row.
    expect(error.reason).not.toMatch(/\d{6}/);
  });

  test.each<[string, GraphFault, SendError['kind'], string]>([
    ['a page with 502', { body: '<html>', status: 502 }, 'ambiguous', 'whatsapp-http-502'],
    ['a page with 429', { body: 'slow', status: 429 }, 'retry', 'whatsapp-http-429'],
    ['a page with 401', { body: 'no', status: 401 }, 'retry', 'whatsapp-token'],
    ['a page with 200', { body: '<html>', status: 200 }, 'ambiguous', 'whatsapp-bad-answer'],
    ['JSON with 200 and no id', { body: '{"messages":[]}', status: 200 }, 'ambiguous', 'whatsapp-bad-answer'],
    ['broken before', { drop: 'before' }, 'ambiguous', 'whatsapp-und-err-socket'],
    ['broken after', { drop: 'after' }, 'ambiguous', 'whatsapp-und-err-socket'],
  ])('%s', async (_, fault, kind, reason) => {
    graph.fault(fault);
    expect(await failure()).toMatchObject({ kind, reason });
  });

  test('a redirect is not followed: the token stays here', async () => {
    const seen: string[] = [];
    const other = createServer((socket) => socket.on('data', (d) => seen.push(String(d)))).listen(
      0,
      '127.0.0.1',
    );
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    for (const status of [301, 302, 307, 308]) {
      graph.fault({ body: '', status, headers: { location: `http://127.0.0.1:${port}/` } });
      expect(await failure()).toMatchObject({ kind: 'retry', reason: `whatsapp-http-${status}` });
    }
    expect(seen).toEqual([]);
    other.close();
  });

  test('no answer in time may have been sent; no connection was certainly not', async () => {
    ({ channel } = cloudOn(graph, { timings: { callMs: 100 } }));
    graph.fault({ hang: true });
    expect(await failure()).toMatchObject({ kind: 'ambiguous', reason: 'whatsapp-timeout' });
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    ({ channel } = cloudOn(graph, { apiRoot: `http://127.0.0.1:${port}/v26.0` }));
    expect(await failure()).toMatchObject({ kind: 'retry', reason: 'whatsapp-econnrefused' });
    ({ channel } = cloudOn(graph, { apiRoot: 'http://nowhere.invalid/v26.0' }));
    expect(await failure()).toMatchObject({ kind: 'retry' });
  });

  test('a revoked token brings the channel down until it works again; a restricted account until a message goes', async () => {
    graph.fault({ code: 190 });
    await failure();
    expect(channel.state()).toMatchObject({
      state: 'down',
      hint: expect.stringContaining('WHATSAPP_CLOUD_TOKEN'),
    });
    await graph.until(() => channel.state().state === 'up');
    graph.fault({ code: 368 });
    await failure();
    expect(channel.state()).toMatchObject({
      state: 'down',
      hint: expect.stringContaining('WhatsApp Manager'),
    });
    await send();
    expect(channel.state()).toEqual({ state: 'up' });
    expect(log.lines.filter((l) => l.includes('CHANNEL_REFUSED'))).toHaveLength(2);
  });

  test('nothing of the message, the person or the token is in an error or in the log', async () => {
    const faults: GraphFault[] = [
      ...[190, 368, 100, 131026, 131047, 131000].map((code) => ({ code })),
      { later: 131026 },
      { drop: 'after' },
      { body: 'Bearer', status: 500 },
    ];
    for (const fault of faults) {
      graph.fault(fault);
      const error = await send({ text: 'my secret words' }).catch((e: unknown) => e);
      if (!(error instanceof Error)) continue;
      const seen = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)} ${Object.values(error).join()}`;
      for (const secret of ['secret words', '15550001', graph.token, 'KZ.'])
        expect(seen).not.toContain(secret);
      expect(error.cause).toBeUndefined();
    }
    await graph.until(() => log.lines.join().includes('was not delivered'));
    // A token with a line break in it: `fetch` says so, and quotes it.
    const broken = cloudOn(graph, { token: `${graph.token}\nx` });
    const error = await broken.channel.send(ADDRESS, message(), 'x').catch((e: unknown) => e);
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(graph.token);
    await broken.channel.start(host);
    await broken.channel.stop();
    expect(broken.log.lines.length).toBeGreaterThan(0);
    const lines = [...log.lines, ...broken.log.lines].join();
    for (const secret of ['secret words', '15550001', graph.token, graph.appSecret, 'KZ.', 'Name of'])
      expect(lines).not.toContain(secret);
    // It is in the header of every call, and in the address of none.
    expect(graph.calls.every((c) => c.authorization === `Bearer ${graph.token}`)).toBe(true);
    expect(graph.calls.filter((c) => c.path.includes(graph.token))).toEqual([]);
  });
});

describe('pace', () => {
  test('too many to one person: each refusal waits four times as long, a success begins anew', async () => {
    const waits: (number | undefined)[] = [];
    for (let n = 0; n < 7; n += 1) {
      graph.fault({ code: 131056 });
      const error = await failure();
      expect(error).toMatchObject({ kind: 'retry', reason: 'whatsapp-pair-rate' });
      waits.push(error.retryAfterMs);
    }
    expect(waits).toEqual([1, 4, 16, 64, 256, 1024, 1024].map((s) => s * 1000));
    await send();
    graph.fault({ code: 131056 });
    expect((await failure()).retryAfterMs).toBe(1000);
  });

  test("Meta's own limits are kept: after 45 the outbox waits, and nothing is refused", async () => {
    let now = graph.now();
    ({ channel } = cloudOn(graph, {
      clock: { now: () => now },
      pace: META_PACE,
      timings: { wordMs: 1 },
    }));
    graph.throughput = 1000;
    for (let n = 0; n < 45; n += 1) {
      await send({ text: `${n}` });
      now += 13;
    }
    expect(await failure()).toMatchObject({
      kind: 'retry',
      reason: 'pace',
      retryAfterMs: expect.any(Number),
    });
    expect(graph.sends.filter((c) => c.status !== 200)).toEqual([]);
    // Somebody else is not held up.
    graph.person('15550002').send('hi');
    await channel.send('15550002|', message(), 'other');
    expect(graph.person('15550002').received).toHaveLength(1);
  });

  test('the stand-in itself keeps the limits', async () => {
    graph.freeze();
    for (let n = 0; n < 45; n += 1) await send();
    expect(await failure()).toMatchObject({ reason: 'whatsapp-pair-rate' });
    graph.throughput = 1;
    graph.advance(60_000);
    await send();
    expect(await failure()).toMatchObject({ reason: 'whatsapp-rate' });
  });
});

describe('an attempt that is unclear', () => {
  test('is not repeated when a status has proved that it arrived', async () => {
    graph.fault({ drop: 'after' });
    expect(await failure({ text: 'once' }, 'row-x')).toMatchObject({ kind: 'ambiguous' });
    await graph.until(() => channel.figures.read === 1);
    expect(await send({ text: 'once' }, 'row-x')).toEqual([person.received[0]?.wamid]);
    expect(person.texts).toEqual(['once']);
    expect(channel.figures).toMatchObject({ sent: 0, saved: 1 });
  });

  test('is repeated when nothing, or a failure, was heard of it', async () => {
    graph.ladder = [];
    graph.fault({ drop: 'after' });
    await failure({ text: 'twice' }, 'row-y');
    await send({ text: 'twice' }, 'row-y');
    expect(person.texts).toEqual(['twice', 'twice']);
    graph.fault({ drop: 'after', later: 131000 });
    await failure({ text: 'after a failure' }, 'row-f');
    await graph.until(() => channel.figures.failed === 3);
    await send({ text: 'after a failure' }, 'row-f');
    expect(person.texts.at(-1)).toBe('after a failure');
    expect(channel.figures.saved).toBe(0);
  });

  test('a message of several parts goes on where it broke', async () => {
    const sending = failure({ place, choices: choices(2) }, 'row-z');
    await graph.until(() => graph.sends.length === 1);
    graph.fault({ drop: 'before' });
    expect(await sending).toMatchObject({ kind: 'ambiguous' });
    expect(await send({ place, choices: choices(2) }, 'row-z')).toEqual(person.received.map((m) => m.wamid));
    expect(person.received.map((m) => m.type)).toEqual(['location', 'interactive']);
  });
});

describe('the 24-hour window', () => {
  const open = (address = ADDRESS) => channel.send(address, message({ text: 'later' }), newRow());

  test.each(['answer', 'status'] as const)(
    'is told by the %s: offline, and one template a day',
    async (by) => {
      ({ graph, channel } = await cloud({ template: { name: 'neutral', lang: 'ru' } }));
      await channel.start(host);
      graph.templates.add('neutral:ru');
      person = graph.person('15550001');
      graph.windowBy = by;
      for (let n = 0; n < 3; n += 1)
        await expect(open()).rejects.toMatchObject({ kind: 'offline', reason: 'whatsapp-window' });
      expect(person.received.map((m) => m.template)).toEqual(['neutral:ru']);
      expect(channel.figures).toMatchObject({ sent: 0, templates: 1 });
      person.send('again');
      await graph.until(() => host.texts.includes('again'));
      await open();
      expect(person.texts).toEqual(['later']);
      // Without a message from the person nobody knows; a status in time is an answer, too.
      await expect(open('|KZ.1555000177')).resolves.toHaveLength(1);
    },
  );

  test('a template that does not work is told to the administrator, and the message waits all the same', async () => {
    const other = await cloud({ template: { name: 'unknown', lang: 'ru' } });
    await other.channel.start(host);
    other.graph.person('15550001');
    await expect(other.channel.send(ADDRESS, message(), 'x')).rejects.toMatchObject({ kind: 'offline' });
    expect(other.log.lines.join()).toContain('whatsapp-template');
    expect(other.channel.figures).toMatchObject({ templates: 0 });
  });

  test('after a restart a message waits for the first word about it, and no longer than that', async () => {
    ({ channel } = cloudOn(graph, { timings: { wordMs: 30 } }));
    graph.ladder = [];
    await expect(open()).resolves.toHaveLength(1);
    expect(person.texts).toEqual(['later']);
  });
});
