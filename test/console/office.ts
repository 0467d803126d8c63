import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import Database from 'better-sqlite3';
import { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import { loadTexts } from '../../src/i18n/texts.ts';
import { projectRoot } from '../../src/paths.ts';
import { hashToken } from '../../src/store/staff-context.ts';
import { type ConsoleOptions, createConsole } from '../../src/web/console/console.ts';
import { COOKIE } from '../../src/web/console/guard.ts';
import { type Desk, openDesk } from './desk.ts';

export const ROOT = projectRoot();
/** The project's own texts. */
export const { texts } = loadTexts(ROOT);

/** The console above it, in memory. */
export interface Office extends Desk {
  app: Hono;
  /** What `report` was told. Must stay empty, except where a test breaks something. */
  reported: unknown[];
  /** Makes the cookie that a browser has already the name of a session. */
  adopt(cookie: string, operator: number): void;
}

export function openOffice(options: Partial<ConsoleOptions> = {}, desk = openDesk()): Office {
  const reported: unknown[] = [];
  const report = (error: unknown) => reported.push(error);
  const app = new Hono();
  app.route('/', createConsole({ staff: desk.staff, texts, report, ...options }));
  const adopt = (cookie: string, operator: number) => {
    const db = new Database(join(desk.dir, 'staff.db'));
    const now = Math.floor(desk.clock.now() / 1000);
    db.prepare('INSERT INTO session VALUES (?, ?, ?, ?)').run(hashToken(cookie), operator, now, now);
    db.close();
  };
  return Object.assign(desk, { app, reported, adopt });
}

/** Listens on a free port of 127.0.0.1. */
export async function listen(office: Office): Promise<string> {
  const root = new Hono();
  root.get('/icon.svg', (c) =>
    c.body('<svg xmlns="http://www.w3.org/2000/svg"/>', 200, { 'Content-Type': 'image/svg+xml' }),
  );
  root.route('/', office.app);
  const server = createAdaptorServer({ fetch: root.fetch });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ENGLISH = { accept: 'text/html', 'accept-language': 'en-GB,en;q=0.9,ru;q=0.5' };

/** A request of a browser that has this cookie. */
export function get(office: Office, path: string, cookie?: string, headers: Record<string, string> = {}) {
  return office.app.request(`http://127.0.0.1${path}`, {
    headers: { ...ENGLISH, ...(cookie ? { cookie: `${COOKIE}=${cookie}` } : {}), ...headers },
  });
}

/** A form sent by a page of ours, with the token made for this cookie unless the fields have another. */
export function post(
  office: Office,
  path: string,
  cookie: string | undefined,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
) {
  const csrf = cookie === undefined ? '' : office.staff.formToken(cookie);
  return office.app.request(`http://127.0.0.1${path}`, {
    method: 'POST',
    headers: {
      ...ENGLISH,
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      ...(cookie ? { cookie: `${COOKIE}=${cookie}` } : {}),
      ...headers,
    },
    body: new URLSearchParams({ csrf, ...fields }).toString(),
  });
}

/** The cookie that an answer sets, if it sets one. */
export function cookieOf(response: Response): string | undefined {
  return /__Host-hamroh=([^;]*)/.exec(response.headers.get('set-cookie') ?? '')?.[1];
}
