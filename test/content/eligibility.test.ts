import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fits, listAnswers, proveTable } from '../../src/content/eligibility.ts';
import { readContent } from '../../src/content/load.ts';
import { createLookup } from '../../src/content/lookup.ts';
import { projectRoot } from '../../src/paths.ts';

const { data } = readContent(projectRoot());
const content = createLookup(data);
const table = data.tables.get('art')?.record;
if (table === undefined) throw new Error('the table art is missing');
const all = [...listAnswers(table.variables)];
const rowOf = (country: string, citizenship: string, status: string, need = 'start') =>
  content.decide('art', { country, citizenship, status, need })?.outcome.replace('art.', '');
const stepsOf = (country: string, citizenship: string, status: string, need = 'start') =>
  content.decide('art', { country, citizenship, status, need })?.steps.map((s) => s.id) ?? [];

describe('who gets treatment', () => {
  it('has an answer for every combination', () => {
    expect(all).toHaveLength(9 * 11 * 11 * 3);
    for (const answers of all) {
      const decision = content.decide('art', answers);
      expect(decision, JSON.stringify(answers)).toBeDefined();
      expect(decision?.steps.length).toBeGreaterThan(0);
    }
  });

  it('every step leads to contacts and places that can be shown', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.constantFrom(undefined, 'almaty', 'osh', 'semey', 'moscow', 'nowhere'),
        (answers, city) => {
          const decision = content.decide('art', city === undefined ? answers : { ...answers, city });
          for (const step of decision?.steps ?? []) {
            for (const id of step.contacts)
              expect(['ready', 'unconfirmed']).toContain(content.contact(id)?.status);
            for (const id of step.sites) expect(['ready', 'unconfirmed']).toContain(content.site(id)?.status);
            for (const id of step.claims) expect(content.claim(id)?.confidence).not.toBe('low');
          }
          const reached = decision?.steps.some((s) => s.contacts.length + s.sites.length > 0);
          expect(reached).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['UZ', 'citizen', 'kz-citizen'],
    ['KZ', 'no-papers', 'kz-citizen'],
    ['UZ', 'residence', 'kz-residence'],
    ['TJ', 'temporary', 'kz-temporary'],
    ['KG', 'work', 'kz-eaeu'],
    ['RU', 'work', 'kz-eaeu'],
    ['UZ', 'work', 'kz-labour'],
    ['TJ', 'work', 'kz-labour'],
    ['other', 'refugee', 'kz-refugee'],
    ['other', 'asylum', 'kz-asylum'],
    ['none', 'stateless', 'kz-stateless'],
    ['UZ', 'no-papers', 'kz-no-papers'],
    ['UZ', 'custody', 'kz-custody'],
    ['UZ', 'trafficked', 'kz-trafficked'],
  ])('Kazakhstan, citizen of %s, %s: %s', (citizenship, status, row) => {
    expect(rowOf('KZ', citizenship, status)).toBe(row);
  });

  it('a labour migrant: the way home, organisations, then buying, then the ambulance', () => {
    expect(stepsOf('KZ', 'TJ', 'work')).toEqual([
      'ask-centre',
      'remote-tj',
      'organisation',
      'lawyer',
      'buy',
      'emergency',
    ]);
    expect(stepsOf('KZ', 'TM', 'work')).toContain('remote-tm');
    expect(stepsOf('KZ', 'other', 'asylum')).toContain('refugee-agency');
  });

  it('when the medicine is running out, the urgent step comes first, everywhere', () => {
    // Who is in custody cannot call a centre: there the first step is to ask the medical staff.
    for (const answers of all.filter((a) => a.need === 'running-out'))
      expect(content.decide('art', answers)?.steps[0]?.id).toMatch(
        answers.country === 'KZ' && answers.status === 'custody' && answers.citizenship !== 'KZ'
          ? /^custody/
          : /^urgent/,
      );
    expect(stepsOf('KZ', 'TJ', 'work')).not.toContain('urgent');
  });

  it('in Russia no foreigner is sent to a state office first', () => {
    for (const answers of all.filter(
      (a) => a.country === 'RU' && a.citizenship !== 'RU' && a.status !== 'citizen',
    )) {
      const steps = content.decide('art', answers)?.steps ?? [];
      expect(steps.map((s) => s.id)).toContain('ru-first');
      const contacts = steps.flatMap((s) => s.contacts);
      expect(contacts.filter((id) => /mgc|irkutsk|rospotrebnadzor|102/.test(id))).toEqual([]);
      expect(steps.flatMap((s) => s.sites).filter((id) => id.startsWith('ru-'))).toEqual([]);
    }
  });

  it('offers the centre of the person’s city', () => {
    const decision = content.decide('art', {
      country: 'KZ',
      citizenship: 'UZ',
      status: 'work',
      need: 'start',
      city: 'astana',
    });
    expect(decision?.steps.find((s) => s.id === 'ask-centre')?.sites[0]).toBe('kz-astana-hiv-centre');
  });

  it('names a contact once', () => {
    for (const answers of all) {
      const contacts = content.decide('art', answers)?.steps.flatMap((s) => s.contacts) ?? [];
      expect(contacts.length).toBe(new Set(contacts).size);
    }
  });

  it('without an answer, or with one it does not know, it decides nothing', () => {
    expect(content.decide('art', { country: 'KZ', citizenship: 'UZ', status: 'work' })).toBeUndefined();
    expect(
      content.decide('art', { country: 'XX', citizenship: 'UZ', status: 'work', need: 'start' }),
    ).toBeUndefined();
    expect(
      content.decide('art', { country: ['KZ'], citizenship: 'UZ', status: 'work', need: 'start' }),
    ).toBeUndefined();
    expect(content.decide('nothing', {})).toBeUndefined();
  });
});

describe('the proof', () => {
  const reaches = () => true;

  it('passes the table as it is', () => {
    expect(proveTable(table, reaches)).toEqual([]);
  });

  it.each(table.rows.map((row) => row.id))('without the row %s the answers change or are missing', (id) => {
    const without = { ...table, rows: table.rows.filter((row) => row.id !== id) };
    const lost = all.filter((answers) => table.rows.find((row) => fits(row.when, answers))?.id === id);
    expect(lost.length).toBeGreaterThan(0);
    const flaws = proveTable(without, reaches);
    const orphans = lost.filter((answers) => !without.rows.some((row) => fits(row.when, answers)));
    expect(flaws.find((f) => f.rule === 'incomplete')?.count ?? 0).toBe(orphans.length);
  });

  it('goes red for a missing row, a hidden row and an answer without help', () => {
    const rows = table.rows.filter((row) => row.id !== 'kz-labour');
    expect(proveTable({ ...table, rows }, reaches)).toMatchObject([{ rule: 'incomplete', count: 5 * 3 }]);
    const turned = [...table.rows].sort(
      (a, b) => Number(b.id === 'kz-labour') - Number(a.id === 'kz-labour'),
    );
    expect(proveTable({ ...table, rows: turned }, reaches)).toContainEqual({
      rule: 'unreachable',
      row: 'kz-eaeu',
      count: 0,
    });
    expect(proveTable(table, (a) => a.country !== 'TM').map((f) => `${f.rule} ${f.row}`)).toEqual([
      'no-next-step tm-citizen',
      'no-next-step tm-foreigner',
    ]);
  });
});
