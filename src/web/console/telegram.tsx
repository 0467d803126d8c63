import type { Staff } from '../../store/staff.ts';
import type { Role } from '../../store/staff-types.ts';
import { Form } from './layout.tsx';
import type { StaffPage, StaffRequest } from './pages.ts';

const MINUTE_MS = 60_000;

/** Links accounts of the console to Telegram accounts, for the operators' group. */
export interface TelegramLinks {
  /** @returns a code that works once and when it ends, in ms since 1970; undefined for who may not answer people */
  linkCode(operator: number): { code: string; until: number } | undefined;
  isLinked(operator: number): boolean;
  unlink(operator: number): void;
}

export interface TelegramPageOptions {
  staff: Staff;
  links: TelegramLinks;
  now(): number;
}

/** `/console/telegram`: an operator links their own Telegram account, to take chats in the group. */
export function telegramPages(options: TelegramPageOptions): StaffPage[] {
  const { staff, links } = options;
  const roles: readonly Role[] = ['operator'];
  const path = '/console/telegram';
  return [
    {
      path,
      method: 'GET',
      roles,
      nav: { word: 'nav.telegram', order: 70 },
      handle: (request) => show(options, request),
    },
    {
      path: `${path}/code`,
      method: 'POST',
      roles,
      handle: (request) => show(options, request, links.linkCode(request.me.id)),
    },
    {
      path: `${path}/unlink`,
      method: 'POST',
      roles,
      handle: ({ me, c }) => {
        links.unlink(me.id);
        staff.audit.add(me.id, 'telegram_unlinked');
        return c.redirect(path, 303);
      },
    },
  ];
}

function show(
  { links, now }: TelegramPageOptions,
  { t, csrf, me, page }: StaffRequest,
  made?: { code: string; until: number },
) {
  const body = (
    <div class="card">
      <p>{t('telegram.text')}</p>
      {made !== undefined && (
        <>
          <p>{t('telegram.send', { minutes: Math.max(1, Math.round((made.until - now()) / MINUTE_MS)) })}</p>
          <p class="code" dir="ltr">
            {`/link ${made.code}`}
          </p>
        </>
      )}
      {links.isLinked(me.id) ? (
        <>
          <p>{t('telegram.linked')}</p>
          <Form action="/console/telegram/unlink" csrf={csrf}>
            <button type="submit">{t('telegram.unlink')}</button>
          </Form>
        </>
      ) : (
        <Form action="/console/telegram/code" csrf={csrf}>
          <button type="submit" class="main">
            {t('telegram.make')}
          </button>
        </Form>
      )}
    </div>
  );
  return page({ title: t('telegram.title'), body });
}
