import {
  normalizeMessageContent,
  proto,
  type WAMessage,
  type WAMessageContent,
} from '@whiskeysockets/baileys';
import { cleanText, type InboundMessage, type Input } from '../message.ts';

/** What is known around a message. */
export interface InboundContext {
  /** User parts of our own JIDs. */
  own: { pn: string; lid?: string };
  /** The other JID of the same person, if both have been seen. */
  aliasOf(jid: string): string | undefined;
  /** Whether this is the id of something that we sent ourselves. */
  sent(id: string): boolean;
}

/** A person on WhatsApp: their hidden id ("lid") or their phone number ("pn"). */
export interface Person {
  kind: 'lid' | 'pn';
  user: string;
  /** Without device, in the one form that is compared and stored. */
  jid: string;
}

const MOST_DIGITS = 20;
const PERSON = new RegExp(
  `^([1-9]\\d{0,${MOST_DIGITS - 1}})(?:_\\d+)?(?::\\d+)?@(lid|hosted\\.lid|s\\.whatsapp\\.net|c\\.us|hosted)$`,
);

/** Reads a JID; undefined for groups, broadcasts, channels, bots, WhatsApp's own account and whatever else is no person. */
export function personOf(jid: string | null | undefined): Person | undefined {
  const [, user, server] = PERSON.exec(jid ?? '') ?? [];
  if (!user) return undefined;
  const kind = server?.endsWith('lid') ? 'lid' : 'pn';
  return { kind, user, jid: `${user}@${kind === 'lid' ? 'lid' : 's.whatsapp.net'}` };
}

/**
 * Reads one message as Baileys hands it over, live or collected after a night offline. Undefined: nothing for us.
 *
 * A message that could not be decrypted comes twice under one id, first without content. Only with content it
 * counts, so that the first does not make a duplicate of the second.
 */
export function toInbound(message: WAMessage, context: InboundContext): InboundMessage | undefined {
  const { key } = message;
  const chat = personOf(key.remoteJid);
  const { own } = context;
  if (!key.id || !chat || isOwn(chat, own) || message.category === 'peer') return undefined;
  if (message.messageStubType === proto.WebMessageInfo.StubType.CIPHERTEXT) return undefined;
  if (key.fromMe && context.sent(key.id)) return undefined;
  const said = toInput(message.message);
  if (!said) return undefined;

  const other = personOf(key.remoteJidAlt);
  // In what our own phone sends, the other JID may be ours.
  const alias =
    other && other.kind !== chat.kind && !isOwn(other, own) ? other : personOf(context.aliasOf(chat.jid));
  const user = alias?.kind === 'lid' ? alias : chat;
  const second = user === chat ? alias : chat;
  return {
    channel: 'whatsapp',
    account: own.pn,
    user: user.jid,
    ...(second ? { aliases: [second.jid] } : {}),
    id: `${user.jid}/${key.id}`,
    address: chat.jid,
    input: key.fromMe ? { kind: 'staff' } : said,
  };
}

function isOwn(person: Person, own: InboundContext['own']): boolean {
  return person.user === (person.kind === 'lid' ? own.lid : own.pn);
}

// What travels beside a message and says nothing.
const BESIDE: ReadonlySet<string> = new Set(['messageContextInfo', 'senderKeyDistributionMessage']);

// What an app sends by itself or about other messages. Everything else is something the person sent, so it gets an
// answer, also if it was invented after this list.
const NOT_SAID: ReadonlySet<string> = new Set<keyof proto.IMessage>([
  // Taken back, edited, disappearing, history: edits are not read, for the reason given in telegram-inbound.ts.
  'protocolMessage',
  // The copy of a message that its sender's own devices get; from anybody else it is forged.
  'deviceSentMessage',
  'reactionMessage',
  'encReactionMessage',
  'pollUpdateMessage',
  'pollResultSnapshotMessage',
  'encEventResponseMessage',
  'encCommentMessage',
  'commentMessage',
  'secretEncryptedMessage',
  'keepInChatMessage',
  'pinInChatMessage',
  'placeholderMessage',
  'requestPhoneNumberMessage',
  'requestPaymentMessage',
  'declinePaymentRequestMessage',
  'cancelPaymentRequestMessage',
  'stickerSyncRmrMessage',
  'fastRatchetKeySenderKeyDistributionMessage',
  // The pictures of an album follow one by one.
  'albumMessage',
  'call',
  'bcallMessage',
  'callLogMesssage',
  'scheduledCallCreationMessage',
  'scheduledCallEditMessage',
  'messageHistoryBundle',
  'messageHistoryNotice',
  'newsletterAdminInviteMessage',
  'statusMentionMessage',
]);

/** What the person said, unwrapped from "disappearing", "view once" and the like. */
function toInput(wrapped: WAMessageContent | null | undefined): Input | undefined {
  const content = normalizeMessageContent(wrapped);
  if (!content) return undefined;
  const kinds = Object.entries(content)
    .filter(([kind, value]) => value !== null && value !== undefined && !BESIDE.has(kind))
    .map(([kind]) => kind);
  if (kinds.length === 0 || kinds.some((kind) => NOT_SAID.has(kind))) return undefined;
  const words = wordsOf(content);
  if (words !== undefined) {
    const { text } = cleanText(words);
    return text === '' ? undefined : { kind: 'text', text };
  }
  const point = content.locationMessage ?? content.liveLocationMessage;
  const lat = point?.degreesLatitude;
  const lon = point?.degreesLongitude;
  return within(lat, 90) && within(lon, 180) ? { kind: 'place', lat, lon } : { kind: 'media' };
}

/** Typed words, or the label of something tapped: we send nothing to tap, but old and forwarded messages have it. */
function wordsOf(content: WAMessageContent): string | undefined {
  const said =
    content.conversation ||
    content.extendedTextMessage?.text ||
    content.buttonsResponseMessage?.selectedDisplayText ||
    content.templateButtonReplyMessage?.selectedDisplayText ||
    content.listResponseMessage?.title ||
    content.interactiveResponseMessage?.body?.text;
  if (said) return said;
  // Words that are there but empty.
  return typeof content.conversation === 'string' || content.extendedTextMessage ? '' : undefined;
}

function within(degrees: number | null | undefined, most: number): degrees is number {
  return typeof degrees === 'number' && Math.abs(degrees) <= most;
}
