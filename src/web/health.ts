/** Whether one part works. Never carries a count of people or messages. */
export interface Check {
  ok: boolean;
  /** A word for what is wrong, e.g. `full`, `telegram-409`. */
  reason?: string;
  /** What to do about it. */
  hint?: string;
}

/** What `/readyz` says: 200 when `ready`, else 503. */
export interface Health {
  ready: boolean;
  /** By part: `store`, `disk`, `telegram`, … */
  checks: Record<string, Check>;
}
