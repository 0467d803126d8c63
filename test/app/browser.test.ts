import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lang } from '../../src/message.ts';
import { ROOT, world } from '../support/world.ts';
import { launch, openTab, skipBrowser } from '../web/browser.ts';
import { Child } from './child.ts';

/** `PICTURES=1 npx vitest run test/app/browser.test.ts` takes the README's pictures anew. Look at them. */
const PICTURES = process.env.PICTURES === undefined ? undefined : join(ROOT, '.github', 'pictures');

const PHONE = { viewport: { width: 360, height: 720 } };

/** The chat as a person sees it: presses what the locale calls a choice, waits for what it calls an answer. */
class Visitor {
  constructor(
    readonly page: Page,
    readonly lang: Lang,
  ) {}

  last() {
    return this.page.locator('#log .bot').last();
  }

  async press(key: string): Promise<void> {
    await this.last()
      .getByRole('button', { name: world.texts.t(this.lang, key) })
      .first()
      .click();
  }

  async type(text: string): Promise<void> {
    await this.page.locator('footer input[type=text], footer textarea').first().fill(text);
    await this.page.keyboard.press('Enter');
  }

  async sees(text: string): Promise<void> {
    await this.last().getByText(text).first().waitFor();
  }

  /** Folded away: the picture is of what a person sees, not of what only this computer shows. */
  async closeStaffNote(): Promise<void> {
    await this.page.locator('details.staff summary, #staff summary').first().click();
  }

  async picture(name: string): Promise<void> {
    if (PICTURES !== undefined) await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }
}

describe.skipIf(skipBrowser)('the whole program in a browser', () => {
  let browser: Browser;
  /** One program, as there is one for all its visitors. */
  let url: string;
  const ends: (() => void | Promise<void>)[] = [];
  beforeAll(async () => {
    const program = new Child({ atEnd: (end) => ends.unshift(end) });
    [browser, url] = await Promise.all([launch(), program.started()]);
  });
  afterAll(async () => {
    await browser?.close();
    for (const end of ends) await end();
  });

  async function visit(lang: Lang, options: BrowserContextOptions = PHONE) {
    const tab = await openTab(browser, url, options);
    tab.page.setDefaultTimeout(25_000);
    return { visitor: new Visitor(tab.page, lang), ...tab };
  }

  it('a place to be tested, in Tajik, by the name of the city', async () => {
    const { visitor, page, faults, context } = await visit('tg');
    await visitor.sees('Oʻzbekcha');
    await visitor.closeStaffNote();
    await visitor.picture('first-screen');
    expect(await page.title()).toBe('Hamroh');
    expect(await page.locator('body').textContent()).not.toMatch(/HIV|ВИЧ|ВНМО|AIDS|СПИД/);
    await page.getByRole('button', { name: 'Тоҷикӣ' }).first().click();
    await visitor.sees(world.texts.t('tg', 'menu:main.text'));
    await visitor.picture('menu-tg');
    await visitor.press('menu:main.choices.test');
    await visitor.sees(world.texts.t('tg', 'find-testing:where.text'));
    await visitor.type('Олмаотӣ');
    await visitor.sees('+7 727 246 53 36');
    await visitor.sees(world.texts.t('tg', 'claims:kz-test-02_card'));
    expect(await visitor.last().getByRole('link', { name: '+7 727 246 53 36' }).getAttribute('href')).toBe(
      'tel:+77272465336',
    );
    await visitor.picture('place-tg');
    await visitor.press('common:nav.sources');
    await visitor.sees('adilet.zan.kz');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('treatment for a worker, in the dark, in Uzbek; then everything is deleted', async () => {
    const { visitor, page, faults, context } = await visit('uz', { ...PHONE, colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Oʻzbekcha' }).first().click();
    const steps = [
      ['menu:main.text', 'menu:main.choices.art'],
      ['art-access:country.text', 'places:countries.KZ'],
      ['art-access:citizenship.text', 'places:citizenships.UZ'],
      ['art-access:status.text', 'art-access:status.choices.work'],
      ['art-access:need.text', 'art-access:need.choices.running-out'],
    ] as const;
    for (const [question, answer] of steps) {
      await visitor.sees(world.texts.t('uz', question));
      await visitor.press(answer);
    }
    await visitor.sees(world.texts.t('uz', 'art-access:steps.text'));
    expect(await page.locator('#log').textContent()).toContain(
      world.texts.t('uz', 'eligibility:art.kz-labour'),
    );
    await visitor.picture('dark');
    await visitor.type(world.texts.list('uz', 'common:words.forget')[0] ?? '');
    await visitor.sees(world.texts.t('uz', 'common:forgotten'));
    expect(await page.locator('#log').textContent()).not.toContain(
      world.texts.t('uz', 'eligibility:art.kz-labour'),
    );
    expect(faults).toEqual([]);
    await context.close();
  });

  it('words that cannot wait, on a laptop, in Russian', async () => {
    const { visitor, page, faults, context } = await visit('ru', { viewport: { width: 1366, height: 768 } });
    await page.getByRole('button', { name: 'Русский' }).first().click();
    await visitor.sees(world.texts.t('ru', 'menu:main.text'));
    await visitor.type('вчера порвался презерватив');
    await visitor.sees(world.texts.t('ru', 'emergency:where.text'));
    expect(await page.locator('#log').textContent()).toMatch(/103[\s\S]*72/);
    await visitor.picture('urgent-ru');
    expect(faults).toEqual([]);
    await context.close();
  });
});
