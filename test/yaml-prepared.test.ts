import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { projectRoot } from '../src/paths.ts';
import { readPrepared, writePrepared } from '../src/yaml-prepared.ts';
import { type Path, parseYaml, readYaml } from '../src/yaml-source.ts';

const ROOT = projectRoot();
const FILES = ['flows', 'db/content']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((file) => file.endsWith('.yaml'));

function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'hamroh-yaml-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Every path in the data, from the top down. */
function* pathsOf(data: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (typeof data !== 'object' || data === null) return;
  for (const [key, value] of Object.entries(data)) {
    yield* pathsOf(value, [...path, Array.isArray(data) ? Number(key) : key]);
  }
}

test('what the build keeps is what the files say, and every part of it is found on the same line', () => {
  const dir = tempDir();
  const read = FILES.map((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const { source } = readYaml(file, text);
    if (source === undefined) throw new Error(`${file} cannot be read`);
    return { file, text, source };
  });
  expect(
    writePrepared(
      dir,
      read.map(({ text, source }) => [text, source.data]),
    ),
  ).toBe(FILES.length);
  const prepared = readPrepared(dir);
  let places = 0;
  for (const { file, text, source } of read) {
    const built = prepared(text);
    const again = readYaml(file, text, built);
    expect(again.problems).toEqual([]);
    expect(again.source?.data).toBe(built?.data);
    expect(again.source?.data).toStrictEqual(source.data);
    // Some of a long list stand for all of it.
    const paths = [...pathsOf(source.data)].filter((_path, at) => at % 7 === 0);
    places += paths.length;
    expect(paths.map((path) => again.source?.lineOf(path))).toEqual(paths.map((path) => source.lineOf(path)));
  }
  expect(places).toBeGreaterThan(1_000);
});

test('another text, another file and a broken file give nothing', () => {
  const dir = tempDir();
  expect(readPrepared(dir)('a: 1\n')).toBeUndefined();
  writePrepared(dir, [['a: 1\n', { a: 1 }]]);
  expect(readPrepared(dir)('a: 1\n')).toEqual({ data: { a: 1 } });
  expect(readPrepared(dir)('a: 1')).toBeUndefined();
  writePrepared(dir, [['', null]]);
  expect(readPrepared(dir)('')).toEqual({ data: null });
  expect(readPrepared(dir)('a: 1\n')).toBeUndefined();
  mkdirSync(join(dir, 'dist'), { recursive: true });
  for (const broken of ['', '[["', '{}', 'null']) {
    writeFileSync(join(dir, 'dist', 'yaml.json'), broken);
    expect([broken, readPrepared(dir)('')]).toEqual([broken, undefined]);
  }
});

test('what JSON cannot say is read from its text', () => {
  const dir = tempDir();
  const text = 'far: .inf\nnear: 1\n';
  const { source } = readYaml('a.yaml', text);
  expect(source?.data).toEqual({ far: Number.POSITIVE_INFINITY, near: 1 });
  expect(writePrepared(dir, [[text, source?.data]])).toBe(0);
  expect(readPrepared(dir)(text)).toBeUndefined();
});

test('a file that says the same is read once; one that says something else, anew', () => {
  const first = parseYaml('here.yaml', 'a: 1\nb: 2\n');
  expect(first.source?.data).toEqual({ a: 1, b: 2 });
  expect(parseYaml('here.yaml', 'a: 1\nb: 2\n').source).toBe(first.source);
  expect(parseYaml('there.yaml', 'a: 1\nb: 2\n').source).toMatchObject({ file: 'there.yaml' });
  const second = parseYaml('here.yaml', 'b: 3\n');
  expect([second.source?.data, second.source?.lineOf(['b'])]).toEqual([{ b: 3 }, 1]);
  expect(first.source?.lineOf(['b'])).toBe(2);
  for (const _ of [1, 2]) {
    const { source, problems } = parseYaml('here.yaml', 'a: 1\na: 2\n');
    expect([source, problems]).toMatchObject([
      undefined,
      [{ file: 'here.yaml', line: 2, rule: 'duplicate' }],
    ]);
  }
});
