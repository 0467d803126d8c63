import { type Choice, isNav } from '../message.ts';
import type { Menu } from './channel.ts';
import { shorten } from './pages.ts';

/** One button, or one row of a list, as a channel shows it. */
export interface Button {
  label: string;
  data: string;
  /** The whole label of a list row, when `label` had to be shortened. */
  description?: string;
}

/** Why a menu cannot hold all choices without losing something, in words for an author. */
export interface Objection {
  about: 'count' | 'text' | 'label' | 'alike' | 'data';
  says: string;
}

/**
 * What keeps a menu from holding all choices whole; [] when nothing does. A label is whole when it fits, or when it
 * stands as the description of its shortened row.
 *
 * @param textLength of the text above the menu, in UTF-16 units
 */
export function objections(menu: Menu, choices: readonly Choice[], textLength: number): Objection[] {
  const found: Objection[] = [];
  const add = (about: Objection['about'], says: string) => found.push({ about, says });
  if (choices.length > menu.max) {
    add('count', `${choices.length} choices, at most ${menu.max} fit as ${NAMES[menu.kind]}`);
  }
  if (textLength > menu.textLimit) {
    add('text', `the text has ${textLength} characters, above ${NAMES[menu.kind]} fit ${menu.textLimit}`);
  }
  const limit = Math.max(menu.labelLimit, menu.descriptionLimit ?? 0);
  for (const { label, data } of choices) {
    if (label.length > limit)
      add('label', `the label "${label}" has ${label.length} characters, the limit is ${limit}`);
    const bytes = Buffer.byteLength(data);
    if (bytes > menu.dataLimit)
      add('data', `the button data "${data}" has ${bytes} bytes, the limit is ${menu.dataLimit}`);
    else if (data === '') add('data', `the choice "${label}" has no data`);
  }
  // The last question, because it has to shorten every label.
  if (found.length > 0) return found;
  const titles = choices.map((choice) => toButton(choice, menu).label);
  const twice = titles.find((title, i) => titles.indexOf(title) !== i);
  if (twice !== undefined) add('alike', `two choices are shown as "${twice}"`);
  return found;
}

const NAMES = { buttons: 'buttons', list: 'rows of a list' } as const;

/** The choices a menu shows when it cannot hold all: the first ones; back and menu keep their places. */
export function firstOf(menu: Menu, choices: readonly Choice[]): Choice[] {
  const possible = choices.filter((c) => Buffer.byteLength(c.data) <= menu.dataLimit && c.data !== '');
  const nav = possible.filter(isNav).slice(0, menu.max);
  const shown = new Set([...possible.filter((c) => !isNav(c)).slice(0, menu.max - nav.length), ...nav]);
  return choices.filter((c) => shown.has(c));
}

/**
 * Rows as they are shown: in a list one under the other; of buttons two short ones share a row, and back and menu are
 * always the last rows.
 */
export function layout(choices: readonly Choice[], menu: Menu): Button[][] {
  if (menu.kind === 'list') return choices.map((choice) => [toButton(choice, menu)]);
  const half = Math.floor(menu.labelLimit / 2) - 1;
  return [choices.filter((c) => !isNav(c)), choices.filter(isNav)].flatMap((group) => {
    const rows: Button[][] = [];
    let open = false;
    for (const choice of group) {
      const button = toButton(choice, menu);
      const short = button.label.length <= half;
      const row = rows.at(-1);
      if (row && open && short) {
        row.push(button);
        open = false;
      } else {
        rows.push([button]);
        open = short;
      }
    }
    return rows;
  });
}

function toButton(choice: Choice, menu: Menu): Button {
  // Platforms refuse the whole message for one blank button.
  const whole = choice.label.trim() === '' ? choice.number : choice.label;
  const label = shorten(whole, menu.labelLimit);
  const button = { label, data: choice.data };
  if (label === whole || menu.descriptionLimit === undefined) return button;
  return { ...button, description: shorten(whole, menu.descriptionLimit) };
}
