import { expect, test } from 'vitest';
import { ROLES } from '../../../src/store/staff-types.ts';
import { deskPages } from '../../../src/web/console/desk/desk.ts';
import { seat } from '../desk.ts';
import { get, post } from '../office.ts';
import { canned, eventually, openRoom, type Room, TEAMS } from './room.ts';

const WORDS = 'доруҳоям тамом шуданд';
const JSON_WANTED = { accept: 'application/json' };

/** An operator with a session. */
function hire(room: Room, name: string) {
  const { id } = seat(room, name, 'operator');
  return { id, name, cookie: room.staff.sessions.open(id) };
}
const text = async (response: Response | Promise<Response>) => (await response).text();
const trail = (room: Room) =>
  room.staff.audit
    .list({ limit: 99 })
    .filter(({ action }) => action.startsWith('handoff_'))
    .map(({ actor, action, subject }) => `${actor} ${action} ${subject}`)
    .reverse();

test('a chat is its header until somebody holds it; then only that one reads and answers', async () => {
  const room = openRoom();
  const ref = await room.ask('1', { way: ['3', '1'], says: [WORDS] });
  const [aida, rustam] = [hire(room, 'Aida'), hire(room, 'Rustam')];
  const chat = `/console/chat/${ref}`;
  for (const path of ['/console/queue', chat])
    for (const headers of [{}, JSON_WANTED]) {
      const page = await text(get(room, path, aida.cookie, headers));
      expect(page).toContain(ref);
      expect(page).toContain('Тоҷикӣ');
      expect(page).not.toContain(WORDS);
      expect(page).not.toContain('chat-1');
    }
  expect(trail(room)).toEqual([]);
  for (const act of ['reply', 'note', 'labels', 'release', 'close', 'transfer']) {
    const fields = { text: 'x', labels: 'x', to: `operator:${rustam.id}` };
    expect([act, (await post(room, `${chat}/${act}`, aida.cookie, fields)).status]).toEqual([act, 409]);
  }
  // Both at once: one wins, the other is told who has it.
  const claims = await Promise.all([aida, rustam].map((o) => post(room, `${chat}/claim`, o.cookie)));
  expect(claims.map((r) => r.status).sort()).toEqual([303, 409]);
  const [winner, loser] = claims[0]?.status === 303 ? [aida, rustam] : [rustam, aida];
  expect(await text(claims.find((r) => r.status === 409) ?? get(room, chat))).toContain(
    `${winner.name} has this chat.`,
  );
  expect(await text(get(room, chat, winner.cookie))).toContain(WORDS);
  for (const path of ['/console/queue', chat])
    expect(await text(get(room, path, loser.cookie))).not.toContain(WORDS);
  // Taken again by whoever has it: nothing new. Read twice in an hour: one opening.
  expect((await post(room, `${chat}/claim`, winner.cookie)).status).toBe(303);
  await get(room, chat, winner.cookie);
  expect(trail(room)).toEqual([`${winner.id} handoff_claimed ${ref}`, `${winner.id} handoff_read ${ref}`]);
  room.clock.pass(10 * 60_000);
  await get(room, '/console/here', winner.cookie);
  // A bookmark of the reference in small letters.
  expect(await text(get(room, chat.toLowerCase(), winner.cookie))).toContain(WORDS);
  expect(room.reported).toEqual([]);
});

test('what an operator does, and what the person gets', async () => {
  const room = openRoom();
  const ref = await room.ask('1', { says: [WORDS] });
  const [aida, rustam] = [hire(room, 'Aida'), hire(room, 'Rustam')];
  const chat = `/console/chat/${ref}`;
  const act = (name: string, fields: Record<string, string> = {}, cookie = aida.cookie) =>
    post(room, `${chat}/${name}`, cookie, fields);
  const went = async (response: Response | Promise<Response>) => (await response).headers.get('location');
  expect(await went(act('claim'))).toBe(chat);
  await eventually(() => room.told('1').at(-1)).toContain('«'); // the bot has said that somebody is here
  expect(await went(act('reply', { text: '  Салом! ' }))).toBe(chat);
  expect(await went(act('canned', { canned: 'moment' }))).toBe(chat);
  const moment = canned.replies.find(({ id }) => id === 'moment')?.texts.tg;
  await eventually(() => room.told('1').slice(-2)).toEqual(['Салом!', moment]);
  expect(await went(act('note', { text: 'call them <b>' }))).toBe(chat);
  expect(await went(act('labels', { labels: ' pills, , no papers ' }))).toBe(chat);
  // The person has it a moment before it is written down that they have.
  let page = '';
  await eventually(async () => {
    page = await text(get(room, chat, aida.cookie));
    return page.match(/sent ✓/g);
  }).toHaveLength(2);
  expect(page).toContain('call them &lt;b&gt;');
  expect(room.handoffs.find(ref)?.labels).toEqual(['pills', 'no papers']);
  expect(room.told('1').join()).not.toContain('call them');
  // Refused, and said so; for the script as JSON.
  for (const [name, fields, why] of [
    ['reply', { text: ' ' }, 'There is nothing to send.'],
    ['reply', { text: 'x'.repeat(4097) }, 'too long'],
    ['canned', { canned: 'nope' }, 'no such reply'],
    ['transfer', { to: '' }, 'choose something'],
    ['transfer', { to: `operator:${aida.id}` }, 'choose something'],
    ['transfer', { to: 'team:south' }, 'choose something'],
    ['resend', { line: '12' }, 'no such chat'],
    ['resend', { line: 'x' }, 'choose something'],
  ] as const) {
    const refused = await act(name, fields);
    expect([name, refused.status]).toEqual([name, 409]);
    expect(await refused.text()).toContain(why);
    const told = await post(room, `${chat}/${name}`, aida.cookie, fields, JSON_WANTED);
    expect([name, told.status, ((await told.json()) as { notice: string }).notice]).toEqual([
      name,
      409,
      expect.stringContaining(why),
    ]);
  }
  expect(await went(act('transfer', { to: `operator:${rustam.id}` }))).toBe('/console/queue');
  expect(await text(get(room, chat, aida.cookie))).not.toContain(WORDS);
  expect(await text(act('reply', { text: 'x' }))).toContain('Rustam has this chat.');
  expect(await text(get(room, chat, rustam.cookie))).toContain('call them');
  expect(await went(act('transfer', { to: 'team:doctors' }, rustam.cookie))).toBe('/console/queue');
  expect(room.handoffs.find(ref)).toMatchObject({ state: 'waiting', owner: null, team: 'doctors' });
  await act('claim');
  expect(await went(act('release'))).toBe('/console/queue');
  await act('claim');
  expect(await went(act('close'))).toBe(`/console/queue?closed=${ref}`);
  expect(await text(get(room, `/console/queue?closed=${ref}`, aida.cookie))).toContain(`${chat}/reopen`);
  expect(await text(get(room, `/console/queue?closed=${ref}`, rustam.cookie))).not.toContain('reopen');
  expect(await went(act('reopen'))).toBe(chat);
  await act('close');
  room.clock.pass(11_000);
  expect(await text(get(room, `/console/queue?closed=${ref}`, aida.cookie))).not.toContain('reopen');
  expect(await text(act('reopen'))).toContain('It is too late for that.');
  // Whoever had it at the end may read it for as long as it is kept; nobody else.
  expect(await text(get(room, chat, aida.cookie))).toContain(WORDS);
  expect(await text(get(room, chat, rustam.cookie))).not.toContain(WORDS);
  expect(
    trail(room).map((line) => line.replace(String(aida.id), 'A').replace(String(rustam.id), 'R')),
  ).toEqual(
    [
      ...[
        'A handoff_claimed',
        'A handoff_read',
        'A handoff_transferred',
        'R handoff_read',
        'R handoff_transferred',
      ],
      ...['A handoff_claimed', 'A handoff_transferred', 'A handoff_claimed', 'A handoff_closed'],
      ...['A handoff_claimed', 'A handoff_closed'],
    ].map((line) => `${line} ${ref}`),
  );
  const gone = await get(room, '/console/chat/ZZZZZZ', aida.cookie);
  expect([gone.status, await gone.text()]).toEqual([
    404,
    expect.stringContaining('There is no such chat any more.'),
  ]);
  expect((await get(room, '/console/chat/ZZZZZZ', aida.cookie, JSON_WANTED)).status).toBe(404);
  expect((await post(room, '/console/chat/ZZZZZZ/claim', aida.cookie)).status).toBe(404);
  expect(room.reported).toEqual([]);
});

test('what became of words: sent, unclear and sent again when asked to, erased by the person', async () => {
  const room = openRoom();
  const ref = await room.ask('1', { says: [WORDS] });
  const aida = hire(room, 'Aida');
  const chat = `/console/chat/${ref}`;
  await post(room, `${chat}/claim`, aida.cookie);
  // Also what the bot has to say about it: the clock stands still, and nothing would be tried again.
  await eventually(() => room.store.backlog(room.clock.now())).toEqual({ faults: 0 });
  room.channels.telegram.fail = () => {
    throw Object.assign(new Error('reset'), { kind: 'ambiguous', reason: 'reset' });
  };
  await post(room, `${chat}/reply`, aida.cookie, { text: 'twice is worse' });
  await eventually(() => text(get(room, chat, aida.cookie))).toContain('may not have arrived');
  const tries = room.channels.telegram.tries.length;
  const id = room.handoffs.find(ref)?.id ?? 0;
  const line = room.handoffs.lines(id).find(({ delivery }) => delivery === 'unknown');
  room.channels.telegram.fail = () => undefined;
  await post(room, `${chat}/resend`, aida.cookie, { line: String(line?.id) });
  await eventually(() => text(get(room, chat, aida.cookie))).toContain('sent ✓');
  expect(room.channels.telegram.tries.length).toBe(tries + 1);
  await room.write('1', ['/forget']);
  await eventually(() => room.handoffs.find(ref)?.ended).toBe('erased');
  const page = await text(get(room, chat, aida.cookie));
  expect(page).toContain('Erased by the person');
  for (const words of [WORDS, 'twice is worse']) expect(page).not.toContain(words);
  expect((await post(room, `${chat}/reply`, aida.cookie, { text: 'x' })).status).toBe(409);
  expect(room.reported).toEqual([]);
});

test('every route in every role; every form without its token, with a wrong one, from elsewhere', async () => {
  const room = openRoom();
  const ref = await room.ask('1', { says: [WORDS] });
  const aida = hire(room, 'Aida');
  const head = room.handoffs.find(ref);
  room.handoffs.act(head?.id ?? 0, { type: 'claim' }, aida.id);
  const { handoffs, staff, clock } = room;
  const routes = deskPages({
    handoffs,
    staff,
    clock,
    canned,
    teams: TEAMS,
    texts: { t: () => '', has: () => false, list: () => [] },
    flows: new Map(),
  });
  expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    ...['queue', 'chat/:ref', 'events', 'here'].map((path) => `GET /console/${path}`),
    ...['claim', 'reply', 'canned', 'note', 'labels', 'transfer', 'release', 'close', 'reopen', 'resend'].map(
      (what) => `POST /console/chat/:ref/${what}`,
    ),
  ]);
  const state = () =>
    JSON.stringify([handoffs.heads(), handoffs.lines(head?.id ?? 0), staff.audit.list({ limit: 99 })]);
  const right = staff.formToken(aida.cookie);
  const others = staff.formToken(hire(room, 'Rustam').cookie);
  const members = ROLES.filter((role) => role !== 'operator').map((role) => seat(room, role, role));
  const fields = { text: 'x', labels: 'x', canned: 'moment', to: 'team:doctors', line: '1' };
  const before = state();
  for (const { method, path, roles } of routes) {
    expect(roles).toEqual(['operator']);
    const at = path.replace(':ref', ref);
    const ask = (cookie?: string, headers = {}) =>
      method === 'GET' ? get(room, at, cookie, headers) : post(room, at, cookie, fields, headers);
    for (const member of members)
      expect([path, member.role, (await ask(staff.sessions.open(member.id))).status]).toEqual([
        path,
        member.role,
        403,
      ]);
    for (const cookie of [undefined, staff.guestToken()]) {
      expect([path, (await ask(cookie)).headers.get('location')]).toEqual([path, '/console/sign-in']);
      expect([path, (await ask(cookie, JSON_WANTED)).status]).toEqual([path, 401]);
    }
    if (method === 'GET') continue;
    for (const [more, headers] of [
      [{ csrf: '' }, {}],
      [{ csrf: `${right.slice(0, -1)}_` }, {}],
      [{ csrf: others }, {}],
      [{ csrf: right }, { 'sec-fetch-site': 'cross-site' }],
      [{ csrf: right }, { 'sec-fetch-site': 'same-site' }],
      [{ csrf: right }, { origin: 'https://evil.example' }],
      [{ csrf: right }, { 'content-type': 'text/plain' }],
      [{}, { 'content-type': 'application/json' }],
    ] as const) {
      const refused = await post(room, at, aida.cookie, { ...fields, ...more }, headers);
      expect([path, [403, 415].includes(refused.status)]).toEqual([path, true]);
    }
  }
  expect(state()).toBe(before);
  expect((await post(room, `/console/chat/${ref}/note`, aida.cookie, { text: 'right' })).status).toBe(303);
  expect(state()).not.toBe(before);
  expect(room.reported).toEqual([]);
});
