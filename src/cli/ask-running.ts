import { type Config, isLoopback } from '../config.ts';
import type { Health } from '../web/health.ts';

/** Asks the running process, if there is one, how it is. @returns undefined when nothing of ours answers there */
export async function askRunning({ host, port }: Config): Promise<Health | undefined> {
  const name = isLoopback(host) ? host : '127.0.0.1';
  try {
    const answer = await fetch(`http://${name.includes(':') ? `[${name}]` : name}:${port}/readyz`, {
      signal: AbortSignal.timeout(2000),
    });
    return (await answer.json()) as Health;
  } catch {
    // Not running is a state, not a fault: an administrator asks before the first start too.
    return undefined;
  }
}
