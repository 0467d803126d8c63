/** What an operator may see and do; every route of the console names the roles it is for. */
export const ROLES = ['operator', 'coordinator', 'admin', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** Languages of the console. */
export const CONSOLE_LANGS = ['ru', 'kk', 'en'] as const;
export type ConsoleLang = (typeof CONSOLE_LANGS)[number];

/** One member of staff, without anything secret. */
export interface Operator {
  /** Random; the only name by which handoffs and the audit trail know this person. */
  id: number;
  name: string;
  role: Role;
  lang: ConsoleLang;
  team?: string;
  /** `invited` has not set a password yet, or was reset; `removed` cannot come back. */
  state: 'active' | 'invited' | 'removed';
  /** Hours since 1970. */
  created: number;
}

/** Why something was not done; the console has a sentence for each. */
export type Why =
  /** Name, password or code is not right; which one is never said. */
  | 'wrong'
  /** Too many tries; `waitMs` says how long. */
  | 'slow'
  /** Too many people sign in at this moment. */
  | 'busy'
  /** The link was used, has expired or never existed. */
  | 'gone'
  | 'unknown'
  | 'name_empty'
  | 'name_taken'
  | 'password_short'
  | 'password_long'
  /** Nobody removes, resets or demotes themselves. */
  | 'self'
  /** Nobody else could manage accounts afterwards. */
  | 'last_admin';

export interface Refused {
  ok: false;
  why: Why;
  /** With `slow`: milliseconds until the next try. */
  waitMs?: number;
}

/** Done, with what came of it, or refused. */
export type Outcome<T extends object = object> = ({ ok: true } & T) | Refused;

/** Short for a refusal. */
export function refused(why: Why, waitMs?: number): Refused {
  return waitMs === undefined ? { ok: false, why } : { ok: false, why, waitMs };
}
