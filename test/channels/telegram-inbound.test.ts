import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toInbound, toLangHint, updateId } from '../../src/channels/telegram-inbound.ts';

interface Case {
  name: string;
  update: unknown;
  message?: unknown;
  callbackId?: string;
  leave?: number;
  malformed?: true;
}
const cases = JSON.parse(readFileSync(new URL('fixtures/updates.json', import.meta.url), 'utf8')) as Case[];

describe('an update becomes a neutral message', () => {
  test.each(cases)('$name', ({ name: _, update, ...expected }) => {
    expect(toInbound(update, '99')).toEqual(expected);
  });

  test('nothing else about the person gets through', () => {
    const all = JSON.stringify(cases.map((c) => toInbound(c.update, '99')));
    for (const private_ of ['Name', 'Family', 'person', 'phone', '+7000', 'caption', 'file_id', 'username']) {
      expect(all).not.toContain(private_);
    }
  });

  test('ids up to 2^52, as Telegram reserves them', () => {
    const id = 2 ** 52 - 1;
    const update = { update_id: 2 ** 31, message: { chat: { id, type: 'private' }, text: 'x' } };
    expect(toInbound(update, '99').message?.address).toBe('4503599627370495');
    expect(updateId(update)).toBe(2 ** 31);
  });
});

describe('language hint', () => {
  test.each([
    ['uz', 'uz'],
    ['uz-UZ', 'uz'],
    ['uz-Cyrl-UZ', 'uz-Cyrl'],
    ['uz_cyrl', 'uz-Cyrl'],
    ['KK', 'kk'],
    ['en-US', 'en'],
    ['tr', undefined],
    ['', undefined],
    ['constructor', undefined],
    [undefined, undefined],
  ])('%s → %s', (code, expected) => {
    expect(toLangHint(code)).toBe(expected);
  });
});

describe('updates of any shape', () => {
  test('never throw, and the id of an unreadable one is still found', () => {
    const shapes = cases.map((c) => c.update);
    fc.assert(
      fc.property(
        fc.constantFrom(...shapes),
        fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
        fc.jsonValue(),
        (shape, dice, junk) => {
          const mutated = mutate(shape, dice, junk);
          const result = toInbound(mutated, '99');
          if (result.message) {
            expect(result.malformed).toBeUndefined();
            expect(result.message.user).toMatch(/^-?\d+$/);
            expect(['start', 'text', 'tap', 'place', 'media']).toContain(result.message.input.kind);
          }
          if (result.message) expect(updateId(mutated)).toBe(Number(result.message.id));
        },
      ),
      { numRuns: 5000 },
    );
  });
});

/** Replaces about one value in ten by junk. */
function mutate(value: unknown, dice: Iterator<number>, junk: unknown): unknown {
  if (dice.next().value === 0) return junk;
  if (Array.isArray(value)) return value.map((v) => mutate(v, dice, junk));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, mutate(v, dice, junk)]));
}
