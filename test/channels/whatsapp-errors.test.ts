import { describe, expect, test } from 'vitest';
import { afterClose, closeCode, toSendError } from '../../src/channels/whatsapp-errors.ts';

const TIMINGS = { backoff: 1000, maxBackoff: 60_000, recheck: 600_000 };

describe('after the connection ended', () => {
  const again = (wait: number) => ({ next: 'again', wait });
  test.each([
    // Restart after pairing: at once, but not for ever.
    [515, 1, again(0)],
    [515, 3, again(0)],
    [515, 4, again(8000)],
    // Trouble on the way: longer and longer.
    [428, 1, again(1000)],
    [428, 2, again(2000)],
    [408, 3, again(4000)],
    [503, 4, again(8000)],
    [0, 7, again(60_000)],
    [0, 5000, again(60_000)],
    // A number nobody knows is no reason to stay away.
    [599, 1, again(1000)],
    [400, 2, again(2000)],
    // Three tries, then now and then.
    [500, 1, again(1000)],
    [500, 3, again(4000)],
    [500, 4, { next: 'recheck', wait: 600_000, reason: 'bad-session' }],
    [440, 1, { next: 'recheck', wait: 600_000, reason: 'replaced' }],
    [440, 9, { next: 'recheck', wait: 600_000, reason: 'replaced' }],
    // Only a person can help.
    [401, 1, { next: 'stop', reason: 'logged-out', wipe: true }],
    [402, 1, { next: 'stop', reason: 'banned-for-now' }],
    [403, 1, { next: 'stop', reason: 'banned' }],
    [405, 1, { next: 'stop', reason: 'version-too-old' }],
    [406, 1, { next: 'stop', reason: 'refused' }],
    [409, 1, { next: 'stop', reason: 'version-refused' }],
    [411, 1, { next: 'stop', reason: 'not-multi-device' }],
    [419, 1, { next: 'stop', reason: 'refused' }],
    [463, 1, { next: 'stop', reason: 'restricted' }],
  ])('%i, attempt %i', (code, attempts, plan) => {
    const found = afterClose(code, attempts, TIMINGS);
    expect(found).toMatchObject(plan);
    expect('wipe' in found).toBe(code === 401);
    if (found.next !== 'again') expect(found.hint.length).toBeGreaterThan(30);
  });

  test('only 405 and 409 speak of the version', () => {
    for (let code = 400; code < 600; code += 1) {
      const plan = afterClose(code, 9, TIMINGS);
      const named = plan.next !== 'again' && plan.hint.includes('WHATSAPP_VERSION');
      expect(named, String(code)).toBe(code === 405 || code === 409);
    }
  });
});

test('the code is WhatsApp’s, not one that the network made up', () => {
  const failed = (statusCode: unknown, data?: unknown) =>
    Object.assign(new Error('x'), { output: { statusCode }, data });
  expect(closeCode(failed(515, { tag: 'stream:error' }))).toBe(515);
  expect(closeCode(failed(408))).toBe(408);
  // A proxy that answers 403 to the upgrade is not WhatsApp that bans.
  expect(closeCode(failed(403, new Error('Unexpected server response: 403')))).toBe(0);
  expect(closeCode(failed('many'))).toBe(0);
  expect(closeCode(new Error('no code at all'))).toBe(0);
  expect(closeCode(undefined)).toBe(0);
});

test.each([
  ['463', 'permanent', undefined],
  ['479', 'ambiguous', undefined],
  ['420', 'retry', 60_000],
  ['429', 'retry', 60_000],
  ['500', 'retry', undefined],
  ['503', 'retry', undefined],
  ['404', 'stopped', undefined],
  ['406', 'permanent', undefined],
  ['a word', 'permanent', undefined],
])('a message refused with %s', (code, kind, retryAfterMs) => {
  const error = toSendError(code);
  expect(error).toMatchObject({ kind, ...(retryAfterMs ? { retryAfterMs } : {}) });
  expect(error.reason).toBe(code === 'a word' ? 'whatsapp-refused' : `whatsapp-${code}`);
});
