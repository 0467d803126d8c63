import type { HandoffHead } from '../../../handoff/port.ts';
import type { PageParts, StaffRequest } from '../pages.ts';
import { drawUndo, isFresh, modeOf } from './chat.ts';
import type { Reader } from './queue.ts';
import { type Element, h, type Tree, toMarkup } from './tree.ts';

/** What the script does with each key, in the order of the list. */
const KEYS = [
  ['j k', 'move'],
  ['Enter', 'open'],
  ['c', 'claim'],
  ['r', 'reply'],
  ['Ctrl Enter', 'send'],
  ['/', 'canned'],
  ['n', 'note'],
  ['t', 'transfer'],
  ['b', 'release'],
  ['x', 'close'],
  ['z', 'undo'],
  ['Esc', 'back'],
  ['?', 'help'],
] as const;

/** Words the script says by itself. */
const SAYS = [
  'time.now',
  'time.minutes',
  'time.hours',
  'time.days',
  'live.new',
  'live.wrote',
  'live.offline',
  'live.failed',
  'sound.on',
  'sound.off',
  'seconds',
] as const;

interface Parts {
  request: StaffRequest;
  reader: Reader;
  /** Number of the newest change that is in the page. */
  last: string;
  queue: Element;
  main: Element;
  side?: Element | undefined;
  /** What a phone shows of it. */
  at: 'queue' | 'chat';
  notice?: string | undefined;
}

/** Queue, chat and what stands beside it, in one page. */
export function drawPage({ request, reader, last, queue, main, side, at, notice }: Parts): PageParts {
  const { t } = request;
  // The script fills the places itself.
  const places = Object.fromEntries(['m', 'h', 'd', 's', 'ref'].map((name) => [name, `{{${name}}}`]));
  const says = Object.fromEntries(SAYS.map((word) => [word, t(`desk.${word}`, places)]));
  const body = h(
    'div',
    {
      class: `desk at-${at}`,
      id: 'desk',
      'data-last': last,
      'data-now': reader.now,
      'data-says': JSON.stringify(says),
    },
    h('link', { rel: 'stylesheet', href: '/console/desk.css' }),
    h(
      'p',
      { id: 'notice', class: 'notice bad', role: 'alert', hidden: notice === undefined || undefined },
      notice ?? '',
    ),
    h('p', { id: 'offline', class: 'notice bad', role: 'status', hidden: true }, t('desk.live.offline')),
    h('p', { id: 'live', class: 'sr', role: 'status' }),
    h('div', { class: 'left' }, drawBar(reader), queue),
    main,
    side,
    drawKeys(reader),
  );
  return { title: t('desk.title'), body: toMarkup(body), script: '/console/desk.js', wide: true };
}

/** Above the queue; only with the script. */
function drawBar({ names: { t } }: Reader): Tree {
  return h(
    'div',
    { class: 'bar' },
    h('button', { type: 'button', id: 'sound', hidden: true, 'aria-pressed': 'false' }, t('desk.sound.off')),
    h(
      'button',
      { type: 'button', id: 'help', hidden: true },
      t('desk.keys.title'),
      h('kbd', { 'aria-hidden': 'true' }, '?'),
    ),
    h('noscript', {}, h('a', { href: '', class: 'button' }, t('desk.reload'))),
  );
}

function drawKeys({ names: { t } }: Reader): Tree {
  return h(
    'dialog',
    { id: 'keys', 'aria-labelledby': 'keys-title' },
    h('h2', { id: 'keys-title' }, t('desk.keys.title')),
    h(
      'dl',
      {},
      ...KEYS.flatMap(([keys, word]) => [
        h('dt', {}, ...keys.split(' ').flatMap((name, at) => (at === 0 ? [kbd(name)] : [' ', kbd(name)]))),
        h('dd', {}, t(`desk.keys.${word}`)),
      ]),
    ),
    h('form', { method: 'dialog' }, h('button', { type: 'submit', class: 'main' }, t('desk.keys.done'))),
  );
}

function kbd(name: string): Tree {
  return h('kbd', {}, name);
}

/** In the place of a chat: what to do here, and a close that can still be taken back. */
export function drawHow(reader: Reader, closed?: HandoffHead): Element {
  const { t } = reader.names;
  const mine =
    closed?.ended === 'closed' && closed.owner === reader.me && modeOf(closed, reader.me) === 'ended';
  return h(
    'section',
    { id: 'chat', class: 'how', 'data-mode': 'none' },
    mine &&
      isFresh(closed, reader.now) &&
      h(
        'div',
        { class: 'undo notice good', role: 'status' },
        h('p', {}, t('desk.closed', { ref: closed.ref })),
        drawUndo(closed, reader),
      ),
    h('h2', {}, t('desk.how.title')),
    h('p', {}, t('desk.how.queue')),
    h('p', {}, t('desk.how.words')),
    h('p', {}, t('desk.how.close')),
    h('p', { class: 'hint' }, t('desk.how.privacy')),
  );
}
