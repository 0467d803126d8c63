import { request } from 'node:http';
import type { Socket } from 'node:net';
import type { News } from '../../../src/web/console/desk/news.ts';
import { COOKIE } from '../../../src/web/console/guard.ts';

export interface Heard {
  event: string;
  data: string;
  id?: string;
}

/** A browser's stream over a real socket: what it was told, in its order. */
export interface Listener {
  status: number;
  heard: Heard[];
  /** All news so far. */
  news(): News[];
  socket: Socket;
  ended: boolean;
  close(): void;
}

/** @param each called with every event as it arrives */
export function listenTo(
  url: string,
  cookie: string,
  query: Record<string, string> = {},
  each?: (heard: Heard) => void,
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const headers = { cookie: `${COOKIE}=${cookie}` };
    const asked = request(`${url}/console/events?${new URLSearchParams(query)}`, { headers, agent: false });
    asked.on('error', reject);
    asked.on('response', (response) => {
      const listener: Listener = {
        status: response.statusCode ?? 0,
        heard: [],
        news: () => listener.heard.flatMap(({ event, data }) => (event === 'news' ? JSON.parse(data) : [])),
        socket: response.socket,
        ended: false,
        close: () => void asked.destroy(),
      };
      asked.on('error', () => undefined);
      response.on('error', () => undefined);
      response.on('close', () => {
        listener.ended = true;
      });
      let rest = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        rest += text;
        for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
          const heard = parse(rest.slice(0, end));
          rest = rest.slice(end + 2);
          listener.heard.push(heard);
          each?.(heard);
        }
      });
      resolve(listener);
    });
    asked.end();
  });
}

function parse(block: string): Heard {
  const value = (name: string) =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  const id = value('id');
  return { event: value('event') ?? '', data: value('data') ?? '', ...(id === undefined ? {} : { id }) };
}
