import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptLocale } from '../../src/i18n/accept.ts';
import type { Lang } from '../../src/message.ts';

export const FIXTURES = join(import.meta.dirname, 'fixtures');
export const SHIPPED: Lang[] = ['en', 'ru', 'tg', 'uz', 'uz-Cyrl'];

/** The fault-free locales, accepted, with one fixture's files laid over them, in a folder of their own. */
export function layOver(rule = 'good'): string {
  const root = mkdtempSync(join(tmpdir(), `hamroh-i18n-${rule}-`));
  cpSync(join(FIXTURES, 'good'), root, { recursive: true });
  for (const lang of ['ru', 'tg', 'uz'] as const) acceptLocale(root, lang);
  if (!existsSync(join(FIXTURES, rule))) throw new Error(`no fixture folder "${rule}"`);
  cpSync(join(FIXTURES, rule), root, { recursive: true });
  return root;
}

export function read(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Changes a file in place. */
export function edit(root: string, file: string, from: string, to: string): void {
  const text = read(root, file);
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(join(root, file), text.replace(from, to));
}
