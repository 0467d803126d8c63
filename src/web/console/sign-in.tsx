import type { Staff } from '../../store/staff.ts';
import { Field, Form, Notice } from './layout.tsx';
import { type ConsolePage, type ConsoleRequest, EVERY_ROLE } from './pages.ts';
import { explain } from './refusal.ts';

/** `/console/sign-in` and `/console/sign-out`. One form for all three: nothing tells which part was wrong. */
export function signInPages(staff: Staff): ConsolePage[] {
  return [
    { path: '/console/sign-in', method: 'GET', roles: 'anyone', handle: (request) => show(request) },
    {
      path: '/console/sign-in',
      method: 'POST',
      roles: 'anyone',
      handle: async (request) => {
        const { c, t, form, address } = request;
        const { name = '', password = '', code = '' } = form;
        const done = await staff.signIn({ name, password, code, address });
        if (!done.ok) {
          const { text, status } = explain(t, done);
          if (done.waitMs !== undefined) c.header('Retry-After', String(Math.ceil(done.waitMs / 1000)));
          return show(request, { name, notice: text, status });
        }
        request.setSession(done.session);
        return c.redirect('/console', 303);
      },
    },
    {
      path: '/console/sign-out',
      method: 'POST',
      roles: EVERY_ROLE,
      handle: ({ c, signOut }) => {
        signOut();
        return c.redirect('/console/sign-in', 303);
      },
    },
  ];
}

function show(
  { t, csrf, page }: ConsoleRequest,
  again?: { name: string; notice: string; status: 403 | 409 | 429 | 503 },
) {
  const body = (
    <>
      <Notice kind="bad" text={again?.notice} />
      <Form action="/console/sign-in" csrf={csrf} class="card">
        <Field
          id="name"
          label={t('sign_in.name')}
          value={again?.name}
          autocomplete="username"
          dir="auto"
          autofocus={again === undefined}
        />
        <Field id="password" label={t('sign_in.password')} type="password" autocomplete="current-password" />
        <Field
          id="code"
          label={t('sign_in.code')}
          hint={t('sign_in.code_hint')}
          autocomplete="one-time-code"
          dir="ltr"
        />
        <button type="submit" class="main">
          {t('sign_in.submit')}
        </button>
      </Form>
      <p class="hint">{t('sign_in.help')}</p>
    </>
  );
  return page({ title: t('sign_in.title'), body, ...(again === undefined ? {} : { status: again.status }) });
}
