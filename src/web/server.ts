import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { secureHeaders } from 'hono/secure-headers';
import type { WebHub } from '../channels/web.ts';
import type { Clock, Ids } from '../clock.ts';
import { isLoopback } from '../config.ts';
import { AppError } from '../errors.ts';
import { LANGS, type Lang, type OutboundMessage } from '../message.ts';
import { createChatRoutes, preferredLang, refuse } from './chat.ts';
import { createExchanges, type ExchangeTimes } from './exchange.ts';
import { createFormRoutes } from './form.ts';
import type { Health } from './health.ts';
import { createLimits } from './limits.ts';
import { type ChatPage, renderChat, renderNote, type StaffChannel } from './page.tsx';
import { toWire } from './wire.ts';
import { type Chrome, pickWords, scriptWords, type Words } from './words.ts';

/** What the web server is made of. */
export interface WebOptions {
  /** Address to listen on, e.g. `127.0.0.1`. */
  host: string;
  /** 0: any free port. */
  port: number;
  clock: Clock;
  ids: Ids;
  channel: WebHub;
  /** The first message of a conversation, before any session exists. */
  greeting(): OutboundMessage;
  /** The `web` namespace in a language. */
  chrome: Chrome;
  /** Local phone numbers to make tappable, as they are written in our texts, e.g. `112`. */
  phones?: readonly string[];
  /** Folder of the script, the stylesheet and the icon. */
  assets?: string;
  /** Language of the page's own words when the browser asks for none of ours. */
  defaultLang?: Lang;
  health(): Health | Promise<Health>;
  /** The staff's pages under `/console`, with their own headers and guards. */
  console?: Hono;
  /** Where platforms deliver; each proves itself to its own handler. */
  webhooks?: readonly Webhook[];
  /** The channels for the note that staff see; it is shown only when `host` is a loopback address. */
  staff?: () => StaffChannel[];
  /** Names under which the server may be asked, besides loopback ones, e.g. `chat.example.org`. */
  allowedHosts?: readonly string[];
  /** Gets what no route expected. Log its class, not its message: that may carry a person's words. */
  report?(error: unknown): void;
  /** For tests: shorter waits, other limits. */
  times?: Partial<ExchangeTimes> & { heartbeatMs?: number };
  newTabsPerMinute?: number;
}

/** One path for one platform's deliveries. */
export interface Webhook {
  path: string;
  methods: readonly ('GET' | 'POST')[];
  /** Never sees a body above 256 KiB. */
  handle(request: Request): Promise<Response>;
}

/** The web server. */
export interface Web {
  /** The routes, for tests without a socket. */
  app: Hono;
  /** @throws {AppError} PORT_TAKEN */
  listen(): Promise<{ url: string }>;
  /** Ends open streams and resolves when the port is free. */
  close(): Promise<void>;
}

/** Largest webhook body, in bytes. */
const MAX_WEBHOOK = 256 * 1024;
const MAX_CONNECTIONS = 4096;
/** How long open requests may take to end when the server closes, in ms. */
const CLOSE_MS = 1000;

/** Beside the source; the compiled program names the folder itself. */
const ASSETS = fileURLToPath(new URL('./public', import.meta.url));

const FILES = {
  '/chat.js': 'text/javascript; charset=utf-8',
  '/chat.css': 'text/css; charset=utf-8',
  '/icon.svg': 'image/svg+xml',
} as const;

/** Headers of every answer, errors included. HSTS is left to the proxy that ends TLS: it speaks for the whole name. */
const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    connectSrc: ["'self'"],
    imgSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  permissionsPolicy: { geolocation: ['self'], camera: [], microphone: [] },
  strictTransportSecurity: false,
  xFrameOptions: 'DENY',
});

/**
 * Builds the web server: the browser chat, health, the platforms' webhooks. It logs no request and sets no cookie.
 * @throws {AppError} LOCALE_INVALID when a text of the page is missing
 */
export function createWeb(options: WebOptions): Web {
  const app = new Hono();
  if (options.console !== undefined) app.route('/', options.console);
  app.use(headers);
  app.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });
  const wordsOf = loadWords(options.chrome);
  const note = (c: Context, status: 404 | 500) => {
    const lang = preferredLang(c) ?? options.defaultLang ?? 'ru';
    const words = wordsOf(lang);
    return c.html(renderNote(lang, words, status === 404 ? words.not_found : words.broken), status);
  };
  app.notFound((c) => note(c, 404));
  app.onError((error, c) => {
    options.report?.(error);
    return note(c, 500);
  });
  addWebhooks(app, options);
  app.use(guardHost(options));
  app.use(guardOrigin);
  addHealth(app, options);
  addChat(app, options, wordsOf);
  return { app, ...createListener(app, options) };
}

function loadWords(chrome: Chrome): (lang: Lang) => Words {
  const entries = LANGS.map((lang): [Lang, Words] => {
    const { words, missing } = pickWords(chrome(lang));
    if (missing.length === 0) return [lang, words];
    throw new AppError('LOCALE_INVALID', `locales/${lang}/web.json lacks: ${missing.join(', ')}`, {
      hint: 'Add these texts, or copy them from locales/en/web.json.',
    });
  });
  const all = Object.fromEntries(entries) as Record<Lang, Words>;
  return (lang) => all[lang];
}

/** Before the host check: their requests carry the public name, and a secret of their own. */
function addWebhooks(app: Hono, { webhooks = [] }: WebOptions): void {
  const limit = bodyLimit({ maxSize: MAX_WEBHOOK, onError: (c) => refuse(c, 413, 'too_large') });
  for (const { path, methods, handle } of webhooks) {
    app.on([...methods], path, limit, (c) => handle(c.req.raw));
  }
}

/** A page on the Internet can give its name the address 127.0.0.1 and read us with it; its name gives it away. */
function guardHost({ host, allowedHosts }: WebOptions) {
  return async (c: Context, next: () => Promise<void>) => {
    const name = new URL(c.req.url).hostname;
    const restricted = isLoopback(host) || allowedHosts !== undefined;
    if (restricted && !isLoopback(name) && !allowedHosts?.includes(name))
      return c.text('421 Misdirected Request', 421);
    await next();
  };
}

/** Other sites may link to the chat, but not write in it from their pages. */
async function guardOrigin(c: Context, next: () => Promise<void>) {
  const site = c.req.header('sec-fetch-site');
  const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (!reads && site && site !== 'same-origin' && site !== 'none') return refuse(c, 403, 'cross_site');
  await next();
}

function addHealth(app: Hono, { health }: WebOptions): void {
  app.get('/livez', (c) => c.text('ok'));
  app.get('/readyz', async (c) => {
    const now = await health();
    return c.json(now, now.ready ? 200 : 503);
  });
}

function addChat(app: Hono, options: WebOptions, wordsOf: (lang: Lang) => Words): void {
  const { channel: hub, ids, phones = [], times, defaultLang = 'ru' } = options;
  const limits = createLimits(options.clock, options.newTabsPerMinute);
  const exchanges = createExchanges(hub, { waitMs: times?.waitMs ?? 8000, quietMs: times?.quietMs ?? 300 });
  const token = () => ids.bytes(16).toString('base64url');
  const page = (lang: Lang = defaultLang, parts: Partial<ChatPage>): ChatPage => ({
    lang,
    words: wordsOf(lang),
    tab: token(),
    nextId: token(),
    greeting: toWire({ id: 'greeting', message: options.greeting() }, phones),
    ...(options.staff && isLoopback(options.host) ? { staff: options.staff() } : {}),
    ...parts,
  });
  app.get('/', (c) => c.html(renderChat(page(preferredLang(c), {}))));
  app.get('/chat', (c) => c.redirect('/', 303));
  app.get('/chat/words/:lang', (c) => {
    const lang = LANGS.find((known) => known === c.req.param('lang'));
    return lang ? c.json(scriptWords(wordsOf(lang))) : c.notFound();
  });
  app.route('/chat', createFormRoutes({ hub, limits, exchanges, phones, page }));
  app.route(
    '/chat',
    createChatRoutes({ hub, ids, limits, phones, heartbeatMs: times?.heartbeatMs ?? 20_000 }),
  );
  for (const [path, type] of Object.entries(FILES)) {
    const body = readFileSync(join(options.assets ?? ASSETS, path), 'utf8');
    app.get(path, compress(), (c) => c.body(body, 200, { 'Content-Type': type }));
  }
}

function createListener(app: Hono, { host, port }: WebOptions): Omit<Web, 'app'> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { requestTimeout: 30_000, headersTimeout: 15_000, maxHeaderSize: 16 * 1024 },
  }) as Server;
  server.maxConnections = MAX_CONNECTIONS;
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, port)));
        server.listen(port, host, () => {
          const address = server.address();
          const bound = address && typeof address === 'object' ? address.port : port;
          const name = host.includes(':') ? `[${host}]` : host;
          resolve({ url: `http://${name}:${bound}` });
        });
      }),
    close: () =>
      new Promise((resolve) => {
        const force = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
        // A connection becomes idle when its answer has ended, and would then wait for another request.
        const sweep = setInterval(() => server.closeIdleConnections(), 20);
        server.close(() => {
          clearTimeout(force);
          clearInterval(sweep);
          resolve();
        });
      }),
  };
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new AppError('PORT_TAKEN', `Port ${port} is in use by another program.`, {
    hint: `Stop that program, or start with another port: PORT=${port + 1} npm start`,
    cause: error,
  });
}
