import type { Chats } from './telegram-chats.ts';
import type { Updates } from './telegram-updates.ts';

/** A tap that waits for its answer. */
export interface Query {
  chat: number;
  at: number;
  answered: boolean;
  /** What the person was told. */
  answer?: string;
}

/** What the methods work on. */
export interface Bot {
  id: number;
  username: string;
  chats: Chats;
  updates: Updates;
  /** Taps by the id of their query. */
  queries: Map<string, Query>;
  /** Commands by language code, '' for everybody else. */
  commands: Map<string, { command: string; description: string }[]>;
  now(): number;
}
