import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/world.ts';
import { Child, copyProject, run, tempDir } from './child.ts';

/** Each check reads and proves everything; on a busy machine that takes a while. */
const SLOW = { timeout: 90_000 };

/** A copy of the project in which one file was changed. */
function broken(file: string, edit: (text: string) => string): string {
  const root = copyProject();
  const path = join(root, file);
  const before = readFileSync(path, 'utf8');
  const after = edit(before);
  if (after === before) throw new Error(`nothing changed in ${file}`);
  writeFileSync(path, after);
  return root;
}

test(
  'the checks of flows, locales and content pass on the project and say how many they found',
  SLOW,
  async () => {
    for (const what of ['flows', 'locales', 'content']) {
      // A fact past its review date is news, not a fault of this test.
      const args = what === 'flows' ? ['flows', 'check', '--stale=warn'] : [what, 'check'];
      const { code, stdout, stderr } = await run(args);
      expect({ what, code, stderr, last: stdout.trim().split('\n').at(-1) }).toEqual({
        what,
        code: 0,
        stderr: '',
        last: expect.stringMatching(new RegExp(`^${what}: 0 errors, \\d+ warnings$`)),
      });
    }
  },
);

test.each([
  ['flows', 'flows/menu.yaml', (text: string) => text.replace('next: country', 'next: contry')],
  ['locales', 'locales/ky/menu.json', (text: string) => text.replace('"country"', '"contry"')],
  ['content', 'db/content/claims/kz.yaml', (text: string) => text.replace(/\n {2}source: .*/, '')],
])('%s check: a seeded fault is named and gives exit code 1', async (what, file, edit) => {
  const { code, stdout, stderr } = await run([what, 'check'], { root: broken(file, edit) });
  expect(code).toBe(1);
  expect(stdout + stderr).toContain(file);
  expect(stdout + stderr).not.toContain('    at ');
});

test('flows graph draws a conversation in the language asked for, and nothing else on the output', async () => {
  const en = await run(['flows', 'graph', 'rights']);
  expect(en).toMatchObject({ code: 0, stderr: '' });
  expect(en.stdout).toMatch(/^(---[\s\S]*?---\n)?(flowchart|graph) /);
  const ky = await run(['flows', 'graph', 'rights', '--lang', 'ky']);
  expect(ky.code).toBe(0);
  expect(ky.stdout).not.toBe(en.stdout);
  expect(ky.stdout.match(/-->/g)?.length).toBe(en.stdout.match(/-->/g)?.length);
});

test('content stale lists what is due within so many days, the oldest first', async () => {
  const { code, stdout } = await run(['content', 'stale', '--days', '400']);
  expect(code).toBe(0);
  const facts = stdout.trim().split('\n').slice(0, -1);
  expect(facts.length).toBeGreaterThan(100);
  for (const line of facts) expect(line).toMatch(/^\d{4}-\d\d-\d\d {2}db\/content\/\S+:\d+ {2}\S+/);
  const days = facts.map((line) => line.slice(0, 10));
  expect(days).toEqual(days.toSorted());
  expect(stdout).toContain(`${facts.length} facts to look at again.`);
});

test.each([
  [['bogus'], "unknown command 'bogus'", 'Usage: hamroh'],
  [['flows', 'bogus'], "unknown command 'bogus'", 'Usage: hamroh flows'],
  [[], 'Usage: hamroh', 'doctor'],
  [['flows', 'graph', 'nope'], 'no flow "nope"', 'There are: '],
  [['flows', 'graph', 'rights', '--lang', 'xx'], 'no language "xx"', 'uz-Cyrl'],
  [['flows', 'check', '--stale=never'], 'Allowed choices are error, warn', 'Usage: hamroh flows check'],
  [['content', 'stale', '--days', 'soon'], 'number of days', 'Usage: hamroh content stale'],
  [
    ['locales', 'import', 'ru', '/nowhere.jsonl'],
    '/nowhere.jsonl cannot be read (ENOENT)',
    '→ Give the path',
  ],
])('%j is refused in words, with help', async (args, said, help) => {
  const { code, stdout, stderr } = await run(args);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(said);
  expect(stderr).toContain(help);
  expect(stderr).not.toContain('    at ');
});

test('doctor before the first start: all is well, nothing is made', SLOW, async () => {
  const dataDir = join(tempDir(), 'data');
  const { code, stdout, stderr } = await run(['doctor'], { dataDir, env: { PORT: '1' } });
  expect(stderr).toBe('');
  expect(stdout).toContain(`✓ Data folder ${dataDir} (made at the first start)`);
  expect(stdout).toContain('· Telegram is off.');
  expect(stdout).toContain('· Hamroh does not run on port 1 now.');
  expect(stdout).toContain('✓ Flows, texts and facts are in order.');
  // What is past its review date is to be mended, and the only thing here that time can bring.
  expect({ code, fix: stdout.match(/^✗ (?!\d+ facts shown)/gm) }).toEqual({
    code: stdout.includes('✗') ? 1 : 0,
    fix: null,
  });
  expect(existsSync(dataDir)).toBe(false);
});

test('doctor while it runs, and with things to mend', SLOW, async () => {
  const child = new Child();
  const { port } = new URL(await child.started());
  const well = await run(['doctor'], { dataDir: child.dataDir, env: { PORT: port } });
  expect(well.stdout).toContain(`✓ Hamroh runs on port ${port} and is ready.`);
  expect(well.stdout).toContain('· The root key lies beside the data.');

  const root = broken('locales/ky/menu.json', (text) => text.replace('"country"', '"contry"'));
  const ill = await run(['doctor'], { root, dataDir: child.dataDir, env: { PORT: port, HOST: '0.0.0.0' } });
  expect(ill.code).toBe(1);
  expect(ill.stdout).toContain('✗ HOST=0.0.0.0 listens to others under any name.');
  expect(ill.stdout).toMatch(/^✗ \d+ mistakes in flows, texts or facts\. See: /m);
  expect(ill.stdout).toMatch(/^[2-9] to mend\.$/m);

  const wrong = await run(['doctor'], { env: { PORT: 'x', TELEGRAM_BOT_TOKEN: 'canary' } });
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toContain('✗ The settings are not usable.\n  PORT=x is not usable: ');
  expect(wrong.stdout).toContain('TELEGRAM_BOT_TOKEN is not usable');
  expect(wrong.stdout).not.toContain('canary');
});

test('chat: lines in, numbered answers out, nothing left behind', async () => {
  const temporary = tempDir();
  const { code, stdout, stderr } = await run(['chat'], {
    env: { TMPDIR: temporary },
    lines: ['7', '3', '', '1', 'Kazakhstan?', '00'],
  });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const texts = JSON.parse(readFileSync(join(ROOT, 'locales', 'en', 'menu.json'), 'utf8'));
  expect(stdout).toContain('7  English');
  expect(stdout).toContain(`3  ${texts.main.choices.rights}`);
  // The menu after the language and again after "00": the answers came in the order of the lines.
  expect(stdout.split(texts.main.text).length - 1).toBe(2);
  expect(stdout.lastIndexOf(texts.main.text)).toBeGreaterThan(stdout.lastIndexOf('00  '));
  expect(readdirSync(temporary)).toEqual([]);
});
