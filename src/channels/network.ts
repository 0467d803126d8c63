import { setTimeout as sleep } from 'node:timers/promises';

/** Codes of connections that were never made: nothing can have been sent. */
export const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|ERR_TLS_\w+|ERR_SSL_\w+|EPROTO|CERT_\w+|UNABLE_TO_\w+|SELF_SIGNED_\w+|DEPTH_ZERO_\w+|HOSTNAME_\w+)$/;

/** Waits, or returns early when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** The pause before the next attempt: 1, 2, 4 … times the first one. */
export function backoffMs(failures: number, first: number, most: number): number {
  return Math.min(most, first * 2 ** Math.min(failures, 20));
}
