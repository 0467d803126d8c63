import { expect } from 'vitest';
import { ROLES, type Role } from '../../src/store/staff-types.ts';
import { COOKIE } from '../../src/web/console/guard.ts';
import { seat } from './desk.ts';
import { get, type Office, post, texts } from './office.ts';

/** `GET /console/people` → who may. */
export type Access = Readonly<Record<string, readonly Role[] | 'anyone'>>;

const text = (key: string) => texts.t('en', `console:error.${key}`);

/** Every route of the console as hono has it, middleware left out. */
export function routesOf(office: Office): string[] {
  const routes = office.app.routes.filter(({ method }) => method !== 'ALL');
  return [...new Set(routes.map(({ method, path }) => `${method} ${path}`))].sort();
}

/** `GET /console/people/:id` → method and a path with something in the place of `:id`. */
function split(route: string): { method: string; path: string } {
  const [method = '', path = ''] = route.split(' ');
  return { method, path: path.replace(/:\w+/g, '1') };
}

/** What an answer says about the right to ask. */
async function verdict(response: Response): Promise<'sign-in' | 'forbidden' | 'form' | 'passed'> {
  if (response.status === 401) return 'sign-in';
  if (response.status === 303 && response.headers.get('location') === '/console/sign-in') return 'sign-in';
  const body = await response.text();
  if (response.status === 403 && body.includes(text('forbidden'))) return 'forbidden';
  if ([403, 415].includes(response.status) && body.includes(text('form_old'))) return 'form';
  return 'passed';
}

/** Everything that could have been changed. */
function stateOf({ staff }: Office): string {
  return JSON.stringify([staff.accounts.list(), staff.audit.list({ limit: 1000 }).map((e) => e.seq)]);
}

/** Asks every route in every role and without one: passed where the table says so, refused without effect elsewhere. */
export async function expectRoles(office: Office, access: Access): Promise<void> {
  expect(routesOf(office)).toEqual(Object.keys(access).sort());
  const members = Object.fromEntries(ROLES.map((role) => [role, seat(office, `The ${role}`, role)]));
  for (const [route, roles] of Object.entries(access)) {
    const { method, path } = split(route);
    for (const role of [...ROLES, 'nobody'] as const) {
      const member = members[role];
      const cookie = member === undefined ? office.staff.guestToken() : office.staff.sessions.open(member.id);
      const before = stateOf(office);
      const ask = () => (method === 'GET' ? get(office, path, cookie) : post(office, path, cookie, {}));
      const said = await verdict(await ask());
      const open = roles === 'anyone' || ROLES.some((r) => r === role && roles.includes(r));
      // Signing out leads to the sign-in page, and so does only it.
      const passed = route === 'POST /console/sign-out' ? 'sign-in' : 'passed';
      const expected = open ? passed : role === 'nobody' ? 'sign-in' : 'forbidden';
      expect([route, role, said]).toEqual([route, role, expected]);
      if (!open) expect([route, role, stateOf(office)]).toEqual([route, role, before]);
    }
  }
}

/** Posts to every mutating route without a token, with wrong ones, from elsewhere: refused, and nothing has changed. */
export async function expectCsrf(office: Office, access: Access): Promise<number> {
  const { staff } = office;
  const someone = seat(office, 'Somebody else', 'admin');
  let asked = 0;
  for (const [route, roles] of Object.entries(access)) {
    const { method, path } = split(route);
    if (method === 'GET') continue;
    const role = roles === 'anyone' ? undefined : roles[0];
    const me = role && seat(office, `For ${route}`, role);
    const cookie = me === undefined ? staff.guestToken() : staff.sessions.open(me.id);
    const right = staff.formToken(cookie);
    const others = staff.formToken(staff.sessions.open(someone.id));
    const json = { 'content-type': 'application/json' };
    const attempts: [string, Record<string, string>, Record<string, string>][] = [
      ['no token', { csrf: '' }, {}],
      ['a wrong token', { csrf: `${right.slice(0, -1)}_` }, {}],
      ["somebody else's token", { csrf: others }, {}],
      ['a guest’s token', { csrf: staff.formToken(staff.guestToken()) }, {}],
      ['another site', { csrf: right }, { 'sec-fetch-site': 'cross-site' }],
      ['another port or name of this site', { csrf: right }, { 'sec-fetch-site': 'same-site' }],
      ['typed into the address bar', { csrf: right }, { 'sec-fetch-site': 'none' }],
      ['another origin', { csrf: right }, { origin: 'https://evil.example' }],
      ['a form as plain text', { csrf: right }, { 'content-type': 'text/plain' }],
      ['files', { csrf: right }, { 'content-type': 'multipart/form-data; boundary=x' }],
      ['JSON without the header', { csrf: right }, json],
      ["JSON with somebody else's token", {}, { ...json, 'x-csrf-token': others }],
    ];
    const before = stateOf(office);
    for (const [name, fields, headers] of attempts) {
      const said = await verdict(await post(office, path, cookie, fields, headers));
      expect([route, name, said]).toEqual([route, name, 'form']);
      asked += 1;
    }
    const bare = await verdict(await post(office, path, undefined, { csrf: right }));
    expect([route, bare]).toEqual([route, me === undefined ? 'form' : 'sign-in']);
    expect([route, stateOf(office)]).toEqual([route, before]);
    if (me !== undefined) expect(staff.sessions.find(cookie, false)?.id).toBe(me.id);
    // The same request with everything in its place passes.
    const good = await verdict(await post(office, path, cookie, { csrf: right }));
    expect([route, good]).not.toEqual([route, 'form']);
  }
  return asked;
}

/** Headers of an answer that must always be the same. */
export function fixedHeaders(response: Response): Record<string, string> {
  const free = new Set([
    'content-type',
    'content-length',
    'location',
    'set-cookie',
    'retry-after',
    'refresh',
  ]);
  return Object.fromEntries([...response.headers].filter(([name]) => !free.has(name)));
}

/** The cookie's header as a browser must be given it. */
export const COOKIE_SHAPE = new RegExp(
  `^${COOKIE}=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; Secure; SameSite=Strict$`,
);
