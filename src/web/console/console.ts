import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Texts } from '../../engine/types.ts';
import type { Staff } from '../../store/staff.ts';
import type { ConsoleLang, Operator } from '../../store/staff-types.ts';
import { accountPages } from './account.tsx';
import { auditPages } from './audit.tsx';
import {
  addressOf,
  comesFromElsewhere,
  consoleHeaders,
  dropCookie,
  giveCookie,
  guardHost,
  identify,
  MAX_BODY,
  readPost,
  type Visitor,
} from './guard.ts';
import { invitePages } from './invite.tsx';
import { type Frame, renderFrame, renderNote } from './layout.tsx';
import {
  type ConsolePage,
  type ConsoleRequest,
  checkPages,
  EVERY_ROLE,
  mayOpen,
  navOf,
  type StaffRequest,
} from './pages.ts';
import { peoplePages } from './people.tsx';
import { signInPages } from './sign-in.tsx';
import { preferredConsoleLang, wordsIn } from './words.ts';

/** What the console is made of. */
export interface ConsoleOptions {
  staff: Staff;
  texts: Texts;
  /** Names under which the console may be asked, besides loopback ones: `CONSOLE_HOSTS`. */
  hosts?: readonly string[];
  /** Pages of other parts: the queue, chats, figures. */
  pages?: readonly ConsolePage[];
  /** Folder of `console.css` and of scripts. Default: `src/web/public`. */
  assets?: string;
  /** Scripts of other pages, as file names in that folder, served under `/console/`. */
  scripts?: readonly string[];
  /** The data folder was filled by `hamroh demo`: every page says so. */
  simulated?: boolean;
  /** Gets what no page expected. Log its class, not its message. */
  report?(error: unknown): void;
}

/** Beside the source; the compiled program names the folder itself. */
const ASSETS = fileURLToPath(new URL('../public', import.meta.url));

/**
 * Builds the console. Its paths are whole (`/console/…`), so it is mounted with `app.route('/', …)`, before the
 * headers and the host check of the public chat: it has its own.
 *
 * @throws Error when a page does not say for which roles it is
 */
export function createConsole(options: ConsoleOptions): Hono {
  const { staff } = options;
  const pages: ConsolePage[] = [
    ...assetPages(options),
    ...signInPages(staff),
    ...invitePages(staff),
    ...accountPages(staff),
    ...peoplePages(staff),
    ...auditPages(staff),
    ...(options.pages ?? []),
  ];
  pages.push({
    path: '/console',
    method: 'GET',
    roles: EVERY_ROLE,
    handle: ({ c, me }) => c.redirect(navOf(pages, me.role)[0]?.path ?? '/console/account', 303),
  });
  checkPages(pages);
  const app = new Hono();
  const gate = new Gate(options, pages);
  app.onError((error, c) => {
    options.report?.(error);
    return gate.note(c, 'broken', 500);
  });
  app.use('/console/*', consoleHeaders);
  app.use('/console/*', guardHost(options.hosts ?? []));
  for (const page of pages) {
    const limit = bodyLimit({
      maxSize: page.maxBody ?? MAX_BODY,
      onError: (c) => gate.note(c, 'too_large', 413),
    });
    app.on(page.method, page.path, limit, (c) => gate.admit(c, page));
  }
  app.all('/console/*', (c) => gate.note(c, 'not_found', 404));
  return app;
}

/** Lets a request through to its page, or says why not. */
class Gate {
  readonly #options: ConsoleOptions;
  readonly #pages: readonly ConsolePage[];

  constructor(options: ConsoleOptions, pages: readonly ConsolePage[]) {
    this.#options = options;
    this.#pages = pages;
  }

  async admit(c: Context, page: ConsolePage): Promise<Response> {
    if (comesFromElsewhere(c)) return this.#again(c);
    const { staff } = this.#options;
    const visitor = identify(c, staff, page);
    if (page.roles !== 'anyone') {
      if (visitor.me === undefined) return this.#signInFirst(c);
      if (!mayOpen(page, visitor.me.role)) return this.note(c, 'forbidden', 403, visitor);
    }
    const form = page.method === 'GET' ? {} : await readPost(c, staff, visitor.cookie);
    if (form === 'kind') return this.note(c, 'form_old', 415, visitor);
    if (form === 'foreign') return this.note(c, 'form_old', 403, visitor);
    const request = this.#request(c, visitor, form);
    if (page.roles === 'anyone') return page.handle(request);
    const { me } = visitor;
    // Reading the body took a moment; the session may have ended in it.
    if (me === undefined || staff.sessions.find(visitor.cookie, false)?.role !== me.role)
      return this.#signInFirst(c);
    return page.handle(this.#staffRequest(request, visitor.cookie, me));
  }

  /** A page with one sentence: 403, 404, 413, 500. */
  note(c: Context, word: string, status: ContentfulStatusCode, visitor: Visitor = { cookie: '' }) {
    const frame = this.#frame(c, visitor, visitor.cookie);
    return c.html(renderNote(frame, frame.t(`error.${word}`)), status);
  }

  #staffRequest(request: ConsoleRequest, cookie: string, me: Operator): StaffRequest {
    const { staff } = this.#options;
    return {
      ...request,
      me,
      signOut: () => {
        staff.signOut(cookie);
        dropCookie(request.c);
      },
      alive: () => staff.sessions.find(cookie, false)?.role === me.role,
    };
  }

  #request(c: Context, visitor: Visitor, form: Record<string, string>): ConsoleRequest {
    const { staff } = this.#options;
    // Forms of people who are not signed in hang on a cookie too, which says nothing about them.
    const cookie = visitor.cookie || staff.guestToken();
    let given = visitor.cookie !== '';
    const frame = this.#frame(c, visitor, cookie);
    return {
      c,
      form,
      lang: this.#langOf(c, visitor),
      t: frame.t,
      csrf: frame.csrf,
      address: addressOf(c),
      page: (parts) => {
        if (!given) giveCookie(c, cookie);
        return c.html(renderFrame({ ...frame, ...parts }), parts.status ?? 200);
      },
      setSession: (token) => {
        given = true;
        staff.sessions.end(visitor.cookie);
        giveCookie(c, token);
      },
    };
  }

  #frame(c: Context, visitor: Visitor, cookie: string): Omit<Frame, 'body' | 'title'> {
    const { staff, texts, report, simulated = false } = this.#options;
    const lang = this.#langOf(c, visitor);
    return {
      lang,
      t: wordsIn(texts, lang, report),
      csrf: staff.formToken(cookie),
      nav: visitor.me === undefined ? [] : navOf(this.#pages, visitor.me.role),
      path: c.req.path,
      ...(simulated ? { simulated } : {}),
      ...(visitor.me === undefined ? {} : { me: visitor.me }),
    };
  }

  #langOf(c: Context, { me }: Visitor): ConsoleLang {
    return me?.lang ?? preferredConsoleLang(c.req.header('accept-language'));
  }

  /** A browser is shown the way; a script is told. */
  #signInFirst(c: Context): Response {
    const html = (c.req.header('accept') ?? '').includes('text/html');
    return html ? c.redirect('/console/sign-in', 303) : c.text('401 Unauthorized', 401);
  }

  /** Asks once more from our own page, and then the cookie comes along. */
  #again(c: Context): Response {
    const t = wordsIn(this.#options.texts, preferredConsoleLang(c.req.header('accept-language')));
    c.header('Refresh', '0');
    return c.text(t('error.on'));
  }
}

function assetPages({ assets = ASSETS, scripts = [] }: ConsoleOptions): ConsolePage[] {
  return ['console.css', ...scripts].map((name) => {
    const body = readFileSync(join(assets, name), 'utf8');
    const type = name.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
    return {
      path: `/console/${name}`,
      method: 'GET',
      roles: 'anyone',
      passive: true,
      handle: ({ c }) => c.body(body, 200, { 'Content-Type': type }),
    };
  });
}
