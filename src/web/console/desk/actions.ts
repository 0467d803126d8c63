import type { DeskAction, DeskResult, HandoffHead } from '../../../handoff/port.ts';
import type { AuditAction } from '../../../store/staff-audit.ts';
import type { Role } from '../../../store/staff-types.ts';
import type { StaffPage, StaffRequest } from '../pages.ts';
import { headNews, lineNews, type News, rowNews } from './news.ts';
import { type Desk, wantsJson } from './view.ts';

/** Longest body: the longest text we take, every letter of it written as nine bytes. */
const MAX_BODY = 64 * 1024;

interface Act {
  /** @returns undefined for a form that says nothing sensible */
  read(form: Readonly<Record<string, string>>, desk: Desk, request: StaffRequest): DeskAction | undefined;
  /** What the trail says. */
  audit?: AuditAction;
  /** Where it leads; default: the chat. */
  to?: (ref: string) => string;
}

const ACTS: Readonly<Record<string, Act>> = {
  claim: { read: () => ({ type: 'claim' }), audit: 'handoff_claimed' },
  reply: { read: ({ text = '' }) => ({ type: 'reply', text }) },
  canned: { read: ({ canned = '' }) => ({ type: 'canned', canned }) },
  note: { read: ({ text = '' }) => ({ type: 'note', text }) },
  labels: {
    read: ({ labels = '' }) => ({
      type: 'labels',
      labels: labels
        .split(',')
        .map((l) => l.trim())
        .filter(Boolean),
    }),
  },
  transfer: {
    read: ({ to = '' }, desk, request) => {
      const { operators, teams } = desk.successors(request);
      const operator = operators.find(({ id }) => to === `operator:${id}`);
      const team = teams.find(({ id }) => to === `team:${id}`);
      if (operator !== undefined) return { type: 'transfer', to: { operator: operator.id } };
      return team === undefined ? undefined : { type: 'transfer', to: { team: team.id } };
    },
    audit: 'handoff_transferred',
    to: () => '/console/queue',
  },
  release: { read: () => ({ type: 'release' }), audit: 'handoff_transferred', to: () => '/console/queue' },
  close: {
    read: () => ({ type: 'close' }),
    audit: 'handoff_closed',
    to: (ref) => `/console/queue?closed=${ref}`,
  },
  reopen: { read: () => ({ type: 'reopen' }), audit: 'handoff_claimed' },
  resend: {
    read: ({ line = '' }) => (/^\d{1,16}$/.test(line) ? { type: 'resend', line: Number(line) } : undefined),
  },
};

/** `POST /console/chat/:ref/<what>`: everything an operator can do, as forms, and for the script. */
export function actionPages(desk: Desk, roles: readonly Role[]): StaffPage[] {
  return Object.entries(ACTS).map(([name, act]) => ({
    path: `/console/chat/:ref/${name}`,
    method: 'POST',
    roles,
    maxBody: MAX_BODY,
    handle: (request) => perform(desk, act, request),
  }));
}

function perform(desk: Desk, act: Act, request: StaffRequest): Response | Promise<Response> {
  const { handoffs, staff } = desk.options;
  const { c, me, form, t } = request;
  const before = desk.find(request);
  if (before === undefined) return refuse(desk, request, t('desk.why.gone'));
  const action = act.read(form, desk, request);
  if (action === undefined) return refuse(desk, request, t('desk.why.form'));
  const result = handoffs.act(before.id, action, me.id);
  if (!result.ok) return refuse(desk, request, explain(desk, request, result));
  if (act.audit !== undefined && isNews(before, result.head)) staff.audit.add(me.id, act.audit, before.ref);
  if (wantsJson(request)) return c.json({ last: desk.feed.last, news: newsOf(result, desk, request) });
  return c.redirect(act.to?.(before.ref) ?? `/console/chat/${before.ref}`, 303);
}

/** Taking twice what one has is nothing new. */
function isNews(before: HandoffHead, after: HandoffHead): boolean {
  return before.state !== after.state || before.owner !== after.owner || before.team !== after.team;
}

function newsOf(result: Extract<DeskResult, { ok: true }>, desk: Desk, request: StaffRequest): News[] {
  const { head, line } = result;
  return [
    rowNews(head, desk, request, head.ref),
    ...(line === undefined ? [] : lineNews(head.id, line, desk, request)),
    headNews(head, desk, request),
  ];
}

/** A reason as a sentence. */
function explain(desk: Desk, request: StaffRequest, result: Extract<DeskResult, { ok: false }>): string {
  const { reason, owner } = result;
  if (owner === undefined || (reason !== 'taken' && reason !== 'not-yours'))
    return request.t(`desk.why.${reason}`);
  return request.t('desk.why.has', { name: desk.reader(request).names.owner(owner) });
}

function refuse(desk: Desk, request: StaffRequest, notice: string): Response | Promise<Response> {
  return wantsJson(request) ? request.c.json({ notice }, 409) : desk.showChat(request, notice);
}
