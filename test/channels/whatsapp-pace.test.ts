import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPace } from '../../src/channels/pace.ts';

class Clock {
  time = 1_000_000;
  now(): number {
    return this.time;
  }
}

test('to one contact: a burst, then one at a time, and the burst back after a silence', () => {
  const clock = new Clock();
  const pace = createPace({ perSecond: 1e6, perContact: { everyMs: 1000, burst: 3 } }, clock);
  const take = () => {
    clock.time += 1;
    return pace.take('a');
  };
  expect([take(), take(), take()]).toEqual([0, 0, 0]);
  const wait = take();
  expect(wait).toBeGreaterThan(900);
  expect(wait).toBeLessThanOrEqual(1000);
  // Asking takes nothing away.
  expect(take()).toBe(wait - 1);
  clock.time += wait;
  expect(take()).toBe(0);
  expect(take()).toBeGreaterThan(900);
  // Others do not wait for them.
  expect(pace.take('b')).toBe(0);
  clock.time += 3000;
  expect([take(), take(), take()]).toEqual([0, 0, 0]);
});

test('over everybody: never more than so many in any second, in the order of asking', () => {
  const clock = new Clock();
  const pace = createPace({ perSecond: 4, perContact: { everyMs: 1000, burst: 5 } }, clock);
  const waits = Array.from({ length: 10 }, (_, n) => pace.take(`contact ${n}`, 10_000));
  expect(waits).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000, 2250]);
  // Too long for the impatient: told when, and no place kept.
  expect(pace.take('x', 100)).toBe(2500);
  expect(pace.take('y', 100)).toBe(2500);
  clock.time += 2500;
  expect(pace.take('x', 100)).toBe(0);
});

test('any mixture of callers stays within both limits', () => {
  const call = fc.record({
    contact: fc.constantFrom('a', 'b', 'c'),
    after: fc.nat(700),
    patience: fc.nat(3000),
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 80 }), (calls) => {
      const clock = new Clock();
      const pace = createPace({ perSecond: 5, perContact: { everyMs: 1000, burst: 2 } }, clock);
      const gone: { contact: string; at: number }[] = [];
      for (const { contact, after, patience } of calls) {
        clock.time += after;
        const wait = pace.take(contact, patience);
        if (wait <= patience) gone.push({ contact, at: clock.time + wait });
      }
      for (const { contact, at } of gone) {
        const second = gone.filter((g) => g.at > at - 1000 && g.at <= at);
        expect(second.length).toBeLessThanOrEqual(6);
        // A burst of two, and one more a second.
        const own = gone.filter((g) => g.contact === contact && g.at > at - 10_000 && g.at <= at);
        expect(own.length).toBeLessThanOrEqual(12);
      }
    }),
  );
});

test('a clock that is set back holds nobody for hours, and a crowd is not remembered for ever', () => {
  const clock = new Clock();
  const pace = createPace({ perSecond: 1e9, perContact: { everyMs: 1000, burst: 2 } }, clock);
  pace.take('a');
  pace.take('a');
  clock.time -= 3_600_000;
  expect(pace.take('a')).toBeLessThanOrEqual(2000);
  const waits = Array.from({ length: 50_000 }, (_, n) => pace.take(`contact ${n}`));
  expect(Math.max(...waits.slice(0, 1000))).toBeLessThanOrEqual(1);
});
