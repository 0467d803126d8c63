import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Cost, measure } from './measure.ts';

const ROW = Buffer.alloc(1_024, 0x61);
const CONTACTS = 1_000;

/**
 * What SQLite alone can do here and now: a prepared SELECT and UPSERT of a 1 KB row per turn, `synchronous=FULL`, in
 * clear text, with a commit per `perCommit` turns.
 */
export async function benchFloor(dir: string, perCommit: number, turns: number): Promise<Cost> {
  const db = new Database(join(dir, `floor-${perCommit}.db`));
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = full');
  db.exec('CREATE TABLE session (id INTEGER PRIMARY KEY, state BLOB)');
  const select = db.prepare('SELECT state FROM session WHERE id = ?');
  const upsert = db.prepare(
    'INSERT INTO session VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state',
  );
  const some = db.transaction((from: number) => {
    for (let i = from; i < from + perCommit; i += 1) {
      const id = (i * 7_919) % CONTACTS;
      select.get(id);
      upsert.run(id, ROW);
    }
  });
  const cost = await measure(turns, async () => {
    for (let i = 0; i < turns; i += perCommit) some.immediate(i);
  });
  db.close();
  return cost;
}
