import { isOpen } from '../../../handoff/machine.ts';
import { BY_PHONE, type HandoffHead } from '../../../handoff/port.ts';
import type { Names } from './names.ts';
import { type Element, h, type Tree } from './tree.ts';

/** Where a chat stands in somebody's queue. */
export type Group = 'mine' | 'waiting' | 'others' | 'ended';
/** In the order of the page: what is mine to answer comes first, then who needs somebody. */
const GROUPS: readonly Group[] = ['waiting', 'mine', 'others', 'ended'];

const DAY_MS = 86_400_000;
/** Before everything with a time, ms. */
const FIRST = 1e14;

/** Who looks, and what their forms hang on. */
export interface Reader {
  /** `Operator.id` */
  me: number;
  names: Names;
  csrf: string;
  /** ms since 1970 */
  now: number;
  /** Reference of the chat that is open beside the queue. */
  current?: string;
}

/** A chat's place in the queue of its reader, and how it looks there. */
export interface Row {
  ref: string;
  group: Group;
  /** Ascending within the group. */
  sort: number;
  /** Somebody has to do something: nobody has it, or it is mine and the person wrote last. */
  calls: boolean;
  tree: Element;
}

/** @returns undefined for what ended more than a day ago: it has left the list */
export function rowOf(head: HandoffHead, reader: Reader): Row | undefined {
  const group = groupOf(head, reader);
  if (group === undefined) return undefined;
  const calls = group === 'waiting' || (group === 'mine' && head.unanswered);
  return { ref: head.ref, group, sort: sortOf(head, group), calls, tree: drawRow(head, group, reader) };
}

function groupOf(head: HandoffHead, { me, now }: Reader): Group | undefined {
  if (!isOpen(head)) return now - (head.endedAt ?? 0) < DAY_MS ? 'ended' : undefined;
  if (head.owner === null) return 'waiting';
  return head.owner === me ? 'mine' : 'others';
}

function sortOf(head: HandoffHead, group: Group): number {
  if (group === 'ended') return -(head.endedAt ?? 0);
  if (group === 'mine') return head.unanswered ? head.lastAt - FIRST : -head.lastAt;
  return (head.waitingSince ?? head.openedAt) - (head.urgent ? FIRST : 0);
}

/** The whole queue. */
export function drawQueue(heads: readonly HandoffHead[], reader: Reader): Element {
  const { t } = reader.names;
  const rows = heads.flatMap((head) => rowOf(head, reader) ?? []);
  return h(
    'section',
    { id: 'queue', class: 'queue', 'aria-label': t('desk.title') },
    ...GROUPS.map((group) => {
      const own = rows.filter((row) => row.group === group).sort((a, b) => a.sort - b.sort);
      return drawGroup(group, own, t);
    }),
  );
}

function drawGroup(group: Group, rows: readonly Row[], t: Names['t']): Tree {
  const open = group === 'waiting' || group === 'mine' ? true : undefined;
  return h(
    'details',
    { class: 'group', open, id: `group-${group}` },
    h(
      'summary',
      {},
      h('h2', {}, t(`desk.groups.${group}`), ' ', h('span', { class: 'count' }, String(rows.length))),
    ),
    h('ul', { 'data-group': group }, ...rows.map((row) => row.tree)),
    h('p', { class: 'hint none' }, t(`desk.none.${group}`)),
  );
}

function drawRow(head: HandoffHead, group: Group, reader: Reader): Element {
  const { names, csrf } = reader;
  const { t } = names;
  const calls = group === 'mine' && head.unanswered;
  const state = stateOf(head, group, names);
  return h(
    'li',
    {
      id: `row-${head.ref}`,
      class: `row${head.urgent ? ' urgent' : ''}${calls ? ' calls' : ''}`,
      'data-sort': sortOf(head, group),
    },
    h(
      'a',
      {
        href: `/console/chat/${head.ref}`,
        'aria-current': head.ref === reader.current ? 'true' : undefined,
      },
      h(
        'span',
        { class: 'top' },
        head.urgent && urgentMark(t),
        h('b', { class: 'ref' }, head.ref),
        ' ',
        drawTime(head, group, reader),
      ),
      h('span', { class: 'about' }, ...about(head, names)),
      state !== undefined && h('span', { class: 'state' }, state),
    ),
    group === 'waiting' &&
      h(
        'form',
        { method: 'post', action: `/console/chat/${head.ref}/claim` },
        csrfField(csrf),
        h('button', { type: 'submit' }, t('desk.claim'), h('span', { class: 'sr' }, ` ${head.ref}`)),
      ),
  );
}

/** Not only a colour: a sign and a word. */
export function urgentMark(t: Names['t']): Tree {
  return h('span', { class: 'mark' }, h('span', { 'aria-hidden': 'true' }, '! '), t('desk.urgent'));
}

/** Language · country · topic · channel. */
export function about(head: HandoffHead, names: Names): Tree[] {
  const parts: Tree[] = [
    h('bdi', { lang: head.lang }, names.language(head.lang)),
    names.country(head.country),
    names.topic(head.topic),
    names.channel(head.channel),
    ...(head.team === null || names.oneTeam ? [] : [names.team(head.team)]),
  ];
  return parts.flatMap((part, at) => (at === 0 ? [part] : [' · ', part]));
}

function drawTime(head: HandoffHead, group: Group, { names, now }: Reader): Tree {
  const since = sinceOf(head, group);
  return h('time', { 'data-since': since }, names.duration(now - since));
}

/** Since when somebody waits: for a person, for my answer; else since the last thing that happened. */
function sinceOf(head: HandoffHead, group: Group): number {
  if (group === 'waiting') return head.waitingSince ?? head.openedAt;
  return group === 'ended' ? (head.endedAt ?? head.lastAt) : head.lastAt;
}

function stateOf(head: HandoffHead, group: Group, names: Names): Tree | undefined {
  const { t } = names;
  if (group === 'waiting') return head.state === 'requested' ? t('desk.state.off_duty') : undefined;
  if (group === 'mine') return head.unanswered ? t('desk.state.wrote') : t('desk.state.answered');
  if (group === 'ended') return t(`desk.ended.${head.ended ?? 'closed'}`);
  return h('bdi', { dir: 'auto' }, names.owner(head.owner ?? BY_PHONE));
}

/** What every form carries. */
export function csrfField(csrf: string): Element {
  return h('input', { type: 'hidden', name: 'csrf', value: csrf });
}
