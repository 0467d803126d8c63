import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import type { WebHub } from '../channels/web.ts';
import { cleanText, type Input, type Lang } from '../message.ts';
import { choiceData, FORGET, MAX_BODY, messageId, passes, preferredLang, tabId } from './chat.ts';
import type { Exchange, Exchanges } from './exchange.ts';
import type { Limits } from './limits.ts';
import type { ChatPage } from './page.tsx';
import { renderChat } from './page.tsx';
import { toWire } from './wire.ts';
import type { WebKey } from './words.ts';

const form = z.object({
  t: tabId,
  /** Id of the message; not called `id`, which would hide the form's own. */
  m: messageId,
  /** Typed words, or a command and its label: `/menu⇥Menu`. */
  text: z.string().optional(),
  /** A choice's data and its label, `en:menu:top:test⇥Where to get tested`. */
  data: z.string().max(1024).optional(),
  clear: z.string().optional(),
  check: z.string().optional(),
});

type Posted = z.infer<typeof form>;

/** What a post says to the engine, and how the page shows it. */
interface Said {
  input: Input;
  shown: string;
}

/** What the page without script needs. */
export interface FormRoutes {
  hub: WebHub;
  limits: Limits;
  exchanges: Exchanges;
  phones: readonly string[];
  /** The chat page for a new visitor; what is given replaces its parts. */
  page(lang: Lang | undefined, parts: Partial<ChatPage>): ChatPage;
}

/** `POST /chat`: the whole chat as an ordinary form, for browsers without script, old ones and text browsers. */
export function createFormRoutes(routes: FormRoutes): Hono {
  const app = new Hono();
  const limit = bodyLimit({ maxSize: MAX_BODY, onError: (c) => show(c, routes, 413, 'refused') });
  app.post('/', limit, async (c) => {
    if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? '')) {
      return show(c, routes, 400, 'refused');
    }
    const parsed = form.safeParse(await c.req.parseBody());
    if (!parsed.success) return show(c, routes, 400, 'refused');
    return answer(c, routes, parsed.data);
  });
  return app;
}

async function answer(c: Context, routes: FormRoutes, posted: Posted): Promise<Response> {
  const { hub, limits, exchanges } = routes;
  if (posted.clear !== undefined) {
    exchanges.forget(posted.t);
    // A store that is out of order must not keep the words on the screen: the session ends by itself.
    if (!passes(limits, posted.t, FORGET)) await hub.forget(posted.t).catch(() => undefined);
    return c.redirect('/', 303);
  }
  const said = toSaid(posted);
  if (said === 'bad') return show(c, routes, 400, 'refused');
  const again = (status: 429 | 503) =>
    show(c, routes, status, 'refused', { ...keep(posted, said), exchange: { messages: [] } });
  const wait = said && passes(limits, posted.t, said.input);
  if (wait) {
    c.header('Retry-After', String(Math.ceil(wait.ms / 1000)));
    return again(429);
  }
  let exchange: Exchange | undefined;
  try {
    exchange = await exchanges.run(posted.t, posted.m, said?.input, preferredLang(c));
  } catch {
    // Whatever the store's reason: nothing was taken, and the same form can be sent again.
    return again(503);
  }
  if (!exchange) return again(503);
  const messages = exchange.messages.map((delivery) => toWire(delivery, routes.phones));
  const shown = exchange.cleared || !said ? {} : { said: said.shown };
  const notice: WebKey | undefined = exchange.cut ? 'cut' : messages.length ? undefined : 'no_answer';
  return show(
    c,
    routes,
    200,
    notice,
    { tab: posted.t, exchange: { ...shown, messages } },
    messages.at(-1)?.lang,
  );
}

/** What is needed to send the same message again under the same id: a button, and typed words in their field. */
function keep(posted: Posted, said: Said | undefined): Partial<ChatPage> {
  const { t: tab, m: nextId, data, text } = posted;
  const typed = data === undefined && text !== undefined && !text.includes('\t');
  if (typed) return { tab, nextId, draft: said?.shown ?? '' };
  if (data !== undefined) return { tab, nextId, again: { name: 'data', value: data } };
  return text === undefined ? { tab, nextId } : { tab, nextId, again: { name: 'text', value: text } };
}

/** @returns undefined when the person only looks for an answer */
function toSaid({
  text,
  data,
  check,
}: z.infer<typeof form>): { input: Input; shown: string } | undefined | 'bad' {
  if (data !== undefined) {
    const [id = '', label = ''] = data.split('\t');
    const parsed = choiceData.safeParse(id);
    return parsed.success
      ? { input: { kind: 'tap', data: parsed.data }, shown: cleanText(label).text }
      : 'bad';
  }
  if (check !== undefined) return undefined;
  const [typed = '', label] = (text ?? '').split('\t');
  const cleaned = cleanText(typed).text;
  if (!cleaned) return undefined;
  return {
    input: { kind: 'text', text: typed },
    shown: label === undefined ? cleaned : cleanText(label).text,
  };
}

function show(
  c: Context,
  routes: FormRoutes,
  status: ContentfulStatusCode,
  notice: WebKey | undefined,
  parts: Partial<ChatPage> = {},
  lang: Lang | undefined = undefined,
): Response | Promise<Response> {
  const page = routes.page(lang ?? preferredLang(c), parts);
  return c.html(renderChat(notice ? { ...page, notice: page.words[notice] } : page), status);
}
