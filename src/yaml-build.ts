/*
 * A step of the build: reads flows and facts, so that a start does not have to. What cannot be read is left to the
 * start, which says what is wrong with it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './paths.ts';
import { writePrepared } from './yaml-prepared.ts';
import { readYaml } from './yaml-source.ts';

const root = projectRoot();
const texts = ['flows', 'db/content']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => [file, readFileSync(join(root, file), 'utf8')] as const);
writePrepared(
  root,
  texts.flatMap(([file, text]): [string, unknown][] => {
    const { source } = readYaml(file, text);
    return source === undefined ? [] : [[text, source.data]];
  }),
);
