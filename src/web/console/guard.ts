import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';
import { isLoopback } from '../../config.ts';
import type { Staff } from '../../store/staff.ts';
import type { Operator } from '../../store/staff-types.ts';
import type { ConsolePage } from './pages.ts';

/** `__Host-`: only this host, only over TLS (or on this computer), for every path. */
export const COOKIE = '__Host-hamroh';
/** Largest body of a request unless a page says otherwise, in bytes. */
export const MAX_BODY = 16 * 1024;

/** Name of the hidden field, and of the header for requests of a script. */
export const CSRF_FIELD = 'csrf';
const CSRF_HEADER = 'x-csrf-token';

/** Headers of every answer, 404, 421 and 500 included. HSTS is left to the proxy that ends TLS. */
export const consoleHeaders: MiddlewareHandler = async (c, next) => {
  await secure(c, next);
  c.header('Cache-Control', 'no-store');
  c.header('X-Robots-Tag', 'noindex');
};

const secure = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    connectSrc: ["'self'"],
    imgSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
    // Text becomes markup nowhere, in a script of ours neither.
    requireTrustedTypesFor: ["'script'"],
    trustedTypes: ["'none'"],
  },
  permissionsPolicy: { geolocation: [], camera: [], microphone: [] },
  strictTransportSecurity: false,
  xFrameOptions: 'DENY',
});

/** A page on the Internet can give its name the address 127.0.0.1 and read us with it; its name gives it away. */
export function guardHost(hosts: readonly string[]): MiddlewareHandler {
  const allowed = new Set(hosts.map((host) => host.toLowerCase()));
  return async (c, next) => {
    const name = new URL(c.req.url).hostname;
    if (!isLoopback(name) && !allowed.has(name)) return c.text('421 Misdirected Request', 421);
    await next();
  };
}

/** Whether a link on another site led here: the browser then keeps the strict cookie back for this one request. */
export function comesFromElsewhere(c: Context): boolean {
  const site = c.req.header('sec-fetch-site');
  const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
  return (
    reads && c.req.header('sec-fetch-mode') === 'navigate' && (site === 'cross-site' || site === 'same-site')
  );
}

/** Who asks: what is in the cookie, and who that is. */
export interface Visitor {
  /** '' when there is none. */
  cookie: string;
  me?: Operator;
}

export function identify(c: Context, staff: Staff, page: ConsolePage): Visitor {
  const cookie = getCookie(c, COOKIE) ?? '';
  const me = staff.sessions.find(cookie, page.passive !== true);
  return me === undefined ? { cookie } : { cookie, me };
}

/** Puts a token into the cookie; the browser drops it when it closes, the server long before. */
export function giveCookie(c: Context, token: string): void {
  setCookie(c, COOKIE, token, { path: '/', secure: true, httpOnly: true, sameSite: 'Strict' });
}

/** Takes the cookie away. */
export function dropCookie(c: Context): void {
  setCookie(c, COOKIE, '', { path: '/', secure: true, httpOnly: true, sameSite: 'Strict', maxAge: 0 });
}

/**
 * Reads what was posted, if it may be posted: by a page of ours (the browser says so, where it can), made for the
 * holder of this very cookie.
 *
 * @returns the fields of a form, {} for JSON, or why not
 */
export async function readPost(
  c: Context,
  staff: Staff,
  cookie: string,
): Promise<Record<string, string> | 'foreign' | 'kind'> {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') return 'foreign';
  const origin = c.req.header('origin');
  // "null" is what browsers say on pages with our referrer policy.
  if (origin !== undefined && origin !== 'null' && !isOwn(c, origin)) return 'foreign';
  const kind = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (kind !== 'application/x-www-form-urlencoded' && kind !== 'application/json') return 'kind';
  const form = kind === 'application/json' ? {} : await readForm(c);
  const token = c.req.header(CSRF_HEADER) ?? form[CSRF_FIELD] ?? '';
  return cookie !== '' && staff.isFormToken(cookie, token) ? form : 'foreign';
}

async function readForm(c: Context): Promise<Record<string, string>> {
  const body = Object.entries(await c.req.parseBody());
  return Object.fromEntries(body.filter((field): field is [string, string] => typeof field[1] === 'string'));
}

/** By name and port; whether TLS ends before us we do not see. */
function isOwn(c: Context, origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === new URL(c.req.url).host;
}

/**
 * Where a request came from. Only a proxy on this computer is believed about others, and only its own last word.
 */
export function addressOf(c: Context): string {
  const peer = peerOf(c.env);
  if (peer !== '' && !isLoopback(peer.replace(/^::ffff:/, ''))) return peer;
  return c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim().slice(0, 64) || peer;
}

/** The socket's other end; '' where there is no socket. */
function peerOf(env: unknown): string {
  const incoming = property(env, 'incoming');
  const address = property(property(incoming, 'socket'), 'remoteAddress');
  return typeof address === 'string' ? address : '';
}

function property(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}
