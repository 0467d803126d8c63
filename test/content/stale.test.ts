import { afterAll, describe, expect, it } from 'vitest';
import { isStale, staleContent } from '../../src/content/stale.ts';
import { claim, contact, site, writeProject } from './fixture.ts';

const { root, remove } = writeProject({
  'db/content/claims/kz.yaml': [
    claim('c1', { review_after: '2027-01-10' }),
    claim('c2', { review_after: '2026-12-01', link: null }),
  ],
  'db/content/sites/kz.yaml': [site('s1', { review_after: '2026-11-21', status: 'hidden' })],
  'db/content/contacts/kz.yaml': [contact('n1', { review_after: '2026-11-22' })],
});
afterAll(remove);

describe('stale content', () => {
  it('lists what is past its review day, the day itself not yet', () => {
    expect(staleContent(root, '2026-11-22').map((s) => s.id)).toEqual(['s1']);
    expect(staleContent(root, '2026-11-23').map((s) => s.id)).toEqual(['s1', 'n1']);
  });

  it('looks ahead, oldest first, and tells where it stands, whether people see it and where to look', () => {
    const found = staleContent(root, '2026-11-22', 60);
    expect(found.map((s) => s.id)).toEqual(['s1', 'n1', 'c2', 'c1']);
    expect(found.map((s) => s.shown)).toEqual([false, true, false, true]);
    expect(found[2]).toMatchObject({
      kind: 'claim',
      file: 'db/content/claims/kz.yaml',
      lookAt: 'https://example.org/code',
    });
    expect(found[2]?.line).toBeGreaterThan(15);
  });

  it('a fact is stale from the day after', () => {
    expect(isStale({ reviewAfter: '2026-11-22' }, '2026-11-22')).toBe(false);
    expect(isStale({ reviewAfter: '2026-11-22' }, '2026-11-23')).toBe(true);
  });
});
