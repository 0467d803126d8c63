import { expect, test } from 'vitest';
import { codeOf, hire, PASSWORD, STEP_MS, seat } from './desk.ts';
import { cookieOf, get, type Office, openOffice, post, texts } from './office.ts';

const t = (key: string, params?: Record<string, string | number>) => texts.t('en', `console:${key}`, params);

async function guest(office: Office, path = '/console/sign-in'): Promise<string> {
  return cookieOf(await get(office, path)) ?? '';
}

test('from the printed link to the first page, and back in with the next code', async () => {
  const office = openOffice();
  const link = office.staff.firstLink() ?? '';
  const shown = await get(office, link);
  const cookie = cookieOf(shown) ?? '';
  const first = await shown.text();
  expect(first).toContain(t('invite.step', { at: 1, of: 3 }));
  // The address alone, as a messenger previews it, holds nothing secret.
  expect(first).not.toContain('<svg');
  const send = (fields: Record<string, string>) => post(office, link, cookie, fields);
  const different = await send({ name: 'Анна', password: PASSWORD, again: `${PASSWORD}!` });
  expect([different.status, await different.text()]).toEqual([
    409,
    expect.stringContaining(t('why.password_differs')),
  ]);
  expect(await (await send({ name: 'Анна', password: 'short', again: 'short' })).text()).toContain(
    t('why.password_short'),
  );
  expect(await (await send({ name: ' ', password: PASSWORD, again: PASSWORD })).text()).toContain(
    t('why.name_empty'),
  );
  const app = await (await send({ name: 'Анна', password: PASSWORD, again: PASSWORD })).text();
  expect(app).toContain('<svg xmlns="http://www.w3.org/2000/svg"');
  const key = /class="code" dir="ltr">([A-Z2-7 ]+)</.exec(app)?.[1]?.replaceAll(' ', '') ?? '';
  expect(key).toHaveLength(32);
  const wrong = await send({ step: 'app', code: '12345' });
  expect([wrong.status, (await wrong.text()).includes(t('why.code_wrong'))]).toEqual([403, true]);
  expect(office.staff.accounts.list()).toEqual([]);
  const done = await send({ step: 'app', code: codeOf(key, office.clock.now()) });
  const session = cookieOf(done) ?? '';
  expect((await done.text()).match(/<li>[a-z1-9]{5}-[a-z1-9]{5}<\/li>/g)).toHaveLength(10);
  expect(session).not.toBe(cookie);
  expect((await get(office, '/console', session)).headers.get('location')).toBe('/console/people');
  expect((await get(office, '/console', cookie)).headers.get('location')).toBe('/console/sign-in');
  const used = await get(office, link);
  expect([used.status, (await used.text()).includes(t('why.gone'))]).toEqual([404, true]);
  expect((await send({ step: 'app', code: codeOf(key, office.clock.now()) })).status).toBe(404);

  const out = await post(office, '/console/sign-out', session);
  expect(out.headers.get('set-cookie')).toBe(
    '__Host-hamroh=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict',
  );
  expect((await get(office, '/console/people', session)).status).toBe(303);
  office.clock.pass(STEP_MS);
  const asGuest = await guest(office);
  const enter = await post(office, '/console/sign-in', asGuest, {
    name: 'анна',
    password: PASSWORD,
    code: codeOf(key, office.clock.now()),
  });
  expect([enter.status, enter.headers.get('location')]).toEqual([303, '/console']);
  const fresh = cookieOf(enter) ?? '';
  expect(new Set([fresh, asGuest, session, '']).size).toBe(4);
  expect((await get(office, '/console/people', fresh)).status).toBe(200);
  expect((await get(office, '/console/people', asGuest)).status).toBe(303);
  expect((await get(office, '/console/people', session)).status).toBe(303);
  expect(office.reported).toEqual([]);
});

test('a cookie that somebody else chose is never the session, and does not survive the sign-in', async () => {
  const office = openOffice();
  const anna = await hire(office, 'Anna', 'operator');
  for (const planted of ['A'.repeat(43), anna.session]) {
    office.clock.pass(STEP_MS);
    const enter = await post(office, '/console/sign-in', planted, {
      name: 'Anna',
      password: PASSWORD,
      code: codeOf(anna.key, office.clock.now()),
    });
    expect(enter.status).toBe(303);
    expect(cookieOf(enter)).not.toBe(planted);
    expect(office.staff.sessions.find(planted, false)).toBeUndefined();
  }
});

test('wrong, too often, too much: a sentence and a status, and the name stays in the form', async () => {
  const office = openOffice();
  const cookie = await guest(office);
  const bad = () => post(office, '/console/sign-in', cookie, { name: 'Борис "Б"' });
  const wrong = await bad();
  expect(wrong.status).toBe(403);
  const html = await wrong.text();
  expect(html).toContain(t('why.wrong'));
  expect(html).toContain('value="Борис &quot;Б&quot;"');
  for (let n = 0; n < 4; n += 1) expect((await bad()).status).toBe(403);
  const slow = await bad();
  expect([slow.status, slow.headers.get('retry-after')]).toEqual([429, '60']);
  expect(await slow.text()).toContain(t('why.slow', { minutes: 1 }));
});

test('people: added with a link, given another role, reset, removed; never oneself', async () => {
  const office = openOffice({ hosts: ['console.example.org'] });
  const boss = seat(office, 'Boss', 'admin');
  const cookie = office.staff.sessions.open(boss.id);
  const send = (path: string, fields: Record<string, string> = {}) =>
    post(office, `/console/people${path}`, cookie, fields);
  const added = await send('', { name: 'Дина', role: 'operator', lang: 'kk', team: 'Алматы' });
  const [, path = ''] = /127\.0\.0\.1(\/console\/invite\/[\w-]{43})</.exec(await added.text()) ?? [];
  expect((await get(office, path)).status).toBe(200);
  expect(office.staff.accounts.find('дина')).toMatchObject({ role: 'operator', lang: 'kk', team: 'Алматы' });
  const again = await send('', { name: 'ДИНА', role: 'auditor' });
  expect([again.status, (await again.text()).includes(t('why.name_taken'))]).toEqual([409, true]);
  const dina = office.staff.accounts.find('Дина')?.id ?? 0;
  expect((await send(`/${dina}/role`, { role: 'auditor', team: '' })).status).toBe(303);
  expect(office.staff.accounts.get(dina)).toMatchObject({ role: 'auditor' });
  expect(office.staff.accounts.get(dina)).not.toHaveProperty('team');
  const reset = await office.app.request(`http://console.example.org/console/people/${dina}/reset`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: `__Host-hamroh=${cookie}` },
    body: `csrf=${office.staff.formToken(cookie)}`,
  });
  expect(await reset.text()).toContain('https://console.example.org/console/invite/');
  expect((await get(office, path)).status).toBe(404);
  expect((await send(`/${dina}/remove`)).status).toBe(409);
  expect(office.staff.accounts.get(dina)?.state).toBe('invited');
  expect((await send(`/${dina}/remove`, { sure: 'yes' })).status).toBe(303);
  expect(office.staff.accounts.get(dina)?.state).toBe('removed');
  expect((await get(office, `/console/people/${dina}`, cookie)).status).toBe(404);
  for (const what of ['role', 'reset', 'remove']) {
    const own = await send(`/${boss.id}/${what}`, { role: 'operator', sure: 'yes' });
    expect([what, own.status]).toEqual([what, 409]);
    expect((await send(`/999/${what}`, { role: 'operator', sure: 'yes' })).status).toBe(404);
  }
  expect(office.staff.sessions.find(cookie, true)?.role).toBe('admin');
  expect(office.reported).toEqual([]);
});

test('my account: language, password, recovery codes', async () => {
  const office = openOffice();
  const anna = await hire(office, 'Anna', 'coordinator');
  const send = (path: string, cookie: string, fields: Record<string, string>) =>
    post(office, `/console/account/${path}`, cookie, fields);
  expect((await get(office, '/console', anna.session)).headers.get('location')).toBe('/console/account');
  await send('lang', anna.session, { lang: 'xx' });
  expect(await (await get(office, '/console/account', anna.session)).text()).toContain('<html lang="en"');
  await send('lang', anna.session, { lang: 'kk' });
  expect(await (await get(office, '/console/account', anna.session)).text()).toContain('<html lang="kk"');
  await send('lang', anna.session, { lang: 'en' });
  const next = 'five other words for now';
  const wrong = await send('password', anna.session, { current: next, password: next, again: next });
  expect([wrong.status, (await wrong.text()).includes(t('account.wrong'))]).toEqual([403, true]);
  const changed = await send('password', anna.session, { current: PASSWORD, password: next, again: next });
  const session = cookieOf(changed) ?? '';
  expect(changed.headers.get('location')).toBe('/console/account?done=password');
  expect((await get(office, '/console/account', anna.session)).status).toBe(303);
  expect(await (await get(office, '/console/account?done=password', session)).text()).toContain(
    t('account.changed'),
  );
  const renewed = await send('recovery', session, { current: next });
  expect((await renewed.text()).match(/<li>[a-z1-9]{5}-[a-z1-9]{5}<\/li>/g)).toHaveLength(10);
});

test('the audit page says who did what, and turns red; languages before sign-in come from the browser', async () => {
  const office = openOffice();
  const auditor = seat(office, 'Аудитор', 'auditor');
  for (let n = 0; n < 60; n += 1) office.staff.audit.add(auditor.id, 'handoff_read', `REF${n}`);
  const cookie = office.staff.sessions.open(auditor.id);
  const read = async (query = '') => (await get(office, `/console/audit${query}`, cookie)).text();
  const newest = await read();
  expect(newest).toContain(t('audit.whole', { n: 61 }));
  expect(newest).toContain('<bdi dir="auto">REF59</bdi>');
  const [, older = ''] = /href="\/console\/audit(\?before=\d+)"/.exec(newest) ?? [];
  expect(await read(older)).toContain('<bdi dir="auto">REF0</bdi>');
  expect(await read('?before=x')).toContain('REF59');
  const lang = async (header: string) =>
    /<html lang="(\w+)"/.exec(
      await (await get(office, '/console/sign-in', undefined, { 'accept-language': header })).text(),
    )?.[1];
  expect(await lang('kk-KZ,kk;q=0.9,ru;q=0.8')).toBe('kk');
  expect(await lang('tg,en;q=0.5,ru;q=0.4')).toBe('en');
  expect(await lang('tg')).toBe('ru');
  expect(await lang('')).toBe('ru');
});
