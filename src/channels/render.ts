import type { Choice, OutboundMessage, Place } from '../message.ts';
import type { Capabilities, Menu } from './channel.ts';
import { isolateNumbers, isRightToLeft } from './direction.ts';
import { type Button, firstOf, layout, objections } from './menu.ts';
import { joinBlocks, paginate } from './pages.ts';

/** One message as a channel sends it: everything in it is within the channel's {@link Capabilities}. */
export interface Rendered {
  text: string;
  /** Rows of buttons, or of a list; [] for none. Only the last part of a message has any. */
  buttons: Button[][];
  /** How `buttons` are shown; there when they are not empty. */
  menu?: Menu['kind'];
  /** Add the channel's "send my location" button. */
  askLocation?: boolean;
  /** Show this point on a map, above the text. */
  place?: Place;
}

/**
 * Turns one neutral message into what a channel can show. The choices go into the first menu that holds all of them
 * whole, else into one that takes the first of them, else they are numbered lines in the text. No option and no
 * character is lost: a label that is shortened stands whole beside it or as a numbered line, and a long text or menu
 * becomes several messages, marked "(1/2)", with the buttons under the last.
 */
export function render(message: OutboundMessage, caps: Capabilities): Rendered[] {
  const alone = locationRequest(message, caps);
  if (alone !== undefined) return [alone];
  const { menu, shown, lines } = arrange(message, caps);
  const pages = pagesOf(message, lines, caps);
  const last: Rendered = { text: pages.pop() ?? '', buttons: menu ? layout(shown, menu) : [] };
  if (menu && shown.length > 0) last.menu = menu.kind;
  if (message.ask === 'location' && caps.askLocation === 'beside') last.askLocation = true;
  if (message.place && caps.place) last.place = message.place;
  return [...pages.map((text): Rendered => ({ text, buttons: [] })), last];
}

/** What would not fit a channel as it is. */
export interface LimitProblem {
  /** In words for an author. */
  text: string;
  /** `warning`: the channel shows it in a plainer way, and nothing is lost. */
  level: 'error' | 'warning';
}

/**
 * What would not fit a channel as it is. `render` still delivers such a message; the flow checker refuses it, because
 * a shortened button or a text in two pieces is worse than a shorter text. Numbered lines where there are too many
 * choices for a menu are no problem: a list of countries has no other form.
 */
export function limitProblems(message: OutboundMessage, caps: Capabilities): LimitProblem[] {
  const problems: LimitProblem[] = [];
  const error = (text: string) => problems.push({ text, level: 'error' });
  const length = lengthOf(message, arrange(message, caps).lines, caps);
  if (length > caps.textLimit) error(`the text has ${length} characters, the limit is ${caps.textLimit}`);
  if (length === 0 && !message.place) error('the text is empty');
  for (const { number, label } of message.choices) {
    if (label.trim() === '') error(`choice ${number} has no label`);
  }
  if (caps.formats) {
    const all = [bodyOf(message, caps), ...message.choices.map((c) => c.label)].join('\n');
    const lost = FORMATTED.exec(all)?.[0];
    if (lost !== undefined) error(`"${lost}" is shown as formatting, without its marks`);
  }
  problems.push(...menuProblems(message, caps));
  if (message.ask === 'location' && caps.askLocation === 'alone' && !locationRequest(message, caps)) {
    const text = `text and numbered choices are longer than ${caps.locationTextLimit}: no location button`;
    problems.push({ text, level: 'warning' });
  }
  return problems;
}

/** `*x*`, `_x_`, `~x~`, `` `x` `` outside a word, and "> " at the beginning of a line. */
const FORMATTED = /(?<![\p{L}\p{N}])([*_~`])(?=\S)[^\n]*?(?<=\S)\1(?![\p{L}\p{N}])|^> .*/mu;

function menuProblems(message: OutboundMessage, caps: Capabilities): LimitProblem[] {
  const { menu } = arrange(message, caps);
  const best = caps.menus.at(-1);
  if (best === undefined || (menu !== undefined && !menu.spills)) return [];
  const found = objections(best, message.choices, lengthOf(message, [], caps));
  // Two buttons that look alike stay two buttons; `same-label` is a rule of its own.
  if (best.spills) {
    const real = found.filter((o) => o.about !== 'alike' && o.about !== 'text');
    return real.map((o) => ({ text: o.says, level: 'error' }));
  }
  if (found.some((o) => o.about === 'count' || o.about === 'text')) return [];
  return found.map((o) => ({
    text: `${o.says}: all its choices become numbered lines`,
    level: 'warning',
  }));
}

interface Arrangement {
  menu?: Menu;
  /** What the menu shows. */
  shown: Choice[];
  /** What is (also) written into the text. */
  lines: Choice[];
}

/** Which menu shows which choices, and which are numbered lines. */
function arrange(message: OutboundMessage, caps: Capabilities): Arrangement {
  const { choices } = message;
  const wanted = message.numbered ? choices : [];
  if (choices.length === 0) return { shown: [], lines: [] };
  if (caps.menus.length > 0) {
    const length = pagesOf(message, wanted, caps).at(-1)?.length ?? 0;
    const holds = caps.menus.find((menu) => objections(menu, choices, length).length === 0);
    if (holds) return { menu: holds, shown: choices, lines: wanted };
  }
  const menu = caps.menus.find((m) => m.spills);
  if (menu === undefined) return { shown: [], lines: choices };
  const shown = firstOf(menu, choices);
  const whole = (c: Choice) => shown.includes(c) && c.label.length <= menu.labelLimit;
  return { menu, shown, lines: choices.filter((c) => message.numbered || !whole(c)) };
}

/** Where the location button stands alone: the choices as numbered lines above it, or undefined when they do not fit. */
function locationRequest(message: OutboundMessage, caps: Capabilities): Rendered | undefined {
  if (message.ask !== 'location' || caps.askLocation !== 'alone') return undefined;
  const pages = pagesOf(message, message.choices, caps);
  const [text = ''] = pages;
  if (pages.length > 1 || text.length > (caps.locationTextLimit ?? caps.textLimit)) return undefined;
  const place = message.place && caps.place ? { place: message.place } : {};
  return { text, buttons: [], askLocation: true, ...place };
}

function pagesOf(message: OutboundMessage, lines: readonly Choice[], caps: Capabilities): string[] {
  return paginate(bodyOf(message, caps), linesOf(message, lines), caps.textLimit);
}

function lengthOf(message: OutboundMessage, lines: readonly Choice[], caps: Capabilities): number {
  return joinBlocks([bodyOf(message, caps), linesOf(message, lines).join('\n')]).length;
}

/** Text, point (where the channel has no map), source: each after a blank line. */
function bodyOf(message: OutboundMessage, caps: Capabilities): string {
  const place = message.place && !caps.place ? placeText(message.place) : '';
  const body = joinBlocks([message.text, place, message.note ?? '']);
  return isRightToLeft(message.text) ? isolateNumbers(body) : body;
}

function linesOf(message: OutboundMessage, choices: readonly Choice[]): string[] {
  // Number and label each for itself: "2" and a label "24/7" are not one number.
  const show = isRightToLeft(message.text) ? isolateNumbers : (text: string) => text;
  return choices.map((c) => (c.number === '' ? show(c.label) : `${show(c.number)}  ${show(c.label)}`));
}

/** Name and address, and the coordinates alone on a line so that they can be copied; never a link. */
function placeText(place: Place): string {
  const name = [place.name, place.address].filter((s) => s.trim() !== '').join(', ');
  return `${name}\n${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}`.trim();
}
