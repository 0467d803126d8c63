import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkContent } from '../../src/content/check.ts';
import { loadContent } from '../../src/content/load.ts';
import type { Problem } from '../../src/errors.ts';
import { city, claim, contact, row, SOUND, site, TABLE, TODAY, writeProject } from './fixture.ts';

/** Problems with the text of the line they point to. */
function check(
  changes: Partial<Record<string, unknown>>,
  today = TODAY,
): (Problem & { at: string | undefined })[] {
  const { root, remove } = writeProject(changes);
  try {
    return checkContent(root, today).map((p) => {
      const at =
        p.line === undefined ? undefined : readFileSync(join(root, p.file), 'utf8').split('\n')[p.line - 1];
      return { ...p, at };
    });
  } finally {
    remove();
  }
}

const claims = 'db/content/claims/kz.yaml';
const sites = 'db/content/sites/kz.yaml';
const contacts = 'db/content/contacts/kz.yaml';
const pages = 'db/content/pages.yaml';
const art = 'db/content/eligibility/art.yaml';
const en = SOUND['locales/en/places.json'];

/** What is broken → rule, file, line (its number or what stands in it), part of the message. */
const FAULTS: [
  string,
  Partial<Record<string, unknown>>,
  string,
  string,
  number | string | undefined,
  RegExp,
][] = [
  [
    'YAML that cannot be read',
    { [claims]: '- id: c1\n  topic: [art\n' },
    'yaml',
    claims,
    3,
    /not valid YAML/,
  ],
  [
    'a key that stands twice',
    { [pages]: 'deport:\n  KZ: [c1]\n  KZ: [c1]\n' },
    'duplicate',
    pages,
    3,
    /twice/,
  ],
  [
    'a missing file',
    { 'db/content/cities.yaml': undefined },
    'file',
    'db/content/cities.yaml',
    undefined,
    /cannot be read/,
  ],
  [
    'a file with the wrong ending',
    { 'db/content/claims/kg.yml': '[]' },
    'file',
    'db/content/claims/kg.yml',
    undefined,
    /is not read/,
  ],
  [
    'an unknown field',
    { [claims]: [claim('c1', { colour: 'red' })] },
    'schema',
    claims,
    'colour: red',
    /c1: unknown field "colour"/,
  ],
  [
    'a missing field',
    { [claims]: [claim('c1', { statement: undefined })] },
    'schema',
    claims,
    '- id: c1',
    /"statement" is missing/,
  ],
  [
    'a wrong date',
    { [claims]: [claim('c1', { checked_on: '22.11.2026' })] },
    'schema',
    claims,
    '22.11.2026',
    /"checked_on"/,
  ],
  [
    'a confidence nobody knows',
    { [claims]: [claim('c1', { confidence: 'sure' })] },
    'schema',
    claims,
    'sure',
    /"confidence"/,
  ],
  [
    'an id that is taken',
    { [claims]: [claim('c1'), claim('c1')] },
    'duplicate-id',
    claims,
    '- id: c1',
    /already taken/,
  ],
  [
    'an unknown source',
    { [claims]: [claim('c1', { source: 'nobody' })] },
    'unknown-id',
    claims,
    'source: nobody',
    /no source "nobody"/,
  ],
  [
    'an unknown city',
    { [sites]: [site('s1', { city: 'atlantis' })] },
    'unknown-id',
    sites,
    'atlantis',
    /no city "atlantis"/,
  ],
  [
    'a fact in the file of another country',
    { [claims]: [claim('c1', { country: 'KG' })] },
    'wrong-file',
    claims,
    'country: KG',
    /is about KG/,
  ],
  [
    'an unknown claim on a page',
    { [pages]: 'deport:\n  KZ: [c1]\nentry:\n  KZ: [c9]\n' },
    'unknown-id',
    pages,
    'KZ: [c9]',
    /no claim "c9"/,
  ],
  [
    'an unknown country on a page',
    { [pages]: { deport: { KZ: ['c1'], XX: ['c1'] } } },
    'unknown-id',
    pages,
    'XX:',
    /no country "XX"/,
  ],
  [
    'an unknown step in a row',
    { [art]: { ...TABLE, rows: [row('rest', { country: 'KZ' }, { steps: ['fly'] })] } },
    'unknown-id',
    art,
    'steps:',
    /no step "fly"/,
  ],
  [
    'an unknown answer in a row',
    { [art]: { ...TABLE, rows: [row('own', { status: 'king' }), row('rest', { country: 'KZ' })] } },
    'unknown-id',
    art,
    'when:',
    /cannot be "king"/,
  ],
  [
    'an unknown contact in a step',
    { [art]: { ...TABLE, steps: { ask: { contacts: ['n1', 'n9'] } } } },
    'unknown-id',
    art,
    'ask:',
    /no contact "n9"/,
  ],
  [
    'a row that rests on nothing',
    {
      [art]: {
        ...TABLE,
        rows: [row('own', { status: 'citizen' }, { claims: [] }), row('rest', { country: 'KZ' })],
      },
    },
    'no-claim',
    art,
    'claims: []',
    /rests on no claim/,
  ],
  [
    'a number that cannot be dialled',
    { [sites]: [site('s1', { phones: ['65-05-29'] })] },
    'phone',
    sites,
    'phones:',
    /"65-05-29"/,
  ],
  [
    'a number with too few digits',
    { [contacts]: [contact('n1', { phones: ['+7 727 24'] })] },
    'phone',
    contacts,
    'phones:',
    /"\+7 727 24"/,
  ],
  [
    'a link to a code repository',
    { [claims]: [claim('c1', { link: 'https://github.com/a/b' })] },
    'code-link',
    claims,
    'link: https://github',
    /code repository/,
  ],
  [
    'a website that is a code repository',
    { [sites]: [site('s1', { url: 'https://a.gitlab.com/b' })] },
    'code-link',
    sites,
    'url:',
    /code repository/,
  ],
  [
    'a link that is dangerous in Russia',
    {
      'db/content/contacts/ru.yaml': [
        contact('n2', { country: 'RU', url: 'https://www.eltonjohnaidsfoundation.org' }),
      ],
    },
    'undesirable-link',
    'db/content/contacts/ru.yaml',
    'url:',
    /dangerous/,
  ],
  [
    'ready without being publishable',
    { [sites]: [site('s1', { publish_ready: false })] },
    'status',
    sites,
    'status: ready',
    /not publish_ready/,
  ],
  [
    'unconfirmed with nothing to show',
    { [sites]: [site('s1', { status: 'unconfirmed', phones: [] })] },
    'status',
    sites,
    'status: unconfirmed',
    /nothing to show/,
  ],
  [
    'unconfirmed of low confidence',
    { [sites]: [site('s1', { status: 'unconfirmed', confidence: 'low' })] },
    'status',
    sites,
    'status: unconfirmed',
    /confidence/,
  ],
  [
    'a page with four claims',
    {
      [claims]: ['c1', 'c2', 'c3', 'c4'].map((id) => claim(id)),
      [pages]: { deport: { KZ: ['c1', 'c2', 'c3', 'c4'] } },
    },
    'page-too-long',
    pages,
    'KZ:',
    /4 claims/,
  ],
  [
    'a page that says a claim of low confidence',
    { [claims]: [claim('c1', { confidence: 'low' })] },
    'low-confidence',
    pages,
    'KZ:',
    /low confidence/,
  ],
  [
    'an answer that rests on a claim of low confidence',
    { [claims]: [claim('c1', { confidence: 'low' })] },
    'low-confidence',
    art,
    'claims:',
    /low confidence/,
  ],
  [
    'combinations without a row',
    { [art]: { ...TABLE, rows: [row('own', { status: 'citizen' })] } },
    'incomplete',
    art,
    'rows:',
    /2 combinations .* status work/,
  ],
  [
    'a row that nothing leads to',
    { [art]: { ...TABLE, rows: [row('rest', { country: 'KZ' }), row('own', { status: 'citizen' })] } },
    'unreachable',
    art,
    '- id: own',
    /"own"/,
  ],
  [
    'an answer with nobody to turn to',
    { [contacts]: [contact('n1', { phones: [], status: 'placeholder', publish_ready: false })] },
    'no-next-step',
    art,
    'steps:',
    /2 combinations end/,
  ],
  [
    'a table that leaves out a citizenship',
    { [art]: { ...TABLE, variables: { ...TABLE.variables, citizenship: ['KZ'] } } },
    'domain',
    art,
    'variables:',
    /leaves out other/,
  ],
  [
    'a claim without a sentence',
    { 'locales/en/claims.json': {} },
    'no-sentence',
    'locales/en/claims.json',
    undefined,
    /no text "c1"/,
  ],
  [
    'an answer without a sentence',
    { 'locales/en/eligibility.json': { art: { own: 'Yes.' }, steps: { ask: 'Ask.' } } },
    'no-sentence',
    'locales/en/eligibility.json',
    undefined,
    /art\.rest/,
  ],
  [
    'a place without a name',
    { 'locales/en/places.json': { ...en, sites: {} } },
    'no-name',
    'locales/en/places.json',
    undefined,
    /sites\.s1/,
  ],
  [
    'a source without a name',
    { 'locales/en/sources.json': {} },
    'no-name',
    'locales/en/sources.json',
    undefined,
    /no text "code"/,
  ],
  [
    'a source with a long name',
    { 'locales/en/sources.json': { code: 'x'.repeat(41) } },
    'long-name',
    'locales/en/sources.json',
    undefined,
    /"code"/,
  ],
  [
    'texts that are not JSON',
    { 'locales/en/claims.json': '{' },
    'file',
    'locales/en/claims.json',
    undefined,
    /cannot be read/,
  ],
];

describe('content check', () => {
  it('finds nothing wrong with sound content', () => {
    expect(check({})).toEqual([]);
  });

  it.each(FAULTS)('finds %s', (_, changes, rule, file, line, message) => {
    const found = check(changes).filter((p) => p.rule === rule && p.file === file);
    expect(found).toContainEqual(
      expect.objectContaining({ level: 'error', message: expect.stringMatching(message) }),
    );
    const hit = found.find((p) => message.test(p.message));
    if (typeof line === 'string') expect(hit?.at).toContain(line);
    else expect(hit?.line).toBe(line);
    expect(hit?.hint).toBeTruthy();
  });

  it('warns about stale facts and does not stop a start for them', () => {
    const found = check({}, '2027-05-23');
    expect(found.map((p) => p.rule)).toEqual(['stale', 'stale', 'stale']);
    expect(found.every((p) => p.level === 'warning')).toBe(true);
    expect(check({}, '2027-05-22')).toEqual([]);
  });

  it('an unclear row may rest on no claim', () => {
    const rows = [
      row('own', { status: 'citizen' }, { claims: [], unclear: true }),
      row('rest', { country: 'KZ' }),
    ];
    expect(check({ [art]: { ...TABLE, rows } })).toEqual([]);
  });

  it('two records of different kinds may share nothing but a city', () => {
    expect(check({ 'db/content/cities.yaml': [city('almaty'), city('almaty')] }).map((p) => p.rule)).toEqual([
      'duplicate-id',
    ]);
  });
});

describe('content load', () => {
  it('a broken file stops the start with file and line, and every other fault is told too', () => {
    const { root, remove } = writeProject({ [claims]: [claim('c1', { source: 7 })], [sites]: '- id: [\n' });
    const { problems } = loadContent(root);
    remove();
    const errors = problems.filter((p) => p.level === 'error');
    expect(errors.map((p) => `${p.file}:${p.line}`)).toEqual(
      expect.arrayContaining([`${claims}:7`, `${sites}:2`]),
    );
  });

  it('nothing there at all is told, not thrown', () => {
    const { problems } = loadContent('/nonexistent');
    expect(problems.map((p) => p.file)).toContain('db/content/pages.yaml');
  });
});
