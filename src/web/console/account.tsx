import type { Staff } from '../../store/staff.ts';
import { CONSOLE_LANGS, type Refused } from '../../store/staff-types.ts';
import { RecoveryCodes } from './invite.tsx';
import { Field, Form, Notice, Select } from './layout.tsx';
import { EVERY_ROLE, type StaffPage, type StaffRequest } from './pages.ts';
import { explain } from './refusal.ts';
import { LANG_NAMES } from './words.ts';

/** `/console/account`: language, password, recovery codes. */
export function accountPages(staff: Staff): StaffPage[] {
  const roles = EVERY_ROLE;
  return [
    { path: '/console/account', method: 'GET', roles, handle: (request) => show(staff, request) },
    { path: '/console/account/lang', method: 'POST', roles, handle: (request) => setLang(staff, request) },
    {
      path: '/console/account/password',
      method: 'POST',
      roles,
      handle: (request) => setPassword(staff, request),
    },
    { path: '/console/account/recovery', method: 'POST', roles, handle: (request) => renew(staff, request) },
  ];
}

function setLang(staff: Staff, { c, me, form }: StaffRequest) {
  const lang = CONSOLE_LANGS.find((known) => known === form.lang);
  if (lang !== undefined) staff.accounts.setLang(me.id, lang);
  return c.redirect('/console/account', 303);
}

async function setPassword(staff: Staff, request: StaffRequest) {
  const { c, t, me, form } = request;
  const { current = '', password = '', again = '' } = form;
  if (password !== again) return show(staff, request, { text: t('why.password_differs'), status: 409 });
  const done = await staff.changePassword(me.id, current, password);
  if (!done.ok) return show(staff, request, reason(t, done));
  request.setSession(done.session);
  return c.redirect('/console/account?done=password', 303);
}

async function renew(staff: Staff, request: StaffRequest) {
  const { t, me, form } = request;
  const done = await staff.newRecovery(me.id, form.current ?? '');
  if (!done.ok) return show(staff, request, reason(t, done));
  return request.page({ title: t('recovery.title'), body: <RecoveryCodes t={t} codes={done.recovery} /> });
}

function reason(t: StaffRequest['t'], refusal: Refused) {
  const { text, status } = explain(t, refusal);
  return { text: refusal.why === 'wrong' ? t('account.wrong') : text, status };
}

function show(staff: Staff, request: StaffRequest, bad?: { text: string; status: 403 | 409 | 429 | 503 }) {
  const { c, t, me, csrf } = request;
  const changed = c.req.query('done') === 'password' ? t('account.changed') : undefined;
  const body = (
    <>
      <Notice kind="bad" text={bad?.text} />
      <Notice kind="good" text={bad === undefined ? changed : undefined} />
      <p>
        <bdi dir="auto">{me.name}</bdi> · {t(`roles.${me.role}`)}
        {me.team !== undefined && (
          <>
            {' · '}
            <bdi dir="auto">{me.team}</bdi>
          </>
        )}
      </p>
      <Form action="/console/account/lang" csrf={csrf} class="card">
        <Select
          id="lang"
          label={t('account.lang')}
          options={CONSOLE_LANGS.map((value) => ({ value, label: LANG_NAMES[value] }))}
          value={me.lang}
        />
        <button type="submit">{t('account.save')}</button>
      </Form>
      <Form action="/console/account/password" csrf={csrf} class="card">
        <h2>{t('account.password')}</h2>
        <Field id="current" label={t('account.current')} type="password" autocomplete="current-password" />
        <Field
          id="password"
          label={t('invite.password')}
          hint={t('invite.password_hint')}
          type="password"
          autocomplete="new-password"
        />
        <Field id="again" label={t('invite.again')} type="password" autocomplete="new-password" />
        <button type="submit">{t('account.change')}</button>
      </Form>
      <Form action="/console/account/recovery" csrf={csrf} class="card">
        <h2>{t('recovery.title')}</h2>
        <p>{t('account.left', { n: staff.recoveryLeft(me.id) })}</p>
        <Field
          id="current-recovery"
          name="current"
          label={t('account.current')}
          type="password"
          autocomplete="current-password"
        />
        <button type="submit">{t('account.renew')}</button>
      </Form>
    </>
  );
  return request.page({
    title: t('nav.account'),
    body,
    ...(bad === undefined ? {} : { status: bad.status }),
  });
}
