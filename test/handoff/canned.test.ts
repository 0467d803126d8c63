import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkContent } from '../../src/content/check.ts';
import { cannedFor, loadCanned } from '../../src/handoff/canned.ts';
import { LANGS } from '../../src/message.ts';
import { CANNED, check, deskProject, META, reply, TODAY } from './fixture.ts';

const ROOT = join(import.meta.dirname, '../..');
const file = (...replies: unknown[]) => ({ _meta: META, replies });

type Faults = [what: string, file: unknown, rule: string, line: string, message: RegExp][];

const FAULTS: Faults = [
  ['YAML that cannot be read', 'replies: [\n', 'yaml', '', /not valid YAML/],
  [
    'a language that is missing',
    file(reply('a', { tg: undefined })),
    'schema',
    'text:',
    /"replies.text.tg" is missing/,
  ],
  [
    'a text without words',
    file(reply('a', { tg: ' ' })),
    'schema',
    'tg:',
    /wrong value for "replies.text.tg"/,
  ],
  [
    'a title nobody reads',
    file(reply('a', {}, { title: { ru: 'А', kk: 'А' } })),
    'schema',
    'title:',
    /"replies.title.en" is missing/,
  ],
  ['a language nobody knows', file(reply('a', { de: 'Hallo.' })), 'schema', 'de:', /unknown field "de"/],
  ['a file without _meta', { replies: [] }, 'schema', 'replies:', /"_meta" is missing/],
  [
    'a review by nobody',
    { _meta: { ...META, ky: { ...META.ky, reviewed_on: '2026-11-22' } }, replies: [] },
    'meta',
    'ky:',
    /ky: half filled in/,
  ],
  ['a reply that stands twice', file(reply('a'), reply('a')), 'duplicate-id', '- id: a', /"a" stands twice/],
  [
    'a topic no conversation hands over for',
    file(reply('a', {}, { topics: ['pop'] })),
    'unknown-id',
    'topics:',
    /for "pop"/,
  ],
  ['a placeholder', file(reply('a', { ru: 'Привет, {{name}}.' })), 'placeholder', 'ru:', /"a", ru:/],
  ['a phone number', file(reply('a', { en: 'Call 112.' })), 'number', 'en:', /"a", en:/],
  ['a link', file(reply('a', { en: 'See www.example.org.' })), 'number', 'en:', /"a", en:/],
  [
    'too many sentences',
    file(reply('a', { en: 'One. Two. Three. Four.' })),
    'too-long',
    'en:',
    /4 sentences/,
  ],
  ['too many questions', file(reply('a', { en: 'Who? Where?' })), 'too-long', 'en:', /2 questions/],
  ['a long text', file(reply('a', { en: 'a'.repeat(301) })), 'too-long', 'en:', /301 characters/],
  ['Latin letters in a Cyrillic text', file(reply('a', { kk: 'Cәлем.' })), 'script', 'kk:', /"Cәлем"/],
  ['Cyrillic letters in a Latin text', file(reply('a', { uz: 'Sаlom.' })), 'script', 'uz:', /"Sаlom"/],
  [
    'what the rule cannot write in Uzbek Cyrillic',
    file(reply('a', { uz: 'Wifi bormi?' })),
    'script',
    'text:',
    /uz-Cyrl: "[^"]*w/i,
  ],
  [
    'words that were not translated',
    file(reply('a', { ky: 'Привет.' })),
    'same-text',
    'ru:',
    /"a", ru: the same words as ky/,
  ],
];

describe('content check of canned replies', () => {
  it('finds nothing wrong with a sound file, or one that is not there', () => {
    expect(check({})).toEqual([]);
    expect(check({ [CANNED]: undefined })).toEqual([]);
    expect(
      check({
        [CANNED]: file(reply('a', { en: 'Hello. Who are you? Write.', ru: 'Есть ли у вас Telegram?' })),
      }),
    ).toEqual([]);
  });

  it.each(FAULTS)('finds %s', (_, changed, rule, line, message) => {
    const found = check({ [CANNED]: changed }).filter((p) => p.rule === rule && message.test(p.message));
    expect(found).toMatchObject([{ file: CANNED, level: 'error', hint: expect.stringMatching(/./) }]);
    expect(found[0]?.at).toContain(line);
  });

  it('takes what is written by hand for Uzbek Cyrillic', () => {
    const byHand = { [CANNED]: file(reply('a', { uz: 'Wifi bormi?', 'uz-Cyrl': 'Вайфай борми?' })) };
    expect(check(byHand)).toEqual([]);
    const { root, remove } = deskProject(byHand);
    expect(cannedFor(loadCanned(root).canned, 'uz-Cyrl').map((r) => r.text)).toEqual(['Вайфай борми?']);
    remove();
  });
});

describe('a canned reply', () => {
  const reviewed = { ...META.uz, reviewed_by: 'A speaker', reviewed_on: '2026-11-22' };
  const replies = [reply('hello'), reply('safe', {}, { topics: ['pep', 'art'] })];
  const { root, remove } = deskProject({ [CANNED]: { _meta: { ...META, uz: reviewed }, replies } });
  const { canned } = loadCanned(root);
  remove();

  it('is what the person gets, with what the operator reads', () => {
    expect(cannedFor(canned, 'tg')).toMatchObject([
      {
        id: 'hello',
        titles: { ru: 'Привет', kk: 'Сәлем', en: 'Hello' },
        meaning: { ru: 'Привет.', kk: 'Сәлем.', en: 'Hello.' },
        text: 'Ассалом.',
        drafted: true,
      },
      { id: 'safe' },
    ]);
    expect(cannedFor(canned, 'uz-Cyrl')[0]?.text).toBe('Салом.');
  });

  it('is offered for its topics', () => {
    expect(cannedFor(canned, 'ru', 'pep').map((r) => r.id)).toEqual(['hello', 'safe']);
    expect(cannedFor(canned, 'ru', 'lawyer').map((r) => r.id)).toEqual(['hello']);
  });

  it('is a draft until its language was reviewed', () => {
    const drafted = LANGS.filter((lang) => cannedFor(canned, lang)[0]?.drafted);
    expect(drafted).toEqual(['tg', 'ky', 'kk', 'ru', 'en']);
  });
});

describe('the files that are shipped', () => {
  const { canned, problems, read } = loadCanned(ROOT);

  it('have no problem, and no team that does not exist', () => {
    const desk = /teams|canned/;
    expect(checkContent(ROOT, TODAY).filter((p) => desk.test(p.file))).toEqual([]);
    expect(problems).toEqual([]);
    expect(readFileSync(join(ROOT, 'db/content/teams.yaml'), 'utf8')).toMatch(/^teams: \[\]$/m);
  });

  it('hold replies in every language, none reviewed yet', () => {
    expect(read?.data.replies.length).toBeGreaterThanOrEqual(8);
    for (const lang of LANGS) {
      const texts = cannedFor(canned, lang);
      expect(texts.every((r) => r.text.length > 10 && r.drafted)).toBe(true);
    }
  });

  it('say nothing about the illness, medicine or the law', () => {
    const subject =
      /hiv|aids|oiv|oits|вич|спид|аитв|аив|внмо|ситм|medic|treat|test\b|law|deport|лекарств|лечен|(?<!\p{L})тест|закон|дори|doru|qonun|дәрі|заң|мыйзам|қонун/iu;
    const said = LANGS.flatMap((lang) => cannedFor(canned, lang).map((r) => r.text));
    expect(said.filter((text) => subject.test(text))).toEqual([]);
  });

  it('name the word that leads to the menu as it is understood', () => {
    for (const lang of LANGS.filter((l) => l !== 'uz-Cyrl')) {
      const { words } = JSON.parse(readFileSync(join(ROOT, `locales/${lang}/common.json`), 'utf8'));
      const [, word] =
        /[«“](.+)[»”]/.exec(cannedFor(canned, lang).find((r) => r.id === 'closed')?.text ?? '') ?? [];
      expect(words.menu).toContain(word);
    }
  });
});
