import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { playTranscript } from './transcript.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
/** A conversation can go well, or in six ways not as planned; each has its folder. */
const PATTERNS = [
  'happy_path',
  'corrections',
  'cancellations',
  'digressions',
  'dead_ends',
  'safety',
  'languages',
];
const MAIN_FLOWS = ['find-testing', 'art-access', 'rights', 'emergency'];
const LANGUAGES = ['en', 'ru', 'kk', 'ky', 'uz', 'tg'];

const files = readdirSync(HERE, { recursive: true, encoding: 'utf8' }).filter(
  (f) => f.endsWith('.md') && f.includes('/'),
);

describe('transcripts', () => {
  it.each(files)('%s', async (file) => {
    const path = join(HERE, file);
    await expect(playTranscript(path)).toMatchFileSnapshot(path);
  });

  it.each(PATTERNS)('pattern %s is there in every language', (pattern) => {
    for (const lang of LANGUAGES)
      expect(
        files.filter((f) => f.startsWith(`${pattern}/`) && f.endsWith(`.${lang}.md`)),
        lang,
      ).not.toEqual([]);
  });

  it.each(MAIN_FLOWS)('flow %s is there in every language', (flow) => {
    for (const lang of LANGUAGES)
      expect(
        files.filter((f) => relative('.', f).includes(flow) && f.endsWith(`.${lang}.md`)),
        lang,
      ).not.toEqual([]);
  });
});
