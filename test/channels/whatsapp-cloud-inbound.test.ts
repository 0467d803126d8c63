import { describe, expect, test } from 'vitest';
import { fromAddress, type Incoming, toIncoming } from '../../src/channels/whatsapp-cloud-inbound.ts';
import type { InboundMessage } from '../../src/message.ts';

const OURS = '106540352242922';
const CONTACT = {
  profile: { name: 'Secret Name', username: 'secret_username' },
  wa_id: '15550001',
  user_id: 'KZ.1',
};

function delivery(value: Record<string, unknown>, phoneId = OURS): object {
  const metadata = { display_phone_number: '15550000', phone_number_id: phoneId };
  const change = { field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } };
  return { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [change] }] };
}
const content = { type: 'text', text: { body: 'hi' } };
const read = (value: Record<string, unknown>): Incoming => toIncoming(delivery(value), OURS);
function message(part: Record<string, unknown>, contacts: object[] = [CONTACT]): InboundMessage | undefined {
  const item = { from: '15550001', id: 'wamid.1', timestamp: '1764000000', ...part };
  return read({ contacts, messages: [item] }).messages[0];
}
const input = (part: Record<string, unknown>) => message(part)?.input;
const interactive = (part: object) => input({ type: 'interactive', interactive: part });

describe('what a person did', () => {
  test('words, cleaned; /start begins', () => {
    expect(input({ type: 'text', text: { body: ' e\u0301\u202e\u0000 ' } })).toEqual({
      kind: 'text',
      text: 'é',
    });
    expect(input({ type: 'text', text: { body: '/START now' } })).toEqual({ kind: 'start' });
    expect(input({ type: 'request_welcome' })).toEqual({ kind: 'start' });
  });

  test('a tap on a button, on a row, on a template', () => {
    const data = 'ru:menu:menu:test';
    expect(interactive({ type: 'button_reply', button_reply: { id: data, title: 'x' } })).toEqual({
      kind: 'tap',
      data,
    });
    expect(interactive({ type: 'list_reply', list_reply: { id: data, title: 'x' } })).toEqual({
      kind: 'tap',
      data,
    });
    expect(input({ type: 'button', button: { payload: data, text: 'x' } })).toEqual({ kind: 'tap', data });
    expect(input({ type: 'button', button: { payload: 'Yes', text: 'Да' } })).toEqual({
      kind: 'text',
      text: 'Да',
    });
    expect(input({ type: 'button', button: { payload: 'Yes' } })).toEqual({ kind: 'text', text: 'Yes' });
  });

  test('a place, without its name', () => {
    const location = { latitude: 43.25, longitude: 76.95, name: 'Home', address: 'Street 1' };
    expect(input({ type: 'location', location })).toEqual({ kind: 'place', lat: 43.25, lon: 76.95 });
  });

  test.each([
    'image',
    'video',
    'audio',
    'voice',
    'sticker',
    'document',
    'contacts',
    'order',
    'unsupported',
    'hologram',
  ])('%s is answered, not read', (type) => {
    expect(input({ type, [type]: { id: '1', body: 'x' } })).toEqual({ kind: 'media' });
  });

  test('a form that was filled in is answered', () => {
    expect(interactive({ type: 'nfm_reply', nfm_reply: { response_json: '{}' } })).toEqual({ kind: 'media' });
  });

  test.each(['reaction', 'system', 'ephemeral', 'edit', 'revoke'])('%s is nothing that was said', (type) => {
    expect(read({ messages: [{ id: 'w', from: '15550001', type, [type]: {} }] })).toMatchObject({
      messages: [],
      malformed: 0,
    });
  });

  test('groups are not for us', () => {
    expect(message({ ...content, group_id: 'g1' })).toBeUndefined();
  });
});

describe('who it was', () => {
  test('the user id names them, the number is another name of theirs, and both are in the address', () => {
    expect(message(content)).toEqual({
      channel: 'whatsapp',
      account: OURS,
      user: 'KZ.1',
      aliases: ['15550001'],
      id: 'wamid.1',
      address: '15550001|KZ.1',
      input: { kind: 'text', text: 'hi' },
    });
  });

  test('a number alone, as before 2026; a user id alone, as for those with a username', () => {
    expect(message(content, [{ wa_id: '15550001' }])).toMatchObject({
      user: '15550001',
      address: '15550001|',
    });
    const { user_id } = CONTACT;
    for (const part of [{ from: undefined, from_user_id: user_id }, { from: '' }, { from: user_id }]) {
      const seen = message({ ...content, ...part }, [{ profile: CONTACT.profile, user_id }]);
      expect(seen).toMatchObject({ user: 'KZ.1', address: '|KZ.1' });
      expect(seen).not.toHaveProperty('aliases');
    }
  });

  test('of several people each gets their own other id', () => {
    const people = [1, 2, 3].map((n) => ({ wa_id: `1555000${n}`, user_id: `KZ.${n}` }));
    const messages = [3, 1, 2].map((n) => ({ ...content, id: `w${n}`, from: `1555000${n}` }));
    const seen = read({ contacts: people, messages }).messages.map((m) => m.address);
    expect(seen).toEqual(['15550003|KZ.3', '15550001|KZ.1', '15550002|KZ.2']);
    // Nobody is guessed.
    expect(read({ contacts: people, messages: [{ ...content, id: 'w' }] })).toMatchObject({
      messages: [],
      malformed: 1,
    });
  });

  test('neither name nor username is kept anywhere', () => {
    expect(
      JSON.stringify(read({ contacts: [CONTACT], messages: [{ ...content, id: 'w', from: '15550001' }] })),
    ).not.toMatch(/ecret/);
  });

  test('an answer from the phone of the organisation is of staff, to that person', () => {
    const echoed = {
      from: '15550000',
      to: '15550001',
      to_user_id: 'KZ.1',
      id: 'w',
      type: 'text',
      text: { body: 'x' },
    };
    expect(read({ message_echoes: [echoed] })).toMatchObject({
      messages: [{ user: 'KZ.1', aliases: ['15550001'], input: { kind: 'staff' } }],
      writers: [],
    });
    expect(read({ message_echoes: [{ ...echoed, type: 'revoke' }] }).messages).toEqual([]);
  });

  test('an address is read back, and nothing else is one', () => {
    expect(fromAddress('15550001|KZ.1')).toEqual({ phone: '15550001', userId: 'KZ.1' });
    expect(fromAddress('|KZ.ENT.1')).toEqual({ userId: 'KZ.ENT.1' });
    for (const other of ['', '|', '1|', 'x|', '15550001|x', '15550001|KZ.1|'])
      expect(fromAddress(other)).toBeUndefined();
  });
});

describe('the delivery', () => {
  test('for another number: nothing is ours', () => {
    const value = { contacts: [CONTACT], messages: [{ ...content, id: 'w', from: '15550001' }] };
    expect(toIncoming(delivery(value, '999'), OURS)).toEqual({
      messages: [],
      writers: [],
      statuses: [],
      malformed: 0,
    });
  });

  test('one part that cannot be read does not hide the others', () => {
    const good = { ...content, id: 'w', from: '15550001' };
    const bad = [
      null,
      {},
      { ...good, id: '' },
      { ...good, type: 7 },
      { ...good, text: {} },
      { ...good, from: 'x' },
    ];
    expect(read({ messages: [...bad, good] })).toMatchObject({
      messages: [{ id: 'w' }],
      malformed: bad.length,
    });
    for (const body of [null, 7, [], {}, { entry: 'x' }]) expect(toIncoming(body, OURS).malformed).toBe(1);
    expect(toIncoming({ entry: [{}, { changes: [null, { value: 7 }] }] }, OURS)).toMatchObject({
      malformed: 1,
    });
  });

  test('statuses, with the mark and the code; unknown ones are left out', () => {
    const statuses = [
      { id: 'w', status: 'sent', biz_opaque_callback_data: 'mark', pricing: { billable: true } },
      { id: 'w', status: 'failed', errors: [{ code: 131047, message: 'to 15550001' }] },
      { id: 'w', status: 'played' },
      { status: 'sent' },
    ];
    expect(read({ statuses })).toMatchObject({
      statuses: [
        { wamid: 'w', status: 'sent', mark: 'mark', billable: true },
        { wamid: 'w', status: 'failed', code: 131047 },
      ],
      malformed: 1,
    });
  });
});
