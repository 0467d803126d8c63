import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ConsoleLang, Role } from '../../src/store/staff-types.ts';
import type { Count } from '../../src/usage/event.ts';
import type { FrozenRelease, Release } from '../../src/usage/release.ts';
import { get, type Office } from './office.ts';
import { chain, chance, freeze, releaseOf, season } from './stats-fixture.ts';
import { officeOver, reader } from './stats-office.ts';

const PATHS = ['', '/export.csv', '/export.xlsx', '/export.json'].map((path) => `/console/stats${path}`);
const MAY: readonly Role[] = ['coordinator', 'admin', 'auditor'];

const signIn = (office: Office, role?: Role, lang?: ConsoleLang) =>
  office.staff.sessions.open(reader(office, lang, role).id);

async function pageOf(office: Office, query = '', lang?: ConsoleLang): Promise<string> {
  const answer = await get(office, `/console/stats${query}`, signIn(office, 'coordinator', lang));
  expect(office.reported).toEqual([]);
  // The form to sign out has a token that is another each time.
  return (await answer.text()).replace(/name="csrf" value="[^"]+"/, '');
}

/** Text without markup. */
const read = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0]+/g, ' ');

let full: FrozenRelease[] = [];
let sparse: FrozenRelease[] = [];
beforeAll(() => {
  full = season({ weeks: 7, visits: 2000 });
  sparse = season({ weeks: 2, visits: 60 });
});

it('figures are for coordinators, administrators and auditors', async () => {
  const office = officeOver(full);
  for (const path of PATHS) {
    for (const role of ['operator', ...MAY] as const) {
      const answer = await get(office, path, signIn(office, role));
      expect([path, role, answer.status]).toEqual([path, role, role === 'operator' ? 403 : 200]);
    }
    const stranger = await get(office, path);
    expect([path, stranger.status, stranger.headers.get('location')]).toEqual([
      path,
      303,
      '/console/sign-in',
    ]);
  }
  const first = await get(office, '/console', signIn(office));
  expect(first.headers.get('location')).toBe('/console/stats');
  expect(office.reported).toEqual([]);
});

it('an export is the same for every asker, and has a name', async () => {
  const office = officeOver(full);
  const askers = MAY.map((role, at) => signIn(office, role, (['en', 'ru', 'kk'] as const)[at]));
  for (const format of ['csv', 'xlsx', 'json']) {
    const answers = await Promise.all(
      askers.map((cookie) => get(office, `/console/stats/export.${format}?period=2026-11&lang=en`, cookie)),
    );
    const bodies = await Promise.all(answers.map(async (answer) => Buffer.from(await answer.arrayBuffer())));
    for (const body of bodies)
      expect([format, body.equals(bodies[0] ?? Buffer.alloc(0))]).toEqual([format, true]);
    expect(answers[0]?.headers.get('content-disposition')).toBe(
      `attachment; filename="hamroh-2026-11.${format}"`,
    );
  }
  expect((await get(office, '/console/stats/export.csv?period=2020-01', askers[0])).status).toBe(404);
});

describe('the page', () => {
  it('says it in words, in numbers, and names things in the language of the reader', async () => {
    const { total }: { total: number } = JSON.parse(full.at(-1)?.body ?? '').tables[0];
    const office = officeOver(full);
    const english = read(await pageOf(office));
    expect(english).toContain('Week 46 · 9 – 15 November 2026');
    expect(english).toContain(
      `Week 46: about ${total.toLocaleString('en')} visits, most often about testing (`,
    );
    expect(english).toContain(
      'More people than the week before stop at “On what papers do you live there now?”.',
    );
    expect(english).toMatch(/On what papers do you live there now\? ▼ most stop here/);
    expect(english).toMatch(/Languages, Kyrgyz: \d+ instead of \d+/);
    expect(english).toMatch(/Tajik [\d,]+ .*Kazakhstan [\d,]+ .*Telegram [\d,]+ /);
    expect(english).toMatch(/Fewer than we may show: .*Poland/);
    expect(english).toMatch(/Tuberculosis \d+ /);
    expect(read(await pageOf(office, '', 'ru'))).toMatch(
      /Таджикский [\d\s]+ .*Казахстан [\d\s]+ .*Чат на сайте/,
    );
    expect(read(await pageOf(office, '', 'kk'))).toMatch(
      /Тәжікше [\d\s]+ .*Қазақстан [\d\s]+ .*Сайттағы чат/,
    );
    const few = officeOver(sparse);
    for (const lang of ['en', 'ru', 'kk'] as const) {
      for (const one of [office, few]) {
        const text = read(await pageOf(one, '?period=2026-Q4', lang));
        expect([lang, /\{\{|undefined|NaN|null|console:|stats\./.exec(text)?.[0]]).toEqual([lang, undefined]);
      }
    }
  });

  it('of months and quarters says how many weeks are in, and offers other periods as links', async () => {
    const office = officeOver(full);
    const month = await pageOf(office, '?period=2026-11');
    expect(read(month)).toContain('Weeks in it so far: 2 of 4.');
    expect(month).toContain('href="/console/stats?period=2026-10"');
    expect(month).toContain('href="/console/stats?period=2026-W46"');
    expect(month).toContain('href="/console/stats?period=2026-Q4"');
    for (const bad of ['2026-W47', '2019-01', 'x', '2026-W46"><svg onload=alert(1)>']) {
      const answer = await get(office, `/console/stats?period=${encodeURIComponent(bad)}`, signIn(office));
      expect([bad, answer.status, (await answer.text()).includes('onload')]).toEqual([bad, 404, false]);
    }
  });

  it('without any release teaches what will be here, and when', async () => {
    const text = read(await pageOf(officeOver([])));
    expect(text).toContain('at the earliest on 23 November 2026');
    expect(text).toContain('npm run demo');
    expect(text).not.toMatch(/\d+ %|visits:/);
  });

  it('with next to nothing to show says so instead of drawing it', async () => {
    const text = read(await pageOf(officeOver(sparse)));
    expect(text).toContain('People asked for a person fewer times than we may show.');
    expect(text).toContain('For single hours of the week the numbers are too small to show.');
    expect(text).toContain('No subject reached the number we may show.');
    expect(text).toContain('A small number could point at one person.');
  });

  it('has no script and no style of its own, and is small on the wire after three years', async () => {
    const years: Release[] = Array.from({ length: 156 }, (_, at) => ({
      ...JSON.parse(full[at % full.length]?.body ?? ''),
      week: new Date(Date.parse('2026-11-09') - (155 - at) * 7 * 86_400_000).toISOString().slice(0, 10),
    }));
    const office = officeOver(chain(years));
    const answer = await get(office, '/console/stats?period=2026-Q3', signIn(office), {
      'accept-encoding': 'gzip',
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(bytes.byteLength).toBeLessThan(30 * 1024);
    expect(gunzipSync(bytes).toString()).not.toMatch(
      /<script|\sstyle=|javascript:|https?:\/\/(?!www\.w3\.org)/,
    );
  });

  it('warns when a release is not as it was made', async () => {
    const changed = full.map((one, at) => (at === 2 ? { ...one, body: one.body.replace('KZ', 'KG') } : one));
    expect(read(await pageOf(officeOver(changed)))).toContain(
      'The figures of 2026-W42 are not as they were released.',
    );
    expect(read(await pageOf(officeOver(full)))).not.toContain('not as they were released');
  });
});

describe('what is hidden', () => {
  const SMALL: [string, string, number][] = [
    ['whatsapp', 'en', 4],
    ['whatsapp', 'kk', 6],
    ['web', 'en', 7],
    ['web', 'kk', 3],
  ];
  const countsOf = (small: readonly [string, string, number][]): Count[] =>
    [...small, ['telegram', 'tg', 400], ['whatsapp', 'tg', 200], ['web', 'tg', 90]].map(([a, b, n]) => ({
      name: 'visit',
      a: String(a),
      b: String(b),
      n: Number(n),
    }));
  const everything = async (counts: Count[]): Promise<string> => {
    const releases = [freeze([], '2026-11-09', counts, chance(3))];
    const office = officeOver(releases);
    const cookie = signIn(office);
    const exports = await Promise.all(
      PATHS.slice(1).map(async (path) => Buffer.from(await (await get(office, path, cookie)).arrayBuffer())),
    );
    return [await pageOf(office), ...exports.map((bytes) => bytes.toString('hex'))].join('\n');
  };

  it('changes nothing: page and exports are the same whatever is in hidden cells of the same sums', async () => {
    // One more here, one less there, so that no sum changes.
    const moved = SMALL.map(([a, b, n], at): [string, string, number] => [
      a,
      b,
      at === 0 || at === 3 ? n + 2 : n - 2,
    ]);
    const [one, other] = [await everything(countsOf(SMALL)), await everything(countsOf(moved))];
    expect(one).toBe(other);
    const [seen] = SMALL;
    const shown = await everything(
      countsOf([['telegram', 'ru', 100], ...SMALL.slice(1), seen ?? ['', '', 0]]),
    );
    expect(shown).not.toBe(one);
  });

  it('is never worked out from what is shown', async () => {
    // 7,310 are hidden between the total and the lines.
    const lines = [20_000, null, null, 1000];
    const table = {
      name: 'person-asked',
      rows: ['testing', 'art', 'pep', 'lawyer'],
      cells: lines.map((n) => [n]),
      columnSums: [28_310],
      total: 28_310,
    } as const;
    const rest = {
      name: 'visit',
      rows: ['web'],
      columns: ['ru', 'tg', 'kk'],
      cells: [[15_000, null, null]],
      rowSums: [22_310],
      columnSums: [15_000, null, null],
      total: 22_310,
    } as const;
    const releases = chain([releaseOf('2026-11-09', [table, rest])]);
    const office = officeOver(releases);
    const csv = await (await get(office, '/console/stats/export.csv', signIn(office))).text();
    const page = await pageOf(office);
    expect(read(page)).toContain('28,310');
    expect(page).not.toMatch(/7,?310/);
    expect(csv).not.toContain('7310');
  });
});
