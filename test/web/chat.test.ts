import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Bot, type Server, serve, words } from './bot.ts';
import { launch, openTab, SameTab, skipBrowser, type Tab } from './browser.ts';

let browser: Browser;
let same: SameTab;
let server: Server;
let tab: Tab;

const press = (page: Page, label: string) =>
  page.locator('#log .msg').last().getByRole('button', { name: label }).click();
const write = async (page: Page, text: string) => {
  await page.getByLabel(words.field).fill(text);
  await page.getByRole('button', { name: words.send, exact: true }).click();
};
/** What can be seen now, as a person would select it. */
const visible = (page: Page) => page.evaluate<string>('document.body.innerText');
const last = (page: Page) => page.locator('#log .bot').last();
const shows = async (page: Page, text: string) => {
  await last(page).getByText(text).waitFor();
};
/** A visit; with options, in a browser of its own. */
const start = async (options?: Parameters<typeof openTab>[2]) => {
  tab = await (options === undefined ? same.open(server.url) : openTab(browser, server.url, options));
  return tab.page;
};

describe.skipIf(skipBrowser)('the chat in Chromium', () => {
  beforeAll(async () => {
    browser = await launch();
    same = new SameTab(browser);
    server = await serve({ times: { quietMs: 50 } });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  afterEach(async () => {
    const faults = tab?.faults ?? [];
    await tab?.leave();
    expect(faults).toEqual([]);
  });

  it('a conversation by tapping and by typing', async () => {
    const page = await start();
    expect(await page.title()).toBe('Hamroh');
    expect(await visible(page)).not.toMatch(/hiv|aids|вич|спид/i);
    await press(page, 'English');
    await shows(page, 'What do you need?');
    await press(page, 'Where to get tested');
    await shows(page, 'Where are you?');
    await press(page, 'Almaty');
    await shows(page, 'Free. An anonymous test');
    const phones = await last(page)
      .locator('a[href^="tel:"]')
      .evaluateAll((links) => links.map((a) => a.getAttribute('href')));
    expect(phones).toEqual(['tel:+77272465336', 'tel:112']);
    await write(page, 'Салом!');
    await shows(page, 'echo Салом!');
    expect(await page.locator('#log .me').allInnerTexts()).toEqual([
      expect.stringContaining('English'),
      expect.stringContaining('Where to get tested'),
      expect.stringContaining('Almaty'),
      expect.stringContaining('Салом!'),
    ]);
    // A button of an earlier message still works.
    await page.getByRole('button', { name: 'Astana' }).click();
    await shows(page, 'echo en:test:where:astana');
    await expect.poll(() => page.locator('.wait').count()).toBe(0);
    expect(await page.context().cookies()).toEqual([]);
  });

  it('"Writing…" stands there until the answer comes', async () => {
    const page = await start();
    await write(page, 'silent');
    await page.getByRole('status').getByText(words.writing).waitFor();
    // The page says so before the server has it.
    const taken = () => server.bot.accepted.at(-1);
    await expect.poll(() => taken()?.input).toEqual({ kind: 'text', text: 'silent' });
    const t = taken()?.address ?? '';
    server.bot.queue(t, { lang: 'en', text: 'here I am', choices: [] });
    await shows(page, 'here I am');
    expect(await page.getByRole('status').textContent()).toBe('');
  });

  it('the page speaks the language of the conversation', async () => {
    const russian = { ...words, send: 'Отправить', clear: 'Очистить', you: 'Вы' };
    const own = await serve({ chrome: (lang) => (lang === 'ru' ? russian : words) });
    tab = await same.open(own.url);
    const { page } = tab;
    await press(page, 'Русский');
    await page.getByRole('button', { name: 'Отправить' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ru');
    expect(await last(page).getAttribute('lang')).toBe('ru');
    await page.reload();
    await page.getByRole('button', { name: 'Очистить' }).waitFor();
    await tab.leave();
    await own.stop();
  });

  it('everything is there after a reload, in this tab only', async () => {
    const page = await start();
    await press(page, 'English');
    await shows(page, 'What do you need?');
    const before = await page.locator('#log .msg').allInnerTexts();
    await page.reload();
    await expect.poll(() => page.locator('#log .msg').allInnerTexts()).toEqual(before);
    await press(page, 'My rights');
    await shows(page, 'echo en:menu:top:rights');
    const users = server.bot.accepted.slice(-2).map(({ user }) => user);
    expect(users[0]).toBe(users[1]);
    const other = await page.context().newPage();
    tab.faults.length = 0; // the second window is ours
    await other.goto(server.url);
    expect(await other.locator('#log .me').count()).toBe(0);
    await other.close();
  });

  it.each(['the button', 'Escape twice'])(
    'cleared by %s: nothing is left, and it is neutral',
    async (how) => {
      const page = await start();
      await press(page, 'English');
      await shows(page, 'What do you need?');
      const t = server.bot.accepted.at(-1)?.user;
      if (how === 'the button') await page.getByRole('button', { name: words.clear, exact: true }).click();
      else {
        await page.keyboard.press('Escape');
        await page.keyboard.press('Escape');
      }
      expect((await visible(page)).split(/\s+/).filter(Boolean)).toEqual(['Hamroh', words.start]);
      expect(await page.evaluate('[sessionStorage.length, localStorage.length]')).toEqual([0, 0]);
      await expect
        .poll(() => server.bot.accepted.at(-1))
        .toMatchObject({ user: t, input: { text: '/forget' } });
      await page.getByRole('button', { name: words.start }).click();
      expect(await page.locator('#log .msg').count()).toBe(1);
      await press(page, 'English');
      await shows(page, 'What do you need?');
      expect(server.bot.accepted.at(-1)?.user).not.toBe(t);
      await page.reload();
      expect(await page.locator('#log .me').count()).toBe(1);
    },
  );

  it('one Escape clears nothing', async () => {
    const page = await start();
    await press(page, 'English');
    await shows(page, 'What do you need?');
    await page.keyboard.press('Escape');
    expect(await page.locator('#log .me').count()).toBe(1);
  });

  it('"hide" empties the screen, also after a reload', async () => {
    const page = await start();
    await write(page, 'something private');
    await shows(page, 'echo something private');
    await page.locator('#more summary').click();
    await page.getByRole('button', { name: words.hide }).click();
    await shows(page, 'Hello. Write to me any time.');
    expect(await visible(page)).not.toContain('private');
    await page.reload();
    expect(await visible(page)).toContain('Hello. Write to me any time.');
    expect(await visible(page)).not.toContain('private');
  });

  it('offline: the words are kept, a clear retry, sent exactly once', async () => {
    const page = await start();
    await press(page, 'English');
    await shows(page, 'What do you need?');
    await tab.context.setOffline(true);
    await write(page, 'sent once');
    await page.getByText(words.offline).waitFor();
    expect(await page.locator('.me.wait').textContent()).toContain('sent once');
    const [waiting, field] = [
      await page.locator('.me.wait').boundingBox(),
      await page.locator('footer').boundingBox(),
    ];
    expect((waiting?.y ?? 0) + (waiting?.height ?? 0)).toBeLessThanOrEqual(field?.y ?? 0);
    await page.getByRole('button', { name: words.retry }).click();
    await page.getByText(words.offline).waitFor();
    await tab.context.setOffline(false);
    await shows(page, 'echo sent once');
    await expect.poll(() => page.getByText(words.offline).count()).toBe(0);
    expect(await page.locator('.wait').count()).toBe(0);
    const texts = server.bot.accepted.filter(
      ({ input }) => input.kind === 'text' && input.text === 'sent once',
    );
    expect(texts).toHaveLength(1);
  });

  it('an answer that got lost on the way: the message is sent again under its id, with one effect', async () => {
    const page = await start();
    // The stream is open: when it opens only now, what is unsent is sent again without a click.
    await write(page, 'before');
    await shows(page, 'echo before');
    let lost = 0;
    await page.route('**/chat/say', async (route) => {
      if (lost > 0) return route.continue();
      lost += 1;
      await route.fetch();
      await route.abort('connectionreset');
    });
    await write(page, 'lost answer');
    await page.getByRole('button', { name: words.retry }).click();
    await shows(page, 'echo lost answer');
    await expect.poll(() => page.locator('.wait').count()).toBe(0);
    expect(
      server.bot.accepted.filter(({ input }) => input.kind === 'text' && input.text === 'lost answer'),
    ).toHaveLength(1);
    expect(await page.getByText('echo lost answer').count()).toBe(1);
  });

  it('a confirmation that got lost: the message comes again and is shown once', async () => {
    const page = await start();
    let lost = 0;
    await page.route('**/chat/seen', async (route) => {
      lost += 1;
      await (lost === 1 ? route.abort('connectionreset') : route.continue());
    });
    await write(page, 'unconfirmed');
    await shows(page, 'echo unconfirmed');
    const t = server.bot.accepted.at(-1)?.address ?? '';
    expect(server.bot.pending(t)).toBe(1);
    // Nor does the page get to say what it already has.
    await page.route('**/chat/stream?*', (route) => {
      const url = route
        .request()
        .url()
        .replace(/&last=.*/, '');
      return route.continue({ url, headers: { ...route.request().headers(), 'last-event-id': '' } });
    });
    await page.reload();
    await expect.poll(() => server.bot.pending(t)).toBe(0);
    expect(await page.getByText('echo unconfirmed').count()).toBe(1);
  });

  it('the server goes away and comes back: what was written is sent, what came twice is shown once', async () => {
    const bot = new Bot();
    const first = await serve({ bot });
    const port = Number(new URL(first.url).port);
    tab = await same.open(first.url);
    const { page } = tab;
    await write(page, 'before');
    await shows(page, 'echo before');
    const t = bot.accepted[0]?.address ?? '';
    await expect.poll(() => bot.pending(t)).toBe(0);
    await first.stop();
    await write(page, 'during');
    await page.getByText(words.offline).waitFor();
    const second = await serve({ bot, port });
    // The copy that a restarted server would send when the confirmation never reached its disk.
    await page.getByRole('button', { name: words.retry }).click();
    await shows(page, 'echo during');
    expect(bot.accepted.map(({ input }) => input.kind === 'text' && input.text)).toEqual([
      'before',
      'during',
    ]);
    await tab.leave();
    await second.stop();
  });

  it('after a restart a copy under another id is dropped, a repeated answer is not', async () => {
    const bot = new Bot();
    const first = await serve({ bot });
    const port = Number(new URL(first.url).port);
    tab = await same.open(first.url);
    const { page } = tab;
    await write(page, 'twice');
    await shows(page, 'echo twice');
    const t = bot.accepted[0]?.address ?? '';
    await expect.poll(() => bot.pending(t)).toBe(0);
    await first.stop();
    const copy = {
      lang: 'en' as const,
      text: 'echo twice',
      choices: [{ data: 'en:menu:top:menu', label: 'Menu', number: '0' }],
    };
    bot.queue(t, copy);
    const second = await serve({ bot, port });
    await expect.poll(() => bot.pending(t), { timeout: 10_000 }).toBe(0);
    expect(await page.getByText('echo twice').count()).toBe(1);
    await write(page, 'twice');
    await expect.poll(() => page.getByText('echo twice').count()).toBe(2);
    await tab.leave();
    await second.stop();
  });

  it('keyboard only: Tab and Enter lead through the conversation', async () => {
    const page = await start();
    const focused = () =>
      page.evaluate<string>(
        'document.activeElement === document.body ? "" : document.activeElement.textContent',
      );
    const tabTo = async (label: string) => {
      for (let i = 0; i < 25 && !(await focused()).includes(label); i += 1) await page.keyboard.press('Tab');
      expect(await focused()).toContain(label);
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
      expect(outline).toBe('solid');
    };
    await tabTo('Русский');
    await page.keyboard.press('Enter');
    await shows(page, 'Что вам нужно?');
    // The focus went along: one Tab to the first new choice.
    await page.keyboard.press('Tab');
    expect(await focused()).toContain('Where to get tested');
    await page.keyboard.press('Enter');
    await shows(page, 'Where are you?');
    for (let i = 0; i < 25 && !(await page.evaluate('document.activeElement.id === "text"')); i += 1) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.type('by hand');
    await page.keyboard.press('Enter');
    await shows(page, 'echo by hand');
    expect(await page.evaluate('document.activeElement.id')).toBe('text');
  });

  it('sends a location only when asked to, about 100 m exact', async () => {
    const page = await start({
      permissions: ['geolocation'],
      geolocation: { latitude: 43.238_949, longitude: 76.889_709 },
    });
    await press(page, 'English');
    await shows(page, 'What do you need?');
    await press(page, 'Where to get tested');
    await press(page, words.location);
    await shows(page, 'Free. An anonymous test');
    expect(server.bot.accepted.at(-1)?.input).toEqual({ kind: 'place', lat: 43.239, lon: 76.89 });
    expect(await last(page).locator('.place a').getAttribute('href')).toContain('openstreetmap.org');
  });

  it('says so when the phone gives no location', async () => {
    const page = await start();
    await press(page, 'English');
    await shows(page, 'What do you need?');
    await press(page, 'Where to get tested');
    await press(page, words.location);
    await page.getByText(words.location_failed).waitFor();
  });

  it('writing too fast: nothing is lost', async () => {
    let now = 1_000_000;
    const own = await serve({ clock: { now: () => now } });
    tab = await same.open(own.url);
    const { page } = tab;
    for (let i = 0; i < 11; i += 1) await write(page, `fast ${i}.`);
    await page.getByText(words.slow).waitFor();
    expect(own.bot.accepted).toHaveLength(10);
    now += 2000;
    await page.getByText('echo fast 10.').waitFor({ timeout: 10_000 });
    expect(own.bot.accepted).toHaveLength(11);
    await tab.leave();
    await own.stop();
  });

  it('without script: the same conversation as a form', async () => {
    const page = await start({ javaScriptEnabled: false });
    await press(page, 'English');
    await shows(page, 'What do you need?');
    await page.getByLabel(words.field).fill('by form');
    await page.keyboard.press('Enter');
    await shows(page, 'echo by form');
    await page.locator('#more summary').click();
    await page.getByRole('button', { name: 'Menu', exact: true }).first().click();
    await shows(page, 'What do you need?');
    await page.getByRole('button', { name: words.clear, exact: true }).click();
    expect(await page.locator('#log .me').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'English' }).count()).toBe(1);
  });

  it('a form sent before the script was there: the script goes on from its answer', async () => {
    let blocked = true;
    tab = await openTab(browser, 'about:blank', {}, server.url);
    const { page } = tab;
    await page.route('**/chat.js', (route) => (blocked ? route.abort() : route.continue()));
    await page.goto(server.url);
    await press(page, 'English');
    await shows(page, 'What do you need?');
    blocked = false;
    await write(page, 'still form');
    await shows(page, 'echo still form');
    await expect.poll(() => page.locator('#check').count()).toBe(0);
    await write(page, 'now script');
    await shows(page, 'echo now script');
    await page.reload();
    expect(await visible(page)).toContain('still form');
    const users = new Set(server.bot.accepted.slice(-3).map(({ user }) => user));
    expect(users.size).toBe(1);
  });
});
