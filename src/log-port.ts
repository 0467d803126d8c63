/** Values that can be logged: no objects, so nothing of a message can slip in. */
export type LogFields = Record<string, number | string | boolean>;

/** What the loops need from a log. `event` is a fixed word such as `turns.fault`; fields are figures and codes. */
export interface Log {
  info(event: string, fields: LogFields): void;
  warn(event: string, fields: LogFields): void;
  error(event: string, fields: LogFields): void;
}

/** The code of an error, for a log field: never its message, which may quote what a person wrote. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return error instanceof Error ? error.name : typeof error;
}
