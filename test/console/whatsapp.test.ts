import { afterEach, expect, test } from 'vitest';
import type { ChannelState } from '../../src/channels/channel.ts';
import { ROLES } from '../../src/store/staff-types.ts';
import type { PairedPhone } from '../../src/web/console/whatsapp.tsx';
import { whatsappPages } from '../../src/web/console/whatsapp.tsx';
import { type World, world } from '../channels/whatsapp-kit.ts';
import { openDesk, seat } from './desk.ts';
import { expectCsrf } from './matrix.ts';
import { get, type Office, openOffice, post } from './office.ts';

const WEEKS = [{ week: '2026-11-16', conversations: 12, sent: 103 }];

let wa: World | undefined;
afterEach(async () => {
  await wa?.end();
  wa = undefined;
});

function office(phone: PairedPhone | undefined, state: () => ChannelState): Office {
  const desk = openDesk();
  const pages = whatsappPages({
    staff: desk.staff,
    ...(phone === undefined ? {} : { phone }),
    state,
    weeks: () => WEEKS,
  });
  return openOffice({ pages }, desk);
}

function admin(at: Office): string {
  const cookie = at.staff.guestToken();
  at.adopt(cookie, seat(at, 'Aigul', 'admin').id);
  return cookie;
}

test('pairing by the picture, by a code to type, and leaving, through the real client', async () => {
  wa = await world();
  const { channel, fake, host } = wa;
  await channel.start(host);
  const at = office(channel, () => channel.state());
  const cookie = admin(at);
  await fake.whenLinking('qr');
  await expect.poll(() => channel.pairing().state).toBe('waiting');
  const waiting = await get(at, '/console/whatsapp', cookie);
  const page = await waiting.text();
  expect(page).toContain('<svg');
  expect(page).toContain('the number can be banned on any day');
  expect(waiting.headers.get('refresh')).toBe('10');

  const refused = await post(at, '/console/whatsapp/code', cookie, { phone: 'none' });
  expect(await refused.text()).toContain('There is no code for this number now');
  const number = fake.phone.jid.split(/[:@]/)[0] ?? '';
  expect((await post(at, '/console/whatsapp/code', cookie, { phone: number })).status).toBe(303);
  const coded = await (await get(at, '/console/whatsapp', cookie)).text();
  const [, left, right] = /<code>(\w{4})-(\w{4})<\/code>/.exec(coded) ?? [];
  await fake.whenLinking('code');
  await fake.phone.enterCode(`${left}${right}`);
  await expect.poll(() => channel.state().state, { timeout: 25_000 }).toBe('up');

  const paired = await (await get(at, '/console/whatsapp', cookie)).text();
  expect(paired).toContain('WhatsApp works.');
  expect(paired).toContain('8.6');
  expect(paired).not.toContain('<svg');
  expect(await (await post(at, '/console/whatsapp/logout', cookie)).text()).toContain('Please tick the box');
  expect(channel.pairing().state).toBe('paired');
  await post(at, '/console/whatsapp/logout', cookie, { sure: 'yes' });
  expect(channel.pairing().state).not.toBe('paired');
  const trail = at.staff.audit.list({ limit: 5 });
  expect(trail.map((row) => row.action)).toContain('whatsapp_logged_out');
  expect(at.reported).toEqual([]);
});

test('only administrators, and only from our own pages', async () => {
  const asked: string[] = [];
  const phone: PairedPhone = {
    state: () => ({ state: 'down', reason: 'not-paired', hint: 'x' }),
    pairing: () => ({ state: 'unpaired' }),
    pair: () => void asked.push('pair'),
    requestCode: async () => {
      asked.push('code');
      return 'ABCDEFGH';
    },
    logout: async () => void asked.push('logout'),
  };
  const at = office(phone, phone.state);
  for (const role of ROLES) {
    const cookie = at.staff.guestToken();
    at.adopt(cookie, seat(at, `One as ${role}`, role).id);
    expect([role, (await get(at, '/console/whatsapp', cookie)).status]).toEqual([
      role,
      role === 'admin' ? 200 : 403,
    ]);
    const left = await post(at, '/console/whatsapp/logout', cookie, { sure: 'yes' });
    expect([role, left.status]).toEqual([role, role === 'admin' ? 303 : 403]);
  }
  expect(asked).toEqual(['logout', 'pair']);
  asked.length = 0;
  await expectCsrf(at, {
    'POST /console/whatsapp/code': ['admin'],
    'POST /console/whatsapp/logout': ['admin'],
  });
  // Once, when everything was in its place; without the tick nobody is logged out.
  expect(asked).toEqual(['code']);
});

test('with the Cloud API there is nothing to pair, and what is wrong is said', async () => {
  const at = office(undefined, () => ({ state: 'down', reason: 'token', hint: 'Make a new token.' }));
  const cookie = admin(at);
  const page = await (await get(at, '/console/whatsapp', cookie)).text();
  expect(page).toContain('WhatsApp does not work: token.');
  expect(page).toContain('Make a new token.');
  expect(page).toContain('Meta bills each message');
  expect((await post(at, '/console/whatsapp/logout', cookie)).status).toBe(404);
});
