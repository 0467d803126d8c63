import { encodeWAMessage, proto, type WAMessage } from '@whiskeysockets/baileys';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type InboundContext, personOf, toInbound } from '../../src/channels/whatsapp-inbound.ts';
import { Intake } from '../../src/channels/whatsapp-intake.ts';

const PN = '15550001@s.whatsapp.net';
const LID = '100000000000001@lid';
const context: InboundContext = {
  own: { pn: '15550000', lid: '200000000000000' },
  aliasOf: () => undefined,
  sent: (id) => id === 'OURS',
};

function wa(
  message: proto.IMessage | null,
  key: Partial<WAMessage['key']> = {},
  more: Partial<WAMessage> = {},
): WAMessage {
  return { key: { remoteJid: LID, fromMe: false, id: 'A1', ...key }, message, ...more };
}
/** Through the wire, as it really comes. */
const sent = (message: proto.IMessage) => proto.Message.decode(proto.Message.encode(message).finish());
const inputOf = (message: proto.IMessage, key?: Partial<WAMessage['key']>) =>
  toInbound(wa(sent(message), key), context)?.input;

describe('who it is', () => {
  test.each([
    // remoteJid, remoteJidAlt, seen before → user, other
    [LID, PN, undefined, LID, PN],
    [PN, LID, undefined, LID, PN],
    [LID, undefined, PN, LID, PN],
    [PN, undefined, LID, LID, PN],
    [LID, undefined, undefined, LID, undefined],
    [PN, undefined, undefined, PN, undefined],
    ['100000000000001:7@lid', '15550001:7@s.whatsapp.net', undefined, LID, PN],
    ['15550001_1:7@s.whatsapp.net', '100000000000001:7@lid', undefined, LID, PN],
    ['15550001@hosted', '100000000000001:99@hosted.lid', undefined, LID, PN],
    ['15550001@c.us', undefined, undefined, PN, undefined],
    // Our own other id, and another of the same kind, are not theirs.
    [LID, '15550000:3@s.whatsapp.net', undefined, LID, undefined],
    [PN, '15550009@s.whatsapp.net', undefined, PN, undefined],
  ])('%s with %s', (remoteJid, remoteJidAlt, seen, user, other) => {
    const key = { remoteJid, ...(remoteJidAlt ? { remoteJidAlt } : {}) };
    const found = toInbound(wa({ conversation: 'hi' }, key), { ...context, aliasOf: () => seen });
    expect(found).toEqual({
      channel: 'whatsapp',
      account: '15550000',
      user,
      ...(other ? { aliases: [other] } : {}),
      id: `${user}/A1`,
      address: personOf(remoteJid)?.jid,
      input: { kind: 'text', text: 'hi' },
    });
  });

  test.each([
    '120363000000000@g.us',
    '15550001-1600000000@g.us',
    'status@broadcast',
    '15550001@broadcast',
    '120363000000000@newsletter',
    '867051314767696@bot',
    '0@s.whatsapp.net',
    'server@c.us',
    '15550000:3@s.whatsapp.net',
    '200000000000000@lid',
    `${'9'.repeat(30)}@lid`,
    '15550001',
    '',
  ])('nobody: %s', (remoteJid) => {
    expect(toInbound(wa({ conversation: 'hi' }, { remoteJid }), context)).toBeUndefined();
  });
});

describe('what was said', () => {
  test.each<[string, proto.IMessage, string]>([
    ['a plain text', { conversation: '  1 ' }, '1'],
    ['a text with a link or an answer', { extendedTextMessage: { text: 'see\u202E this' } }, 'see this'],
    ['a disappearing one', { ephemeralMessage: { message: { conversation: 'gone soon' } } }, 'gone soon'],
    ['view once', { viewOnceMessageV2: { message: { extendedTextMessage: { text: 'once' } } } }, 'once'],
    [
      'wrapped twice',
      { ephemeralMessage: { message: { viewOnceMessage: { message: { conversation: 'in' } } } } },
      'in',
    ],
    [
      'with a secret beside it',
      { conversation: 'x', messageContextInfo: { messageSecret: Buffer.alloc(32) } },
      'x',
    ],
    ['a button', { buttonsResponseMessage: { selectedDisplayText: 'Menu', selectedButtonId: 'm' } }, 'Menu'],
    [
      'a template button',
      { templateButtonReplyMessage: { selectedDisplayText: 'Yes', selectedId: 'y' } },
      'Yes',
    ],
    ['an entry of a list', { listResponseMessage: { title: 'Almaty' } }, 'Almaty'],
    ['an interactive answer', { interactiveResponseMessage: { body: { text: 'Here' } } }, 'Here'],
  ])('%s', (_, message, text) => {
    expect(inputOf(message)).toEqual({ kind: 'text', text });
  });

  test.each<[string, proto.IMessage]>([
    ['a point', { locationMessage: { degreesLatitude: 43.2, degreesLongitude: 76.9 } }],
    ['a moving point', { liveLocationMessage: { degreesLatitude: 43.2, degreesLongitude: 76.9 } }],
  ])('%s', (_, message) => {
    expect(inputOf(message)).toEqual({ kind: 'place', lat: 43.2, lon: 76.9 });
  });

  test.each<[string, proto.IMessage]>([
    ['a picture with words', { imageMessage: { caption: 'look' } }],
    ['a video', { videoMessage: {} }],
    ['a voice message', { audioMessage: { ptt: true } }],
    [
      'a file with a caption',
      { documentWithCaptionMessage: { message: { documentMessage: { caption: 'c' } } } },
    ],
    ['a sticker', { stickerMessage: {} }],
    ['a contact', { contactMessage: { displayName: 'N' } }],
    ['a poll', { pollCreationMessageV3: { name: 'p' } }],
    ['a round video', { ptvMessage: {} }],
    ['a point that is none', { locationMessage: { degreesLatitude: 430, degreesLongitude: 76.9 } }],
    ['a point without numbers', { locationMessage: {} }],
    ['an event', { eventMessage: { name: 'e' } }],
  ])('%s is media', (_, message) => {
    expect(inputOf(message)).toEqual({ kind: 'media' });
  });

  const { Type } = proto.Message.ProtocolMessage;
  test.each<[string, proto.IMessage]>([
    ['taken back', { protocolMessage: { type: Type.REVOKE, key: { id: 'A0' } } }],
    [
      'edited',
      {
        editedMessage: {
          message: { protocolMessage: { type: Type.MESSAGE_EDIT, editedMessage: { conversation: '2' } } },
        },
      },
    ],
    ['edited, plain', { protocolMessage: { type: Type.MESSAGE_EDIT, editedMessage: { conversation: '2' } } }],
    ['disappearing on', { protocolMessage: { type: Type.EPHEMERAL_SETTING } }],
    ['history', { protocolMessage: { type: Type.HISTORY_SYNC_NOTIFICATION } }],
    ['keys', { protocolMessage: { type: Type.APP_STATE_SYNC_KEY_SHARE } }],
    ['protocol with words', { conversation: 'x', protocolMessage: { type: Type.REVOKE } }],
    ['a copy of a message', { deviceSentMessage: { destinationJid: PN, message: { conversation: 'x' } } }],
    ['a reaction', { reactionMessage: { text: '+' } }],
    ['a vote', { pollUpdateMessage: {} }],
    ['a pin', { pinInChatMessage: {} }],
    ['a missed call', { call: { callKey: Buffer.from('k') } }],
    ['group keys only', { senderKeyDistributionMessage: { groupId: 'g' } }],
    ['a secret only', { messageContextInfo: {} }],
    ['white space', { conversation: ' \n\u200E ' }],
    ['an empty text', { extendedTextMessage: { text: '' } }],
    ['nothing', {}],
  ])('%s is nothing', (_, message) => {
    expect(inputOf(message)).toBeUndefined();
    expect(inputOf(message, { fromMe: true })).toBeUndefined();
  });

  test('without content, or without an id, it does not count yet', () => {
    const { CIPHERTEXT } = proto.WebMessageInfo.StubType;
    expect(toInbound(wa(null), context)).toBeUndefined();
    expect(toInbound(wa(null, {}, { messageStubType: CIPHERTEXT }), context)).toBeUndefined();
    expect(
      toInbound(wa({ conversation: 'half' }, {}, { messageStubType: CIPHERTEXT }), context),
    ).toBeUndefined();
    expect(toInbound(wa({ conversation: 'x' }, { id: '' }), context)).toBeUndefined();
    expect(toInbound(wa({ conversation: 'x' }, {}, { category: 'peer' }), context)).toBeUndefined();
  });

  test('typed or sent on our own phone: somebody answered by hand', () => {
    const key = { fromMe: true, remoteJidAlt: PN };
    expect(toInbound(wa({ conversation: 'I am here' }, key), context)).toEqual({
      channel: 'whatsapp',
      account: '15550000',
      user: LID,
      aliases: [PN],
      id: `${LID}/A1`,
      address: LID,
      input: { kind: 'staff' },
    });
    expect(inputOf({ audioMessage: {} }, key)).toEqual({ kind: 'staff' });
    // What we sent ourselves comes back on some ways.
    expect(toInbound(wa({ conversation: 'x' }, { ...key, id: 'OURS' }), context)).toBeUndefined();
    // An id can be copied; only from our own account it is an echo.
    expect(inputOf({ conversation: 'x' }, { id: 'OURS' })).toEqual({ kind: 'text', text: 'x' });
  });

  test('no bytes that decode as a message throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, fromMe) => {
        let message: proto.IMessage;
        try {
          message = proto.Message.decode(bytes);
        } catch {
          return;
        }
        const found = toInbound(wa(message, { fromMe }), context);
        if (found) expect(found.user).toBe(LID);
      }),
      { numRuns: 2000 },
    );
  });
});

test('bytes that are no message are nobody’s, and break nothing', async () => {
  const intake = new Intake({
    auth: { own: () => context.own, aliasOf: () => undefined, learn: () => undefined },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    sent: () => false,
  });
  let accepted = 0;
  intake.start({
    accept: async (messages) => {
      accepted += messages.length;
    },
    reachable: () => undefined,
  });
  const stanza = { tag: 'message', attrs: { id: 'A1', from: LID, t: '1' } };
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (bytes) => {
      await intake.read(stanza, bytes);
    }),
    { numRuns: 1000 },
  );
  const before = accepted;
  await intake.read(stanza, encodeWAMessage({ conversation: 'hello' }));
  expect(accepted).toBe(before + 1);
});
