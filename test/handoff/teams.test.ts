import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/errors.ts';
import { check, holidays, TEAMS, team } from './fixture.ts';

type Faults = [
  what: string,
  file: unknown,
  rule: string,
  line: string,
  message: RegExp,
  level?: Problem['level'],
][];

const teams = (...list: unknown[]) => ({ teams: list });
const lists = (...list: unknown[]) => ({ holidays: list });

const FAULTS: Faults = [
  ['YAML that cannot be read', 'teams: [\n', 'yaml', '', /not valid YAML/],
  ['a key that stands twice', 'teams: []\nteams: []\n', 'duplicate', 'teams: []', /twice/],
  [
    'an unknown field',
    teams(team('a', { colour: 'red' })),
    'schema',
    'colour: red',
    /a: unknown field "colour"/,
  ],
  [
    'a missing field',
    teams(team('a', { hours: undefined })),
    'schema',
    '- id: a',
    /"teams.hours" is missing/,
  ],
  [
    'a name nobody reads',
    teams(team('a', { names: { ru: 'А', kk: 'А' } })),
    'schema',
    'names:',
    /"teams.names.en" is missing/,
  ],
  [
    'a language nobody writes in',
    teams(team('a', { languages: ['de'] })),
    'schema',
    '- de',
    /"teams.languages/,
  ],
  ['no language at all', teams(team('a', { languages: [] })), 'schema', 'languages:', /"teams.languages"/],
  [
    'a claim that may take for ever',
    teams(team('a', { claim_within: 9999 })),
    'schema',
    '9999',
    /"teams.claim_within"/,
  ],
  [
    'a person instead of a group',
    teams(team('a', { telegram_group: 77 })),
    'schema',
    '77',
    /"teams.telegram_group"/,
  ],
  [
    'hours of another day that are none',
    teams(team('a', { days: [{ day: '2026-12-31', hours: 'short' }] })),
    'schema',
    'hours: short',
    /"teams.days/,
  ],
  [
    'a day that does not exist',
    teams(team('a', { days: [{ day: '2026-02-30', hours: 'off' }] })),
    'schema',
    '2026-02-30',
    /"teams.days/,
  ],
  ['a team that stands twice', teams(team('a'), team('a')), 'duplicate-id', '- id: a', /"a" stands twice/],
  [
    'another day that stands twice',
    teams(
      team('a', {
        days: [
          { day: '2026-12-31', hours: 'off' },
          { day: '2026-12-31', hours: '10:00-12:00' },
        ],
      }),
    ),
    'duplicate-day',
    '- day: 2026-12-31',
    /2026-12-31 stands twice/,
  ],
  [
    'a time zone nobody lives in',
    teams(team('a', { time_zone: 'Asia/Atlantis' })),
    'time-zone',
    'Asia/Atlantis',
    /no time zone "Asia\/Atlantis"/,
  ],
  [
    'hours that cannot be read',
    teams(team('a', { hours: 'Mo-Fr 9 till 18' })),
    'hours',
    'hours: Mo-Fr 9',
    /"a": ./,
  ],
  [
    'a team that never opens',
    teams(team('a', { hours: '2024 Mo-Fr 09:00-18:00' })),
    'never-open',
    'hours: 2024',
    /does not open in the next 60 days/,
    'warning',
  ],
  [
    'a country nobody stays in',
    teams(team('a', { countries: ['KZ', 'XX'] })),
    'unknown-id',
    'countries:',
    /no country "XX"/,
  ],
  [
    'a topic no conversation hands over for',
    teams(team('a', { topics: ['general', 'pop'] })),
    'unknown-id',
    'topics:',
    /for "pop"/,
  ],
  [
    'topics that no team takes',
    teams(team('a', { topics: ['art'] })),
    'nobody',
    'teams:',
    /no team takes: general, lawyer, pep/,
    'warning',
  ],
  [
    'holidays of a country nobody stays in',
    { ...lists(holidays({ country: 'XX' })), ...teams(team('a')) },
    'unknown-id',
    'country: XX',
    /no country "XX"/,
  ],
  [
    'a team with holidays of a country nobody stays in',
    teams(team('a', { holidays: 'XX' })),
    'unknown-id',
    'holidays: XX',
    /no country "XX"/,
  ],
  [
    'holidays nobody published',
    lists(holidays({ source: 'hearsay' })),
    'unknown-id',
    'source: hearsay',
    /no source "hearsay"/,
  ],
  [
    'holidays without the day they were checked',
    lists(holidays({ checked_on: undefined })),
    'schema',
    '- country: KZ',
    /"holidays.checked_on" is missing/,
  ],
  [
    'two lists for one year',
    lists(holidays(), holidays()),
    'duplicate-list',
    '- country: KZ',
    /KZ 2026 stand twice/,
  ],
  [
    'a holiday that stands twice',
    lists(
      holidays({
        days: [
          { day: '2026-12-16', name: 'a' },
          { day: '2026-12-16', name: 'b' },
        ],
      }),
    ),
    'duplicate-day',
    '- day: 2026-12-16',
    /stands twice/,
  ],
  [
    'a holiday of another year',
    lists(holidays({ days: [{ day: '2025-12-16', name: 'a' }] })),
    'wrong-year',
    '2025-12-16',
    /not in 2026/,
  ],
  [
    'no holidays for the running year',
    teams(team('a', { holidays: 'KZ' })),
    'holidays',
    'holidays: KZ',
    /no public holidays of KZ for 2026/,
    'warning',
  ],
  [
    'an empty list for the running year',
    { ...lists(holidays({ days: [] })), ...teams(team('a', { holidays: 'KZ' })) },
    'holidays',
    'holidays: KZ',
    /KZ for 2026/,
    'warning',
  ],
  [
    'a list that is past',
    {
      ...lists(holidays({ year: 2025, days: [{ day: '2025-12-16', name: 'a' }] })),
      ...teams(team('a', { holidays: 'KZ' })),
    },
    'holidays',
    'holidays: KZ',
    /KZ for 2026/,
    'warning',
  ],
  [
    'no holidays for the year that is near',
    { ...lists(holidays()), ...teams(team('a', { holidays: 'KZ' })) },
    'holidays',
    'holidays: KZ',
    /KZ for 2027/,
    'warning',
  ],
];

describe('content check of teams', () => {
  it('finds nothing wrong with a sound file, none, or one that is not there', () => {
    expect(check({})).toEqual([]);
    expect(check({ [TEAMS]: {} })).toEqual([]);
    expect(check({ [TEAMS]: '# nobody yet\n' })).toEqual([]);
    expect(check({ [TEAMS]: undefined })).toEqual([]);
  });

  it.each(FAULTS)('finds %s', (_, file, rule, line, message, level: Problem['level'] = 'error') => {
    const found = check({ [TEAMS]: file }).filter((p) => p.rule === rule && message.test(p.message));
    expect(found).toMatchObject([{ file: TEAMS, level, hint: expect.stringMatching(/./) }]);
    expect(found[0]?.at).toContain(line);
  });

  it('says so when a file has a name that is not read', () => {
    const wrong = 'db/content/teams.yml';
    expect(check({ [TEAMS]: undefined, [wrong]: {} })).toMatchObject([{ file: wrong, rule: 'file' }]);
  });

  it('says so when a file cannot be read', () => {
    expect(check({ [TEAMS]: undefined, [`${TEAMS}/a`]: 'x' })).toMatchObject([{ file: TEAMS, rule: 'file' }]);
  });

  it('does not mind a list of next year while that is far away', () => {
    const file = { ...lists(holidays()), ...teams(team('a', { holidays: 'KZ' })) };
    expect(check({ [TEAMS]: file }, '2026-11-01')).toEqual([]);
  });
});
