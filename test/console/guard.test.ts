import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { addressOf } from '../../src/web/console/guard.ts';
import type { ConsolePage, StaffPage } from '../../src/web/console/pages.ts';
import { seat } from './desk.ts';
import { type Access, COOKIE_SHAPE, expectCsrf, expectRoles, fixedHeaders, routesOf } from './matrix.ts';
import { cookieOf, get, type Office, openOffice, post, texts } from './office.ts';

const STAFF = ['operator', 'coordinator', 'admin', 'auditor'] as const;

/** Who may ask for what. A new route belongs in here. */
const ACCESS: Access = {
  'GET /console': STAFF,
  'GET /console/console.css': 'anyone',
  'GET /console/sign-in': 'anyone',
  'POST /console/sign-in': 'anyone',
  'POST /console/sign-out': STAFF,
  'GET /console/invite/:token': 'anyone',
  'POST /console/invite/:token': 'anyone',
  'GET /console/account': STAFF,
  'POST /console/account/lang': STAFF,
  'POST /console/account/password': STAFF,
  'POST /console/account/recovery': STAFF,
  'GET /console/people': ['admin'],
  'POST /console/people': ['admin'],
  'GET /console/people/:id': ['admin'],
  'POST /console/people/:id/role': ['admin'],
  'POST /console/people/:id/reset': ['admin'],
  'POST /console/people/:id/remove': ['admin'],
  'GET /console/audit': ['auditor'],
};

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'permissions-policy': 'geolocation=(), camera=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-robots-tag': 'noindex',
  'x-xss-protection': '0',
};

const page = (more: Partial<StaffPage>): StaffPage => ({
  path: '/console/x',
  method: 'GET',
  roles: ['operator'],
  handle: () => new Response('x'),
  ...more,
});

test('every route in every role', async () => {
  const office = openOffice();
  await expectRoles(office, ACCESS);
  expect(office.reported).toEqual([]);
}, 60_000);

test('every mutating route without its token, with a wrong one, from elsewhere', async () => {
  const office = openOffice();
  expect(await expectCsrf(office, ACCESS)).toBe(12 * 10);
  expect(office.reported).toEqual([]);
});

test('a page that does not say for whom it is is refused at the start', () => {
  const start = (more: object) => () => openOffice({ pages: [page(more)] });
  for (const roles of [undefined, [], ['boss'], 'everyone', ['operator', undefined]]) {
    expect(start({ roles })).toThrow('does not say for which roles');
  }
  expect(start({ path: '/chat' })).toThrow('not a path under /console');
  expect(start({ path: '/console/people' })).toThrow('there twice');
  expect(start({ method: 'POST', nav: { word: 'nav.people', order: 1 } })).toThrow('navigation');
  expect(start({})).not.toThrow();
});

test('names the console is asked under: this computer, and those that are set', async () => {
  const office = openOffice({ hosts: ['Console.example.org'] });
  const status = async (host: string, path = '/console/sign-in') =>
    (await office.app.request(`http://${host}${path}`)).status;
  for (const host of [
    'localhost',
    '127.0.0.1:3000',
    '127.9.9.9',
    '[::1]:3000',
    'console.example.org',
    'CONSOLE.example.org:8443',
  ]) {
    expect([host, await status(host)]).toEqual([host, 200]);
  }
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.168.1.5',
    '0.0.0.0',
    'example.org',
    'xconsole.example.org',
    'console.example.org.evil.example',
    '[::2]',
  ]) {
    for (const path of ['/console', '/console/sign-in', '/console/console.css', '/console/nothing']) {
      expect([host, path, await status(host, path)]).toEqual([host, path, 421]);
    }
  }
  const other = openOffice();
  expect((await other.app.request('http://console.example.org/console/sign-in')).status).toBe(421);
});

test('the same headers on every answer: each route, 404, 413, 421, 500, a link from elsewhere', async () => {
  const boom: ConsolePage = {
    method: 'GET',
    path: '/console/boom',
    roles: 'anyone',
    handle: () => {
      throw new Error('secret words of a person');
    },
  };
  const office = openOffice({ pages: [boom] });
  const admin = seat(office, 'Admin', 'admin');
  const cookie = office.staff.sessions.open(admin.id);
  const answers: [string, Response][] = [];
  for (const route of routesOf(office)) {
    const [method = '', path = ''] = route.replace(/:\w+/, '1').split(' ');
    for (const who of [undefined, cookie]) {
      const answer =
        method === 'GET' ? await get(office, path, who) : await post(office, path, who, { csrf: 'no' });
      answers.push([route, answer]);
    }
  }
  answers.push(['413', await post(office, '/console/sign-in', cookie, { name: 'x'.repeat(17_000) })]);
  answers.push(['404', await get(office, '/console/nothing/here')]);
  answers.push([
    '404 with another method',
    await office.app.request('http://127.0.0.1/console/people', { method: 'PUT' }),
  ]);
  answers.push(['421', await office.app.request('http://evil.example/console')]);
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  answers.push(['link', await get(office, '/console/people', undefined, link)]);
  for (const [name, answer] of answers) {
    expect([name, fixedHeaders(answer)]).toEqual([name, HEADERS]);
    expect(await answer.text()).not.toContain('secret words');
    const given = answer.headers.get('set-cookie');
    if (given !== null) expect(given).toMatch(COOKIE_SHAPE);
  }
  const statuses = new Set(answers.map(([, { status }]) => status));
  expect([...statuses].sort()).toEqual([200, 303, 403, 404, 413, 421, 500]);
  expect(office.reported).toHaveLength(2);
});

test('mounted before the headers and the pages of the chat, it keeps its own', async () => {
  const root = new Hono();
  root.route('/', openOffice().app);
  root.use(async (c, next) => {
    await next();
    c.header('Content-Security-Policy', "default-src 'self'");
  });
  root.get('*', (c) => c.text('the chat'));
  for (const path of ['/console', '/console/sign-in', '/console/nothing']) {
    expect(fixedHeaders(await root.request(`http://localhost${path}`))).toEqual(HEADERS);
  }
  expect(await (await root.request('http://localhost/console-is-not-mine')).text()).toBe('the chat');
});

test('a link on another site neither shows a page nor takes the cookie away; it asks again', async () => {
  const office = openOffice();
  for (const site of ['cross-site', 'same-site']) {
    const answer = await get(office, '/console/people', undefined, {
      'sec-fetch-site': site,
      'sec-fetch-mode': 'navigate',
    });
    expect([answer.status, answer.headers.get('refresh'), cookieOf(answer)]).toEqual([200, '0', undefined]);
  }
});

test('the address that tries are counted by: the peer, or what a proxy on this computer says last', async () => {
  const app = new Hono();
  app.get('/', (c) => c.text(addressOf(c)));
  const from = async (remoteAddress: string, forwarded?: string) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    return (await app.request('/', { headers }, { incoming: { socket: { remoteAddress } } })).text();
  };
  expect(await from('198.51.100.7')).toBe('198.51.100.7');
  expect(await from('198.51.100.7', '192.0.2.1')).toBe('198.51.100.7');
  expect(await from('127.0.0.1', '203.0.113.9, 192.0.2.1')).toBe('192.0.2.1');
  expect(await from('::ffff:127.0.0.1', '192.0.2.1')).toBe('192.0.2.1');
  expect(await from('::1')).toBe('::1');
});

test('a script is told 401 where a browser is shown the way', async () => {
  const office = openOffice();
  const answer = await get(office, '/console/people', undefined, { accept: 'application/json' });
  expect(answer.status).toBe(401);
  expect((await get(office, '/console/people')).headers.get('location')).toBe('/console/sign-in');
});

test('pages of other parts: navigation by role, JSON with the token in a header, streams that do not keep awake', async () => {
  const seen: unknown[] = [];
  const office = openOffice({
    pages: [
      page({
        path: '/console/queue',
        nav: { word: 'nav.people', order: 10 },
        handle: ({ page: show, t }) =>
          show({ title: t('people.title'), body: 'the queue', script: '/console/chat.js' }),
      }),
      page({
        path: '/console/queue/say',
        method: 'POST',
        maxBody: 100_000,
        handle: async ({ c, alive }) => {
          seen.push(await c.req.json(), alive());
          return c.json({});
        },
      }),
      page({ path: '/console/queue/stream', passive: true, handle: () => new Response('stream') }),
    ],
  });
  const operator = seat(office, 'Op', 'operator');
  const cookie = office.staff.sessions.open(operator.id);
  expect((await get(office, '/console', cookie)).headers.get('location')).toBe('/console/queue');
  const html = await (await get(office, '/console/queue', cookie)).text();
  expect(html).toContain('<script type="module" src="/console/chat.js"></script>');
  expect(html).toMatch(/<a href="\/console\/queue" aria-current="page">People<\/a>/);
  const admin = office.staff.sessions.open(seat(office, 'Admin', 'admin').id);
  expect(await (await get(office, '/console/people', admin)).text()).not.toContain('/console/queue');
  expect((await get(office, '/console/queue', admin)).status).toBe(403);
  const said = await office.app.request('http://localhost/console/queue/say', {
    method: 'POST',
    headers: {
      cookie: `__Host-hamroh=${cookie}`,
      'content-type': 'application/json',
      'x-csrf-token': office.staff.formToken(cookie),
    },
    body: JSON.stringify({ text: 'x'.repeat(50_000) }),
  });
  expect([said.status, seen]).toEqual([200, [{ text: 'x'.repeat(50_000) }, true]]);
  for (let minutes = 0; minutes < 14; minutes += 7) {
    office.clock.pass(7 * 60_000);
    expect((await get(office, '/console/queue/stream', cookie)).status).toBe(200);
  }
  office.clock.pass(60_000);
  expect((await get(office, '/console/queue/stream', cookie)).status).toBe(303);
});

test('whoever loses the role while their form is read does nothing with it', async () => {
  const office: Office = openOffice();
  const [first, second] = [seat(office, 'One', 'admin'), seat(office, 'Two', 'admin')];
  const cookies = [first, second].map(({ id }) => office.staff.sessions.open(id));
  const answers = await Promise.all([
    post(office, `/console/people/${second.id}/remove`, cookies[0], { sure: 'yes' }),
    post(office, `/console/people/${first.id}/remove`, cookies[1], { sure: 'yes' }),
  ]);
  expect(office.staff.accounts.list().map((o) => o.name)).toEqual(['One']);
  expect(answers.map((a) => a.headers.get('location'))).toEqual(['/console/people', '/console/sign-in']);
  expect(texts.has('kk', 'console:error.forbidden')).toBe(true);
});
