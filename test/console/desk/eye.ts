import type { Page } from 'playwright-core';
import { expect } from 'vitest';

export const PHONE = { width: 320, height: 640 };
export const LAPTOP = { width: 1366, height: 768 };

/** Reads a page as a strict eye does: width, sizes, contrast, names. Everything in the list is a fault. */
const faultsOf = (page: Page) =>
  page.evaluate<string[]>(`(() => {
    const seen = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && !e.closest('.sr, .skip, kbd'));
    const faults = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) faults.push('sideways scrolling');
    for (const e of seen) {
      const style = getComputedStyle(e);
      const box = e.getBoundingClientRect();
      const name = e.tagName + ' ' + (e.textContent || e.id).slice(0, 30);
      if (parseFloat(style.fontSize) < 16) faults.push('small text: ' + name);
      if (box.right > root.clientWidth + 1 && !e.closest('.lines')) faults.push('cut off: ' + name);
      const target = e.matches('a, button, select, textarea, summary, input:not([type=hidden])');
      if (target && (box.height < 44 || box.width < 44)) faults.push('small target: ' + name + ' ' + box.width + 'x' + box.height);
      const written = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
      const edge = e.matches('input, select, textarea');
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
    const named = [...document.querySelectorAll('button, a, select, textarea, input:not([type=hidden])')]
      .filter((e) => !(e.textContent.trim() || (e.labels && e.labels.length)));
    for (const e of named) faults.push('no name: ' + e.outerHTML);
    const loose = [...document.querySelectorAll('.line.person bdi, .line.bot bdi, .line.operator .text bdi, .line.note .text bdi')]
      .filter((e) => e.dir !== 'auto' || (e.closest('.person, .bot') && !e.lang));
    for (const e of loose) faults.push('no language or direction: ' + e.outerHTML);
    const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
    if (new Set(ids).size !== ids.length) faults.push('an id twice');
    if (document.querySelectorAll('h1').length !== 1) faults.push('not one heading');
    return faults;
  })()`);

/** Whatever a page of ours has no use for. */
export const strangersOf = (page: Page) =>
  page.evaluate<number>(
    `document.querySelectorAll('base, iframe, img, style, object, embed, math, body script, svg, main meta, .lines a, .lines link').length`,
  );

/** Looks at a page on a phone and a laptop, by day and in the dark. */
export async function inspect(page: Page, name: string): Promise<void> {
  for (const viewport of [PHONE, LAPTOP])
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      expect([name, viewport.width, colorScheme, await faultsOf(page)]).toEqual([
        name,
        viewport.width,
        colorScheme,
        [],
      ]);
    }
}
