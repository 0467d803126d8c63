import { describe, expect, it } from 'vitest';
import { isLoopback } from '../../src/config.ts';
import { build, newTab, words } from './bot.ts';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const json = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const form = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body: new URLSearchParams(fields).toString(),
});

describe('headers', () => {
  it('are the same on every route, on 404, 421 and 500 too', async () => {
    const { web } = await build({
      health: () => {
        throw new Error('secret words of a person');
      },
      webhooks: [{ path: '/telegram', methods: ['POST'], handle: async () => new Response('ok') }],
    });
    const requests: [string, (RequestInit | undefined)?, string?][] = [
      ['/'],
      ['/chat'],
      ['/chat.js'],
      ['/chat.css'],
      ['/icon.svg'],
      ['/livez'],
      ['/readyz'],
      ['/chat/words/ru'],
      ['/nothing'],
      ['/chat/stream?t=bad'],
      [`/chat/stream?t=${newTab()}`],
      ['/chat/say', json({})],
      ['/chat/seen', json({ t: newTab(), ids: [] })],
      ['/chat/clear', json({ t: newTab() })],
      ['/chat', form({})],
      ['/telegram', json({})],
      ['/', undefined, 'http://evil.example/'],
    ];
    const seen = new Set<number>();
    for (const [path, init, base] of requests) {
      const response = await web.app.request(new URL(path, base ?? 'http://127.0.0.1/').href, init);
      seen.add(response.status);
      const get = (name: string) => response.headers.get(name);
      expect([path, get('content-security-policy')]).toEqual([path, CSP]);
      expect(get('x-content-type-options')).toBe('nosniff');
      expect(get('referrer-policy')).toBe('no-referrer');
      expect(get('x-frame-options')).toBe('DENY');
      expect(get('permissions-policy')).toContain('geolocation=(self)');
      expect(get('cache-control'), path).toBe('no-store');
      expect(get('set-cookie')).toBeNull();
      expect(get('strict-transport-security')).toBeNull();
      if (get('content-type') !== 'text/event-stream')
        expect(await response.text()).not.toContain('secret words');
      else await response.body?.cancel();
    }
    expect([...seen].sort()).toEqual([200, 204, 303, 400, 404, 421, 500]);
  });

  it('a fault is reported, not shown', async () => {
    const reported: unknown[] = [];
    const { web } = await build({
      report: (error) => reported.push(error),
      health: () => {
        throw new Error('boom');
      },
    });
    const response = await web.app.request('/readyz');
    expect(response.status).toBe(500);
    expect(await response.text()).toContain(words.broken);
    expect(reported).toHaveLength(1);
  });
});

describe('host', () => {
  it.each([
    ['127.0.0.1', 'localhost', 200],
    ['127.0.0.1', '127.0.0.1:3000', 200],
    ['127.0.0.1', '[::1]:3000', 200],
    ['localhost', 'evil.example', 421],
    ['127.0.0.1', '127.0.0.1.evil.example', 421],
    ['::1', 'localhost.evil.example', 421],
    ['0.0.0.0', 'any.example', 200],
  ])('bound to %s, asked as %s: %i', async (host, name, status) => {
    const { web } = await build({ host });
    expect((await web.app.request(`http://${name}/livez`)).status).toBe(status);
  });

  it('an allow-list holds on every address', async () => {
    const { web } = await build({ host: '0.0.0.0', allowedHosts: ['chat.example.org'] });
    expect((await web.app.request('http://chat.example.org/')).status).toBe(200);
    expect((await web.app.request('http://localhost/')).status).toBe(200);
    expect((await web.app.request('http://other.example.org/')).status).toBe(421);
    const local = await build({ allowedHosts: ['chat.example.org'] });
    expect((await local.web.app.request('http://chat.example.org/')).status).toBe(200);
  });

  it('webhooks answer under any name, each on its path with its methods, and 256 KiB at most', async () => {
    const { web } = await build({
      webhooks: [
        { path: '/one', methods: ['POST'], handle: async () => new Response('one took it') },
        { path: '/two', methods: ['GET', 'POST'], handle: async (r) => new Response(`two took ${r.method}`) },
      ],
    });
    const ask = async (path: string, init?: RequestInit) => {
      const response = await web.app.request(`http://public.example${path}`, init);
      return [response.status, response.status === 200 ? await response.text() : ''];
    };
    expect(await ask('/one', json({}))).toEqual([200, 'one took it']);
    expect(await ask('/two', json({}))).toEqual([200, 'two took POST']);
    expect(await ask('/two?hub.challenge=1')).toEqual([200, 'two took GET']);
    // Not its method: like any path that is not there, so the foreign name is refused.
    expect(await ask('/one')).toEqual([421, '']);
    expect(await ask('/two', { method: 'PUT' })).toEqual([421, '']);
    for (const path of ['/one', '/two'])
      expect(await ask(path, json('x'.repeat(256 * 1024 + 1)))).toEqual([413, '']);
  });

  it('knows loopback names', () => {
    expect(['localhost', 'LOCALHOST', '127.0.0.1', '127.9.9.9', '::1', '[::1]'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '10.0.0.1', '128.0.0.1', 'localhost.org', ''].some(isLoopback)).toBe(false);
  });
});

describe('health', () => {
  it('says ready with 200 and not ready with 503', async () => {
    const { web } = await build({
      health: () => ({
        ready: false,
        checks: { store: { ok: false, reason: 'full', hint: 'Free some space.' } },
      }),
    });
    const response = await web.app.request('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      ready: false,
      checks: { store: { ok: false, reason: 'full', hint: 'Free some space.' } },
    });
    expect((await web.app.request('/livez')).status).toBe(200);
    const good = await build();
    expect((await good.web.app.request('/readyz')).status).toBe(200);
  });
});

describe('POST /chat/say', () => {
  const t = newTab();
  const id = 'message-1';
  it.each([
    ['no JSON', '{', 400, 'not_json'],
    ['empty body', '', 400, 'not_json'],
    ['not an object', '[]', 400, 'bad_shape'],
    ['null', 'null', 400, 'bad_shape'],
    ['no tab', { id, text: 'a' }, 400, 'bad_shape'],
    ['short tab', { t: 'abc', id, text: 'a' }, 400, 'bad_shape'],
    ['129-bit tab', { t: `${t.slice(0, 21)}B`, id, text: 'a' }, 400, 'bad_shape'],
    ['tab with a slash', { t: `/${t.slice(1)}`, id, text: 'a' }, 400, 'bad_shape'],
    ['no id', { t, text: 'a' }, 400, 'bad_shape'],
    ['short id', { t, id: 'a', text: 'a' }, 400, 'bad_shape'],
    ['id with colon', { t, id: 'aaaa:aaaa', text: 'a' }, 400, 'bad_shape'],
    ['nothing said', { t, id }, 400, 'bad_shape'],
    ['two things said', { t, id, text: 'a', data: 'b' }, 400, 'bad_shape'],
    ['unknown key', { t, id, text: 'a', name: 'b' }, 400, 'bad_shape'],
    ['text is a number', { t, id, text: 1 }, 400, 'bad_shape'],
    ['empty text', { t, id, text: '' }, 400, 'empty'],
    ['only control characters', { t, id, text: '\u0000\u202e \u0007' }, 400, 'empty'],
    ['65 bytes of data', { t, id, data: 'x'.repeat(65) }, 400, 'bad_shape'],
    ['data with a newline', { t, id, data: 'a\nb' }, 400, 'bad_shape'],
    ['latitude 91', { t, id, lat: 91, lon: 0 }, 400, 'bad_shape'],
    ['longitude as text', { t, id, lat: 9, lon: '0' }, 400, 'bad_shape'],
    ['start: false', { t, id, start: false }, 400, 'bad_shape'],
    ['33 KiB', { t, id, text: 'x'.repeat(33 * 1024) }, 413, 'too_large'],
  ])('%s', async (_name, body, status, error) => {
    const { web, bot } = await build();
    const response = await web.app.request('/chat/say', json(body));
    expect([response.status, await response.json()]).toEqual([status, { error }]);
    expect(bot.accepted).toEqual([]);
  });

  it('takes each kind of input, cleaned, with the language of the browser', async () => {
    const { web, bot } = await build();
    const bodies = [
      { text: ' a\u0000b ' },
      { data: 'en:menu:top:test' },
      { lat: 0, lon: -180 },
      { start: true },
    ];
    for (const [index, body] of bodies.entries()) {
      const request = json(
        { t, id: `message-${index}`, ...body },
        { 'accept-language': 'fr, uz-Cyrl-UZ;q=0.9, en;q=0.1' },
      );
      expect((await web.app.request('/chat/say', request)).status).toBe(202);
    }
    expect(bot.accepted.map(({ input }) => input)).toEqual([
      { kind: 'text', text: 'ab' },
      { kind: 'tap', data: 'en:menu:top:test' },
      { kind: 'place', lat: 0, lon: -180 },
      { kind: 'start' },
    ]);
    expect(bot.accepted[0]).toMatchObject({
      channel: 'web',
      account: 'web',
      user: t,
      address: t,
      id: `${t}:message-0`,
      langHint: 'uz-Cyrl',
    });
  });

  it('says that a long text was cut', async () => {
    const { web, bot } = await build();
    const response = await web.app.request('/chat/say', json({ t, id, text: 'я'.repeat(5000) }));
    expect(await response.json()).toEqual({ cut: true });
    expect(bot.accepted[0]?.input).toEqual({ kind: 'text', text: 'я'.repeat(4096) });
  });

  it('the same id from two tabs is two messages, from one tab one', async () => {
    const { web, bot } = await build();
    const other = newTab();
    for (const tab of [t, t, other]) await web.app.request('/chat/say', json({ t: tab, id, text: 'a' }));
    expect(bot.accepted.map(({ user }) => user)).toEqual([t, other]);
  });

  it('answers 503 while the store refuses, and takes the same message later', async () => {
    const { web, bot } = await build();
    bot.broken = true;
    const refused = await web.app.request('/chat/say', json({ t, id, text: 'a' }));
    expect([refused.status, await refused.json()]).toEqual([503, { error: 'unavailable' }]);
    bot.broken = false;
    expect((await web.app.request('/chat/say', json({ t, id, text: 'a' }))).status).toBe(202);
    expect(bot.accepted).toHaveLength(1);
  });

  it('answers 503 after the channel was stopped', async () => {
    const { web, channel } = await build();
    await channel.stop();
    expect((await web.app.request('/chat/say', json({ t, id, text: 'a' }))).status).toBe(503);
  });

  it.each(['cross-site', 'same-site'])('refuses a page of another site (%s)', async (site) => {
    const { web, bot } = await build();
    const headers = { 'sec-fetch-site': site };
    expect((await web.app.request('/chat/say', json({ t, id, text: 'a' }, headers))).status).toBe(403);
    expect((await web.app.request('/chat', form({ t, m: id, text: 'a' }, headers))).status).toBe(403);
    expect((await web.app.request('/', { headers })).status).toBe(200);
    expect(bot.accepted).toEqual([]);
  });

  it('wants JSON by name, so that no foreign form can imitate it', async () => {
    const { web } = await build();
    const response = await web.app.request(
      '/chat/say',
      json({ t, id, text: 'a' }, { 'content-type': 'text/plain' }),
    );
    expect(await response.json()).toEqual({ error: 'not_json' });
  });
});

describe('limits', () => {
  it('ten at once, then one per two seconds; hide and delete pass', async () => {
    let now = 1_000_000;
    const { web, bot } = await build({ clock: { now: () => now } });
    const t = newTab();
    let n = 0;
    const send = async (text: string) => {
      n += 1;
      return web.app.request('/chat/say', json({ t, id: `message-${n}`, text }));
    };
    for (let i = 0; i < 10; i += 1) expect((await send('a')).status).toBe(202);
    const refused = await send('a');
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
      429,
      '2',
      { error: 'too_fast' },
    ]);
    expect((await send('/hide')).status).toBe(202);
    expect((await send('/forget')).status).toBe(202);
    now += 2000;
    expect((await send('a')).status).toBe(202);
    expect((await send('a')).status).toBe(429);
    expect(bot.accepted).toHaveLength(13);
  });

  it('so many new tabs a minute, while known ones go on', async () => {
    let now = 1_000_000;
    const { web } = await build({ clock: { now: () => now }, newTabsPerMinute: 3 });
    const tabs = [newTab(), newTab(), newTab(), newTab()];
    const send = async (t = '', id = 'message-1') => web.app.request('/chat/say', json({ t, id, text: 'a' }));
    for (const t of tabs.slice(0, 3)) expect((await send(t)).status).toBe(202);
    const refused = await send(tabs[3]);
    expect([refused.status, await refused.json()]).toEqual([429, { error: 'full' }]);
    expect((await send(tabs[0], 'message-2')).status).toBe(202);
    // Asking for deletion is no way around it.
    expect((await web.app.request('/chat/clear', json({ t: newTab() }))).status).toBe(429);
    now += 20_000;
    expect((await send(tabs[3])).status).toBe(202);
  });
});

describe('the page without script', () => {
  const field = (html: string, name: string) =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

  it('shows the greeting with its choices as buttons of a form', async () => {
    const { web } = await build();
    const html = await (await web.app.request('/')).text();
    expect(html).toContain('value="tg:welcome:lang:tg\tТоҷикӣ"');
    expect(html).toMatch(/<bdi lang="tg">Тоҷикӣ<\/bdi>/);
    expect(field(html, 't')).toMatch(/^[\w-]{21}[AQgw]$/);
    expect(html).not.toMatch(/hiv|вич|спид|aids/i);
  });

  it('answers a press and typed words, each on its own page', async () => {
    const { web, bot } = await build({ times: { quietMs: 20 } });
    const first = await (await web.app.request('/')).text();
    const t = field(first, 't');
    const pressed = await web.app.request(
      '/chat',
      form({ t, m: field(first, 'm'), data: 'en:welcome:lang:en\tEnglish' }),
    );
    const second = await pressed.text();
    expect(second).toContain('English');
    expect(second).toContain('Where to get tested');
    expect(field(second, 't')).toBe(t);
    expect(field(second, 'm')).not.toBe(field(first, 'm'));
    const typed = await web.app.request('/chat', form({ t, m: field(second, 'm'), text: '<b>you</b>' }));
    const third = await typed.text();
    expect(third).toContain('echo &lt;b&gt;you&lt;/b&gt;');
    expect(third).not.toContain('<b>you');
    expect(bot.accepted).toHaveLength(2);
  });

  it('shows the answer again on reload, and says it once', async () => {
    const { web, bot } = await build({ times: { quietMs: 20 } });
    const post = () => web.app.request('/chat', form({ t, m: 'message-1', text: 'hello' }));
    const t = newTab();
    await post();
    expect(await (await post()).text()).toContain('echo hello');
    expect(bot.accepted).toHaveLength(1);
  });

  it('gives what waited, and says when there is nothing', async () => {
    const { web, bot } = await build({ times: { quietMs: 20, waitMs: 50 } });
    const t = newTab();
    const silent = await (await web.app.request('/chat', form({ t, m: 'message-1', text: 'silent' }))).text();
    expect(silent).toContain(words.no_answer);
    bot.queue(t, { lang: 'en', text: 'late answer', choices: [] });
    const later = await (await web.app.request('/chat', form({ t, m: 'message-2', check: '1' }))).text();
    expect(later).toContain('late answer');
    expect(bot.accepted).toHaveLength(1);
    expect(bot.pending(t)).toBe(0);
  });

  it('keeps the words and their id when the store refuses', async () => {
    const { web, bot } = await build();
    bot.broken = true;
    const t = newTab();
    const response = await web.app.request('/chat', form({ t, m: 'message-1', text: 'my "words"' }));
    const html = await response.text();
    expect(response.status).toBe(503);
    expect(html).toContain('value="my &quot;words&quot;"');
    expect([field(html, 't'), field(html, 'm')]).toEqual([t, 'message-1']);
    expect(html).toContain(words.refused);
    const pressed = await web.app.request(
      '/chat',
      form({ t, m: 'message-2', data: 'en:menu:top:art\tTreatment' }),
    );
    const again = await pressed.text();
    expect(again).toContain(`class="again" name="data" value="en:menu:top:art\tTreatment"`);
    bot.broken = false;
    expect((await web.app.request('/chat', form({ t, m: 'message-1', text: 'my "words"' }))).status).toBe(
      200,
    );
    expect(bot.accepted).toHaveLength(1);
  });

  it('commands of the header work, "hide" leaves a neutral page, "clear" a new one', async () => {
    const { web, bot } = await build({ times: { quietMs: 20 } });
    const t = newTab();
    const menu = await (
      await web.app.request('/chat', form({ t, m: 'message-1', text: '/menu\tMenu' }))
    ).text();
    expect(menu).toContain('What do you need?');
    expect(menu).not.toContain('/menu\t\t');
    const hidden = await (
      await web.app.request('/chat', form({ t, m: 'message-2', text: '/hide\tHide this chat' }))
    ).text();
    expect(hidden).toContain('Hello. Write to me any time.');
    expect(hidden).not.toContain('class="msg me"');
    const cleared = await web.app.request('/chat', form({ t, m: 'message-3', clear: '1' }));
    expect([cleared.status, cleared.headers.get('location')]).toEqual([303, '/']);
    expect(bot.accepted.at(-1)?.input).toEqual({ kind: 'text', text: '/forget' });
  });

  it.each([
    ['no tab', { m: 'message-1', text: 'a' }],
    ['bad tab', { t: 'x', m: 'message-1', text: 'a' }],
    ['no id', { t: newTab(), text: 'a' }],
    ['bad data', { t: newTab(), m: 'message-1', data: 'ж\tж' }],
  ])('%s: a page that can be used, and nothing sent', async (_name, fields) => {
    const { web, bot } = await build();
    const response = await web.app.request('/chat', form(fields as Record<string, string>));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(words.refused);
    expect(bot.accepted).toEqual([]);
  });
});

describe('note for staff', () => {
  const staff = () => [{ name: 'Web', state: { state: 'up' } as const }, { name: 'Telegram' }];
  it('says on a loopback address what is connected and how to connect Telegram', async () => {
    const { web } = await build({ staff });
    const html = await (await web.app.request('/')).text();
    expect(html).toContain('TELEGRAM_BOT_TOKEN');
    expect(html).toContain(words.staff_up);
  });
  it('is not there on a public address', async () => {
    const { web } = await build({ staff, host: '0.0.0.0' });
    expect(await (await web.app.request('/')).text()).not.toContain('TELEGRAM_BOT_TOKEN');
  });
});

describe('texts', () => {
  it('a missing one stops the start and names the file', async () => {
    const { send: _send, ...rest } = words;
    await expect(build({ chrome: (lang) => (lang === 'tg' ? rest : words) })).rejects.toMatchObject({
      code: 'LOCALE_INVALID',
      message: 'locales/tg/web.json lacks: send',
    });
  });
  it('are given to the script by language', async () => {
    const { web } = await build();
    expect(await (await web.app.request('/chat/words/tg')).json()).toMatchObject({ send: words.send });
    expect((await web.app.request('/chat/words/xx')).status).toBe(404);
  });
});
