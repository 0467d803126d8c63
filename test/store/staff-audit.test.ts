import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openDesk } from '../console/desk.ts';
import { HOUR } from './support.ts';

/** A trail of ten rows over nine hours; the first says that an account was added. */
function trail() {
  const desk = openDesk();
  desk.staff.accounts.add({ name: 'Somebody', role: 'operator', lang: 'ru' }, 0);
  for (let n = 2; n <= 10; n += 1) {
    desk.staff.audit.add(n, 'handoff_read', `REF${n}`);
    desk.clock.pass(HOUR);
  }
  const tamper = (sql: string) => {
    const db = new Database(join(desk.dir, 'staff.db'));
    db.exec(sql);
    db.close();
  };
  return { ...desk, tamper, audit: desk.staff.audit };
}

test('an untouched trail is whole, before and after its old end is cut', async () => {
  const { audit, staff, clock } = trail();
  expect(await audit.verify()).toEqual({ ok: true, rows: 10 });
  expect(audit.list({ limit: 2 }).map((e) => e.subject)).toEqual(['REF10', 'REF9']);
  expect(audit.list({ limit: 2, before: 4 }).map((e) => e.subject)).toEqual(['REF3', 'REF2']);
  const start = clock.now();
  staff.sweep(start + (180 * 24 - 5) * HOUR);
  expect(await audit.verify()).toEqual({ ok: true, rows: 5 });
  audit.add(1, 'sign_in');
  expect(await audit.verify()).toEqual({ ok: true, rows: 6 });
  staff.sweep(start + 400 * 24 * HOUR);
  expect(await audit.verify()).toEqual({ ok: true, rows: 0 });
  audit.add(1, 'sign_in');
  expect(await audit.verify()).toEqual({ ok: true, rows: 1 });
});

const CHANGES: Record<string, string> = {
  'the hour of a row': 'UPDATE audit SET hour = hour + 1 WHERE seq = 4',
  'the actor of a row': 'UPDATE audit SET actor = 7 WHERE seq = 4',
  'the action of a row': "UPDATE audit SET action = 'handoff_closed' WHERE seq = 4",
  'the subject of a row': "UPDATE audit SET subject = 'REF5' WHERE seq = 4",
  'actor and subject that read the same together':
    "UPDATE audit SET actor = 1, subject = '0REF10' WHERE seq = 10",
  'a mac': 'UPDATE audit SET mac = zeroblob(32) WHERE seq = 4',
  'the first row gone': 'DELETE FROM audit WHERE seq = 1',
  'a row gone': 'DELETE FROM audit WHERE seq = 4',
  'the last row gone': 'DELETE FROM audit WHERE seq = 10',
  'the last row gone and the end moved': 'DELETE FROM audit WHERE seq = 10; UPDATE audit_ends SET last = 9',
  'the first row gone and the start moved': `UPDATE audit_ends SET first = 2, before = (SELECT mac FROM audit WHERE seq = 1);
    DELETE FROM audit WHERE seq = 1`,
  'a row gone and the gap closed':
    'DELETE FROM audit WHERE seq = 4; UPDATE audit SET seq = -(seq - 1) WHERE seq > 4; UPDATE audit SET seq = -seq WHERE seq < 0; UPDATE audit_ends SET last = 9',
  'two rows swapped':
    'UPDATE audit SET seq = 99 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 99',
  'a row copied to the end':
    'INSERT INTO audit SELECT 11, hour, actor, action, subject, mac FROM audit WHERE seq = 10',
  'the ends gone': 'DELETE FROM audit_ends',
  'a row put before the first':
    'INSERT INTO audit SELECT 0, hour, actor, action, subject, mac FROM audit WHERE seq = 1',
  'everything gone': 'DELETE FROM audit; DELETE FROM audit_ends',
};

test.each(Object.entries(CHANGES))('%s: red, and red for good; work goes on', async (_name, sql) => {
  const { staff, audit, tamper, clock } = trail();
  expect(await audit.verify()).toEqual({ ok: true, rows: 10 });
  tamper(sql);
  expect((await audit.verify()).ok).toBe(false);
  audit.add(1, 'sign_in');
  staff.sweep(clock.now());
  expect((await audit.verify()).ok).toBe(false);
});

test('while the trail is read, others write and its old end is cut: it is whole all the same', async () => {
  const { audit, staff, clock } = trail();
  for (let n = 0; n < 500; n += 1) audit.add(1, 'handoff_read', 'REF');
  const reading = audit.verify();
  audit.add(1, 'sign_in');
  staff.sweep(clock.now() + (180 * 24 + 1) * HOUR);
  expect(audit.list({ limit: 1 })).toEqual([]);
  expect(await reading).toEqual({ ok: true, rows: 0 });
});

test('an old end that is not whole is not cut', async () => {
  const { audit, staff, tamper, clock } = trail();
  tamper('UPDATE audit SET actor = 7 WHERE seq = 3');
  staff.sweep(clock.now() + 400 * 24 * HOUR);
  expect(audit.list({ limit: 100 })).toHaveLength(10);
  expect(await audit.verify()).toEqual({ ok: false, seq: 3 });
});
