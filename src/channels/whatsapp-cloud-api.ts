import { z } from 'zod';
import { GraphError } from './whatsapp-cloud-errors.ts';

export interface GraphOptions {
  /** With the version, without a slash at the end. */
  apiRoot: string;
  /** The number we send from, by Meta's id for it. */
  phoneId: string;
  token: string;
  /** After which nobody knows whether a call worked, in ms. */
  callMs: number;
}

/** The two calls we need. Both throw a {@link GraphError}, or what `fetch` throws. */
export interface Graph {
  /** Whether the token is good for this number. */
  check(): Promise<void>;
  /** @returns the id of the message (`wamid.…`) */
  send(body: object): Promise<string>;
}

const refusal = z.object({ error: z.object({ code: z.number() }) });
const sent = z.object({ messages: z.tuple([z.object({ id: z.string().min(1) })], z.unknown()) });

/**
 * A client for `<apiRoot>/<phone id>`. The token travels in a header only, so that no address carries it, and no
 * redirect is followed, so that nobody else gets it.
 */
export function createGraph({ apiRoot, phoneId, token, callMs }: GraphOptions): Graph {
  const url = `${apiRoot}/${phoneId}`;

  async function call(path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(callMs),
    });
    const text = await response.text();
    if (!response.ok) throw new GraphError(response.status, codeIn(text));
    return JSON.parse(text);
  }

  return {
    async check() {
      await call('?fields=id');
    },
    async send(body) {
      const read = sent.safeParse(await call('/messages', body));
      // Taken, it seems, but under no name: as unclear as no answer.
      if (!read.success) throw new SyntaxError('the answer names no message');
      return read.data.messages[0].id;
    },
  };
}

/** Meta's code for a refusal; a proxy's page has none. */
function codeIn(text: string): number | undefined {
  try {
    return refusal.safeParse(JSON.parse(text)).data?.error.code;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
