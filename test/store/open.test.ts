import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { systemIds } from '../../src/clock.ts';
import { openStore } from '../../src/store/sqlite.ts';
import { handleAll, message, openWorld, TestClock } from './support.ts';

const open = (dir: string) => openStore({ dir, clock: new TestClock(), ids: systemIds });
const unreadable = expect.objectContaining({
  code: 'STORE_UNREADABLE',
  hint: expect.stringMatching(/\w+ .*\w/),
});

test('a second start in the same folder is refused with a hint, and works after the first has closed', () => {
  const world = openWorld();
  expect(() => open(world.dir)).toThrow(
    expect.objectContaining({ code: 'STORE_LOCKED', hint: expect.stringContaining('HAMROH_DATA_DIR') }),
  );
  world.store.close();
  open(world.dir).close();
});

test('a lock held by another process is respected, and a killed process leaves none', async () => {
  const world = openWorld();
  world.store.close();
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('./hold.ts', import.meta.url)), world.dir],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await once(child.stdout, 'data');
  expect(() => open(world.dir)).toThrow(expect.objectContaining({ code: 'STORE_LOCKED' }));
  child.kill('SIGKILL');
  await once(child, 'exit');
  open(world.dir).close();
});

function overwrite(file: string, at: number, bytes: Buffer): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, bytes, 0, bytes.length, at);
  closeSync(fd);
}

test.each(['hamroh.db', 'keys.db'])('a %s that is not a database stops the start', (name) => {
  const world = openWorld();
  world.store.close();
  writeFileSync(join(world.dir, name), 'this is not a database, it is a text of more than sixteen bytes');
  expect(() => open(world.dir)).toThrow(unreadable);
  // And nothing stays open or locked behind it.
  rmSync(join(world.dir, name));
  open(world.dir).close();
});

test('damaged pages stop the start', async () => {
  const world = openWorld();
  await world.store.accept(Array.from({ length: 200 }, (_, i) => message(`u${i}`, 'x'.repeat(200))));
  world.store.close();
  const file = join(world.dir, 'hamroh.db');
  const db = new Database(file);
  // A table that a start has no other reason to read.
  const root = db
    .prepare<[], number>("SELECT rootpage FROM sqlite_master WHERE name = 'guard'")
    .pluck()
    .get()!;
  db.close();
  overwrite(file, (root - 1) * 4_096, Buffer.alloc(512, 0xa5));
  expect(() => open(world.dir)).toThrow(unreadable);
});

test('a root key that is missing, short or another one stops the start; the right one works again', () => {
  const world = openWorld();
  world.store.close();
  const file = join(world.dir, 'root.key');
  const right = readFileSync(file);
  expect(right).toHaveLength(32);
  rmSync(file);
  expect(() => open(world.dir)).toThrow(unreadable);
  for (const wrong of [right.subarray(0, 20), systemIds.bytes(32)]) {
    writeFileSync(file, wrong);
    expect(() => open(world.dir)).toThrow(unreadable);
  }
  writeFileSync(file, right);
  open(world.dir).close();
});

test('keys without rows and rows without keys are gone after a start, and their people can write again', async () => {
  const world = openWorld();
  await world.store.accept([message('u', 'a'), message('v', 'a')]);
  world.store.close();
  rmSync(join(world.dir, 'keys.db'));
  world.restart();
  expect(world.store.claim(10)).toEqual([]);
  expect(world.store.sweep(world.clock.now()).keys).toBe(2);
  await world.store.accept([message('u', 'b')]);
  expect(handleAll(world.store, world.clock.now())).toEqual(['1: b']);
});

test('the probe writes, and says so when it cannot', async () => {
  const world = openWorld();
  expect(world.store.probe()).toBe(true);
  world.store.close();
  expect(world.store.probe()).toBe(false);
});

test('the backlog tells the age of the oldest waiting row', async () => {
  const world = openWorld();
  expect(world.store.backlog(world.clock.now())).toEqual({ faults: 0 });
  await world.store.accept([message('u', 'a')]);
  world.clock.pass(5_000);
  expect(world.store.backlog(world.clock.now())).toEqual({ inbox: 5_000, faults: 0 });
});
