import { z } from 'zod';
import { cleanText, type InboundMessage, type Input, LANGS } from '../message.ts';

/** What Meta tells about one message of ours. */
export interface StatusReport {
  /** The message's id, as the call that sent it returned it. */
  wamid: string;
  status: 'sent' | 'delivered' | 'read' | 'failed';
  /** What the call carried along, see the sender's marks. */
  mark?: string;
  /** Meta's number for the failure. */
  code?: number;
  billable?: true;
}

/** What one delivery asks of us. */
export interface Incoming {
  messages: InboundMessage[];
  /** Whose messages open their 24-hour window, and when they wrote, in ms since 1970. */
  writers: { address: string; at: number }[];
  statuses: StatusReport[];
  /** Parts that are not as Meta documents them. */
  malformed: number;
}

/** Where a person can be reached: at least one of the two. */
export interface Recipient {
  /** Digits, with the country code. */
  phone?: string;
  /** Business-scoped user id, e.g. `DE.1234`: known for everybody since 2026, and alone for those with a username. */
  userId?: string;
}

const PHONE = /^\d{5,20}$/;
const USER_ID = /^[A-Z]{2}\.[A-Za-z0-9._-]{1,160}$/;

const list = z.array(z.unknown()).optional();
const delivery = z.object({ entry: z.array(z.unknown()) });
const entry = z.object({ changes: z.array(z.unknown()) });
const change = z.object({
  value: z.object({
    metadata: z.object({ phone_number_id: z.string() }),
    contacts: list,
    messages: list,
    statuses: list,
    message_echoes: list,
  }),
});
const id = z.string().min(1).max(512);
const contact = z.object({ wa_id: z.string().optional(), user_id: z.string().optional() });
const sender = z.object({
  id,
  type: z.string(),
  from: z.string().optional(),
  from_user_id: z.string().optional(),
  group_id: z.string().optional(),
  timestamp: z.string().optional(),
});
const echo = z.object({
  id,
  type: z.string(),
  to: z.string().optional(),
  to_user_id: z.string().optional(),
});
const status = z.object({
  id,
  status: z.string(),
  biz_opaque_callback_data: z.string().max(512).optional(),
  errors: z.array(z.object({ code: z.number().optional() })).optional(),
  pricing: z.object({ billable: z.boolean().optional() }).optional(),
});
const words = z.object({ text: z.object({ body: z.string() }) });
const reply = z.object({ id: z.string().max(256) });
const interactive = z.object({
  interactive: z.object({ button_reply: reply.optional(), list_reply: reply.optional() }),
});
const button = z.object({
  button: z.object({ payload: z.string().optional(), text: z.string().optional() }),
});
const location = z.object({
  location: z.object({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
  }),
});

// Not something a person said. Everything else that we cannot read (`unsupported` too) is, so it gets an answer, also
// if it was invented after this list. Edits are not read for the same reason as on Telegram.
const SILENT: ReadonlySet<string> = new Set(['reaction', 'system', 'ephemeral', 'edit', 'revoke']);

/**
 * Reads one delivery, taking only what we need: no profile name, no username. A part that cannot be read is counted
 * and does not keep the others from being read.
 *
 * @param account our phone number id; what is for another one is not ours
 */
export function toIncoming(body: unknown, account: string): Incoming {
  const incoming: Incoming = { messages: [], writers: [], statuses: [], malformed: 0 };
  for (const one of parts(body, delivery, incoming)?.entry ?? []) {
    for (const raw of parts(one, entry, incoming)?.changes ?? []) {
      // Other kinds of change (templates, account updates) have another shape and are not for us.
      const value = change.safeParse(raw).data?.value;
      if (value?.metadata.phone_number_id !== account) continue;
      for (const m of value.messages ?? []) takeMessage(m, value.contacts ?? [], account, incoming);
      for (const e of value.message_echoes ?? []) takeEcho(e, account, incoming);
      for (const s of value.statuses ?? []) takeStatus(s, incoming);
    }
  }
  return incoming;
}

/** `15550001|DE.1234`: opaque for everybody else. Either half can be empty, not both. */
export function toAddress({ phone = '', userId = '' }: Recipient): string {
  return `${phone}|${userId}`;
}

/** @returns undefined for what is no address of ours */
export function fromAddress(address: string): Recipient | undefined {
  const [phone = '', userId = '', ...rest] = address.split('|');
  const known = {
    ...(PHONE.test(phone) ? { phone } : {}),
    ...(USER_ID.test(userId) ? { userId } : {}),
  };
  return rest.length > 0 || toAddress(known) !== address || address === '|' ? undefined : known;
}

function takeMessage(raw: unknown, contacts: unknown[], account: string, to: Incoming): void {
  const head = parts(raw, sender, to);
  if (!head || head.group_id !== undefined || SILENT.has(head.type)) return;
  const who = personOf(head, contacts);
  const input = toInput(head.type, raw);
  if (!who || !input) {
    to.malformed += 1;
    return;
  }
  const message = inbound(account, head.id, who, input);
  to.messages.push(message);
  to.writers.push({ address: message.address, at: Number(head.timestamp) * 1000 });
}

/** Somebody of the organisation wrote to this person from the app on the organisation's own phone. */
function takeEcho(raw: unknown, account: string, to: Incoming): void {
  const head = parts(raw, echo, to);
  if (!head || SILENT.has(head.type)) return;
  const who = recipientOf([head.to, head.to_user_id]);
  if (who) to.messages.push(inbound(account, head.id, who, { kind: 'staff' }));
  else to.malformed += 1;
}

function takeStatus(raw: unknown, to: Incoming): void {
  const head = parts(raw, status, to);
  if (!head) return;
  const known = (['sent', 'delivered', 'read', 'failed'] as const).find((s) => s === head.status);
  // Others, such as "played", say nothing new.
  if (!known) return;
  const code = head.errors?.[0]?.code;
  to.statuses.push({
    wamid: head.id,
    status: known,
    ...(head.biz_opaque_callback_data === undefined ? {} : { mark: head.biz_opaque_callback_data }),
    ...(code === undefined ? {} : { code }),
    ...(head.pricing?.billable ? { billable: true } : {}),
  });
}

function parts<T>(raw: unknown, schema: z.ZodType<T>, to: Incoming): T | undefined {
  const read = schema.safeParse(raw);
  if (!read.success) to.malformed += 1;
  return read.data;
}

/** The message names its writer; the list of contacts adds the writer's other id. */
function personOf(head: z.infer<typeof sender>, contacts: unknown[]): Recipient | undefined {
  const own = [head.from, head.from_user_id].filter((i) => i !== undefined && i !== '');
  const known = contacts.flatMap((c) => contact.safeParse(c).data ?? []);
  const match =
    known.find((c) => own.includes(c.wa_id) || own.includes(c.user_id)) ??
    (own.length === 0 && known.length === 1 ? known[0] : undefined);
  return recipientOf([...own, match?.wa_id, match?.user_id]);
}

/** Tells the ids apart by their form: Meta puts either kind into some fields. */
function recipientOf(ids: readonly (string | undefined)[]): Recipient | undefined {
  const phone = ids.map((i) => i?.replace(/^\+/, '')).find((i) => i !== undefined && PHONE.test(i));
  const userId = ids.find((i) => i !== undefined && USER_ID.test(i));
  if (phone === undefined && userId === undefined) return undefined;
  return { ...(phone === undefined ? {} : { phone }), ...(userId === undefined ? {} : { userId }) };
}

function inbound(account: string, messageId: string, who: Recipient, input: Input): InboundMessage {
  const { phone, userId } = who;
  const user = userId ?? phone ?? '';
  return {
    channel: 'whatsapp',
    account,
    user,
    ...(userId !== undefined && phone !== undefined ? { aliases: [phone] } : {}),
    id: messageId,
    address: toAddress(who),
    input,
  };
}

/** @returns undefined when it is not as documented */
function toInput(type: string, raw: unknown): Input | undefined {
  switch (type) {
    case 'text': {
      const read = words.safeParse(raw).data;
      return read && textInput(read.text.body);
    }
    case 'interactive': {
      const read = interactive.safeParse(raw).data?.interactive;
      const chosen = read?.button_reply ?? read?.list_reply;
      if (chosen) return { kind: 'tap', data: cleanText(chosen.id).text };
      return read && { kind: 'media' };
    }
    case 'button':
      return templateReply(raw);
    case 'location': {
      const read = location.safeParse(raw).data?.location;
      return read && { kind: 'place', lat: read.latitude, lon: read.longitude };
    }
    case 'request_welcome':
      return { kind: 'start' };
    default:
      return { kind: 'media' };
  }
}

/** A button of a template: its payload is the template author's, perhaps one of ours, else it is what it says. */
function templateReply(raw: unknown): Input | undefined {
  const read = button.safeParse(raw).data?.button;
  const payload = read?.payload ?? '';
  if (LANGS.some((lang) => payload.startsWith(`${lang}:`)) && payload.length <= 256)
    return { kind: 'tap', data: cleanText(payload).text };
  const text = read?.text ?? payload;
  return text === '' ? undefined : textInput(text);
}

function textInput(raw: string): Input {
  const { text } = cleanText(raw);
  return /^\/start(\s|$)/i.test(text) ? { kind: 'start' } : { kind: 'text', text };
}
