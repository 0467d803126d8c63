import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { Operator } from '../../store/staff-types.ts';
import { NAME } from '../words.ts';
import { CSRF_FIELD } from './guard.ts';
import type { ConsoleRequest, PageParts } from './pages.ts';

/** What is around every page. */
export interface Frame extends PageParts {
  lang: string;
  t: ConsoleRequest['t'];
  csrf: string;
  me?: Operator;
  nav: { path: string; word: string }[];
  /** Path of this page, to mark it in the navigation. */
  path: string;
  /** The data folder was filled by `hamroh demo`. */
  simulated?: true;
}

/** The whole document of a console page. */
export function renderFrame(frame: Frame) {
  const { lang, t, title, body, me, script, wide } = frame;
  const document = (
    <html lang={lang} dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        <title>{`${title} · ${NAME}`}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/console/console.css" />
        {script && <script type="module" src={script} />}
      </head>
      <body class={me === undefined ? 'guest' : wide ? 'wide' : ''}>
        <a class="skip" href="#main">
          {t('nav.skip')}
        </a>
        {me === undefined ? <p class="brand">{NAME}</p> : <Header frame={frame} me={me} />}
        {frame.simulated && <p class="simulated">{t('simulated')}</p>}
        <main id="main">
          <h1>{title}</h1>
          {body}
        </main>
      </body>
    </html>
  );
  return html`<!doctype html>${document}`;
}

function Header({ frame, me }: { frame: Frame; me: Operator }) {
  const { t, csrf, nav, path } = frame;
  const current = (to: string) => (path === to || path.startsWith(`${to}/`) ? 'page' : undefined);
  return (
    <header>
      <p class="brand">{NAME}</p>
      <nav aria-label={t('nav.label')}>
        {nav.map(({ path: to, word }) => (
          <a href={to} aria-current={current(to)}>
            {t(word)}
          </a>
        ))}
        <a href="/console/account" aria-current={current('/console/account')}>
          <bdi dir="auto">{me.name}</bdi>
          <span class="sr"> · {t('nav.account')}</span>
        </a>
      </nav>
      <Form action="/console/sign-out" csrf={csrf}>
        <button type="submit" class="quiet">
          {t('nav.sign_out')}
        </button>
      </Form>
    </header>
  );
}

/** A form that is taken only from the person it was made for. */
export function Form(props: { action: string; csrf: string; class?: string; children?: Child }) {
  return (
    <form method="post" action={props.action} class={props.class} autocomplete="off">
      <input type="hidden" name={CSRF_FIELD} value={props.csrf} />
      {props.children}
    </form>
  );
}

/** A labelled text field with an optional line of help. */
export function Field(props: {
  id: string;
  /** Default: the id. */
  name?: string;
  label: string;
  hint?: string | undefined;
  type?: 'text' | 'password';
  value?: string | undefined;
  autocomplete: 'username' | 'current-password' | 'new-password' | 'one-time-code' | 'off';
  /** For names: any script, either direction. */
  dir?: 'auto' | 'ltr';
  maxlength?: number;
  optional?: true;
  autofocus?: boolean;
}) {
  const { id, label, hint } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
      <input
        id={id}
        name={props.name ?? id}
        type={props.type ?? 'text'}
        value={props.value}
        autocomplete={props.autocomplete}
        autocapitalize="none"
        spellcheck={false}
        dir={props.dir}
        maxlength={props.maxlength}
        required={!props.optional}
        autofocus={props.autofocus}
        aria-describedby={hint ? `${id}-hint` : undefined}
      />
    </div>
  );
}

/** A labelled list to choose one from. */
export function Select(props: {
  id: string;
  label: string;
  hint?: string;
  options: readonly { value: string; label: string }[];
  value?: string | undefined;
}) {
  const { id, label, hint, options, value } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
      <select id={id} name={id} aria-describedby={hint ? `${id}-hint` : undefined}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A short list to choose one from, with all of it in view. */
export function Options(props: {
  name: string;
  label: string;
  options: readonly { value: string; label: string; hint: string }[];
  value: string;
}) {
  const { name, label, options, value } = props;
  return (
    <fieldset>
      <legend>{label}</legend>
      {options.map((option) => (
        <p class="option">
          <input
            type="radio"
            id={`${name}-${option.value}`}
            name={name}
            value={option.value}
            checked={option.value === value}
          />
          <label for={`${name}-${option.value}`}>
            {option.label}
            <span class="hint"> · {option.hint}</span>
          </label>
        </p>
      ))}
    </fieldset>
  );
}

/** A sentence that must be seen: `bad` when something was not done. */
export function Notice({ text, kind }: { text: string | undefined; kind: 'bad' | 'good' }) {
  if (text === undefined) return null;
  return (
    <p class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      {text}
    </p>
  );
}

/** The page that stands in for one that cannot be shown. */
export function renderNote(frame: Omit<Frame, 'body' | 'title'>, text: string) {
  const body = (
    <p>
      <a href="/console" class="button">
        {frame.t('error.on')}
      </a>
    </p>
  );
  return renderFrame({ ...frame, title: text, body });
}
