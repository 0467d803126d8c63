import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { systemClock, systemIds } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { Child, copyFiles, copyProject } from './child.ts';

interface Broken {
  what: string;
  file: string;
  edit: (text: string) => string;
  code: string;
  /** Where the message points to; a line when the file has lines that mean something. */
  where: RegExp;
}

const BROKEN: Broken[] = [
  {
    what: 'a flow that is not YAML',
    file: 'flows/rights.yaml',
    edit: (text) => text.replace('steps:\n', 'steps:\n  broken: { say: [\n'),
    code: 'FLOW_INVALID',
    where: /^flows\/rights\.yaml:\d+ /m,
  },
  {
    what: 'a flow that leads to a step that is not there',
    file: 'flows/rights.yaml',
    edit: (text) => text.replace('next: topics', 'next: topisc'),
    code: 'FLOW_INVALID',
    where: /^flows\/rights\.yaml:\d+ .*topisc/m,
  },
  {
    what: 'a locale without a text',
    file: 'locales/kk/menu.json',
    edit: (text) => text.replace(/"text": "[^"]+",\n/, ''),
    code: 'LOCALE_INVALID',
    where: /^locales\/kk\/menu\.json.* menu:main\.text/m,
  },
  {
    what: 'a locale that is not JSON',
    file: 'locales/ky/rights.json',
    edit: (text) => text.slice(0, text.length / 2),
    code: 'LOCALE_INVALID',
    where: /^locales\/ky\/rights\.json(:\d+)? /m,
  },
  {
    what: 'a fact without a source',
    file: 'db/content/claims/kz.yaml',
    edit: (text) => text.replace(/\n {2}source: .*/, ''),
    code: 'CONTENT_INVALID',
    where: /^db\/content\/claims\/kz\.yaml:\d+ /m,
  },
  {
    what: 'a decision table without the answer for some people',
    file: 'db/content/eligibility/art.yaml',
    edit: (text) => text.replace(/ {2}- id: kz-custody\n(?: {4}.*\n)+/, ''),
    code: 'CONTENT_INVALID',
    where: /^db\/content\/eligibility\/art\.yaml(:\d+)? /m,
  },
];

function breakIn(root: string, { file, edit }: Pick<Broken, 'file' | 'edit'>): void {
  const path = join(root, file);
  const whole = readFileSync(path, 'utf8');
  const broken = edit(whole);
  expect(broken).not.toBe(whole);
  writeFileSync(path, broken);
}

test.each(BROKEN)('$what stops the start and is named', async ({ file, edit, code, where }) => {
  const root = copyFiles();
  const dataDir = join(root, 'data');
  breakIn(root, { file, edit });
  const config = { ...readConfig({ PORT: '0' }), dataDir };
  const log = createLog('silent');
  const start = createApp({ root, config, clock: systemClock, ids: systemIds, log });
  await expect(start).rejects.toMatchObject({
    code,
    message: expect.stringMatching(where),
    hint: expect.stringContaining('Correct these files'),
  });
  // Nothing ran, and nothing was made.
  expect(existsSync(dataDir)).toBe(false);
});

test('the program says it in words, all mistakes together, and ends', async () => {
  const root = copyProject();
  for (const file of ['flows/menu.yaml', 'flows/rights.yaml']) {
    breakIn(root, { file, edit: (text) => text.replace(/next: (more|topics)/, 'next: nowhere') });
  }
  const child = new Child({ root });
  expect(await child.exit).toEqual({ code: 1, signal: null });
  expect(child.stderr).toContain('Hamroh cannot run (FLOW_INVALID):\n');
  expect(child.stderr).toContain('\n→ Correct these files');
  expect(child.stderr).not.toContain('    at ');
  expect(child.stdout).toBe('');
  expect(existsSync(child.dataDir)).toBe(false);
  expect(child.stderr.match(/^flows\/(menu|rights)\.yaml:\d+ .*nowhere/gm)).toHaveLength(2);
});
