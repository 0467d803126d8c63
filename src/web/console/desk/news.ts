import type { DeskChange, HandoffHead, HandoffLine } from '../../../handoff/port.ts';
import type { StaffRequest } from '../pages.ts';
import { drawFoot, drawHead, drawLine, mayRead, modeOf } from './chat.ts';
import { rowOf } from './queue.ts';
import { drawLabels } from './side.ts';
import type { Element } from './tree.ts';
import type { Desk } from './view.ts';

/** What the script of a page is told. */
export type News =
  /** A chat's place in the queue; without a tree it is in none. */
  | { row: string; group?: string; sort?: number; calls?: boolean; tree?: Element }
  /** A line of the open chat, new or changed. */
  | { line: Element }
  /** Parts of the open chat, each with its id, and what the chat is now; another than before: read it anew. */
  | { mode: string; parts: Element[] }
  /** Something was missed: read everything anew. */
  | { anew: true };

/** What changes mean for one page. @param open the chat it shows */
export function newsOf(
  changes: readonly DeskChange[],
  desk: Desk,
  request: StaffRequest,
  open: number | undefined,
): News[] {
  return changes.flatMap((change): News[] => {
    if (change.type === 'gone')
      return [{ row: change.ref }, ...(change.id === open ? [{ anew: true } as const] : [])];
    if (change.type === 'head')
      return change.head.id === open
        ? [rowNews(change.head, desk, request, change.head.ref), headNews(change.head, desk, request)]
        : [rowNews(change.head, desk, request)];
    return change.id === open ? lineNews(change.id, change.line, desk, request) : [];
  });
}

/** A chat in the queue. */
export function rowNews(head: HandoffHead, desk: Desk, request: StaffRequest, current?: string): News {
  const row = rowOf(head, desk.reader(request, current));
  if (row === undefined) return { row: head.ref };
  const { ref, group, sort, calls, tree } = row;
  return { row: ref, group, sort, calls, tree };
}

/** The parts of a chat that are not its words. The field is left alone while somebody may be writing in it. */
export function headNews(head: HandoffHead, desk: Desk, request: StaffRequest): News {
  const reader = desk.reader(request);
  const mode = modeOf(head, reader.me);
  const parts = [drawHead(head, reader, desk.successors(request))];
  if (mode === 'mine') parts.push(drawLabels(desk.sideOf(head, request), reader));
  else parts.push(drawFoot(head, reader));
  return { mode, parts };
}

/** Words, for whoever may read them at this moment. */
export function lineNews(id: number, line: HandoffLine, desk: Desk, request: StaffRequest): News[] {
  const head = desk.options.handoffs.head(id);
  if (head === undefined || !mayRead(head, request.me.id)) return [];
  return [{ line: drawLine(line, head, desk.reader(request)) }];
}
