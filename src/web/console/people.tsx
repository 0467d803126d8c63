import type { Context } from 'hono';
import { isLoopback } from '../../config.ts';
import type { Staff } from '../../store/staff.ts';
import { invitePath } from '../../store/staff-invites.ts';
import { CONSOLE_LANGS, type Operator, type Outcome, ROLES, type Role } from '../../store/staff-types.ts';
import { Field, Form, Notice, Options, Select } from './layout.tsx';
import type { StaffPage, StaffRequest } from './pages.ts';
import { explain } from './refusal.ts';
import { LANG_NAMES } from './words.ts';

/** `/console/people`: who works here. For administrators. */
export function peoplePages(staff: Staff): StaffPage[] {
  const roles: readonly Role[] = ['admin'];
  const one = '/console/people/:id';
  return [
    {
      path: '/console/people',
      method: 'GET',
      roles,
      nav: { word: 'nav.people', order: 50 },
      handle: (request) => showAll(staff, request),
    },
    { path: '/console/people', method: 'POST', roles, handle: (request) => add(staff, request) },
    { path: one, method: 'GET', roles, handle: (request) => showOne(staff, request) },
    {
      path: `${one}/role`,
      method: 'POST',
      roles,
      handle: (r) =>
        finish(
          staff,
          r,
          staff.accounts.change(idOf(r), { role: roleOf(r), team: r.form.team ?? '' }, r.me.id),
        ),
    },
    { path: `${one}/reset`, method: 'POST', roles, handle: (request) => reset(staff, request) },
    {
      path: `${one}/remove`,
      method: 'POST',
      roles,
      handle: (r) =>
        r.form.sure === undefined
          ? showOne(staff, r, r.t('people.tick'))
          : finish(staff, r, staff.accounts.remove(idOf(r), r.me.id)),
    },
  ];
}

function idOf({ c }: StaffRequest): number {
  const id = c.req.param('id') ?? '';
  return /^\d{1,15}$/.test(id) ? Number(id) : 0;
}

function roleOf({ form }: StaffRequest): Role {
  // The least a role can do, for a form that names none.
  return ROLES.find((role) => role === form.role) ?? 'coordinator';
}

function add(staff: Staff, request: StaffRequest) {
  const { t, me, form } = request;
  const lang = CONSOLE_LANGS.find((known) => known === form.lang) ?? me.lang;
  const person = { name: form.name ?? '', role: roleOf(request), lang, team: form.team ?? '' };
  const made = staff.accounts.add(person, me.id);
  return made.ok ? showLink(request, made) : showAll(staff, request, explain(t, made));
}

function reset(staff: Staff, request: StaffRequest) {
  const { t, me } = request;
  const made = staff.accounts.reset(idOf(request), me.id);
  return made.ok ? showLink(request, made) : showOne(staff, request, explain(t, made).text);
}

function finish(staff: Staff, request: StaffRequest, outcome: Outcome) {
  if (!outcome.ok) return showOne(staff, request, explain(request.t, outcome).text);
  return request.c.redirect('/console/people', 303);
}

function showAll(staff: Staff, request: StaffRequest, bad?: { text: string; status: 403 | 409 | 429 | 503 }) {
  const { t } = request;
  const body = (
    <>
      <Notice kind="bad" text={bad?.text} />
      <ul class="people">
        {staff.accounts.list().map((person) => (
          <Person t={t} person={person} own={person.id === request.me.id} />
        ))}
      </ul>
      <AddForm request={request} />
    </>
  );
  return request.page({
    title: t('people.title'),
    body,
    ...(bad === undefined ? {} : { status: bad.status }),
  });
}

function Person({ t, person, own }: { t: StaffRequest['t']; person: Operator; own: boolean }) {
  const { id, name, role, team, state } = person;
  return (
    <li>
      <div>
        <p class="name">
          <bdi dir="auto">{name}</bdi>
          {own && <span class="tag">{t('people.you')}</span>}
          {state === 'invited' && <span class="tag">{t('people.invited')}</span>}
        </p>
        <p class="hint">
          {t(`roles.${role}`)}
          {team !== undefined && (
            <>
              {' · '}
              <bdi dir="auto">{team}</bdi>
            </>
          )}
          {' · '}
          {LANG_NAMES[person.lang]}
        </p>
      </div>
      {!own && (
        <a href={`/console/people/${id}`} class="button">
          {t('people.change')}
          <span class="sr">
            : <bdi dir="auto">{name}</bdi>
          </span>
        </a>
      )}
    </li>
  );
}

function AddForm({ request }: { request: StaffRequest }) {
  const { t, csrf, form, me } = request;
  return (
    <Form action="/console/people" csrf={csrf} class="card">
      <h2>{t('people.add')}</h2>
      <Field
        id="name"
        label={t('people.name')}
        value={form.name}
        autocomplete="off"
        dir="auto"
        maxlength={60}
      />
      <RoleField t={t} value={form.role ?? 'operator'} />
      <TeamField t={t} value={form.team} />
      <Select
        id="lang"
        label={t('account.lang')}
        options={CONSOLE_LANGS.map((value) => ({ value, label: LANG_NAMES[value] }))}
        value={form.lang ?? me.lang}
      />
      <button type="submit" class="main">
        {t('people.make')}
      </button>
    </Form>
  );
}

function RoleField({ t, value }: { t: StaffRequest['t']; value: string }) {
  return (
    <Options
      name="role"
      label={t('people.role')}
      options={ROLES.map((role) => ({ value: role, label: t(`roles.${role}`), hint: t(`may.${role}`) }))}
      value={value}
    />
  );
}

function TeamField({ t, value }: { t: StaffRequest['t']; value: string | undefined }) {
  return (
    <Field
      id="team"
      label={t('people.team')}
      value={value}
      autocomplete="off"
      dir="auto"
      maxlength={60}
      optional
    />
  );
}

function showOne(staff: Staff, request: StaffRequest, bad?: string) {
  const { t, csrf, me } = request;
  const person = staff.accounts.get(idOf(request));
  if (person === undefined || person.state === 'removed' || person.id === me.id) {
    return request.page({
      title: t(person?.id === me.id ? 'why.self' : 'why.unknown'),
      body: <Back t={t} />,
      status: person?.id === me.id ? 409 : 404,
    });
  }
  const at = `/console/people/${person.id}`;
  const body = (
    <>
      <Notice kind="bad" text={bad} />
      <p class="name">
        <bdi dir="auto">{person.name}</bdi>
      </p>
      <Form action={`${at}/role`} csrf={csrf} class="card">
        <RoleField t={t} value={person.role} />
        <TeamField t={t} value={person.team} />
        <button type="submit">{t('account.save')}</button>
      </Form>
      <Form action={`${at}/reset`} csrf={csrf} class="card">
        <h2>{t('people.reset')}</h2>
        <p>{t('people.reset_text')}</p>
        <button type="submit">{t('people.reset_do')}</button>
      </Form>
      <Form action={`${at}/remove`} csrf={csrf} class="card">
        <h2>{t('people.remove')}</h2>
        <p>{t('people.remove_text')}</p>
        <p class="option">
          <input type="checkbox" id="sure" name="sure" value="yes" required />
          <label for="sure">{t('people.sure')}</label>
        </p>
        <button type="submit" class="danger">
          {t('people.remove_do')}
        </button>
      </Form>
      <Back t={t} />
    </>
  );
  return request.page({ title: t('people.change'), body, ...(bad === undefined ? {} : { status: 409 }) });
}

/** The link, once: what is stored of it cannot be turned back. */
function showLink(request: StaffRequest, made: { operator: Operator; token: string }) {
  const { t, c } = request;
  const body = (
    <>
      <div class="card">
        <p class="name">
          <bdi dir="auto">{made.operator.name}</bdi>
        </p>
        <p>{t('people.link_text')}</p>
        <p class="code" dir="ltr">
          {originOf(c) + invitePath(made.token)}
        </p>
      </div>
      <Back t={t} />
    </>
  );
  return request.page({ title: t('people.link'), body });
}

function Back({ t }: { t: StaffRequest['t'] }) {
  return (
    <p>
      <a href="/console/people" class="button">
        {t('people.back')}
      </a>
    </p>
  );
}

/** The address others reach the console at: away from this computer there is TLS in front of us. */
function originOf(c: Context): string {
  const { protocol, hostname, host } = new URL(c.req.url);
  return `${isLoopback(hostname) ? protocol : 'https:'}//${host}`;
}
