import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkContent } from '../../src/content/check.ts';
import { readContent } from '../../src/content/load.ts';
import { createLookup } from '../../src/content/lookup.ts';
import { formatProblem } from '../../src/errors.ts';
import { projectRoot } from '../../src/paths.ts';

const root = projectRoot();
const { data } = readContent(root);
const content = createLookup(data);
const texts = (name: string) => JSON.parse(readFileSync(`${root}/locales/en/${name}.json`, 'utf8'));

/** Ids that are ours, not of the compiled facts. */
const ADDED = /^(who|nih|unaids|hivgov)-|^ru-channel-|^(uz-c-republican|md-c-aids-md)$/;

function fingerprint(ids: string[]): string {
  const sorted = ids.filter((id) => !ADDED.test(id)).sort();
  return `${sorted.length} ${createHash('sha256').update(sorted.join('\n')).digest('hex').slice(0, 16)}`;
}

describe('the real content', () => {
  it('has no problem', () => {
    expect(checkContent(root, '2026-11-22').map(formatProblem)).toEqual([]);
  });

  it('holds every fact of the compiled files', () => {
    expect(fingerprint(data.claims.map((e) => e.record.id))).toBe('180 78ae3ecc08a877bc');
    expect(fingerprint(data.sites.map((e) => e.record.id))).toBe('64 e176cd55b496e43b');
    expect(fingerprint(data.contacts.map((e) => e.record.id))).toBe('66 9e6ff24154fb8833');
  });

  it('shows exactly the places that are sourced well enough', () => {
    const count = (status: string) => data.sites.filter((e) => e.record.status === status).length;
    expect([count('ready'), count('unconfirmed')]).toEqual([9, 15]);
    const shown = data.sites.filter((e) => ['ready', 'unconfirmed'].includes(e.record.status));
    expect(shown.filter((e) => e.record.confidence === 'low')).toEqual([]);
    expect(shown.every((e) => e.record.status === 'unconfirmed' || e.record.publish_ready)).toBe(true);
  });

  it('gives every shown address in both alphabets', () => {
    for (const { record } of [...data.sites, ...data.contacts]) {
      if (record.address === undefined) continue;
      expect(record.address.latin).not.toMatch(/\p{Script=Cyrillic}/u);
      expect(record.address.cyrillic).toMatch(/\p{Script=Cyrillic}/u);
    }
  });

  it('hours need no translation', () => {
    for (const { record } of [...data.sites, ...data.contacts])
      expect(record.hours ?? '').toMatch(/^(24\/7|[\d:–, ]*)$/);
  });

  it('does not lead people to the agency that removes foreigners, nor to undesirable ones', () => {
    expect(content.contact('ru-rospotrebnadzor')?.status).toBe('hidden');
    const russian = [...data.claims, ...data.sites, ...data.contacts].filter(
      (e) => e.record.country === 'RU',
    );
    expect(JSON.stringify(russian.map((e) => e.record.link))).not.toMatch(/elton|ejaf/i);
  });
});

describe('the English sentences', () => {
  // `<id>_card` is the same claim, shorter, on the card of a place.
  const claims: Record<string, string> = texts('claims');
  const eligibility: { art: Record<string, string>; steps: Record<string, string> } = texts('eligibility');
  const all = [
    ...Object.values(claims),
    ...Object.values(eligibility.art),
    ...Object.values(eligibility.steps),
  ];
  const idOf = (key: string) => key.replace(/_card$/, '');
  const sentences = (text: string) => text.split(/[.!?](?:\s|$)/).filter((s) => s.trim() !== '').length;

  it('are at most two to a claim and three to an answer', () => {
    expect(Object.entries(claims).filter(([, text]) => sentences(text) > 2)).toEqual([]);
    expect(Object.entries(eligibility.art).filter(([, text]) => sentences(text) > 3)).toEqual([]);
    expect(Object.entries(eligibility.steps).filter(([, text]) => sentences(text) > 2)).toEqual([]);
  });

  it('say "as far as we know" for medium confidence, and only then', () => {
    const hedged = Object.keys(claims).filter((id) => /as far as we know/i.test(claims[id] ?? ''));
    const medium = Object.keys(claims).filter((key) => content.claim(idOf(key))?.confidence === 'medium');
    expect(hedged.sort()).toEqual(medium.sort());
  });

  it('are about claims that exist and are not of low confidence', () => {
    expect(
      Object.keys(claims).filter((key) => (content.claim(idOf(key))?.confidence ?? 'low') === 'low'),
    ).toEqual([]);
  });

  it('never promise what nobody can promise', () => {
    for (const text of all) {
      expect(text).not.toMatch(/(will|can) not be deported|won.t be deported|cannot be deported/i);
      expect(text).not.toMatch(/treatment for (everyone|everybody|all)\b/i);
      expect(text).not.toMatch(/(nobody|no one) will (ever )?(know|learn|find out)/i);
    }
  });

  it('explain their abbreviations and call people people', () => {
    for (const text of all) {
      expect(text).not.toMatch(/\b(ART|ARV|PLHIV|PEP|U=U|STI|RVP|EAEU|CoAO|REG|NGO|VL|CD4)\b/);
      expect(text).not.toMatch(/\b(infected people|victims? of HIV|patient zero|sufferers?|carriers?)\b/i);
    }
  });

  it('hold no phone number of their own', () => {
    for (const text of all) expect(text).not.toMatch(/\+?\d[\d -]{6,}\d/);
  });
});
