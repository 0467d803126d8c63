import { z } from 'zod';
import type { Problem } from '../errors.ts';
import { at, type Locale, localeFile, readJsonFile } from './locale.ts';

/** Where the texts are listed that may be the same in every language. */
const SAME_FILE = 'locales/same.json';

const sameSchema = z.strictObject({
  /** Keys; a `*` at the end stands for anything. */
  keys: z.array(z.string()).default([]),
  /** Whole texts: names, abbreviations. */
  texts: z.array(z.string()).default([]),
});

const date = z.iso.date();
const metaSchema = z
  .strictObject({
    drafted_by: z.string().min(1),
    reviewed_by: z.string().min(1).nullable(),
    reviewed_on: date.nullable(),
  })
  .refine(
    (meta) => (meta.reviewed_by === null) === (meta.reviewed_on === null),
    'reviewed_by and reviewed_on go together',
  );

/** What may stay English. */
export interface Same {
  allows(key: string, texts: readonly string[]): boolean;
}

/** Reads `locales/same.json`; without the file nothing may. */
export function readSame(root: string, problems: Problem[]): Same {
  const data = readJsonFile(root, SAME_FILE, problems);
  const parsed = sameSchema.safeParse(data ?? {});
  if (!parsed.success) {
    const message = parsed.error.issues
      .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      .join('; ');
    problems.push({
      file: SAME_FILE,
      rule: 'json',
      message,
      hint: 'expected { "keys": […], "texts": […] }',
      level: 'error',
    });
    return { allows: () => false };
  }
  const { keys, texts } = parsed.data;
  const exact = new Set(keys);
  const starts = keys.filter((key) => key.endsWith('*')).map((key) => key.slice(0, -1));
  const allowed = new Set(texts);
  return {
    allows: (key, own) =>
      exact.has(key) ||
      starts.some((start) => key.startsWith(start)) ||
      own.every((text) => allowed.has(text.trim())),
  };
}

/** Rule `meta`: who drafted a language, and who has read it through, is written down. */
export function checkMeta(root: string, locale: Locale, problems: Problem[]): void {
  const parsed = metaSchema.safeParse(locale.meta);
  if (parsed.success) return;
  const file = localeFile(locale.lang, 'common');
  const why =
    locale.meta === undefined
      ? 'is missing'
      : parsed.error.issues.map((i) => [...i.path, i.message].join(': ')).join('; ');
  const hint =
    'expected { "drafted_by": "…", "reviewed_by": "…" or null, "reviewed_on": "2026-11-22" or null }';
  problems.push({
    ...at(root, file, ['_meta']),
    rule: 'meta',
    message: `_meta: ${why}`,
    hint,
    level: 'error',
  });
}
