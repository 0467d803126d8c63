import { existsSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a machine keeps files in memory, and how much of it has to be free (bytes) for us to use it. */
const SHARED = '/dev/shm';
const ROOM = 1_000_000_000;

const TEMP = existsSync(SHARED) && hasRoom(SHARED) ? SHARED : tmpdir();

function hasRoom(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > ROOM;
}

/**
 * A new folder for a database, in memory where the machine has room for it: the tests write thousands of small
 * transactions, each waits for the disk, and none of them is about a disk that loses power.
 */
export function quickDir(prefix: string): string {
  return mkdtempSync(join(TEMP, prefix));
}
