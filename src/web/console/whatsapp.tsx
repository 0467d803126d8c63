import { raw } from 'hono/html';
import QRCode from 'qrcode';
import type { ChannelState } from '../../channels/channel.ts';
import { AppError } from '../../errors.ts';
import type { Staff } from '../../store/staff.ts';
import type { Role } from '../../store/staff-types.ts';
import type { MessageWeek } from '../../usage/messages.ts';
import { Field, Form, Notice } from './layout.tsx';
import type { StaffPage, StaffRequest } from './pages.ts';

/** The page looks again while a code is shown, in seconds: codes live 20 to 60. */
const REFRESH_S = 10;

/** A phone that WhatsApp is, or is to be, paired with. */
export interface PairedPhone {
  state(): ChannelState;
  pairing(): { state: 'unpaired' | 'waiting' | 'paired'; qr?: string; code?: string };
  /** Offers codes again after they have run out. */
  pair(): void;
  /** @throws {AppError} what to do about it */
  requestCode(phone: string): Promise<string>;
  logout(): Promise<void>;
}

export interface WhatsAppPageOptions {
  staff: Staff;
  /** Absent with the Cloud API. */
  phone?: PairedPhone;
  /** Of the channel that is on. */
  state(): ChannelState;
  /** Newest first. */
  weeks(): MessageWeek[];
}

/** `/console/whatsapp`: pairing with a phone, how the connection is, what a conversation takes. For administrators. */
export function whatsappPages(options: WhatsAppPageOptions): StaffPage[] {
  const roles: readonly Role[] = ['admin'];
  const { phone } = options;
  const pages: StaffPage[] = [
    {
      path: '/console/whatsapp',
      method: 'GET',
      roles,
      nav: { word: 'nav.whatsapp', order: 40 },
      handle: (request) => show(options, request),
    },
  ];
  if (phone === undefined) return pages;
  return [
    ...pages,
    {
      path: '/console/whatsapp/pair',
      method: 'POST',
      roles,
      handle: (request) => {
        phone.pair();
        return request.c.redirect('/console/whatsapp', 303);
      },
    },
    {
      path: '/console/whatsapp/code',
      method: 'POST',
      roles,
      handle: (request) => askCode(options, phone, request),
    },
    {
      path: '/console/whatsapp/logout',
      method: 'POST',
      roles,
      handle: (request) => leave(options, phone, request),
    },
  ];
}

async function askCode(options: WhatsAppPageOptions, phone: PairedPhone, request: StaffRequest) {
  try {
    await phone.requestCode(request.form.phone ?? '');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return show(options, request, request.t('whatsapp.no_code'));
  }
  return request.c.redirect('/console/whatsapp', 303);
}

async function leave(options: WhatsAppPageOptions, phone: PairedPhone, request: StaffRequest) {
  if (request.form.sure === undefined) return show(options, request, request.t('whatsapp.tick'));
  await phone.logout();
  options.staff.audit.add(request.me.id, 'whatsapp_logged_out');
  phone.pair();
  return request.c.redirect('/console/whatsapp', 303);
}

async function show(options: WhatsAppPageOptions, request: StaffRequest, bad?: string) {
  const { phone } = options;
  const { t } = request;
  const pairing = phone?.pairing();
  // Not while somebody may be typing a number into the form below the code.
  if (pairing !== undefined && pairing.state !== 'paired' && bad === undefined)
    request.c.header('Refresh', String(REFRESH_S));
  const body = (
    <>
      <Notice kind="bad" text={bad} />
      <Standing t={t} state={options.state()} paired={pairing?.state} />
      {pairing !== undefined && pairing.state !== 'paired' && (
        <Pairing request={request} pairing={pairing} svg={await drawn(pairing.qr)} />
      )}
      <Weeks t={t} weeks={options.weeks()} />
      {pairing?.state === 'paired' && <Logout request={request} />}
    </>
  );
  return request.page({ title: t('whatsapp.title'), body, ...(bad === undefined ? {} : { status: 409 }) });
}

function Standing({
  t,
  state,
  paired,
}: {
  t: StaffRequest['t'];
  state: ChannelState;
  paired: 'unpaired' | 'waiting' | 'paired' | undefined;
}) {
  if (state.state === 'up') return <Notice kind="good" text={t('whatsapp.up')} />;
  if (paired === 'unpaired' || paired === 'waiting') return null;
  if (state.state === 'connecting') return <p>{t('whatsapp.connecting')}</p>;
  return (
    <>
      <Notice kind="bad" text={t('whatsapp.down', { reason: state.reason })} />
      <p lang="en">{state.hint}</p>
    </>
  );
}

async function drawn(qr: string | undefined): Promise<string | undefined> {
  if (qr === undefined) return undefined;
  return QRCode.toString(qr, { type: 'svg', errorCorrectionLevel: 'L', margin: 4 });
}

function Pairing(props: {
  request: StaffRequest;
  pairing: ReturnType<PairedPhone['pairing']>;
  svg: string | undefined;
}) {
  const { t, csrf } = props.request;
  const { code } = props.pairing;
  if (props.svg === undefined) {
    return (
      <Form action="/console/whatsapp/pair" csrf={csrf}>
        <p>{t('whatsapp.none')}</p>
        <button type="submit">{t('whatsapp.again')}</button>
      </Form>
    );
  }
  return (
    <div class="card">
      <p class="notice bad">{t('whatsapp.risk')}</p>
      {code === undefined ? (
        <>
          <p>{t('whatsapp.scan')}</p>
          <div class="qr" role="img" aria-label={t('whatsapp.qr')}>
            {raw(props.svg)}
          </div>
        </>
      ) : (
        <>
          <p>{t('whatsapp.type')}</p>
          <p class="code">
            <code>{`${code.slice(0, 4)}-${code.slice(4)}`}</code>
          </p>
        </>
      )}
      <details>
        <summary>{t('whatsapp.no_camera')}</summary>
        <Form action="/console/whatsapp/code" csrf={csrf}>
          <Field
            id="phone"
            label={t('whatsapp.phone')}
            hint={t('whatsapp.phone_hint')}
            autocomplete="off"
            dir="ltr"
            maxlength={24}
          />
          <button type="submit">{t('whatsapp.code')}</button>
        </Form>
      </details>
    </div>
  );
}

function Weeks({ t, weeks }: { t: StaffRequest['t']; weeks: readonly MessageWeek[] }) {
  if (weeks.length === 0) return <p class="hint">{t('whatsapp.no_weeks')}</p>;
  return (
    <section>
      <h2>{t('whatsapp.weeks')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('whatsapp.week')}</th>
            <th scope="col">{t('whatsapp.conversations')}</th>
            <th scope="col">{t('whatsapp.sent')}</th>
            <th scope="col">{t('whatsapp.each')}</th>
          </tr>
        </thead>
        <tbody>
          {weeks.map(({ week, conversations, sent }) => (
            <tr>
              <td data-label={t('whatsapp.week')}>{week}</td>
              <td data-label={t('whatsapp.conversations')}>{conversations}</td>
              <td data-label={t('whatsapp.sent')}>{sent}</td>
              <td data-label={t('whatsapp.each')}>
                {conversations === 0 ? '–' : (sent / conversations).toFixed(1)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">{t('whatsapp.billed')}</p>
    </section>
  );
}

function Logout({ request }: { request: StaffRequest }) {
  const { t, csrf } = request;
  return (
    <section>
      <h2>{t('whatsapp.leave')}</h2>
      <p>{t('whatsapp.leave_text')}</p>
      <Form action="/console/whatsapp/logout" csrf={csrf}>
        <p class="option">
          <input type="checkbox" id="sure" name="sure" value="yes" />
          <label for="sure">{t('whatsapp.sure')}</label>
        </p>
        <button type="submit">{t('whatsapp.leave_do')}</button>
      </Form>
    </section>
  );
}
