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
  /** Ends the visit: nothing of it is found by the next one. */
  leave(): Promise<void>;
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
  const visit: Visit = { home, faults: [], loaded: [] };
  watch(context, page, () => visit);
  await page.goto(url);
  return { context, page, faults: visit.faults, loaded: visit.loaded, leave: () => context.close() };
}

/** What one visit shows of itself. */
interface Visit extends Pick<Tab, 'faults' | 'loaded'> {
  home: string;
}

function watch(context: BrowserContext, page: Page, now: () => Visit): void {
  page.on('pageerror', (error) => now().faults.push(`error: ${error.message}`));
  page.on('console', (line) => {
    const expected = /Failed to load resource|net::ERR_/.test(line.text());
    if (line.type() === 'error' && !expected) now().faults.push(`console: ${line.text()}`);
  });
  page.on('dialog', (dialog) => {
    now().faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(now().home).origin)
      now().faults.push(`request: ${request.url()}`);
  });
  page.on('requestfinished', (request) => {
    const sizes = request.sizes().then((s) => s.responseBodySize + s.responseHeadersSize);
    now().loaded.push({ path: new URL(request.url()).pathname, bytes: sizes.catch(() => 0) });
  });
  context.on('page', (other) => {
    if (other !== page) now().faults.push(`window: ${other.url()}`);
  });
}

/** How a page is shown; what else a visit asks for takes a browser of its own. */
type View = Pick<BrowserContextOptions, 'viewport' | 'colorScheme'>;

/**
 * One tab for visits that come one after the other, each as new as in a browser of its own: the storage is emptied
 * before it, in a page without script. Opening a window takes longer than most of these visits.
 */
export class SameTab {
  readonly #browser: Browser;
  #page: Page | undefined;
  #visit: Visit = { home: 'about:blank', faults: [], loaded: [] };

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** @param url a page of a server of ours, which answers `/livez` */
  async open(url: string, { viewport = { width: 1280, height: 720 }, colorScheme = 'light' }: View = {}) {
    const visit: Visit = { home: url, faults: [], loaded: [] };
    const page = await this.#fresh(url);
    const context = page.context();
    await page.setViewportSize(viewport ?? { width: 1280, height: 720 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    this.#visit = visit;
    await page.goto(url);
    const leave = async () => {
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await context.setOffline(false);
      // Whatever the page still had to say is heard before its faults are read.
      await page.goto('about:blank');
    };
    return { context, page, faults: visit.faults, loaded: visit.loaded, leave } satisfies Tab;
  }

  async #fresh(url: string): Promise<Page> {
    this.#visit = { home: url, faults: [], loaded: [] };
    if (this.#page === undefined) {
      const context = await this.#browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' });
      this.#page = await context.newPage();
      watch(context, this.#page, () => this.#visit);
      return this.#page;
    }
    await this.#page.context().clearCookies();
    await this.#page.goto(new URL('/livez', url).href);
    await this.#page.evaluate('sessionStorage.clear(), localStorage.clear()');
    return this.#page;
  }
}
