import { existsSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';

/** Debian's Chromium, or the one that `CHROMIUM` names. */
export const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path): path is string => path !== undefined && existsSync(path),
);

/** Without Chromium these tests are skipped on a developer's machine, and fail in CI. */
export const skipBrowser = executablePath === undefined && !process.env.CI;
if (skipBrowser)
  console.warn('No Chromium: the browser tests are skipped. Install it, or set CHROMIUM=/path/to/chromium.');

export async function launch(): Promise<Browser> {
  if (!executablePath) throw new Error('No Chromium. Install it, or set CHROMIUM=/path/to/chromium.');
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Tab {
  context: BrowserContext;
  page: Page;
  /** Everything that must stay empty: script errors, refused policies, dialogs, requests to other origins. */
  faults: string[];
  /** Paths and sizes (bytes on the wire) of what was loaded. */
  loaded: { path: string; bytes: Promise<number> }[];
}

/** A browser of its own (no shared storage) with one page, watched for everything that must not happen. */
export async function openTab(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  /** Where requests may go; another than the first page's when that one is blank. */
  home = url,
): Promise<Tab> {
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  const loaded: Tab['loaded'] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (line) => {
    const expected = /Failed to load resource|net::ERR_/.test(line.text());
    if (line.type() === 'error' && !expected) faults.push(`console: ${line.text()}`);
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(home).origin) faults.push(`request: ${request.url()}`);
  });
  page.on('requestfinished', (request) => {
    const sizes = request.sizes().then((s) => s.responseBodySize + s.responseHeadersSize);
    loaded.push({ path: new URL(request.url()).pathname, bytes: sizes.catch(() => 0) });
  });
  context.on('page', (other) => {
    if (other !== page) faults.push(`window: ${other.url()}`);
  });
  await page.goto(url);
  return { context, page, faults, loaded };
}
