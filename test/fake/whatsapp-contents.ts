import { deflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys';

const { Type } = proto.Message.ProtocolMessage;
const MEDIA = {
  url: 'https://mmg.whatsapp.net/v/t',
  directPath: '/v/t',
  mediaKey: Buffer.alloc(32, 1),
  fileLength: 3,
};

/** What people send besides words, for `person.send`. Some of it no honest phone sends to a stranger. */
export const contents = {
  location: (degreesLatitude: number, degreesLongitude: number): proto.IMessage => ({
    locationMessage: { degreesLatitude, degreesLongitude },
  }),
  liveLocation: (degreesLatitude: number, degreesLongitude: number): proto.IMessage => ({
    liveLocationMessage: { degreesLatitude, degreesLongitude, accuracyInMeters: 10 },
  }),
  image: (caption?: string): proto.IMessage => ({
    imageMessage: { ...MEDIA, mimetype: 'image/jpeg', ...(caption === undefined ? {} : { caption }) },
  }),
  voice: (): proto.IMessage => ({ audioMessage: { ...MEDIA, mimetype: 'audio/ogg', ptt: true, seconds: 2 } }),
  sticker: (): proto.IMessage => ({ stickerMessage: { ...MEDIA, mimetype: 'image/webp' } }),
  contact: (): proto.IMessage => ({ contactMessage: { displayName: 'N', vcard: 'BEGIN:VCARD\nEND:VCARD' } }),
  /** Text with a link or a quote, as most phones send it. */
  extended: (text: string): proto.IMessage => ({ extendedTextMessage: { text } }),
  /** Words in a chat whose messages disappear. */
  disappearing: (text: string): proto.IMessage => ({
    ephemeralMessage: { message: { extendedTextMessage: { text, contextInfo: { expiration: 86_400 } } } },
  }),
  edit: (id: string, text: string): proto.IMessage => ({
    protocolMessage: {
      type: Type.MESSAGE_EDIT,
      key: { id, fromMe: true },
      editedMessage: { conversation: text },
    },
  }),
  ephemeralSetting: (seconds: number): proto.IMessage => ({
    protocolMessage: { type: Type.EPHEMERAL_SETTING, ephemeralExpiration: seconds },
  }),
  /** A copy as only an own device makes it: from a stranger it is a forgery. */
  deviceSent: (destinationJid: string, message: proto.IMessage): proto.IMessage => ({
    deviceSentMessage: { destinationJid, message },
  }),
  /** History as only the own phone sends it: from a stranger it is a forgery, here with one chat in it. */
  history: (chat: string, text: string): proto.IMessage => {
    const syncType = proto.HistorySync.HistorySyncType.RECENT;
    const key = { remoteJid: chat, fromMe: false, id: 'HISTORY1' };
    const messages = [{ message: { key, message: { conversation: text }, messageTimestamp: 1 } }];
    const history = proto.HistorySync.encode({ syncType, conversations: [{ id: chat, messages }] }).finish();
    const historySyncNotification = { syncType, initialHistBootstrapInlinePayload: deflateSync(history) };
    return { protocolMessage: { type: Type.HISTORY_SYNC_NOTIFICATION, historySyncNotification } };
  },
};
