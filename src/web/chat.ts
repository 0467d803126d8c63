import { type Context, Hono } from 'hono';
import { accepts } from 'hono/accepts';
import { bodyLimit } from 'hono/body-limit';
import { streamSSE } from 'hono/streaming';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import type { WebHub, WebViewer } from '../channels/web.ts';
import type { Ids } from '../clock.ts';
import { cleanText, type Input, LANGS, type Lang } from '../message.ts';
import type { Limits } from './limits.ts';
import { toWire } from './wire.ts';

/** Largest body of a request from the page, in bytes. */
export const MAX_BODY = 32 * 1024;

/** 128 bits in base64url: the last character carries only two of them. */
export const tabId = z.string().regex(/^[A-Za-z0-9_-]{21}[AQgw]$/);
/** The browser's id of one message. */
export const messageId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);
/** A choice's data: printable ASCII, as the engine makes it. */
export const choiceData = z.string().regex(/^[\x20-\x7e]{1,64}$/);

const head = { t: tabId, id: messageId };
const sayBody = z.union([
  z.strictObject({ ...head, text: z.string() }),
  z.strictObject({ ...head, data: choiceData }),
  z.strictObject({ ...head, lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) }),
  z.strictObject({ ...head, start: z.literal(true) }),
]);
const seenBody = z.strictObject({ t: tabId, ids: z.array(z.string().max(64)).max(50) });
const clearBody = z.strictObject({ t: tabId });

/** Why a request was refused, for the page's script: `{"error": "<code>"}`. */
export type RefusalCode =
  | 'not_json'
  | 'bad_shape'
  | 'empty'
  | 'too_large'
  | 'too_fast'
  | 'full'
  | 'unavailable'
  | 'cross_site';

/** What the routes of the browser chat need. */
export interface ChatRoutes {
  hub: WebHub;
  ids: Ids;
  limits: Limits;
  /** Local phone numbers to make tappable. */
  phones: readonly string[];
  heartbeatMs: number;
}

/** `/chat/say`, `/chat/seen`, `/chat/clear` and `/chat/stream`: what the page's script talks to. */
export function createChatRoutes(routes: ChatRoutes): Hono {
  const { hub, limits } = routes;
  const app = new Hono();
  app.use(bodyLimit({ maxSize: MAX_BODY, onError: (c) => refuse(c, 413, 'too_large') }));
  app.post('/say', async (c) => {
    const body = await parseJson(c, sayBody);
    if (body instanceof Response) return body;
    const input = toInput(body);
    if (!input) return refuse(c, 400, 'empty');
    const wait = passes(limits, body.t, input);
    if (wait) return refuse(c, 429, wait.code, wait.ms);
    try {
      return c.json(await hub.say(body.t, body.id, input, preferredLang(c)), 202);
    } catch {
      // Whatever the store's reason: nothing was taken, the page keeps the message and tries again.
      return refuse(c, 503, 'unavailable', 5000);
    }
  });
  app.post('/seen', async (c) => {
    const body = await parseJson(c, seenBody);
    if (body instanceof Response) return body;
    hub.seen(body.t, body.ids);
    return c.body(null, 204);
  });
  app.post('/clear', async (c) => {
    const body = await parseJson(c, clearBody);
    if (body instanceof Response) return body;
    const wait = passes(limits, body.t, FORGET);
    if (wait) return refuse(c, 429, wait.code, wait.ms);
    try {
      await hub.forget(body.t);
    } catch {
      return refuse(c, 503, 'unavailable', 5000);
    }
    return c.body(null, 204);
  });
  app.get('/stream', (c) => openStream(c, routes));
  return app;
}

/** What "clear" says to the engine. */
export const FORGET: Input = { kind: 'text', text: '/forget' };

/** @returns why and how long (ms) the message has to wait, or undefined when it may pass */
export function passes(
  limits: Limits,
  tab: string,
  input: Input,
): { code: 'full' | 'too_fast'; ms: number } | undefined {
  const urgent = input.kind === 'text' && ['/hide', '/forget'].includes(input.text);
  const wait = urgent ? limits.urgent(tab) : limits.say(tab);
  if (wait === 'full') return { code: 'full', ms: 60_000 };
  return wait > 0 ? { code: 'too_fast', ms: wait } : undefined;
}

/** The language of the person's browser, if it is one of ours. Used for this answer only, never stored. */
export function preferredLang(c: Context): Lang | undefined {
  const found = accepts(c, {
    header: 'Accept-Language',
    supports: [...LANGS],
    default: '',
    match: (wanted) => wanted.map(({ type }) => ourLang(type)).find((lang) => lang !== undefined) ?? '',
  });
  return LANGS.find((lang) => lang === found);
}

/** `ru-RU` → `ru`, `uz-Cyrl-UZ` → `uz-Cyrl`. */
function ourLang(tag: string): Lang | undefined {
  const lower = tag.trim().toLowerCase();
  if (lower.startsWith('uz-cyrl')) return 'uz-Cyrl';
  return LANGS.find((lang) => lang === lower.split('-')[0]);
}

function toInput(body: z.infer<typeof sayBody>): Input | undefined {
  if ('text' in body) return cleanText(body.text).text ? { kind: 'text', text: body.text } : undefined;
  if ('data' in body) return { kind: 'tap', data: body.data };
  if ('lat' in body) return { kind: 'place', lat: body.lat, lon: body.lon };
  return { kind: 'start' };
}

async function parseJson<T>(c: Context, schema: z.ZodType<T>): Promise<T | Response> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) return refuse(c, 400, 'not_json');
  let raw: unknown;
  try {
    raw = await c.req.json();
  } catch {
    return refuse(c, 400, 'not_json');
  }
  const parsed = schema.safeParse(raw);
  return parsed.success ? parsed.data : refuse(c, 400, 'bad_shape');
}

/** @param waitMs when trying again makes sense */
export function refuse(
  c: Context,
  status: ContentfulStatusCode,
  error: RefusalCode,
  waitMs?: number,
): Response {
  if (waitMs !== undefined) c.header('Retry-After', String(Math.ceil(waitMs / 1000)));
  return c.json({ error }, status);
}

function openStream(c: Context, { hub, limits, phones, heartbeatMs }: ChatRoutes): Response {
  const tab = tabId.safeParse(c.req.query('t'));
  if (!tab.success) return refuse(c, 400, 'bad_shape');
  const wait = limits.stream(tab.data);
  if (wait) return refuse(c, 429, 'too_fast', wait);
  const lastSeen = c.req.header('last-event-id') || c.req.query('last');
  const outgoing: string[][] = [];
  let ended = false;
  let wake: () => void = () => undefined;
  const push = (...event: string[]) => {
    outgoing.push(event);
    wake();
  };
  const viewer: WebViewer = {
    deliver: (delivery) => push('message', JSON.stringify(toWire(delivery, phones)), delivery.id),
    clear: (forgotten) => push('clear', forgotten ? 'forgotten' : 'hidden'),
    end: () => {
      ended = true;
      wake();
    },
  };
  const leave = hub.watch(tab.data, viewer, lastSeen);
  if (!leave) return refuse(c, 503, 'unavailable', 5000);
  // Proxies such as nginx would hold events back otherwise.
  c.header('X-Accel-Buffering', 'no');
  return streamSSE(
    c,
    async (stream) => {
      stream.onAbort(() => viewer.end());
      // Tells a page behind a buffering proxy that it is connected, and how soon to come back.
      await stream.writeSSE({ event: 'ping', data: '1', retry: 2000 });
      while (!ended || outgoing.length) {
        const next = outgoing.shift();
        if (next) {
          const [event = '', data = '', id] = next;
          await stream.writeSSE({ event, data, ...(id ? { id } : {}) });
          if (stream.aborted) break;
          continue;
        }
        const timer = setTimeout(() => push('ping', '1'), heartbeatMs);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        clearTimeout(timer);
      }
      leave();
    },
    async () => leave(),
  );
}
