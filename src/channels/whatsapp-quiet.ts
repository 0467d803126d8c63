import { pino } from 'pino';

/** Baileys' log, which would name everybody who writes: switched off. */
export const quietLogger = pino({ level: 'silent' });

/**
 * libsignal prints whole encryption sessions, private keys included, through these. Nothing of ours uses them (the
 * linter sees to it), so they are dropped for the whole process rather than by the looks of the caller: a filter
 * that misses once has printed a key.
 */
const LEAKING = ['debug', 'info', 'warn', 'error', 'trace', 'dir'] as const;

/** Silences the libraries under WhatsApp. To be called before the first connection; more often does no harm. */
export function silenceLibraries(): void {
  const drop = (): void => undefined;
  Object.assign(globalThis.console, Object.fromEntries(LEAKING.map((name) => [name, drop])));
}
