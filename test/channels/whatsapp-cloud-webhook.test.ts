import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { WhatsAppCloudChannel } from '../../src/channels/whatsapp-cloud.ts';
import type { FakeGraph } from '../fake/graph.ts';
import { sign } from '../fake/graph-webhooks.ts';
import { run } from '../runtime/support.ts';
import { MemoryHost, type MemoryLog } from './fixtures/host.ts';
import { cloud, cloudOn, VERIFY_TOKEN } from './fixtures/whatsapp-cloud.ts';

/** Requests from strangers, and from Meta, over real HTTP. */
let graph: FakeGraph;
let channel: WhatsAppCloudChannel;
let log: MemoryLog;
let url: string;
let host: MemoryHost;
beforeEach(async () => {
  ({ graph, channel, log, url } = await cloud());
  host = new MemoryHost();
  await channel.start(host);
});

function delivery(text = 'hi', id = 'wamid.1'): string {
  const item = { from: '15550001', id, timestamp: '1764000000', type: 'text', text: { body: text } };
  return graph.webhooks.bodyOf([{ kind: 'messages', item, contact: { wa_id: '15550001', user_id: 'KZ.1' } }]);
}
async function post(body: string | Buffer, signature?: string, of = url): Promise<number> {
  const headers: Record<string, string> = signature === undefined ? {} : { 'x-hub-signature-256': signature };
  const response = await fetch(of, { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) });
  expect(await response.text()).toBe('');
  return response.status;
}
const signed = (body: string | Buffer): Promise<number> => post(body, sign(graph.appSecret, body));

describe('the handshake', () => {
  const ask = async (query: Record<string, string>): Promise<[number, string, string | null]> => {
    const response = await fetch(`${url}?${new URLSearchParams(query)}`);
    return [response.status, await response.text(), response.headers.get('content-type')];
  };
  const good = { 'hub.mode': 'subscribe', 'hub.verify_token': VERIFY_TOKEN, 'hub.challenge': '1158201444' };

  test('with our word: the challenge, as plain text; also before the channel is started', async () => {
    expect(await ask(good)).toEqual([200, '1158201444', 'text/plain; charset=utf-8']);
    await channel.stop();
    expect((await ask(good))[0]).toBe(200);
  });

  test.each<[string, Record<string, string>]>([
    ['another word', { ...good, 'hub.verify_token': `${VERIFY_TOKEN}x` }],
    ['no word', { 'hub.mode': 'subscribe', 'hub.challenge': '1' }],
    ['another mode', { ...good, 'hub.mode': 'unsubscribe' }],
    ['no challenge', { 'hub.mode': 'subscribe', 'hub.verify_token': VERIFY_TOKEN }],
    ['a page as the challenge', { ...good, 'hub.challenge': '<script>' }],
    ['a long challenge', { ...good, 'hub.challenge': '1'.repeat(129) }],
    ['nothing', {}],
  ])('%s: 403 and no echo', async (_, query) => {
    expect((await ask(query)).slice(0, 2)).toEqual([403, '']);
  });

  test('other methods: 405', async () => {
    for (const method of ['PUT', 'DELETE']) expect((await fetch(url, { method })).status).toBe(405);
  });

  test('without secrets there is no channel: an empty key signs anything', () => {
    for (const part of [{ appSecret: '' }, { verifyToken: '' }])
      expect(() => cloudOn(graph, part)).toThrow('must not be empty');
  });
});

describe('the signature', () => {
  test('whatever is not signed with the app secret is refused, counted, and not stored', async () => {
    // The whole way: real store, real runtime.
    const { runtime, store } = run({ channels: new Map([[channel.id, channel]]) });
    await channel.stop();
    await channel.start(runtime.host);
    const body = delivery('забыто');
    const right = sign(graph.appSecret, body);
    const forged: [string, string | undefined][] = [
      [body, undefined],
      [body, ''],
      [body, 'sha256='],
      [body, right.slice(0, -1)],
      [body, `${right}0`],
      [body, `${right.slice(0, -1)}${right.endsWith('0') ? '1' : '0'}`],
      [body, right.toUpperCase()],
      [body, right.slice('sha256='.length)],
      [body, `sha1=${right.slice('sha256='.length)}`],
      [body, sign('another secret', body)],
      [body, sign('', body)],
      [body, `sha256=${'0'.repeat(64)}`],
      [body, `sha256=${'g'.repeat(64)}`],
      [body.slice(0, -1), right],
      [`${body} `, right],
      [body.replace('забыто', 'забыта'), right],
    ];
    for (const [text, signature] of forged)
      expect([signature, await post(text, signature)]).toEqual([signature, 401]);
    expect(channel.figures).toMatchObject({ refused: forged.length, received: 0 });
    expect(store.backlog(Date.now())).toEqual({ faults: 0 });
    expect(store.nextDueAt()).toBeUndefined();
    // Logged at the 1st, the 10th …: nobody fills the disk with it.
    expect(log.lines.filter((l) => l.includes('did not sign'))).toHaveLength(2);
    // The same bytes with the right signature are taken: the refusals had one reason only.
    expect(await post(body, right)).toBe(200);
    await graph.until(() => graph.sends.length === 1);
  });

  test('is over the bytes, not over what they mean', async () => {
    const body = JSON.stringify(JSON.parse(delivery('ж😀')), null, 3).replace('ж', '\\u0436');
    expect(await signed(body)).toBe(200);
    expect(host.texts).toEqual(['ж😀']);
    const latin = Buffer.from(delivery('\u00ff', 'wamid.2'), 'latin1');
    expect(await signed(latin)).toBe(200);
    expect(host.texts).toEqual(['ж😀', '\ufffd']);
  });

  test('a replay is let in and has no second effect', async () => {
    const { runtime } = run({ channels: new Map([[channel.id, channel]]) });
    await channel.stop();
    await channel.start(runtime.host);
    const person = graph.person('15550001');
    person.send('hi');
    await graph.until(() => person.texts.length === 1);
    const first = graph.webhooks.deliveries[0]?.body ?? '';
    for (let n = 0; n < 3; n += 1) expect(await signed(first)).toBe(200);
    person.send('again');
    await graph.until(() => person.texts.length === 2);
    expect(person.texts).toEqual(['1: hi', '2: again']);
  });
});

describe('a body', () => {
  test('256 KiB and no more: 413, with or without a length', async () => {
    const of = (size: number): string => delivery().padEnd(size, ' ');
    expect(await signed(of(256 * 1024))).toBe(200);
    expect(await signed(of(256 * 1024 + 1))).toBe(413);
    const chunk = new TextEncoder().encode(' '.repeat(64 * 1024));
    let sent = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 1;
        if (sent > 8) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const headers = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` };
    const response = await fetch(url, { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
    expect(response.status).toBe(413);
    expect(host.delivered).toHaveLength(1);
  });

  test('signed but unreadable: 200, counted, so that it does not come again', async () => {
    const bodies = ['', '{', 'null', '7', '[]', '{"entry":7}', '['.repeat(50_000) + ']'.repeat(50_000)];
    for (const body of bodies) expect(await signed(body)).toBe(200);
    // A good message in it does not help: the depth alone decides.
    const deep = (depth: number): string =>
      delivery('deep', `wamid.${depth}`).replace('{', `{"x":${'['.repeat(depth)}${']'.repeat(depth)},`);
    expect(await signed(deep(32))).toBe(200);
    expect(host.delivered).toEqual([]);
    expect(await signed(deep(31))).toBe(200);
    expect(host.texts).toEqual(['deep']);
    expect(channel.figures.malformed).toBe(bodies.length + 1);
  });

  test('fields nobody has heard of are no reason to drop a message', async () => {
    const body = JSON.parse(delivery('new'), (key, value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? { ...value, [`x_${key}`]: {} }
        : value,
    );
    expect(await signed(JSON.stringify(body))).toBe(200);
    expect(host.texts).toEqual(['new']);
  });

  test('1,000 mutated bodies: no crash, and nothing unsigned is stored', async () => {
    const base = Buffer.from(delivery('base'));
    const mutation = fc.record({
      at: fc.nat(base.length - 1),
      cut: fc.nat(4),
      put: fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('null', '{}', '[]', '"', '-1', '\u0000')),
      signed: fc.boolean(),
    });
    let unsigned = 0;
    await fc.assert(
      fc.asyncProperty(mutation, async ({ at, cut, put, signed: honest }) => {
        const body = Buffer.concat([base.subarray(0, at), Buffer.from(put), base.subarray(at + cut)]);
        const same = body.equals(base);
        const before = host.delivered.length;
        const signature = sign(honest ? graph.appSecret : 'another', body);
        const request = new Request(url, {
          method: 'POST',
          headers: { 'x-hub-signature-256': honest || same ? signature : sign(graph.appSecret, base) },
          body: new Uint8Array(body),
        });
        const { status } = await channel.webhookHandler(request);
        if (!honest) unsigned += 1;
        expect(status).toBe(honest ? 200 : 401);
        if (!honest) expect(host.delivered.length).toBe(before);
      }),
      { numRuns: 1000 },
    );
    expect(channel.figures.refused).toBe(unsigned);
    expect(unsigned).toBeGreaterThan(100);
    expect(channel.figures.received).toBeGreaterThan(10);
  });
});

describe('200', () => {
  test('comes only after the store has committed; a store that fails is 503 and asked again', async () => {
    let commit: (() => void) | undefined;
    host.before = () => new Promise((resolve) => (commit = resolve));
    let answered = false;
    const answer = signed(delivery()).then((status) => {
      answered = true;
      return status;
    });
    await graph.until(() => commit !== undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    commit?.();
    expect(await answer).toBe(200);
    host.before = async () => {
      throw new Error('disk full of secrets');
    };
    expect(await signed(delivery('b', 'wamid.2'))).toBe(503);
    expect(log.lines.join()).toContain('could not be stored');
    expect(log.lines.join()).not.toContain('secrets');
  });

  test('a stop waits for the delivery in hand and refuses the next', async () => {
    let commit: (() => void) | undefined;
    host.before = () => new Promise((resolve) => (commit = resolve));
    const answer = signed(delivery());
    await graph.until(() => commit !== undefined);
    let stopped = false;
    const stopping = channel.stop().then(() => {
      stopped = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).toBe(false);
    commit?.();
    await stopping;
    expect(await answer).toBe(200);
    expect(await signed(delivery('b', 'wamid.2'))).toBe(503);
    expect(host.texts).toEqual(['hi']);
  });
});
