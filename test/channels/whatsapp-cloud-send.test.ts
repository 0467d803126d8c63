import { beforeEach, describe, expect, test } from 'vitest';
import { SendError } from '../../src/channels/channel.ts';
import type { WhatsAppCloudChannel } from '../../src/channels/whatsapp-cloud.ts';
import { toPayloads } from '../../src/channels/whatsapp-cloud-messages.ts';
import type { OutboundMessage } from '../../src/message.ts';
import type { FakeGraph } from '../fake/graph.ts';
import type { FakeWriter } from '../fake/graph-person.ts';
import { choice, message } from './fixtures/host.ts';
import { ADDRESS, choices, newRow, place, written } from './fixtures/whatsapp-cloud.ts';

/** The real channel over real sockets against a stand-in that refuses whatever Meta refuses. */
let graph: FakeGraph;
let channel: WhatsAppCloudChannel;
let person: FakeWriter;
beforeEach(async () => {
  ({ graph, channel, person } = await written());
});

function send(part: Partial<OutboundMessage> = {}, id = newRow()): Promise<string[]> {
  return channel.send(ADDRESS, message(part), id);
}

describe('forms of a message', () => {
  test('plain text, with no preview of links', async () => {
    const ids = await send({ text: 'Первая строка\n*вторая* https://example.org' });
    expect(await person.next()).toMatchObject({ type: 'text', text: expect.stringContaining('вторая') });
    expect(ids).toEqual([person.received[0]?.wamid]);
    expect(graph.sends.at(-1)?.body).toMatchObject({
      to: '15550001',
      text: { preview_url: false },
      biz_opaque_callback_data: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  test('up to three choices are buttons, up to ten a list, more are numbered lines', async () => {
    await send({ choices: choices(3) });
    expect(person.received.at(-1)?.interactive?.type).toBe('button');
    expect(person.options).toEqual([
      { id: 'ru:menu:menu:c1', title: 'Вариант 1' },
      { id: 'ru:menu:menu:c2', title: 'Вариант 2' },
      { id: 'ru:menu:menu:c3', title: 'Вариант 3' },
    ]);
    const long = (c: { number: string }) => `${c.number}-й вариант с длинным названием`;
    await send({ choices: choices(10).map((c) => ({ ...c, label: long(c) })) });
    expect(person.received.at(-1)?.interactive).toMatchObject({
      type: 'list',
      action: { button: 'Выбрать' },
    });
    expect(person.options[9]).toEqual({
      id: 'ru:menu:menu:c10',
      title: expect.stringMatching(/…$/),
      description: '10-й вариант с длинным названием',
    });
    await send({ choices: choices(11) });
    expect(person.received.at(-1)).toMatchObject({
      type: 'text',
      text: expect.stringContaining('Вариант 11'),
    });
  });

  test('what looks alike when shortened, emoji and combining marks: Meta takes it as it is', async () => {
    const long = 'Один и тот же длинный ответ, который не помещается';
    for (const labels of [
      [`${long} на`, `${long} от`],
      ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦 семья', '📍'.repeat(11)],
      ['й̈'.repeat(12), '　'],
    ]) {
      await send({ choices: labels.map((label, i) => choice(String(i + 1), label)) });
    }
    expect(person.received).toHaveLength(3);
  });

  test('a point on the map goes first, the text with its buttons under it', async () => {
    const ids = await send({ place, choices: choices(2) });
    expect(person.received.map((m) => m.type)).toEqual(['location', 'interactive']);
    expect(person.received[0]?.location).toEqual({
      latitude: place.lat,
      longitude: place.lon,
      name: place.name,
      address: place.address,
    });
    expect(ids).toEqual(person.received.map((m) => m.wamid));
    await send({ text: '', place: { ...place, name: ' ', address: 'x'.repeat(5000) } });
    expect(person.received.at(-1)?.location).not.toHaveProperty('name');
  });

  test('asking for the location; a text that is too long for that goes as text', async () => {
    await send({ text: 'Где вы?', ask: 'location', choices: choices(2) });
    expect(person.received.at(-1)?.interactive).toMatchObject({
      type: 'location_request_message',
      action: { name: 'send_location' },
    });
    expect(person.texts.at(-1)).toContain('Вариант 2');
    await send({ text: 'д'.repeat(1500), ask: 'location' });
    expect(person.received.at(-1)?.type).toBe('text');
  });

  test('a text longer than a message, with and without choices', async () => {
    const text = 'Слово и ещё одно. '.repeat(600).trim();
    const ids = await send({ text, choices: choices(3) });
    expect(ids.length).toBeGreaterThan(2);
    expect(person.received).toHaveLength(ids.length);
    expect(person.options).toHaveLength(3);
  });

  test('what render would never make is not sent', () => {
    const long = 'x'.repeat(4097);
    const one = [[{ label: 'a', data: 'd' }]];
    for (const part of [
      { text: long, buttons: [] },
      { text: long, buttons: one, menu: 'list' as const },
      { text: 'x'.repeat(1025), buttons: one, menu: 'buttons' as const },
      { text: 'x', buttons: [[{ label: 'x'.repeat(21), data: 'd' }]], menu: 'buttons' as const },
      { text: 'x', buttons: [[{ label: 'x'.repeat(25), data: 'd' }]], menu: 'list' as const },
      { text: ' ', buttons: one, menu: 'buttons' as const },
      { text: 'x'.repeat(1025), buttons: [], askLocation: true },
    ])
      expect(() => toPayloads(part, 'Выбрать')).toThrow('whatsapp-limit');
    expect(() => toPayloads({ text: 'x', buttons: one, menu: 'list' }, 'x'.repeat(21))).toThrow(SendError);
  });
});

describe('whom a message goes to', () => {
  test('the number while it is known, else the user id; both are the same person', async () => {
    await channel.send('|KZ.1555000177', message({ text: 'by user id' }), 'a');
    await channel.send('15550001|', message({ text: 'by number' }), 'b');
    expect(person.texts).toEqual(['by user id', 'by number']);
    expect(graph.sends.map((c) => Object.keys(c.body as object)[2])).toEqual(['recipient', 'to']);
  });

  test.each(['', '|', 'x', '15550001', '15550001|x', '1|', '15550001|KZ.1|', '+15550001|', 'a|b'])(
    'an address that is none: %j',
    async (address) => {
      await expect(channel.send(address, message(), 'x')).rejects.toMatchObject({
        kind: 'permanent',
        reason: 'whatsapp-address',
      });
      expect(graph.sends).toEqual([]);
    },
  );

  test('nothing can be taken back', async () => {
    expect(channel.capabilities.remove).toBe(false);
    await expect(channel.remove(ADDRESS, ['wamid.1'])).resolves.toBeUndefined();
    expect(graph.sends).toEqual([]);
  });
});
