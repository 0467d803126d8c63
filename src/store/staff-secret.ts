import { hkdfSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Ids } from '../clock.ts';
import { openStore } from './sqlite.ts';

const SECRET_BYTES = 64;
/** A new way to use the secret gets a new label. */
const LABEL = 'hamroh staff.db 1';

/**
 * The secret of `staff.db`, derived from the root key (HKDF-SHA-256): it outlives conversations and `keys.db`, and can
 * be read while Hamroh runs. A data folder that is new is made first, which takes its lock for a moment.
 *
 * @returns 64 bytes: 32 to seal, 32 for HMACs
 * @throws AppError STORE_LOCKED, STORE_UNREADABLE or STORE_FULL
 */
export function staffSecret(dir: string, clock: Clock, ids: Ids, migrations: string): Buffer {
  const file = join(dir, 'root.key');
  if (!existsSync(file)) openStore({ dir, clock, ids, migrations }).close();
  const root = readFileSync(file);
  const secret = Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), LABEL, SECRET_BYTES));
  root.fill(0);
  return secret;
}
