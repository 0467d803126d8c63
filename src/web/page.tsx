import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { ChannelState } from '../channels/channel.ts';
import type { Lang } from '../message.ts';
import { BotMessage, OwnMessage } from './message.tsx';
import type { WireMessage } from './wire.ts';
import { MENU_KEYS, NAME, scriptWords, type Words } from './words.ts';

/** One channel as the note for staff shows it. */
export interface StaffChannel {
  /** A name people know, e.g. `Telegram`. */
  name: string;
  /** Absent: not configured. */
  state?: ChannelState;
}

/** Everything the chat page is made of. */
export interface ChatPage {
  lang: Lang;
  words: Words;
  /** Id for a tab that has none, made by the server for browsers without script. */
  tab: string;
  /** Id of the message that the page's form would send next. */
  nextId: string;
  greeting: WireMessage;
  /** The answer to a form post; absent on the first page. */
  exchange?: { said?: string; messages: WireMessage[] };
  /** A sentence above the text field: why something was not sent. */
  notice?: string;
  /** Words that could not be sent, put back into the text field. */
  draft?: string;
  /** A pressed button that could not be sent, to press again. */
  again?: { name: 'data' | 'text'; value: string };
  staff?: StaffChannel[];
}

/** The whole document of the chat. */
export function renderChat(page: ChatPage) {
  const { lang, words, tab, nextId, greeting, exchange, notice, draft, again, staff } = page;
  // The script takes over from here: on the first page with the greeting, after a form post with its answer.
  const start = { lang, words: scriptWords(words), greeting, ...(exchange ? { tab, exchange } : {}) };
  const body = (
    <>
      <Header words={words} />
      <main>
        {staff && <StaffNote channels={staff} words={words} />}
        <div
          id="log"
          role="log"
          aria-live="polite"
          aria-label={words.chat}
          data-l="chat"
          data-start={JSON.stringify(start)}
        >
          {exchange?.said !== undefined && <OwnMessage text={exchange.said} lang={lang} words={words} />}
          {(exchange?.messages ?? [greeting]).map((message) => (
            <BotMessage message={message} words={words} />
          ))}
        </div>
        <p id="status" role="status" />
        {exchange && (
          <button id="check" type="submit" form="tap" name="check" value="1" class="quiet">
            {words.check}
          </button>
        )}
      </main>
      <footer>
        <div id="notice" role="alert">
          <p>{notice ?? ''}</p>
          <button id="retry" type="button" data-w="retry" hidden>
            {words.retry}
          </button>
          {again && (
            <button type="submit" form="tap" class="again" name={again.name} value={again.value}>
              {words.retry}
            </button>
          )}
        </div>
        <form id="say" method="post" action="/chat" autocomplete="off">
          <Hidden tab={tab} id={nextId} />
          <label for="text" class="sr" data-w="field">
            {words.field}
          </label>
          {/* No spelling service: some browsers send the words to their maker. */}
          <input
            id="text"
            name="text"
            type="text"
            dir="auto"
            maxlength={4096}
            autocomplete="off"
            spellcheck={false}
            enterkeyhint="send"
            placeholder={words.field}
            value={draft ?? ''}
          />
          <button type="submit" class="send" data-w="send">
            {words.send}
          </button>
        </form>
      </footer>
      <form id="tap" method="post" action="/chat">
        <Hidden tab={tab} id={nextId} />
      </form>
      <button id="start" type="button" data-w="start" hidden>
        {words.start}
      </button>
    </>
  );
  return renderDocument(lang, body, '/chat.js');
}

/** A page with one sentence and the way to the chat: 404 and 500. */
export function renderNote(lang: Lang, words: Words, text: string) {
  const body = (
    <main class="only">
      <h1>{NAME}</h1>
      <p>{text}</p>
      <p>
        <a href="/">{words.to_chat}</a>
      </p>
    </main>
  );
  return renderDocument(lang, body);
}

function renderDocument(lang: Lang, body: Child, script?: string) {
  const document = (
    <html lang={lang} dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        <title>{NAME}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/chat.css" />
        {/* A module: browsers too old for it leave the page's forms alone, and those work without it. */}
        {script && <script type="module" src={script} />}
      </head>
      <body>{body}</body>
    </html>
  );
  return html`<!doctype html>${document}`;
}

function Header({ words }: { words: Words }) {
  return (
    <header>
      <h1>{NAME}</h1>
      <button type="submit" form="tap" name="text" value={`/language\t${words.language}`} data-w="language">
        {words.language}
      </button>
      <button type="submit" form="tap" name="clear" value="1" data-w="clear">
        {words.clear}
      </button>
      <details id="more">
        <summary aria-label={words.more} data-l="more">
          <span aria-hidden="true">☰</span>
        </summary>
        <div>
          {MENU_KEYS.map((key) => (
            <button type="submit" form="tap" name="text" value={`/${key}\t${words[key]}`} data-w={key}>
              {words[key]}
            </button>
          ))}
          <p data-w="quick">{words.quick}</p>
        </div>
      </details>
    </header>
  );
}

function Hidden({ tab, id }: { tab: string; id: string }) {
  return (
    <>
      <input type="hidden" name="t" value={tab} />
      <input type="hidden" name="m" value={id} />
    </>
  );
}

function StaffNote({ channels, words }: { channels: StaffChannel[]; words: Words }) {
  const off = (name: string) => channels.some((channel) => channel.name === name && !channel.state);
  return (
    <details id="staff" open>
      <summary>{words.staff}</summary>
      <ul>
        {channels.map(({ name, state }) => (
          <li>
            <bdi>{name}</bdi>: {stateWord(words, state)}
            {state?.state === 'down' && <> · {state.hint}</>}
          </li>
        ))}
      </ul>
      {off('Telegram') && <p>{words.staff_telegram}</p>}
      {off('WhatsApp') && <p>{words.staff_whatsapp}</p>}
      <p class="note">{words.staff_where}</p>
    </details>
  );
}

function stateWord(words: Words, state: ChannelState | undefined): string {
  if (!state || state.state === 'down') return words.staff_down;
  return state.state === 'up' ? words.staff_up : words.staff_connecting;
}
