import type { Role } from '../../../store/staff-types.ts';
import type { StaffPage } from '../pages.ts';
import { actionPages } from './actions.ts';
import type { DeskOptions } from './options.ts';
import { openStream } from './stream.ts';
import { Desk } from './view.ts';

/** Nobody else reads what people write. */
export const OPERATORS: readonly Role[] = ['operator'];

/** Files of the pages, for `ConsoleOptions.scripts`. */
export const DESK_FILES: readonly string[] = ['desk.js', 'desk-page.js', 'desk-hands.js', 'desk.css'];

/** `/console/queue`, `/console/chat/…`, `/console/events`: where operators see who waits, and answer. */
export function deskPages(options: DeskOptions): StaffPage[] {
  const desk = new Desk(options);
  const roles = OPERATORS;
  return [
    {
      path: '/console/queue',
      method: 'GET',
      roles,
      nav: { word: 'desk.title', order: 10 },
      handle: (request) => desk.showQueue(request),
    },
    {
      path: '/console/chat/:ref',
      method: 'GET',
      roles,
      handle: (request) => desk.showChat(request),
    },
    {
      path: '/console/events',
      method: 'GET',
      roles,
      passive: true,
      handle: (request) => openStream(desk, request),
    },
    // Asked for by the script when somebody types or clicks, so that a long answer is not the end of the session.
    { path: '/console/here', method: 'GET', roles, handle: ({ c }) => c.body(null, 204) },
    ...actionPages(desk, roles),
  ];
}
