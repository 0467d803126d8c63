import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError } from '../errors.ts';
import { isSimulated, markSimulated } from '../simulated.ts';

/** Where a demo is made. */
export interface DemoFolder {
  /** Absolute path. */
  dir: string;
  /** Made by us, with a name of its own: deleted when the demo is not finished. */
  temporary: boolean;
}

/**
 * Makes the folder of a demo, for its owner alone, and marks it as simulated.
 *
 * @param wanted default: a new one among the temporary files
 * @throws AppError CONFIG_INVALID when there is something in it already: no real data may be mixed with made-up people
 */
export function makeFolder(wanted: string | undefined): DemoFolder {
  const temporary = wanted === undefined;
  const dir = temporary ? mkdtempSync(join(tmpdir(), 'hamroh-demo-')) : resolve(wanted);
  if (existsSync(dir) && (!statSync(dir).isDirectory() || readdirSync(dir).length > 0)) {
    throw new AppError('CONFIG_INVALID', `${dir} is not empty.`, {
      hint: isSimulated(dir)
        ? 'A demo lies there. Delete it first, or name another folder.'
        : 'Name a folder that does not exist yet, or leave --dir out.',
    });
  }
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  markSimulated(dir, false);
  return { dir, temporary };
}

/** A demo that was not finished: a folder of ours is deleted. @returns whether it was */
export function dropFolder({ dir, temporary }: DemoFolder): boolean {
  if (temporary) rmSync(dir, { recursive: true, force: true });
  return temporary;
}
