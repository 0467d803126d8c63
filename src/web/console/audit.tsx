import type { Staff } from '../../store/staff.ts';
import type { AuditEntry, AuditState } from '../../store/staff-audit.ts';
import { Notice } from './layout.tsx';
import type { StaffPage, StaffRequest } from './pages.ts';

const ROWS = 50;
const HOUR_MS = 3_600_000;

/** `/console/audit`: what was done, by whom, in which hour. For auditors. */
export function auditPages(staff: Staff): StaffPage[] {
  return [
    {
      path: '/console/audit',
      method: 'GET',
      roles: ['auditor'],
      nav: { word: 'nav.audit', order: 60 },
      handle: (request) => show(staff, request),
    },
  ];
}

async function show(staff: Staff, request: StaffRequest) {
  const { c, t } = request;
  const from = c.req.query('before') ?? '';
  const before = /^\d{1,15}$/.test(from) ? Number(from) : undefined;
  const entries = staff.audit.list({ limit: ROWS, ...(before === undefined ? {} : { before }) });
  const state = await staff.audit.verify();
  const oldest = entries.at(-1)?.seq ?? 0;
  const body = (
    <>
      <StateNotice t={t} state={state} />
      <p class="hint">{t('audit.kept')}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('audit.when')}</th>
            <th scope="col">{t('audit.who')}</th>
            <th scope="col">{t('audit.what')}</th>
            <th scope="col">{t('audit.about')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Line staff={staff} t={t} entry={entry} />
          ))}
        </tbody>
      </table>
      <p class="pager">
        {before !== undefined && (
          <a href="/console/audit" class="button">
            {t('audit.newest')}
          </a>
        )}
        {entries.length === ROWS && (
          <a href={`/console/audit?before=${oldest}`} class="button">
            {t('audit.older')}
          </a>
        )}
      </p>
    </>
  );
  return request.page({ title: t('nav.audit'), body, wide: true });
}

function StateNotice({ t, state }: { t: StaffRequest['t']; state: AuditState }) {
  return state.ok ? (
    <Notice kind="good" text={t('audit.whole', { n: state.rows })} />
  ) : (
    <Notice kind="bad" text={t('audit.broken', { n: state.seq })} />
  );
}

function Line({ staff, t, entry }: { staff: Staff; t: StaffRequest['t']; entry: AuditEntry }) {
  const actor = entry.actor === 0 ? t('audit.command_line') : <Name staff={staff} t={t} id={entry.actor} />;
  const own = String(entry.actor) === entry.subject;
  return (
    <tr>
      <td data-label={t('audit.when')}>{hourText(entry.hour)}</td>
      <td data-label={t('audit.who')}>{actor}</td>
      <td data-label={t('audit.what')}>{t(`audit.actions.${entry.action}`)}</td>
      <td data-label={t('audit.about')}>
        {own || entry.subject === '' ? '' : <Subject staff={staff} t={t} entry={entry} />}
      </td>
    </tr>
  );
}

/** An account by its name, a handoff by its reference. */
function Subject({ staff, t, entry }: { staff: Staff; t: StaffRequest['t']; entry: AuditEntry }) {
  const isAccount = entry.action.startsWith('account_') && /^\d+$/.test(entry.subject);
  return isAccount ? (
    <Name staff={staff} t={t} id={Number(entry.subject)} />
  ) : (
    <bdi dir="auto">{entry.subject}</bdi>
  );
}

function Name({ staff, t, id }: { staff: Staff; t: StaffRequest['t']; id: number }) {
  const person = staff.accounts.get(id);
  return (
    <>
      <bdi dir="auto">{person?.name ?? `№ ${id}`}</bdi>
      {person?.state === 'removed' && <span class="tag">{t('audit.removed')}</span>}
    </>
  );
}

/** `2026-11-22 10:00`, UTC. */
function hourText(hour: number): string {
  return new Date(hour * HOUR_MS).toISOString().slice(0, 16).replace('T', ' ');
}
