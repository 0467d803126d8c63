import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lies in a data folder that `hamroh demo` filled, for whoever finds the folder. Whoever opens it is told on every page. */
const FILE = 'SIMULATED.txt';
const WORDS =
  'Everything in this folder was made up by `hamroh demo`: no person, no chat and no figure in it is real.\n' +
  'Delete the folder when you have looked at it. Never let real people write to a Hamroh that runs on it.\n';
const HALF = 'It is not complete: the demo was stopped, or failed.\n';

/** Whether a data folder holds simulated people. @param dir it need not exist */
export function isSimulated(dir: string): boolean {
  return existsSync(join(dir, FILE));
}

/** Marks a data folder as simulated: before anything is in it, and again when it is complete. */
export function markSimulated(dir: string, complete: boolean): void {
  writeFileSync(join(dir, FILE), complete ? WORDS : WORDS + HALF, { mode: 0o600 });
}
