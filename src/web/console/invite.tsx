import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import QRCode from 'qrcode';
import type { Staff } from '../../store/staff.ts';
import type { Invitation } from '../../store/staff-invites.ts';
import { Field, Form, Notice } from './layout.tsx';
import type { ConsolePage, ConsoleRequest } from './pages.ts';
import { explain } from './refusal.ts';

/** What the app is told: the text of the QR code, and the same to type. */
interface Seed {
  uri: string;
  text: string;
}

interface Again {
  notice: string;
  status: 403 | 409 | 429 | 503;
  name?: string;
}

/**
 * `/console/invite/<token>`: a password, then the app on the phone, then the recovery codes. What the address shows by
 * itself holds no secret: messengers open links to preview them.
 */
export function invitePages(staff: Staff): ConsolePage[] {
  const path = '/console/invite/:token';
  return [
    {
      path,
      method: 'GET',
      roles: 'anyone',
      handle: (request) => {
        const invitation = staff.invites.look(tokenOf(request));
        return invitation === undefined ? showGone(request) : askPassword(request, invitation);
      },
    },
    {
      path,
      method: 'POST',
      roles: 'anyone',
      handle: (request) => {
        const invitation = staff.invites.look(tokenOf(request));
        if (invitation === undefined) return showGone(request);
        const { form } = request;
        return form.step === 'app' ? takeCode(staff, request) : takePassword(staff, request, invitation);
      },
    },
  ];
}

function tokenOf({ c }: ConsoleRequest): string {
  return c.req.param('token') ?? '';
}

async function takePassword(staff: Staff, request: ConsoleRequest, invitation: Invitation) {
  const { t, form } = request;
  const { name = '', password = '', again = '' } = form;
  if (password !== again) {
    return askPassword(request, invitation, { name, notice: t('why.password_differs'), status: 409 });
  }
  const begun = await staff.invites.begin(tokenOf(request), { name, password });
  if (begun.ok) return askCode(request, begun);
  if (begun.why === 'gone') return showGone(request);
  const { text, status } = explain(t, begun);
  return askPassword(request, invitation, { name, notice: text, status });
}

function takeCode(staff: Staff, request: ConsoleRequest) {
  const { t, form, lang } = request;
  const done = staff.invites.finish(tokenOf(request), form.code ?? '', lang);
  if (done.ok) {
    request.setSession(done.session);
    return showRecovery(request, done.recovery);
  }
  const seed = done.why === 'gone' ? undefined : staff.invites.again(tokenOf(request));
  if (seed === undefined) return showGone(request);
  const { text, status } = explain(t, done);
  return askCode(request, seed, { notice: done.why === 'wrong' ? t('why.code_wrong') : text, status });
}

function askPassword(request: ConsoleRequest, { purpose, name }: Invitation, again?: Again) {
  const { t, csrf, c } = request;
  const body = (
    <>
      <Steps t={t} at={1} />
      <p>{t(`invite.${purpose}`)}</p>
      <Notice kind="bad" text={again?.notice} />
      <Form action={c.req.path} csrf={csrf} class="card">
        {name === undefined ? (
          <Field
            id="name"
            label={t('invite.name')}
            hint={t('invite.name_hint')}
            value={again?.name}
            autocomplete="username"
            dir="auto"
            maxlength={60}
          />
        ) : (
          <p class="who">
            {t('invite.name')}: <bdi dir="auto">{name}</bdi>
          </p>
        )}
        <Field
          id="password"
          label={t('invite.password')}
          hint={t('invite.password_hint')}
          type="password"
          autocomplete="new-password"
        />
        <Field id="again" label={t('invite.again')} type="password" autocomplete="new-password" />
        <button type="submit" class="main">
          {t('invite.next')}
        </button>
      </Form>
    </>
  );
  return request.page({ title: t('invite.title'), body, ...statusOf(again) });
}

async function askCode(request: ConsoleRequest, { uri, text }: Seed, again?: Again) {
  const { t, csrf, c } = request;
  // Only digits and letters of path commands come out of it: nothing of the name.
  const svg = await QRCode.toString(uri, { type: 'svg', errorCorrectionLevel: 'L', margin: 4 });
  const body = (
    <>
      <Steps t={t} at={2} />
      <Notice kind="bad" text={again?.notice} />
      <div class="card">
        <p>{t('invite.scan')}</p>
        <div class="qr" role="img" aria-label={t('invite.qr')}>
          {raw(svg)}
        </div>
        <p>{t('invite.type')}</p>
        <p class="code" dir="ltr">
          {text.match(/.{1,4}/g)?.join(' ')}
        </p>
        <Form action={c.req.path} csrf={csrf}>
          <input type="hidden" name="step" value="app" />
          <Field
            id="code"
            label={t('invite.code')}
            hint={t('invite.code_hint')}
            autocomplete="one-time-code"
            dir="ltr"
          />
          <button type="submit" class="main">
            {t('invite.next')}
          </button>
        </Form>
      </div>
    </>
  );
  return request.page({ title: t('invite.phone'), body, ...statusOf(again) });
}

function showRecovery(request: ConsoleRequest, codes: readonly string[]) {
  const { t } = request;
  const body = (
    <>
      <Steps t={t} at={3} />
      <RecoveryCodes t={t} codes={codes} />
    </>
  );
  return request.page({ title: t('recovery.title'), body });
}

function showGone(request: ConsoleRequest) {
  const { t } = request;
  const body: Child = (
    <p>
      <a href="/console/sign-in" class="button">
        {t('sign_in.title')}
      </a>
    </p>
  );
  return request.page({ title: t('why.gone'), body, status: 404 });
}

function statusOf(again: Again | undefined): { status?: Again['status'] } {
  return again === undefined ? {} : { status: again.status };
}

function Steps({ t, at }: { t: ConsoleRequest['t']; at: number }) {
  return <p class="hint">{t('invite.step', { at, of: 3 })}</p>;
}

/** Ten codes to write down, and the way on. */
export function RecoveryCodes({ t, codes }: { t: ConsoleRequest['t']; codes: readonly string[] }) {
  return (
    <div class="card">
      <p>{t('recovery.text')}</p>
      <ul class="codes" dir="ltr">
        {codes.map((code) => (
          <li>{code}</li>
        ))}
      </ul>
      <p>
        <a href="/console" class="button main">
          {t('recovery.done')}
        </a>
      </p>
    </div>
  );
}
