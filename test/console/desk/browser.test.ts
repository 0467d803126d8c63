import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, skipBrowser } from '../../web/browser.ts';
import { codeOf, hire, PASSWORD, seat } from '../desk.ts';
import { ROOT, texts } from '../office.ts';
import { enter } from './enter.ts';
import { inspect, LAPTOP, PHONE, strangersOf } from './eye.ts';
import { PAYLOADS } from './payloads.ts';
import { eventually, openRoom, type Room } from './room.ts';
import { talk } from './talk.ts';

/** `PICTURES=1 npx vitest run test/console/desk/browser.test.ts` takes the README's pictures anew. Look at them. */
const PICTURES = process.env.PICTURES === undefined ? undefined : join(ROOT, '.github', 'pictures');

const WORDS = 'Доруҳоям тамом шуданд';

const idOf = (room: Room, ref: string) => room.handoffs.find(ref)?.id ?? 0;
const lines = (page: Page) => page.locator('#lines .text');
const en = (key: string, params?: Record<string, string>) => texts.t('en', `console:desk.${key}`, params);

describe.skipIf(skipBrowser)('the operators’ pages in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  it('two race for a chat, one wins; words go both ways, on two platforms, as they are said', async () => {
    const room = openRoom();
    const [a, b] = [seat(room, 'Aida', 'operator'), seat(room, 'Rustam', 'operator')];
    const [aida, rustam] = await Promise.all([
      enter(browser, room, a, '/console/queue', { viewport: LAPTOP }),
      enter(browser, room, b, '/console/queue', { viewport: LAPTOP }),
    ]);
    const { page } = aida;
    await page.getByText(en('none.waiting')).waitFor();
    // Counted where the sound is made; nobody hears a test.
    await page.evaluate(`(() => {
      window.tones = 0;
      const make = AudioContext.prototype.createOscillator;
      AudioContext.prototype.createOscillator = function () { window.tones += 1; return make.call(this); };
    })()`);
    await page.getByRole('button', { name: en('sound.off') }).click();
    expect(await page.evaluate('window.tones')).toBe(1); // so that one knows how it sounds
    const ref = await room.ask('1', { way: ['3', '1'], says: [WORDS] });
    const row = page.locator(`#row-${ref}`);
    await row.waitFor();
    await eventually(() => page.title()).toMatch(/^\(1\) /);
    await eventually(() => page.evaluate('window.tones')).toBe(2);
    expect(await page.locator('#live').textContent()).toBe(en('live.new', { ref }));
    expect(await page.content()).not.toContain(WORDS);
    await Promise.all([aida, rustam].map((tab) => tab.page.locator(`#row-${ref} a`).click()));
    await Promise.all([aida, rustam].map((tab) => tab.page.locator('#claim').waitFor()));
    // Whichever comes first to the slower one: the answer to the claim, or the news of the other's.
    await Promise.all(
      [aida, rustam].map((tab) => tab.page.evaluate(`document.querySelector('#claim')?.click()`)),
    );
    await eventually(() => room.handoffs.find(ref)?.state).toBe('claimed');
    const owner = room.handoffs.find(ref)?.owner;
    const [winner, loser, name] = owner === a.id ? [aida, rustam, 'Aida'] : [rustam, aida, 'Rustam'];
    await loser.page.getByText(en('why.has', { name })).first().waitFor();
    await winner.page.locator('#reply').waitFor();
    expect(await loser.page.content()).not.toContain(WORDS);
    expect(await lines(winner.page).last().textContent()).toBe(WORDS);
    await winner.page.locator('#reply').fill('Салом! Чанд рӯз монд?');
    await winner.page
      .getByRole('button', { name: en('reply.send') })
      .first()
      .click();
    await winner.page.getByText(en('fate.sent')).waitFor();
    expect(room.channels.telegram.texts('chat-1').at(-1)).toBe('Салом! Чанд рӯз монд?');
    expect(await winner.page.locator('#reply').inputValue()).toBe('');
    // What is being typed stays while the page changes around it.
    await winner.page.locator('#reply').fill('half a sent');
    await room.write('1', ['Ду рӯз']);
    await winner.page.getByText('Ду рӯз').waitFor();
    expect(await winner.page.locator('#reply').inputValue()).toBe('half a sent');
    expect(await loser.page.content()).not.toContain('Ду рӯз');
    // Also when the chat is taken away for a moment.
    room.handoffs.act(idOf(room, ref), { type: 'release' }, owner ?? 0);
    await winner.page.locator('#claim').click();
    await winner.page.locator('#reply').waitFor();
    expect(await winner.page.locator('#reply').inputValue()).toBe('half a sent');
    // The other one, on WhatsApp, in Uzbek, with a reply written once.
    const second = await room.ask('2', { lang: 'uz', via: 'whatsapp' });
    await loser.page.locator(`#row-${second} button`).press('Enter');
    await loser.page.locator('.canned summary').first().click();
    await loser.page.locator('.canned li').first().getByRole('button').click();
    await loser.page.getByText(en('fate.sent')).waitFor();
    expect(room.channels.whatsapp.texts('chat-2').at(-1)).toContain('Salom. Men bot emasman');
    // A row that has just come under the pointer is not what the pointer was meant for.
    const went = loser.page.evaluate(`new Promise((resolve) => {
      new MutationObserver((_changes, observer) => {
        const button = document.querySelector('[data-group=waiting] .row button');
        if (!button) return;
        observer.disconnect();
        resolve(button.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 })));
      }).observe(document.querySelector('[data-group=waiting]'), { childList: true });
    })`);
    await room.ask('3');
    expect(await went).toBe(false);
    await room.write('1', ['/forget']);
    await winner.page.getByText(en('chat.nothing')).waitFor();
    expect(await winner.page.content()).not.toContain('Ду рӯз');
    expect(await winner.page.content()).not.toContain(WORDS);
    expect([aida.faults, rustam.faults, room.reported]).toEqual([[], [], []]);
    await Promise.all([aida.context.close(), rustam.context.close()]);
  });

  it('what comes late does not undo what came before it, and nothing moves under a finger that is down', async () => {
    const room = openRoom();
    const aida = seat(room, 'Aida', 'operator');
    const ref = await room.ask('1');
    room.handoffs.act(idOf(room, ref), { type: 'claim' }, aida.id);
    const { page, faults, context } = await enter(browser, room, aida, `/console/chat/${ref}`, {
      viewport: LAPTOP,
    });
    const sent = (text: string) => page.locator('.line', { hasText: text }).getByText(en('fate.sent'));
    await room.write('1', ['The stream is there']);
    await page.getByText('The stream is there').waitFor();
    // The answer to "send" says "on its way"; it arrives after the stream has said "sent".
    let answer: (() => Promise<void>) | undefined;
    await page.route('**/reply', async (route) => {
      const response = await route.fetch();
      answer = () => route.fulfill({ response });
    });
    await page.locator('#reply').fill('One moment');
    await page.keyboard.press('Control+Enter');
    await sent('One moment').waitFor();
    await answer?.();
    await eventually(() => page.locator('#reply').inputValue()).toBe('');
    expect(await sent('One moment').count()).toBe(1);
    // The whole chat is read anew, and a message comes before it is there.
    room.handoffs.act(idOf(room, ref), { type: 'release' }, aida.id);
    await page.locator('#claim').waitFor();
    await page.route(`**/chat/${ref}`, async (route) => {
      const response = await route.fetch();
      await room.write('1', ['Are you there?']);
      await page.locator(`[data-group=mine] #row-${ref}.calls`).waitFor();
      await route.fulfill({ response });
    });
    await page.locator('#claim').click();
    await page.getByText('Are you there?').waitFor();
    await page.unrouteAll();
    // A button that goes away while it is pressed would take the press with it.
    const button = page.locator('#release');
    await button.hover();
    await page.mouse.down();
    room.handoffs.act(idOf(room, ref), { type: 'labels', labels: ['later'] }, aida.id);
    room.handoffs.act(idOf(room, ref), { type: 'reply', text: 'Two moments' }, aida.id);
    await room.write('1', ['Still here']);
    await eventually(() => room.told('1').at(-1)).toBe('Two moments');
    const before = await page.evaluate(
      `new Promise((done) => setTimeout(done, 300)).then(() => document.body.innerText)`,
    );
    expect(before).not.toContain('Two moments');
    await page.mouse.up();
    await page.waitForURL('**/console/queue');
    expect(room.handoffs.find(ref)?.owner).toBeNull();
    expect([faults, room.reported]).toEqual([[], []]);
    await context.close();
  });

  it('with keys only, from sign-in to close, on a Russian keyboard', async () => {
    const room = openRoom();
    const { operator, key } = await hire(room, 'Аида', 'operator', 'ru');
    const other = seat(room, 'Рустам', 'operator', 'ru');
    const first = await room.ask('1', { says: [WORDS] });
    const { page, url, faults, context } = await enter(browser, room, other, '/console/queue', {
      viewport: LAPTOP,
    });
    await context.clearCookies();
    await page.goto(`${url}/console/sign-in`);
    // A busy browser shows a page before it has given a field the focus, and before its script listens to keys.
    await page.locator('input:focus').waitFor();
    const listens = () => page.locator('#help:not([hidden])').waitFor();
    await page.keyboard.type('аида');
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Tab');
    await page.keyboard.type(codeOf(key, room.clock.now()));
    await page.keyboard.press('Enter');
    await page.locator(`#row-${first}`).waitFor();
    await listens();
    /** The key in that place, where the letters are Cyrillic. */
    const russian = (code: string, key: string) =>
      page.evaluate(
        `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', code: '${code}', bubbles: true, cancelable: true }))`,
      );
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    expect(await page.evaluate('document.activeElement.getAttribute("href")')).toBe(`/console/chat/${first}`);
    await russian('KeyC', 'с');
    await page.locator('#reply').waitFor();
    await listens();
    await russian('KeyR', 'к');
    await page.keyboard.type('Салом, jck!');
    await page.keyboard.press('Control+Enter');
    await eventually(() => room.told('1').at(-1)).toBe('Салом, jck!');
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.keyboard.type('перезвонить');
    await page.keyboard.press('Control+Enter');
    await page.locator('.line.note').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('минут');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await eventually(() => room.told('1').at(-1)).toContain('Лутфан, як дақиқа');
    await page.keyboard.press('t');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await page.locator('#pass').getAttribute('open')).toBeNull();
    await page.keyboard.press('x');
    await page.waitForURL('**/console/queue?closed=*');
    await page.locator('#undo').waitFor();
    await listens();
    expect(room.handoffs.find(first)?.state).toBe('closed');
    await page.keyboard.press('z');
    await page.locator('#reply').waitFor();
    await listens();
    expect(room.handoffs.find(first)).toMatchObject({ state: 'claimed', owner: operator.id });
    await page.keyboard.press('b');
    await page.waitForURL('**/console/queue');
    await page.locator(`#row-${first} button`).waitFor();
    await listens();
    await page.keyboard.press('c');
    await page.locator('#reply').waitFor();
    await listens();
    await page.keyboard.press('t');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Control+Enter');
    await eventually(() => room.handoffs.find(first)?.owner).toBe(other.id);
    await page.waitForURL('**/console/queue');
    expect(faults).toEqual([]);
    // The session ends while the page is open: nothing stays on the screen.
    room.staff.sessions.endAll(operator.id);
    await room.write('1', ['Ҳастед?']);
    await page.waitForURL('**/console/sign-in');
    expect(room.reported).toEqual([]);
    await context.close();
  });

  it('without script, by forms', async () => {
    const room = openRoom();
    const ref = await room.ask('1', { says: [WORDS] });
    const aida = seat(room, 'Aida', 'operator');
    const options = { viewport: PHONE, javaScriptEnabled: false };
    const { page, faults, context } = await enter(browser, room, aida, '/console', options);
    await page.locator(`#row-${ref} button`).click();
    await page.fill('#reply', 'Салом!');
    await page
      .getByRole('button', { name: en('reply.send') })
      .first()
      .click();
    await page.getByText('Салом!').waitFor();
    await page.fill('#note', 'only for us');
    await page.getByRole('button', { name: en('note.save') }).click();
    await page.locator('.line.note').getByText('only for us').waitFor();
    await page.locator('#close').click();
    await page.getByText(en('closed', { ref })).waitFor();
    await page.getByRole('button', { name: en('undo') }).click();
    await page.locator('#reply').waitFor();
    expect(room.told('1').at(-1)).not.toContain('only for us');
    expect([faults, room.reported]).toEqual([[], []]);
    await context.close();
  });

  it(`${PAYLOADS.length} hostile texts are text: of a person, of operators, in notes, labels and names`, async () => {
    expect(PAYLOADS.length).toBeGreaterThanOrEqual(200);
    const room = openRoom();
    const evil = seat(room, '"><svg onload=alert(2)>', 'operator');
    const aida = seat(room, 'Aida', 'operator');
    const ref = await room.ask('1');
    const id = idOf(room, ref);
    room.handoffs.act(id, { type: 'claim' }, aida.id);
    const { page, faults, context } = await enter(browser, room, aida, `/console/chat/${ref}`, {
      viewport: LAPTOP,
    });
    await room.write('1', ['hello']);
    await page.getByText('hello', { exact: true }).waitFor();
    const texts = Array.from({ length: Math.ceil(PAYLOADS.length / 4) }, (_, n) =>
      PAYLOADS.slice(n * 4, n * 4 + 4).join('\n'),
    );
    for (const text of texts) {
      room.handoffs.act(id, { type: 'reply', text }, aida.id);
      room.handoffs.act(id, { type: 'note', text }, aida.id);
    }
    for (let at = 0; at < PAYLOADS.length; at += 10) {
      const labels = PAYLOADS.slice(at, at + 10).map((text) => text.replaceAll(',', ';'));
      room.handoffs.act(id, { type: 'labels', labels }, aida.id);
    }
    // A command at the beginning would be for the bot.
    const said = texts.map((text) => `- ${text}`);
    await room.write('1', said);
    const kept = room.handoffs.lines(id).filter(({ from }) => from !== 'event');
    const expected = kept.map(({ text }) => text);
    for (const text of said) expect(kept.some((l) => l.from === 'person' && l.text === text)).toBe(true);
    // Built by the script as it came …
    await eventually(() => lines(page).count()).toBe(expected.length);
    expect((await lines(page).allTextContents()).toSorted()).toEqual(expected.toSorted());
    expect(await page.locator('.tags bdi').allTextContents()).toEqual(room.handoffs.find(ref)?.labels);
    expect(await strangersOf(page)).toBe(0);
    // … and written by the server.
    await page.reload();
    expect(await lines(page).allTextContents()).toEqual(expected);
    expect(await strangersOf(page)).toBe(0);
    room.handoffs.act(id, { type: 'transfer', to: { operator: evil.id } }, aida.id);
    await page.getByText(en('chat.other', { name: evil.name })).waitFor();
    expect(await page.locator(`#row-${ref} .state bdi`).textContent()).toBe(evil.name);
    expect(await strangersOf(page)).toBe(0);
    expect([faults, room.reported]).toEqual([[], []]);
    await context.close();
  });

  it('what it looks like: queue and chat, in Russian, on a phone and a laptop', async () => {
    const room = openRoom();
    const [aida, rustam] = [seat(room, 'Аида', 'operator', 'ru'), seat(room, 'Рустам', 'operator', 'ru')];
    const ref = await talk(room, aida.id, rustam.id);
    const { page, faults, context, loaded, url } = await enter(browser, room, aida, '/console/queue', {
      viewport: LAPTOP,
      locale: 'ru',
      timezoneId: 'Asia/Almaty',
    });
    await page.waitForLoadState('load');
    const sizes = await Promise.all(loaded.map(({ bytes }) => bytes));
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(60 * 1024);
    await inspect(page, 'queue');
    await picture(page, 'queue');
    await page.keyboard.press('?');
    await inspect(page, 'keys');
    await page.goto(`${url}/console/chat/${ref}`);
    await inspect(page, 'chat');
    await picture(page, 'chat-desk');
    await page.setViewportSize({ width: 360, height: 720 });
    await page.evaluate(
      `document.querySelector('#chat').scrollIntoView(), document.querySelector('#lines').scrollTop = 1e5`,
    );
    await picture(page, 'chat-desk-phone');
    await page.evaluate(`for (const e of document.querySelectorAll('details')) e.open = true`);
    await inspect(page, 'chat, all open');
    expect([faults, room.reported]).toEqual([[], []]);
    await context.close();
  });

  async function picture(page: Page, name: string): Promise<void> {
    if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }
});
