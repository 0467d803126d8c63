import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FrozenRelease } from '../../src/usage/release.ts';
import { launch, skipBrowser } from '../web/browser.ts';
import { enter } from './desk/enter.ts';
import { inspect, LAPTOP, PHONE } from './desk/eye.ts';
import { ROOT } from './office.ts';
import { season } from './stats-fixture.ts';
import { officeOver, reader } from './stats-office.ts';

/** `PICTURES=1 npx vitest run test/console/stats-look.test.ts` takes the README's pictures anew. Look at them. */
const PICTURES = process.env.PICTURES === undefined ? undefined : join(ROOT, '.github', 'pictures');
/** A sheet of A4 between the margins, in CSS pixels. */
const SHEET = { width: 688, height: 1020 };

/** Drawings without a name and a table, or outside of a table. Each is a fault. */
const mute = (page: Page) =>
  page.evaluate<string[]>(`[...document.querySelectorAll('svg')].flatMap((svg) => {
    const named = [...svg.children].filter((e) => e.matches('title, desc') && e.textContent.trim());
    const ids = (svg.getAttribute('aria-labelledby') || '').split(' ');
    const said = named.length === 2 && named.every((e) => ids.includes(e.id));
    const table = svg.closest('figure') && svg.closest('figure').querySelector('details table tbody td');
    if (svg.getAttribute('role') === 'img') return said && table ? [] : ['no name or no table: ' + svg.outerHTML.slice(0, 80)];
    const silent = svg.getAttribute('aria-hidden') === 'true';
    const inside = svg.closest('table, svg[role], .patterns, figure');
    return silent && inside ? [] : ['neither drawing nor ornament: ' + svg.outerHTML.slice(0, 80)];
  })`);

/** Tables whose cells nobody can tell. */
const bare = (page: Page) =>
  page.evaluate<number>(
    `[...document.querySelectorAll('.stats table')].filter((t) => !t.caption || !t.querySelector('thead th[scope=col]') || !t.querySelector('tbody th[scope=row]')).length`,
  );

describe.skipIf(skipBrowser)('the coordinators’ page in a browser', () => {
  let browser: Browser;
  let full: FrozenRelease[] = [];
  beforeAll(async () => {
    full = season({ weeks: PICTURES === undefined ? 5 : 60, visits: 1500 });
    browser = await launch();
  });
  afterAll(() => browser?.close());

  async function visit(releases: readonly FrozenRelease[], lang: 'en' | 'ru' | 'kk', query = '') {
    const office = officeOver(releases);
    const tab = await enter(browser, office, reader(office, lang), `/console/stats${query}`, {
      locale: lang,
      viewport: LAPTOP,
      javaScriptEnabled: PICTURES !== undefined,
    });
    return { office, ...tab };
  }

  for (const [name, lang, weeks, query] of [
    ['full', 'ru', () => full, ''],
    ['sparse', 'kk', () => season({ weeks: 2, visits: 60 }), '?period=2026-11'],
    ['empty', 'en', () => [], ''],
  ] as const) {
    it(`${name}, in ${lang}: on a phone, on a laptop, by day and in the dark, and for those who hear it`, async () => {
      const { page, faults, office, context, loaded } = await visit(weeks(), lang, query);
      // What is folded is looked at as well.
      await page.evaluate(`for (const one of document.querySelectorAll('.stats details')) one.open = true`);
      await inspect(page, `${name} ${lang}`);
      expect([await mute(page), await bare(page)]).toEqual([[], 0]);
      expect(faults).toEqual([]);
      expect(office.reported).toEqual([]);
      const sizes = await Promise.all(
        loaded.filter(({ path }) => path !== '/console/sign-in').map(({ bytes }) => bytes),
      );
      expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(60 * 1024);
      await context.close();
    });
  }

  it('prints as a report on two sheets: whose it is, the period, how it was made, and nothing to click', async () => {
    const { page, context } =
      PICTURES === undefined
        ? await visit(season({ weeks: 5, visits: 20_000 }), 'ru', '?period=2026-10')
        : await visit(full, 'en');
    if (PICTURES !== undefined) {
      await page.setViewportSize({ width: 1100, height: 1240 });
      await page.screenshot({ path: join(PICTURES, 'stats.png') });
    }
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.setViewportSize(SHEET);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(2);
    const seen = (selector: string) =>
      page.evaluate<number>(
        `[...document.querySelectorAll('${selector}')].filter((e) => e.checkVisibility()).length`,
      );
    expect(await seen('a, button, nav, details, body > header')).toBe(0);
    expect(await seen('h1, .letterhead, .summary, .tiles, .method')).toBe(5);
    expect(await page.locator('.letterhead').textContent()).toContain('A house of help');
    const colours = await page.evaluate(`getComputedStyle(document.body).backgroundColor`);
    expect(colours).toBe('rgb(255, 255, 255)');
    if (PICTURES !== undefined) {
      const height = await page.evaluate<number>(
        `document.querySelector('.second').getBoundingClientRect().top`,
      );
      const path = join(PICTURES, 'stats-print.png');
      await page.screenshot({ path, clip: { x: 0, y: 0, width: SHEET.width, height } });
    }
    await page.setViewportSize(PHONE);
    await context.close();
  });
});
