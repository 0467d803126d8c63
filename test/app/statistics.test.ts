import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock, systemIds } from '../../src/clock.ts';
import { findTampered, readReleases } from '../../src/store/releases.ts';
import { openStore } from '../../src/store/sqlite.ts';
import { echo, HOUR, message, readCounters } from '../store/support.ts';
import { Child, tempDir } from './child.ts';

const WEEK = 7 * 24 * HOUR;

test('the program releases the weeks that ended while it was off, and counts what happens now', async () => {
  const dataDir = join(tempDir(), 'data');
  const then = systemClock.now() - WEEK;
  const store = openStore({ dir: dataDir, clock: { now: () => then }, ids: systemIds });
  await store.accept(Array.from({ length: 60 }, (_, i) => message(`u${i}`, 'x')));
  store.commit(
    store
      .claim(100)
      .map((turn) => echo(turn, [{ type: 'count', event: { name: 'visit', channel: 'web', lang: 'ru' } }])),
  );
  store.close();
  const child = new Child({ dataDir });
  await child.started();
  const [release, ...more] = readReleases(dataDir);
  expect(more).toEqual([]);
  expect(findTampered([release!])).toBeUndefined();
  const { tables } = JSON.parse(release!.body);
  expect(Math.abs(tables[0].total - 60)).toBeLessThanOrEqual(25);
  expect(readCounters(dataDir).filter((c) => c.week === release!.week)).toEqual([]);
  expect(child.output).not.toMatch(/\b60\b/);
  expect(await child.end('SIGTERM')).toEqual({ code: 0, signal: null });
});
