import { z } from 'zod';

/** A refusal as the Graph API words it. */
export class GraphFailure extends Error {
  readonly status: number;
  readonly code: number;
  readonly details: string;

  constructor(code: number, details = '') {
    const [status, title] = TITLES[code] ?? [400, 'Error'];
    super(`(#${code}) ${title}`);
    this.status = status;
    this.code = code;
    this.details = details;
  }

  /** The body of the answer. The ids in it are what a careless log would leak. */
  body(): object {
    const { message, code, details } = this;
    const type = code === 190 ? 'OAuthException' : 'GraphMethodException';
    const data = { messaging_product: 'whatsapp', details };
    return { error: { message, type, code, error_data: data, fbtrace_id: 'AzTraceOfThisCall' } };
  }
}

/** HTTP status and title of the codes of Meta's list. */
const TITLES: Record<number, [number, string]> = {
  0: [401, 'AuthException'],
  1: [400, 'API Unknown'],
  2: [503, 'API Service'],
  4: [400, 'API Too Many Calls'],
  10: [403, 'Permission Denied'],
  33: [400, 'Parameter value is not valid'],
  100: [400, 'Invalid parameter'],
  190: [401, 'Access token has expired'],
  200: [403, 'API Permission'],
  368: [403, 'Temporarily blocked for policies violations'],
  80007: [400, 'Rate limit issues'],
  130429: [400, 'Rate limit hit'],
  130472: [400, "User's number is part of an experiment"],
  131000: [500, 'Something went wrong'],
  131005: [403, 'Access denied'],
  131008: [400, 'Required parameter is missing'],
  131009: [400, 'Parameter value is not valid'],
  131016: [500, 'Service unavailable'],
  131021: [400, 'Recipient cannot be sender'],
  131026: [400, 'Message undeliverable'],
  131030: [400, 'Recipient phone number not in allowed list'],
  131031: [403, 'Account has been locked'],
  131042: [400, 'Business eligibility payment issue'],
  131047: [400, 'Re-engagement message'],
  131048: [400, 'Spam rate limit hit'],
  131049: [400, 'Meta chose not to deliver'],
  131050: [400, 'User has stopped receipt of marketing messages'],
  131051: [400, 'Unsupported message type'],
  131056: [400, '(Business Account, Consumer Account) pair rate limit hit'],
  131057: [500, 'Account in maintenance mode'],
  132001: [404, 'Template does not exist'],
  132015: [400, 'Template is paused'],
  133004: [503, 'Server temporarily unavailable'],
  133010: [400, 'Phone number not registered'],
};

const filled = (max: number) => z.string().max(max).regex(/\S/);
const body = (max: number) => z.strictObject({ text: filled(max) });
const uniqueBy = <T>(of: (item: T) => string) => {
  return (items: T[]): boolean => new Set(items.map(of)).size === items.length;
};

const replyButton = z.strictObject({
  type: z.literal('reply'),
  reply: z.strictObject({ id: filled(256).regex(/^\S(.*\S)?$/), title: filled(20) }),
});
type Reply = z.infer<typeof replyButton>;
const row = z.strictObject({
  id: filled(200),
  title: filled(24),
  description: z.string().min(1).max(72).optional(),
});
const section = z.strictObject({ title: filled(24).optional(), rows: z.array(row).min(1) });

const interactive = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('button'),
    body: body(1024),
    action: z.strictObject({
      buttons: z
        .array(replyButton)
        .min(1)
        .max(3)
        .refine(
          uniqueBy((b: Reply) => b.reply.title),
          'titles must be unique',
        )
        .refine(
          uniqueBy((b: Reply) => b.reply.id),
          'ids must be unique',
        ),
    }),
  }),
  z.strictObject({
    type: z.literal('list'),
    body: body(4096),
    action: z.strictObject({
      button: filled(20),
      sections: z
        .array(section)
        .min(1)
        .max(10)
        .refine((s) => s.flatMap((one) => one.rows).length <= 10, 'at most 10 rows in all sections')
        .refine((s) => s.length === 1 || s.every((one) => one.title), 'several sections need titles')
        .refine((s) => uniqueBy((id: string) => id)(s.flatMap((one) => one.rows.map((r) => r.id)))),
    }),
  }),
  z.strictObject({
    type: z.literal('location_request_message'),
    body: body(1024),
    action: z.strictObject({ name: z.literal('send_location') }),
  }),
]);

const CONTENT = {
  text: z.strictObject({ body: filled(4096), preview_url: z.boolean().optional() }),
  interactive,
  location: z.strictObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    name: filled(1000).optional(),
    address: filled(1000).optional(),
  }),
  template: z.strictObject({
    name: filled(512),
    language: z.strictObject({ code: z.string().regex(/^[a-z]{2}(_[A-Z]{2})?$/) }),
    components: z.array(z.unknown()).optional(),
  }),
} as const;

const envelope = z.looseObject({
  messaging_product: z.literal('whatsapp'),
  recipient_type: z.literal('individual').optional(),
  to: z
    .string()
    .regex(/^\+?\d{5,20}$/)
    .optional(),
  recipient: z
    .string()
    .regex(/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/)
    .optional(),
  biz_opaque_callback_data: z.string().max(512).optional(),
  type: z.string().default('text'),
});

export type Interactive = z.infer<typeof interactive>;

/** A message that is within every limit. */
export interface ValidMessage {
  to?: string;
  recipient?: string;
  mark?: string;
  type: keyof typeof CONTENT;
  text?: string;
  interactive?: Interactive;
  location?: z.infer<typeof CONTENT.location>;
  template?: string;
}

/** Reads the body of a call, and refuses what Meta refuses. @throws {GraphFailure} */
export function readMessage(raw: unknown): ValidMessage {
  const head = checked(envelope, raw, 100);
  const { to, recipient, biz_opaque_callback_data: mark } = head;
  if (to === undefined && recipient === undefined)
    throw new GraphFailure(131008, 'to or recipient is required');
  const known = [
    'messaging_product',
    'recipient_type',
    'to',
    'recipient',
    'biz_opaque_callback_data',
    'type',
  ];
  const strange = Object.keys(head).find((key) => !known.includes(key) && key !== head.type);
  if (strange !== undefined) throw new GraphFailure(100, `unexpected key "${strange}"`);
  if (!(head.type in CONTENT)) throw new GraphFailure(131051, `type ${head.type}`);
  const who = {
    ...(to === undefined ? {} : { to }),
    ...(recipient === undefined ? {} : { recipient }),
    ...(mark === undefined ? {} : { mark }),
  };
  return { ...who, ...contentOf(head.type as keyof typeof CONTENT, head[head.type]) };
}

function contentOf(type: keyof typeof CONTENT, raw: unknown): ValidMessage {
  if (raw === undefined) throw new GraphFailure(131008, `${type} is required`);
  switch (type) {
    case 'text':
      return { type, text: checked(CONTENT.text, raw).body };
    case 'interactive': {
      const value = checked(CONTENT.interactive, raw);
      return { type, text: value.body.text, interactive: value };
    }
    case 'location':
      return { type, location: checked(CONTENT.location, raw) };
    case 'template': {
      const { name, language } = checked(CONTENT.template, raw);
      return { type, template: `${name}:${language.code}` };
    }
  }
}

function checked<T>(schema: z.ZodType<T>, raw: unknown, code = 131009): T {
  const read = schema.safeParse(raw);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new GraphFailure(code, `${issue?.path.join('.')}: ${issue?.message}`);
}
