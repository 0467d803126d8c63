import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { route } from '../../src/cli/route.ts';
import { run as runProgram } from '../app/child.ts';
import { ROOT } from '../support/world.ts';

interface Line {
  intent: string;
  score: number;
  urgent: boolean;
}

async function run(words: string[], input: Iterable<Uint8Array>, json = true): Promise<string> {
  const stdout = new PassThrough();
  const read = stdout.toArray();
  await route(ROOT, words, { json }, { stdin: Readable.from(input), stdout });
  stdout.end();
  return Buffer.concat(await read).toString();
}

const lines = (output: string): Line[] =>
  output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

test('words: one answer, as JSON or for people', async () => {
  const output = await run(['где', 'сдать', 'тест'], []);
  expect(output).toBe('{"intent":"testing","score":1,"urgent":false}\n');
  const told = await run(['порвался', 'презерватив'], [], false);
  expect(told).toMatch(/^intent +pep\nscore +1 \(sure\)\nurgent +yes\nlanguage +ru\nnear +pep/);
});

test('lines: an answer each, in order, however the bytes are cut', async () => {
  const typed = ['где сдать тест\r', '', 'порвался презерватив', '😀', 'x'.repeat(100_000), 'салом'];
  const bytes = Buffer.concat([
    Buffer.from(`${typed.join('\n')}\n`),
    Buffer.from([0xff, 0xfe, 0x0a]),
    Buffer.from('menyu'),
  ]);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) =>
    bytes.subarray(i * 7, i * 7 + 7),
  );
  const answers = lines(await run([], chunks));
  expect(answers.map(({ intent }) => intent)).toEqual([
    ...['testing', 'none', 'pep', 'none', 'none', 'menu', 'none', 'menu'],
  ]);
  for (const answer of answers) expect(Object.keys(answer)).toEqual(['intent', 'score', 'urgent']);
  expect(await run([], [])).toBe('');
});

test('lines without end are answered as they come; when nobody reads, it stops', async () => {
  let asked = 0;
  function* endless(): Generator<Uint8Array> {
    for (;;) {
      asked++;
      yield Buffer.from('погода завтра\n'.repeat(100));
    }
  }
  const stdout = new PassThrough();
  const routed = route(ROOT, [], {}, { stdin: Readable.from(endless()), stdout });
  const [first] = await once(stdout, 'data');
  expect(String(first)).toContain('"none"');
  stdout.pause();
  stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  await routed;
  // What is not read is not answered either: a full pipe holds the input back.
  expect(asked).toBeLessThan(20);
});

test('the program itself reads lines and answers them', async () => {
  const { code, stdout, stderr } = await runProgram(['route'], {
    lines: ['где сдать тест', '', 'не хочу жить'],
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(lines(stdout).map(({ intent, urgent }) => [intent, urgent])).toEqual([
    ['testing', false],
    ['none', false],
    ['crisis', true],
  ]);
});
