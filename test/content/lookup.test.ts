import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadContent } from '../../src/content/load.ts';
import { LANGS } from '../../src/message.ts';
import { projectRoot } from '../../src/paths.ts';

const { content, tables } = loadContent(projectRoot());
const near = (city: string, service = 'test', limit = 3) => content.sitesNear({ city }, service, limit);

describe('places', () => {
  it('in a city with a confirmed centre: that one first', () => {
    expect(near('almaty')).toMatchObject({ placeholder: false, elsewhere: false });
    expect(near('almaty').sites[0]).toBe('kz-almaty-city-hiv-centre');
  });

  it('an unconfirmed centre here comes before a confirmed one far away', () => {
    expect(near('astana')).toMatchObject({ placeholder: false, elsewhere: false });
    expect(near('astana').sites.slice(0, 2)).toEqual(['kz-astana-hiv-centre', 'kz-pavlodar-hiv-centre']);
  });

  it('where only a bare centre is known: says so and offers the nearest confirmed place', () => {
    expect(near('shymkent', 'test', 1)).toEqual({
      sites: ['kz-almaty-city-hiv-centre'],
      placeholder: true,
      elsewhere: true,
    });
    expect(near('semey', 'art', 1)).toMatchObject({ placeholder: true, elsewhere: true });
  });

  it('a region whose seat is unknown is found by its region', () => {
    expect(content.site('kz-almaty-region-hiv-centre')?.city).toBeUndefined();
    expect(near('talgar').placeholder || near('talgar').sites[0] === 'kz-almaty-city-hiv-centre').toBe(true);
    expect(near('konaev').placeholder).toBe(true);
  });

  it('a country without a known address', () => {
    expect(near('dushanbe')).toEqual({ sites: [], placeholder: true, elsewhere: false });
    expect(content.sitesNear({ country: 'TJ' }, 'test', 3)).toEqual({
      sites: [],
      placeholder: true,
      elsewhere: false,
    });
    expect(content.sitesNear({ country: 'TM' }, 'test', 3)).toEqual({
      sites: [],
      placeholder: false,
      elsewhere: false,
    });
  });

  it('by a point: nearest first, and the country is not left', () => {
    const found = content.sitesNear({ lat: 40.94, lon: 72.98 }, 'test', 2);
    expect(found).toEqual({ sites: ['kg-jalal-abad', 'kg-osh'], placeholder: false, elsewhere: false });
    expect(
      content.sitesNear({ lat: 41.46, lon: 69.17 }, 'test', 9).sites.every((id) => id.startsWith('kz-')),
    ).toBe(true);
  });

  it('a point in the sea, at the pole or no point at all finds nothing and does not throw', () => {
    for (const [lat, lon] of [
      [0, 0],
      [90, 0],
      [-90, 180],
      [Number.NaN, 1],
      [1e9, 1],
      [1, Number.POSITIVE_INFINITY],
    ] as const) {
      expect(content.nearestCity(lat, lon)).toBeUndefined();
      expect(content.sitesNear({ lat, lon }, 'test', 3)).toEqual({
        sites: [],
        placeholder: false,
        elsewhere: false,
      });
    }
  });

  it('a point in a city is that city, also 60 km out', () => {
    expect(content.nearestCity(43.25, 76.95)?.id).toBe('almaty');
    expect(content.nearestCity(51.17, 72.3)?.id).toBe('astana');
    expect(content.nearestCity(47.5, 60)).toBeUndefined();
  });

  it('cities to choose from have something to show, most places first', () => {
    expect(content.cities('KZ').map((c) => c.id)).toEqual([
      'almaty',
      'astana',
      'pavlodar',
      'kostanay',
      'oral',
    ]);
    expect(content.cities('TM')).toEqual([]);
  });

  it('opens a map point only where the place itself is known, in the alphabet of the reader', () => {
    const almaty = content.site('kz-almaty-city-hiv-centre');
    const osh = content.site('kz-astana-hiv-centre');
    if (almaty === undefined || osh === undefined) throw new Error('sites are missing');
    expect(content.placeOf(almaty, 'x', 'tg')).toEqual({
      name: 'x',
      address: 'ул. Басенова, 2, корпус 4, Алматы',
      lat: 43.221214,
      lon: 76.900675,
    });
    expect(content.placeOf(almaty, 'x', 'uz')?.address).toBe('2 Basenov St, building 4, Almaty');
    expect(content.placeOf(osh, 'x', 'en')).toBeUndefined();
  });

  it('never shows a hidden place or a placeholder', () => {
    const services = [
      'test',
      'art',
      'self_test',
      'pep',
      'prep',
      'counselling',
      'sti_test',
      'syringes',
      'condoms',
      'information',
    ];
    fc.assert(
      fc.property(
        fc.double({ min: 35, max: 60, noNaN: true }),
        fc.double({ min: 25, max: 110, noNaN: true }),
        fc.constantFrom(...services),
        fc.nat(60),
        (lat, lon, service, limit) => {
          const { sites } = content.sitesNear({ lat, lon }, service, limit);
          expect(sites.length).toBeLessThanOrEqual(limit);
          for (const id of sites) expect(['ready', 'unconfirmed']).toContain(content.site(id)?.status);
        },
      ),
    );
  });
});

describe('contacts', () => {
  const topics = [
    'general',
    'testing',
    'art',
    'rights',
    'lawyer',
    'refugee',
    'trafficking',
    'violence',
    'pep',
    'crisis',
    'prevention',
    'pregnancy',
    'documents',
    'discrimination',
    'remote',
  ];
  const ids = (country: string, topic: string) =>
    content.contactsFor(country, topic, 'ru', 9).map((c) => c.id);

  it.each(topics)('somebody in Kazakhstan answers about %s', (topic) => {
    expect(ids('KZ', topic).length).toBeGreaterThan(0);
  });

  it('every country has somebody to turn to', () => {
    for (const country of content.countries()) expect(ids(country, 'general').length).toBeGreaterThan(0);
  });

  it('confirmed before unconfirmed, the speaker of the language first among equals', () => {
    const order = content.contactsFor('KZ', 'documents', 'tg', 9);
    expect(order.map((c) => c.status)).toEqual(['ready', 'ready', 'unconfirmed']);
    expect(content.contactsFor('KZ', 'general', 'kk', 2)[1]?.id).toBe('kz-c-community-friends');
  });

  it('shows nobody who is hidden, nobody without a way to reach them, and no emergency number', () => {
    for (const country of content.countries())
      for (const topic of topics)
        for (const lang of LANGS)
          for (const c of content.contactsFor(country, topic, lang, 99)) {
            expect(['ready', 'unconfirmed']).toContain(c.status);
            expect(c.kind).not.toBe('emergency');
            expect(c.phones.length > 0 || c.url !== undefined || c.address !== undefined).toBe(true);
            expect([country, 'ALL']).toContain(c.country);
          }
    expect(ids('RU', 'testing')).not.toContain('ru-rospotrebnadzor');
  });
});

describe('numbers that never wait', () => {
  const phones = (country: string, topic: 'pep' | 'crisis' | 'violence' | 'police') =>
    content.emergency(country, topic).map((c) => c.phones[0]);

  it('Kazakhstan: crisis line first, then 112; the police last', () => {
    expect(phones('KZ', 'crisis')).toEqual(['111', '112', '103']);
    expect(phones('KZ', 'violence')).toEqual(['111', '112', '102']);
    expect(phones('KZ', 'pep')).toEqual(['103', '112']);
    expect(phones('KZ', 'police')).toEqual(['112', '102']);
  });

  it('Russia: never the police', () => {
    for (const topic of ['pep', 'crisis', 'violence', 'police'] as const)
      expect(phones('RU', topic)).not.toContain('102');
    expect(phones('RU', 'violence')).toEqual(['+7 800 200 01 22', '112']);
  });

  it('only what is confirmed: 112 in Tajikistan, nothing where no number is known', () => {
    expect(phones('TJ', 'violence')).toEqual(['112']);
    for (const country of ['TM', 'MD', 'TR', 'PL']) expect(phones(country, 'crisis')).toEqual([]);
  });
});

describe('pages', () => {
  it('a country’s own claims, else those for all, else nothing', () => {
    expect(content.page('test-before', 'RU').map((c) => c.id)).toEqual(['ru-anon-first']);
    expect(content.page('test-before', 'KZ')).toEqual([]);
    expect(content.page('what-is', 'KZ').map((c) => c.id)).toEqual(['who-what-is']);
    expect(content.page('no-such-page', 'KZ')).toEqual([]);
    expect(content.page('constructor', 'KZ')).toEqual([]);
  });

  it('a claim carries what its source line needs', () => {
    expect(content.claim('kz-test-02')).toMatchObject({
      source: 'kz-health-code',
      month: '2026-02',
      checkedOn: '2026-11-22',
      reviewAfter: '2027-05-22',
      link: 'https://adilet.zan.kz/rus/docs/K2000000360',
      confidence: 'high',
    });
    expect(content.claim('kz-prev-04')).not.toHaveProperty('link');
  });
});

describe('tables', () => {
  it('tell the flow checker what they ask and whose texts they need', () => {
    expect(tables.get('art')?.variables).toEqual(['country', 'citizenship', 'status', 'need']);
    expect(tables.get('art')?.rows).toContain('kz-labour');
    expect(tables.get('art')?.steps).toContain('remote-tj');
  });
});

describe('whoever asks for somebody', () => {
  const topics = [
    'general',
    'testing',
    'art',
    'lawyer',
    'remote',
    'pregnancy',
    'prevention',
    'pep',
    'crisis',
    'violence',
  ];

  it.each(topics)('about %s gets somebody in every country, and nobody of another one', (topic) => {
    for (const country of content.countries()) {
      const found = content.contactsFor(country, topic, 'ru', 3);
      expect(found.length, country).toBeGreaterThan(0);
      for (const contact of found) expect([country, 'ALL']).toContain(contact.country);
    }
  });
});
