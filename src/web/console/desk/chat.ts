import { isOpen } from '../../../handoff/machine.ts';
import { BY_PHONE, type HandoffHead, type HandoffLine } from '../../../handoff/port.ts';
import { about, csrfField, type Reader, urgentMark } from './queue.ts';
import { type Element, h, type Tree } from './tree.ts';

/** How long a close can be taken back, in ms; the store decides. */
const UNDO_MS = 10_000;
/** Longest text of one message, in characters. */
const LONGEST = 4096;

/** What a chat is for somebody: nobody's yet, theirs, a colleague's, over, erased by the person. */
export type Mode = 'free' | 'mine' | 'other' | 'ended' | 'erased';

export function modeOf(head: HandoffHead, me: number): Mode {
  if (head.ended === 'erased') return 'erased';
  if (!isOpen(head)) return 'ended';
  if (head.owner === null) return 'free';
  return head.owner === me ? 'mine' : 'other';
}

/** Whether somebody may read a chat: only who holds it, or held it when it ended. Of others there is only the header. */
export function mayRead(head: HandoffHead, me: number): boolean {
  return head.owner === me && head.ended !== 'erased';
}

/** Whom a chat can be passed on to. */
export interface Successors {
  operators: readonly { id: number; name: string }[];
  teams: readonly { id: string; name: string }[];
}

/** Header, words, and what can be done. @param lines only what the reader may see */
export function drawChat(
  head: HandoffHead,
  lines: readonly HandoffLine[],
  reader: Reader,
  successors: Successors,
): Element {
  const { t } = reader.names;
  const readable = mayRead(head, reader.me);
  return h(
    'section',
    {
      id: 'chat',
      class: 'chat',
      'aria-label': head.ref,
      'data-ref': head.ref,
      'data-mode': modeOf(head, reader.me),
    },
    drawHead(head, reader, successors),
    readable &&
      h(
        'ol',
        { id: 'lines', class: 'lines', role: 'log', 'aria-label': t('desk.chat.log'), tabindex: 0 },
        ...lines.map((line) => drawLine(line, head, reader)),
      ),
    drawFoot(head, reader),
  );
}

/** Who this is, as far as anybody knows, and where the chat can go. */
export function drawHead(head: HandoffHead, reader: Reader, successors: Successors): Element {
  const { names, me } = reader;
  const { t } = names;
  return h(
    'div',
    { id: 'head', class: 'head' },
    h(
      'a',
      { href: '/console/queue', class: 'back' },
      h('span', { 'aria-hidden': 'true' }, '← '),
      t('desk.title'),
    ),
    h(
      'div',
      { class: 'who' },
      h(
        'p',
        {},
        head.urgent && urgentMark(t),
        h('b', { class: 'ref' }, head.ref),
        ' ',
        ...about(head, names),
      ),
    ),
    modeOf(head, me) === 'mine' && drawTools(head, reader, successors),
  );
}

function drawTools(head: HandoffHead, { names: { t }, csrf }: Reader, successors: Successors): Element {
  const at = `/console/chat/${head.ref}`;
  return h(
    'div',
    { class: 'tools' },
    h(
      'details',
      { id: 'pass', class: 'menu' },
      h('summary', { class: 'button' }, t('desk.pass.on'), key('t')),
      h(
        'form',
        { method: 'post', action: `${at}/transfer`, class: 'card' },
        csrfField(csrf),
        h('label', { for: 'to' }, t('desk.pass.to')),
        h('select', { id: 'to', name: 'to', required: true }, ...options(successors, t)),
        h('button', { type: 'submit', class: 'main' }, t('desk.pass.do')),
      ),
    ),
    h(
      'form',
      { method: 'post', action: `${at}/release` },
      csrfField(csrf),
      h('button', { type: 'submit', id: 'release' }, t('desk.release'), key('b')),
    ),
    h(
      'form',
      { method: 'post', action: `${at}/close` },
      csrfField(csrf),
      h('button', { type: 'submit', id: 'close' }, t('desk.close'), key('x')),
    ),
  );
}

function options({ operators, teams }: Successors, t: Reader['names']['t']): Tree[] {
  const group = (label: string, found: readonly { value: string; name: string }[]) =>
    found.length > 0 &&
    h('optgroup', { label }, ...found.map(({ value, name }) => h('option', { value }, name)));
  const groups = [
    group(
      t('desk.pass.people'),
      operators.map(({ id, name }) => ({ value: `operator:${id}`, name })),
    ),
    group(
      t('desk.pass.teams'),
      teams.map(({ id, name }) => ({ value: `team:${id}`, name })),
    ),
  ];
  return [
    h('option', { value: '' }, t('desk.pass.choose')),
    ...groups.filter((g): g is Element => g !== false),
  ];
}

/** A key beside what it does, for those who can see it; the list of keys says it to everybody. */
export function key(name: string): Tree {
  return h('kbd', { 'aria-hidden': 'true' }, name);
}

/** One line of the talk. */
export function drawLine(line: HandoffLine, head: HandoffHead, reader: Reader): Element {
  const { names, me } = reader;
  const { from, by, text } = line;
  const attributes = { id: `line-${line.id}`, class: `line ${from}`, 'data-at': line.at };
  if (from === 'event') {
    const who =
      by === undefined
        ? undefined
        : h('bdi', { dir: 'auto' }, by === me ? names.t('desk.you') : names.owner(by));
    return h(
      'li',
      attributes,
      h('p', {}, names.t(`desk.events.${text}`), who && ': ', who, ' ', clock(line.at)),
    );
  }
  const theirs = from === 'person' || from === 'bot';
  return h(
    'li',
    attributes,
    h('p', { class: 'from' }, speaker(line, reader), ' ', clock(line.at)),
    h('p', { class: 'text' }, h('bdi', { dir: 'auto', lang: theirs ? head.lang : undefined }, text)),
    drawFate(line, head, reader),
  );
}

function speaker({ from, by }: HandoffLine, { names, me }: Reader): Tree {
  const { t } = names;
  const name = (id: number) => h('bdi', { dir: 'auto' }, id === me ? t('desk.you') : names.owner(id));
  if (from === 'note')
    return h('span', {}, t('desk.note.only_team'), ...(by === undefined ? [] : [' · ', name(by)]));
  if (from === 'operator' && by !== undefined) return name(by);
  return t(from === 'bot' ? 'desk.from.bot' : 'desk.from.person');
}

/** What became of an operator's words, in words. */
function drawFate(line: HandoffLine, head: HandoffHead, reader: Reader): Element | undefined {
  const { delivery } = line;
  const { t } = reader.names;
  if (delivery === undefined) return undefined;
  const lost = delivery === 'unknown' || delivery === 'failed';
  return h(
    'div',
    { class: `fate ${delivery}` },
    h('span', {}, t(`desk.fate.${delivery}`)),
    lost &&
      modeOf(head, reader.me) === 'mine' &&
      h(
        'form',
        { method: 'post', action: `/console/chat/${head.ref}/resend`, 'data-live': true },
        csrfField(reader.csrf),
        h('input', { type: 'hidden', name: 'line', value: line.id }),
        h('button', { type: 'submit' }, t('desk.again')),
      ),
  );
}

/** UTC, until the script knows the clock of the reader. */
function clock(at: number): Tree {
  const iso = new Date(at).toISOString();
  return h('time', { datetime: iso, 'data-clock': at }, `${iso.slice(11, 16)} UTC`);
}

/** Below the words: the field, or why there is none. */
export function drawFoot(head: HandoffHead, reader: Reader): Element {
  const { me, names, csrf, now } = reader;
  const { t } = names;
  const at = `/console/chat/${head.ref}`;
  const mode = modeOf(head, me);
  const foot = (...parts: (Tree | false)[]) => h('div', { id: 'foot', class: `foot ${mode}` }, ...parts);
  if (mode === 'mine') return foot(drawReply(head, reader));
  if (mode === 'free' || mode === 'other') {
    const phone = head.owner === BY_PHONE;
    return foot(
      h(
        'p',
        {},
        mode === 'free'
          ? t('desk.chat.free')
          : t('desk.chat.other', { name: names.owner(head.owner ?? BY_PHONE) }),
      ),
      (mode === 'free' || phone) &&
        h(
          'form',
          { method: 'post', action: `${at}/claim`, 'data-live': true },
          csrfField(csrf),
          h('button', { type: 'submit', class: 'main', id: 'claim' }, t('desk.claim'), key('c')),
        ),
    );
  }
  const undo = mode === 'ended' && head.ended === 'closed' && head.owner === me && isFresh(head, now);
  return foot(
    h('p', {}, t(`desk.ended.${head.ended ?? 'closed'}`)),
    mode === 'erased' && h('p', { class: 'hint' }, t('desk.chat.nothing')),
    undo && drawUndo(head, reader),
  );
}

/** Takes a close back, while it can be. */
export function drawUndo(head: HandoffHead, { names: { t }, csrf, now }: Reader): Element {
  return h(
    'form',
    {
      method: 'post',
      action: `/console/chat/${head.ref}/reopen`,
      id: 'undo',
      'data-until': (head.endedAt ?? now) + UNDO_MS,
    },
    csrfField(csrf),
    h('button', { type: 'submit' }, t('desk.undo')),
    ' ',
    h('span', { class: 'rest' }),
  );
}

/** Whether a close can still be taken back. */
export function isFresh(head: HandoffHead, now: number): boolean {
  return now - (head.endedAt ?? 0) < UNDO_MS;
}

function drawReply(head: HandoffHead, { names, csrf }: Reader): Element {
  const { t } = names;
  return h(
    'form',
    { method: 'post', action: `/console/chat/${head.ref}/reply`, class: 'reply', 'data-live': true },
    csrfField(csrf),
    h('label', { for: 'reply' }, t('desk.reply.label', { lang: names.language(head.lang) })),
    h('textarea', {
      id: 'reply',
      name: 'text',
      rows: 2,
      maxlength: LONGEST,
      dir: 'auto',
      required: true,
      'aria-keyshortcuts': 'Control+Enter',
    }),
    h(
      'p',
      { class: 'send' },
      h('span', { class: 'hint keys' }, 'Ctrl + Enter'),
      h('button', { type: 'submit', class: 'main' }, t('desk.reply.send')),
    ),
  );
}
