import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { OutboundMessage } from '../../src/message.ts';
import { newTab, type Server, serve } from './bot.ts';

interface Event {
  event: string;
  data: string;
  id?: string;
}

/** A real event stream over HTTP, read one event at a time. */
async function open(url: string, query: string, headers: Record<string, string> = {}) {
  const abort = new AbortController();
  const response = await fetch(`${url}/chat/stream?${query}`, { headers, signal: abort.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  const next = async (): Promise<Event | undefined> => {
    for (;;) {
      const end = rest.indexOf('\n\n');
      if (end >= 0) {
        const lines = rest.slice(0, end).split('\n');
        rest = rest.slice(end + 2);
        const value = (name: string) =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        const id = value('id');
        return { event: value('event') ?? '', data: value('data') ?? '', ...(id ? { id } : {}) };
      }
      const read = await reader?.read();
      if (!read || read.done) return undefined;
      rest += read.value;
    }
  };
  /** The next event that is no sign of life. */
  const nextReal = async () => {
    for (let event = await next(); event; event = await next()) if (event.event !== 'ping') return event;
    return undefined;
  };
  if (response.ok) expect((await next())?.event).toBe('ping');
  return { response, next, nextReal, close: () => abort.abort() };
}

const post = (url: string, path: string, body: unknown) =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const message = (text: string): OutboundMessage => ({ lang: 'en', text, choices: [] });

let server: Server | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

describe('event stream', () => {
  it('carries an answer and counts it as sent when the page confirms', async () => {
    server = await serve();
    const { url, channel, bot } = server;
    const t = newTab();
    const stream = await open(url, `t=${t}`);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.response.headers.get('cache-control')).toBe('no-store');
    expect((await post(url, '/chat/say', { t, id: 'message-1', text: 'hi' })).status).toBe(202);
    const event = await stream.nextReal();
    expect(JSON.parse(event?.data ?? '')).toMatchObject({ id: event?.id, parts: ['echo hi'], lang: 'en' });
    expect(bot.pending(t)).toBe(1);
    // Another tab cannot confirm it.
    await post(url, '/chat/seen', { t: newTab(), ids: [event?.id] });
    expect(bot.pending(t)).toBe(1);
    await post(url, '/chat/seen', { t, ids: [event?.id] });
    await expect.poll(() => bot.pending(t)).toBe(0);
    const sent = channel.send(t, message('line\r\nline'), 'x.0');
    const second = await stream.nextReal();
    expect(JSON.parse(second?.data ?? '').parts).toEqual(['line\r\nline']);
    await post(url, '/chat/seen', { t, ids: [second?.id] });
    expect(await sent).toEqual([second?.id]);
  });

  it('without a page: offline; when the page comes, what waited is sent', async () => {
    server = await serve();
    const { url, channel, bot } = server;
    const t = newTab();
    await expect(channel.send(t, message('a'), 'x.0')).rejects.toMatchObject({ kind: 'offline' });
    await post(url, '/chat/say', { t, id: 'message-1', text: 'early' });
    await expect.poll(() => bot.refusals).toEqual(['offline: web-no-viewer']);
    const stream = await open(url, `t=${t}`);
    expect((await stream.nextReal())?.data).toContain('echo early');
  });

  it('not confirmed: ambiguous, the stream is ended, the next attempt has the same id', async () => {
    server = await serve({ channelOptions: { ackMs: 30 } });
    const { url, channel } = server;
    const t = newTab();
    const first = await open(url, `t=${t}`);
    await expect(channel.send(t, message('a'), 'x.0')).rejects.toMatchObject({
      kind: 'ambiguous',
      reason: 'web-not-confirmed',
    });
    const id = (await first.nextReal())?.id;
    expect(await first.next()).toBeUndefined();
    const second = await open(url, `t=${t}`);
    const again = channel.send(t, message('a'), 'x.0');
    const event = await second.nextReal();
    expect(event?.id).toBe(id);
    await post(url, '/chat/seen', { t, ids: [id] });
    expect(await again).toEqual([id]);
    // The same words said a second time are a new message.
    const repeated = channel.send(t, message('a'), 'x.0').catch(() => []);
    expect((await second.nextReal())?.id).not.toBe(id);
    await repeated;
  });

  it.each(['header', 'query'])('a page that says what it has (%s) does not get it twice', async (how) => {
    server = await serve({ channelOptions: { ackMs: 30 } });
    const { url, channel } = server;
    const t = newTab();
    const first = await open(url, `t=${t}`);
    await expect(channel.send(t, message('a'), 'x.0')).rejects.toMatchObject({ kind: 'ambiguous' });
    const id = (await first.nextReal())?.id ?? '';
    const second =
      how === 'header'
        ? await open(url, `t=${t}`, { 'last-event-id': id })
        : await open(url, `t=${t}&last=${id}`);
    expect(await channel.send(t, message('a'), 'x.0')).toEqual([id]);
    const other = channel.send(t, message('b'), 'x.0').catch(() => []);
    expect((await second.nextReal())?.data).toContain('"b"');
    await other;
  });

  it('broken: ambiguous at once', async () => {
    server = await serve();
    const { url, channel } = server;
    const t = newTab();
    const stream = await open(url, `t=${t}`);
    const sending = channel.send(t, message('a'), 'x.0');
    const refused = expect(sending).rejects.toMatchObject({ kind: 'ambiguous', reason: 'web-stream-broke' });
    await stream.nextReal();
    stream.close();
    await refused;
  });

  it('a page that comes back while a message is under way gets it on the new connection', async () => {
    server = await serve();
    const { url, channel } = server;
    const t = newTab();
    const dead = await open(url, `t=${t}`);
    const sending = channel.send(t, message('a'), 'x.0');
    const id = (await dead.nextReal())?.id;
    const alive = await open(url, `t=${t}`);
    expect((await alive.nextReal())?.id).toBe(id);
    await post(url, '/chat/seen', { t, ids: [id] });
    expect(await sending).toEqual([id]);
  });

  it('"hide" clears the page and the chat goes on', async () => {
    server = await serve();
    const { url } = server;
    const t = newTab();
    const stream = await open(url, `t=${t}`);
    await post(url, '/chat/say', { t, id: 'message-1', text: '/hide' });
    expect(await stream.nextReal()).toMatchObject({ event: 'clear', data: 'hidden' });
    expect((await stream.nextReal())?.data).toContain('Hello. Write to me any time.');
  });

  it('"clear" deletes, clears every copy of the tab, and nothing reaches the tab again', async () => {
    server = await serve();
    const { url, channel, bot } = server;
    const t = newTab();
    const copy = await open(url, `t=${t}`);
    await post(url, '/chat/clear', { t });
    await post(url, '/chat/clear', { t });
    expect(await copy.nextReal()).toMatchObject({ event: 'clear', data: 'forgotten' });
    expect(await copy.next()).toBeUndefined();
    expect(bot.accepted.map(({ input }) => input)).toEqual([{ kind: 'text', text: '/forget' }]);
    await expect(channel.send(t, message('a'), 'x.0')).rejects.toMatchObject({ kind: 'stopped' });
    const late = await open(url, `t=${t}`, {}).catch(() => undefined);
    expect(late?.response.status ?? 200).toBe(200);
  });

  it('four per tab, the oldest makes room; a ceiling for all together', async () => {
    server = await serve({ channelOptions: { maxViewers: 5 } });
    const { url } = server;
    const t = newTab();
    const streams = [];
    for (let i = 0; i < 5; i += 1) streams.push(await open(url, `t=${t}`));
    expect(await streams[0]?.next()).toBeUndefined();
    expect((await open(url, `t=${newTab()}`)).response.status).toBe(200);
    const refused = await open(url, `t=${newTab()}`);
    expect([refused.response.status, refused.response.headers.get('retry-after')]).toEqual([503, '5']);
    streams[1]?.close();
    await expect.poll(async () => (await open(url, `t=${newTab()}`)).response.status).toBe(200);
  });

  it('gives a sign of life', async () => {
    server = await serve({ times: { heartbeatMs: 10 } });
    const stream = await open(server.url, `t=${newTab()}`);
    expect([await stream.next(), await stream.next()]).toMatchObject([{ event: 'ping' }, { event: 'ping' }]);
  });

  it('opening it over and over is slowed down', async () => {
    server = await serve({ clock: { now: () => 1 } });
    const t = newTab();
    const statuses = [];
    for (let i = 0; i < 21; i += 1) {
      const stream = await open(server.url, `t=${t}`);
      statuses.push(stream.response.status);
      stream.close();
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('listening', () => {
  it('a taken port is an error that says what to do', async () => {
    server = await serve();
    const port = Number(new URL(server.url).port);
    await expect(serve({ port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      hint: expect.stringContaining('PORT='),
    });
  });

  it('close frees the port while pages are open', async () => {
    const first = await serve();
    const port = Number(new URL(first.url).port);
    const stream = await open(first.url, `t=${newTab()}`);
    await first.stop();
    expect(await stream.next()).toBeUndefined();
    server = await serve({ port });
    // The client's own pool may still hold a connection of the first server.
    await expect.poll(() => fetch(`http://127.0.0.1:${port}/livez`).then((r) => r.status)).toBe(200);
  });

  it('a name that only points here is refused on the wire, too', async () => {
    server = await serve();
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(server?.url ?? '').port), '127.0.0.1', () =>
        socket.write('GET / HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n'),
      );
      let text = '';
      socket.on('data', (data) => {
        text += data;
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 421 /);
    expect(answer).not.toContain('Hamroh');
  });
});
