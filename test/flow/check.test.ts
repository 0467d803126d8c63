import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../src/errors.ts';
import type { CheckInput } from '../../src/flow/check-input.ts';
import { queueKeys } from '../../src/flow/keys.ts';
import { checkProject, content, FIXTURES, LIMITS, layOver, MENU } from './world.ts';

/** Rule → what makes it visible, and a piece of what it says. The fault itself is in fixtures/<rule>/. */
const RULES: Record<string, { says: RegExp; where?: RegExp; change?: Partial<CheckInput> }> = {
  // while loading
  schema: { says: /unknown key "choises" in steps\.a/, where: /^flows\/extra\.yaml:6$/ },
  kind: { says: /2 kinds: say, emergency/ },
  target: { says: /leads to 2 places: next, end/ },
  ask: { says: /asks for choice and place/ },
  'needs-next': { says: /does not say where to go/ },
  misplaced: { says: /do: next_site` outside a find_sites/ },
  'unknown-step': { says: /no step "bb"/ },
  'unknown-flow': { says: /no flow "hand-off"/ },
  duplicate: { says: /choice "x" stands twice/ },
  moved: { says: /"a" is said to be renamed/ },
  file: { says: /the file of flow "extra" is called flows\/other\.yaml/ },
  // after loading
  unreachable: { says: /extra\.b: no way leads here/, where: /^flows\/extra\.yaml:7$/ },
  'dead-end': { says: /can never end from here/ },
  loop: { says: /extra:a → extra:b → extra:a/ },
  'too-long': { says: /up to 34 steps/ },
  'no-person': { says: /no person can be reached/ },
  'no-menu': { says: /the menu cannot be reached/ },
  'missing-text': { says: /no text extra:c\.text in en, ru/ },
  'same-label': { says: /in ru, "x" and "y" are both called "еще!"/ },
  wordy: { says: /4 sentences and 0 questions/ },
  'label-long': { says: /in ru on telegram.* has 58 characters, 40 fit/ },
  'text-long': { says: /the text has 4\d\d\d characters, 3696 fit/ },
  'many-choices': { says: /there are 15 buttons, 12 fit/ },
  'data-long': {
    says: /carries 44 bytes, 40 fit/,
    change: { channels: new Map([['telegram', { ...LIMITS, menus: [{ ...MENU, dataLimit: 40 }] }]]) },
  },
  render: {
    says: /in ru on telegram, the skull cannot be shown/,
    change: {
      renderLimits: (message) =>
        message.text.includes('☠') ? [{ text: 'the skull cannot be shown', level: 'error' }] : [],
    },
  },
  intent: { says: /there is no intent "tests"/ },
  'unknown-claim': { says: /no claim "nowhere"/ },
  'unknown-page': { says: /the page "nowhere" is empty/ },
  'unknown-service': { says: /no site offers "dentist"/ },
  'unknown-topic': { says: /no contact helps with "football"/ },
  'unknown-table': { says: /no decision table "arts"/ },
  stale: { says: /"old" was to be reviewed by 2026-01-01/ },
  'unknown-variable': { says: /nothing ever sets the variable "paper"/ },
  'unknown-value': { says: /"extra" is never "z"/ },
};

test('the fault-free project has no problem', () => {
  expect(checkProject(layOver('good')).map(formatProblem)).toEqual([]);
});

describe('each rule sees its fault, and no other rule does', () => {
  for (const [rule, { says, where, change }] of Object.entries(RULES)) {
    test(rule, () => {
      const problems = checkProject(layOver(rule), change);
      expect([...new Set(problems.map((p) => p.rule))], problems.map(formatProblem).join('\n')).toEqual([
        rule,
      ]);
      const all = problems.map((p) => p.message).join('\n');
      expect(all).toMatch(says);
      for (const p of problems) {
        expect(p.line, 'every problem names a line').toBeGreaterThan(0);
        expect(p.hint, 'every problem says what to do').toBeTruthy();
        if (where !== undefined) expect(`${p.file}:${p.line}`).toMatch(where);
      }
    });
  }
});

test('every fixture folder has its row above', () => {
  expect(readdirSync(FIXTURES).sort()).toEqual(['good', ...Object.keys(RULES)].sort());
});

test('a stale claim is an error only where that is asked for', () => {
  const levels = (stale?: 'error') =>
    checkProject(layOver('stale'), stale === undefined ? {} : { stale }).map((p) => p.level);
  expect(levels()).toEqual(['warning']);
  expect(levels('error')).toEqual(['error']);
});

test('a flow the engine goes to by name must exist', () => {
  const root = layOver('good');
  rmSync(join(root, 'flows/country.yaml'));
  const missing = checkProject(layOver('good'), { builtIn: ['menu', 'handoff', 'welcome'] });
  expect(missing.map((p) => [p.rule, p.file])).toEqual([['built-in', 'flows/welcome.yaml']]);
});

test('a flow that nothing starts is unreachable', () => {
  const root = layOver('good');
  writeFileSync(
    join(root, 'flows/lonely.yaml'),
    'id: lonely\nversion: 1\nstart: a\nsteps:\n  a: { goto: menu }\n',
  );
  expect(checkProject(root).map((p) => p.message)).toEqual(['lonely.a: nothing starts the flow "lonely"']);
});

test('a loop over a question that is skipped is a loop, unless the answer is forgotten on the way', () => {
  const flow = (set: string) => `id: extra\nversion: 1\nstart: a\ntriggers: { command: extra }\nsteps:
  a: { ask: { choice: extra, known: skip }, next: b, choices: [{ id: x }, { id: y, end: fine }] }
  b: { set: ${set}, next: a }\n`;
  const rules = (set: string) => {
    const root = layOver('loop');
    writeFileSync(join(root, 'flows/extra.yaml'), flow(set));
    return checkProject(root).map((p) => p.rule);
  };
  expect(rules('{ extra: x }')).toEqual(['loop']);
  expect(rules('{ extra: null }')).toEqual([]);
});

test('a loop over two flows that call each other is a loop', () => {
  const root = layOver('good');
  mkdirSync(join(root, 'flows'), { recursive: true });
  const flow = (id: string, other: string) =>
    `id: ${id}\nversion: 1\nstart: a\ntriggers: { command: ${id} }\nsteps:\n  a: { call: ${other}, next: b }\n  b: { end: fine }\n`;
  writeFileSync(join(root, 'flows/ping.yaml'), flow('ping', 'pong'));
  writeFileSync(join(root, 'flows/pong.yaml'), flow('pong', 'ping'));
  expect(new Set(checkProject(root).map((p) => p.rule))).toEqual(new Set(['loop']));
});

test('choices that are never shown together may have the same label', () => {
  const root = layOver('same-label');
  const flow = (other: string) => `id: extra\nversion: 1\nstart: a\ntriggers: { command: extra }\nsteps:
  a: { say: {}, choices: [{ id: x, end: fine, when: { country: KZ } }, { id: y, end: fine, when: { country: ${other} } }] }\n`;
  writeFileSync(join(root, 'flows/extra.yaml'), flow('KG'));
  expect(checkProject(root).map((p) => p.rule)).toEqual([]);
  writeFileSync(join(root, 'flows/extra.yaml'), flow('[KG, KZ]'));
  expect(checkProject(root).map((p) => p.rule)).toEqual(['same-label']);
});

test('a country without a number that never waits is a warning, no country with one an error', () => {
  const levels = (missing: string[]) =>
    checkProject(layOver('good'), {
      content: {
        ...content,
        emergency: (country) => (missing.includes(country) ? [] : content.emergency('KZ', 'pep')),
      },
    }).map((p) => [p.rule, p.level]);
  expect(levels([])).toEqual([]);
  expect(levels(['KG'])).toEqual([['unknown-topic', 'warning']]);
  expect(levels(['KZ', 'KG'])).toEqual([['unknown-topic', 'error']]);
});

test('a wait for a person: where nobody sits, what it says, and what only there can be left', () => {
  const root = layOver('dead-end');
  const says = (step: string) => {
    const head = 'id: extra\nversion: 1\nstart: a\ntriggers: { command: extra }\nsteps:\n';
    writeFileSync(join(root, 'flows/extra.yaml'), `${head}  b: { end: fine }\n  a: ${step}\n`);
    return checkProject(root).map((p) => `${p.rule}: ${p.message}`);
  };
  const queue = (topic: string) => `queue: { topic: ${topic}, full: b, missed: b, over: b }`;
  const choices = 'choices: [{ id: x, end: fine }]';
  const texts = queueKeys('extra', 'a').map((key) => `missing-text: extra.a: no text ${key} in en, ru`);
  expect(says(`{ ${queue('general')}, none: b, ${choices} }`)).toEqual(texts);
  expect(says(`{ ${queue('general')}, ${choices} }`)).toEqual([
    'dead-end: extra.a: nothing is said where nobody sits at the chat',
    ...texts,
  ]);
  expect(says(`{ ${queue('football')}, none: b, ${choices} }`)).toEqual([
    ...texts,
    'unknown-topic: extra.a: no contact helps with "football"',
  ]);
  expect(says(`{ ${queue('general').replace('over: b', 'over: c')}, none: b, ${choices} }`)).toEqual([
    'unknown-step: no step "c"',
  ]);
  expect(says('{ say: {}, choices: [{ id: x, do: leave }] }')).toEqual([
    'misplaced: `do: leave` outside a queue step',
  ]);
  expect(says('{ after: {}, next: b }')).toEqual(['needs-next: `after` without choices']);
  expect(
    says('{ after: {}, choices: [{ id: x, next: c }] }\n  c: { after: {}, choices: [{ id: x, next: b }] }'),
  ).toContain('missing-text: extra.c: no text extra:c.text in en, ru');
});

test('a channel is not asked about steps that say nothing', () => {
  const empty: string[] = [];
  checkProject(layOver('good'), {
    renderLimits: (message) => {
      if (message.text === '') empty.push(message.lang);
      return [];
    },
  });
  expect(empty).toEqual([]);
});

test('every kind of dead end is seen', () => {
  const says = (steps: string) => {
    const root = layOver('dead-end');
    const head = 'id: extra\nversion: 1\nstart: a\ntriggers: { command: extra }\nsteps:\n';
    writeFileSync(join(root, 'flows/extra.yaml'), head + steps);
    return checkProject(root).map((p) => `${p.rule}: ${p.message}`);
  };
  expect(says('  a: { find_sites: { service: test }, choices: [{ id: x, end: fine }] }\n')).toEqual([
    'dead-end: extra.a: nothing is said when no place is found',
  ]);
  expect(
    says('  a: { say: {}, nav: false, choices: [{ id: human, handoff: general, when: { country: KZ } }] }\n'),
  ).toEqual(['dead-end: extra.a: a person may find no option here']);
  expect(says('  a: { say: {}, nav: false, choices: [{ id: human, handoff: general }] }\n')).toEqual([]);
});
