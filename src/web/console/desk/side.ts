import type { OfferedReply } from '../../../handoff/canned.ts';
import type { HandoffHead, HandoffWay } from '../../../handoff/port.ts';
import type { ConsoleLang } from '../../../store/staff-types.ts';
import { key } from './chat.ts';
import { csrfField, type Reader } from './queue.ts';
import { type Element, h } from './tree.ts';

/** What stands beside a chat for whoever holds it. */
export interface Side {
  head: HandoffHead;
  way: readonly HandoffWay[];
  canned: readonly OfferedReply[];
  /** Labels in use, to choose from. */
  labels: readonly string[];
  lang: ConsoleLang;
}

/** The person's way, replies written once, a note, labels. */
export function drawSide(side: Side, reader: Reader): Element {
  return h(
    'aside',
    { id: 'side', class: 'side', 'aria-label': reader.names.t('desk.side') },
    drawWay(side, reader),
    drawNote(side, reader),
    drawLabels(side, reader),
    drawCanned(side, reader),
  );
}

function drawWay({ way }: Side, { names }: Reader): Element {
  const { t } = names;
  const parts = names.way(way);
  return h(
    'section',
    { class: 'way' },
    h('h2', {}, t('desk.way.title')),
    parts.length === 0
      ? h('p', { class: 'hint' }, t('desk.way.none'))
      : h(
          'ol',
          {},
          ...parts.map(({ flow, steps }) =>
            h('li', {}, h('b', {}, flow), ...steps.map((step) => ` › ${step}`)),
          ),
        ),
  );
}

function drawCanned({ head, canned, lang }: Side, { names, csrf }: Reader): Element {
  const { t } = names;
  return h(
    'section',
    { class: 'canned' },
    h('h2', {}, t('desk.canned.title', { lang: names.language(head.lang) }), key('/')),
    h(
      'p',
      { class: 'search', hidden: true },
      h('label', { for: 'find', class: 'sr' }, t('desk.canned.find')),
      h('input', { id: 'find', type: 'search', placeholder: t('desk.canned.find'), autocomplete: 'off' }),
    ),
    canned.length === 0 && h('p', { class: 'hint' }, t('desk.canned.none')),
    h(
      'ul',
      {},
      ...canned.map((reply) =>
        h(
          'li',
          {},
          h(
            'details',
            { id: `canned-${reply.id}` },
            h('summary', {}, reply.titles[lang]),
            // Nobody has to read the same twice.
            head.lang !== lang &&
              h(
                'p',
                { class: 'hint' },
                t('desk.canned.means'),
                ' ',
                h('span', { lang }, reply.meaning[lang]),
              ),
            h(
              'p',
              { class: 'gets' },
              h('span', { class: 'hint' }, t('desk.canned.gets'), ' '),
              h('bdi', { dir: 'auto', lang: head.lang }, reply.text),
            ),
            reply.drafted && h('p', { class: 'hint' }, t('desk.canned.drafted')),
            h(
              'form',
              { method: 'post', action: `/console/chat/${head.ref}/canned`, 'data-live': true },
              csrfField(csrf),
              h('input', { type: 'hidden', name: 'canned', value: reply.id }),
              h(
                'button',
                { type: 'submit' },
                t('desk.reply.send'),
                h('span', { class: 'sr' }, `: ${reply.titles[lang]}`),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

function drawNote({ head }: Side, { names: { t }, csrf }: Reader): Element {
  return h(
    'section',
    { class: 'note' },
    h(
      'form',
      { method: 'post', action: `/console/chat/${head.ref}/note`, 'data-live': true },
      csrfField(csrf),
      h('h2', {}, h('label', { for: 'note' }, t('desk.note.title')), key('n')),
      h('p', { class: 'hint', id: 'note-hint' }, t('desk.note.only_team')),
      h('textarea', {
        id: 'note',
        name: 'text',
        rows: 1,
        maxlength: 4096,
        // So that the style can tell an empty field.
        placeholder: ' ',
        dir: 'auto',
        required: true,
        'aria-describedby': 'note-hint',
      }),
      h('button', { type: 'submit' }, t('desk.note.save')),
    ),
  );
}

/** Labels of the chat, and the field to change them. */
export function drawLabels({ head, labels }: Side, { names: { t }, csrf }: Reader): Element {
  const listed = head.labels.map((label) => h('li', {}, h('bdi', { dir: 'auto' }, label)));
  return h(
    'section',
    { id: 'labels', class: 'labels' },
    h('h2', {}, t('desk.labels.title')),
    listed.length > 0 && h('ul', { class: 'tags' }, ...listed),
    h(
      'details',
      { id: 'labels-change' },
      h('summary', {}, t('desk.labels.change')),
      h(
        'form',
        { method: 'post', action: `/console/chat/${head.ref}/labels`, 'data-live': 'keep' },
        csrfField(csrf),
        h('p', {}, h('label', { for: 'labels-field', class: 'hint' }, t('desk.labels.hint'))),
        h(
          'div',
          { class: 'line-up' },
          h('input', {
            id: 'labels-field',
            name: 'labels',
            value: head.labels.join(', '),
            list: 'labels-known',
            dir: 'auto',
            maxlength: 400,
            autocomplete: 'off',
          }),
          h('button', { type: 'submit' }, t('desk.labels.save')),
        ),
        h('datalist', { id: 'labels-known' }, ...labels.map((label) => h('option', { value: label }))),
      ),
    ),
  );
}
