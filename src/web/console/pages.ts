import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type ConsoleLang, type Operator, ROLES, type Role } from '../../store/staff-types.ts';

/** For a page of everybody who is signed in. */
export const EVERY_ROLE: readonly Role[] = ROLES;

/** What a page is given for one request. Everything in it was checked before the page is asked. */
export interface ConsoleRequest {
  readonly c: Context;
  readonly lang: ConsoleLang;
  /** A text of the namespace `console` in the reader's language: `t('people.title')`. */
  t(key: string, params?: Record<string, string | number>): string;
  /** For `<Form csrf={…}>`, and for the header `x-csrf-token` of a script's requests. */
  readonly csrf: string;
  /** The fields of a form; {} for other requests. JSON is read by the page: `await c.req.json()`. */
  readonly form: Readonly<Record<string, string>>;
  /** Where the request came from. For counting tries in RAM, never to be written down. */
  readonly address: string;
  /** The whole document around `body`. */
  page(parts: PageParts): Response | Promise<Response>;
  /** Gives the browser a session's token in place of what it had; a session it had ends. */
  setSession(token: string): void;
}

/** What a page of somebody signed in is given. */
export interface StaffRequest extends ConsoleRequest {
  readonly me: Operator;
  /** Ends this session. */
  signOut(): void;
  /** Whether the session still stands and has its role. A stream asks before everything it sends. */
  alive(): boolean;
}

export interface PageParts {
  title: string;
  body: Child;
  /** Default 200. */
  status?: ContentfulStatusCode;
  /** Path of a module under `/console/`, see `ConsoleOptions.assets`. */
  script?: string;
  /** Takes the whole width of the window. */
  wide?: true;
}

interface Route {
  /** As hono writes it, `/console/people/:id`. */
  path: string;
  method: 'GET' | 'POST';
  /** A word in the navigation for those who may; `GET` only. `order`: 10 queue, 20 figures, 50 people, 60 audit. */
  nav?: { word: string; order: number };
  /** What the page's script asks for by itself: does not count as the person doing something. */
  passive?: true;
  /** Largest body in bytes; default 16 KiB. */
  maxBody?: number;
}

/** A page for people who are signed in with one of these roles. */
export interface StaffPage extends Route {
  roles: readonly Role[];
  handle(request: StaffRequest): Response | Promise<Response>;
}

/** A page for anybody who reaches the console, signed in or not. */
export interface OpenPage extends Route {
  roles: 'anyone';
  handle(request: ConsoleRequest): Response | Promise<Response>;
}

export type ConsolePage = StaffPage | OpenPage;

/**
 * Refuses what would be served to the wrong people: a page without roles, outside `/console`, or twice.
 * @throws Error at the start of the program
 */
export function checkPages(pages: readonly ConsolePage[]): void {
  const seen = new Set<string>();
  for (const page of pages) {
    const name = `${page.method} ${page.path}`;
    const roles: unknown = page.roles;
    const named =
      Array.isArray(roles) && roles.length > 0 && roles.every((r) => ROLES.some((role) => role === r));
    if (roles !== 'anyone' && !named)
      throw new Error(`the console page ${name} does not say for which roles it is`);
    if (!/^\/console(?:\/[\w.:-]+)*$/.test(page.path))
      throw new Error(`${name} is not a path under /console`);
    if (seen.has(name)) throw new Error(`the console page ${name} is there twice`);
    if (page.nav !== undefined && page.method !== 'GET')
      throw new Error(`${name} cannot be in the navigation`);
    seen.add(name);
  }
}

/** Whether somebody's role is among those of a page. */
export function mayOpen(page: ConsolePage, role: Role): boolean {
  return page.roles === 'anyone' || page.roles.includes(role);
}

/** The pages in somebody's navigation, in order. */
export function navOf(pages: readonly ConsolePage[], role: Role): { path: string; word: string }[] {
  return pages
    .flatMap((page) =>
      page.nav !== undefined && mayOpen(page, role) ? [{ ...page.nav, path: page.path }] : [],
    )
    .sort((a, b) => a.order - b.order)
    .map(({ path, word }) => ({ path, word }));
}
