/**
 * Every error we raise on purpose: what happened, why, and what to do about it.
 * Codes are listed once, here, and explained in `src/README.md`.
 */

export const ERROR_CODES = {
  CONFIG_INVALID: 'A value in the environment is wrong.',
  CONTENT_INVALID: 'A file under db/content/ is broken.',
  FLOW_INVALID: 'A file under flows/ is broken.',
  LOCALE_INVALID: 'A file under locales/ is broken.',
  STORE_LOCKED: 'Another Hamroh process uses this data folder.',
  STORE_UNREADABLE: 'The database or its keys cannot be opened.',
  STORE_FULL: 'The disk is full.',
  CIPHER_REFUSED: 'A stored value does not open with its key: it was moved or changed.',
  CHANNEL_REFUSED: 'A platform does not accept our credentials.',
  CHANNEL_BUSY: 'Another process receives messages for this bot.',
  PORT_TAKEN: 'The web port is in use.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error with a code and a hint that its reader can act on. Return it or throw it; never log it and go on. */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** What the reader can do now, in one sentence. */
  readonly hint: string;
  /** Whether the same call may succeed later without anybody doing anything. */
  readonly retryable: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint: string; retryable?: boolean; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
  }
}

/** Something wrong in a file people write: where, what, and what was expected there. */
export interface Problem {
  /** Path relative to the project's folder, e.g. `flows/rights.yaml`. */
  file: string;
  /** 1-based; absent when the problem is about the whole file. */
  line?: number;
  /** The rule that found it, e.g. `unreachable`. */
  rule: string;
  message: string;
  /** What was expected, or what to do. */
  hint?: string;
  /** A warning never stops a start. */
  level: 'error' | 'warning';
}

/** `flows/rights.yaml:12  no step "wher"  (did you mean "where"?)` */
export function formatProblem(p: Problem): string {
  const where = p.line === undefined ? p.file : `${p.file}:${p.line}`;
  return `${where}  ${p.level === 'warning' ? 'warning: ' : ''}${p.message}  [${p.rule}]${p.hint ? `\n    → ${p.hint}` : ''}`;
}
