import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { FakeTelegram } from '../fake/telegram.ts';
import { Child, type ChildOptions } from './child.ts';

/** A stand-in that ends with the test. */
export async function startTelegram(options: { token?: string; port?: number } = {}): Promise<FakeTelegram> {
  const telegram = await FakeTelegram.start(options);
  onTestFinished(() => telegram.stop());
  return telegram;
}

/** The real program, talking to the stand-in. */
export function withTelegram({ token, root }: FakeTelegram, options: ChildOptions = {}): Child {
  return new Child({
    ...options,
    env: { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: root, ...options.env },
  });
}

export interface Ready {
  status: number;
  ready: boolean;
  checks: Record<string, { ok: boolean; reason?: string; hint?: string }>;
}

/** What `/readyz` says. */
export async function ready(url: string): Promise<Ready> {
  const answer = await fetch(new URL('/readyz', url));
  return { status: answer.status, ...((await answer.json()) as Omit<Ready, 'status'>) };
}

/** Asks again until it is so; the runner's time limit ends a vain wait. */
export async function untilReady(url: string): Promise<Ready> {
  for (;;) {
    const now = await ready(url);
    if (now.ready) return now;
    await sleep(50);
  }
}
