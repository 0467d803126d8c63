import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { Operator } from '../../../src/store/staff-types.ts';
import { openTab } from '../../web/browser.ts';
import { listen, type Office } from '../office.ts';

const addresses = new WeakMap<Office, Promise<string>>();

/** A browser of somebody who is signed in; each of them has their own. */
export async function enter(
  browser: Browser,
  office: Office,
  who: Operator,
  path: string,
  options: BrowserContextOptions = {},
) {
  const address = addresses.get(office) ?? listen(office);
  addresses.set(office, address);
  const url = await address;
  const tab = await openTab(browser, `${url}/console/sign-in`, options);
  tab.page.setDefaultTimeout(25_000);
  // What the browser was given at sign-in is the name of a session.
  const [cookie] = await tab.context.cookies(url);
  office.adopt(cookie?.value ?? '', who.id);
  await tab.page.goto(url + path);
  return { url, ...tab };
}
