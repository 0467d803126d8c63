import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../src/errors.ts';
import { printFlowSchema } from '../../src/flow/json-schema.ts';
import { loadFlows } from '../../src/flow/load.ts';
import { findNearest } from '../../src/flow/nearest.ts';
import { layOver } from './world.ts';

const ROOT = join(import.meta.dirname, '../..');

function project(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'hamroh-load-'));
  mkdirSync(join(root, 'flows'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'flows', name), text);
  return root;
}

const load = (text: string, name = 'a1.yaml') => loadFlows(project({ [name]: text }));
const said = (text: string) => load(text).problems.map(formatProblem);
const HEAD = 'id: a1\nversion: 1\nstart: a\n';

test('a file becomes a flow with kinds, waits, targets and lines', () => {
  const { flows, problems } = loadFlows(layOver('good'));
  expect(problems).toEqual([]);
  const demo = flows.get('demo');
  expect(demo).toMatchObject({
    id: 'demo',
    version: 3,
    file: 'flows/demo.yaml',
    triggers: { command: 'demo' },
    moved: { documents: 'papers' },
    was: ['old-demo'],
  });
  expect(demo?.triggers.intents).toEqual(
    new Map([
      ['basics', { step: 'papers', set: {} }],
      ['basics.what', { set: { papers: 'half' } }],
    ]),
  );
  const steps = [...(demo?.steps.values() ?? [])];
  expect(steps.map((s) => [s.id, s.kind, s.waits, s.line])).toMatchSnapshot();
  const papers = demo?.steps.get('papers');
  expect(papers?.choices).toEqual([
    { id: 'full', when: { country: 'KZ' } },
    { id: 'half', when: { country: ['KG'] }, set: { papers: 'half' } },
    { id: 'ask', target: { to: 'handoff', topic: 'papers' } },
  ]);
});

describe('the hash', () => {
  const body = 'steps:\n  a: { say: {}, choices: [{ id: x, end: fine }, { id: y, end: fine }] }\n';
  const hash = (text: string) => load(text).flows.get('a1')?.hash;
  const first = hash(HEAD + body);

  test('has 12 hex digits and does not change with comments, spaces and the order of keys', () => {
    expect(first).toMatch(/^[0-9a-f]{12}$/);
    expect(hash(`# hello\nstart: a\n\nversion:   1\nid: "a1"\n${body}# bye\n`)).toBe(first);
  });
  test('changes with the order of choices and with any value', () => {
    expect(
      hash(
        HEAD +
          body.replace(
            '{ id: x, end: fine }, { id: y, end: fine }',
            '{ id: y, end: fine }, { id: x, end: fine }',
          ),
      ),
    ).not.toBe(first);
    expect(hash(HEAD.replace('1\n', '2\n') + body)).not.toBe(first);
  });
});

describe('problems say where, what and what was expected', () => {
  const table: [name: string, text: string, expected: RegExp][] = [
    [
      'a mistyped step',
      `${HEAD}steps:\n  a: { say: {}, next: wher }\n  where: { end: fine }\n`,
      /a1\.yaml:5 {2}no step "wher" {2}\[unknown-step\]\n.*did you mean "where"/,
    ],
    [
      'a mistyped start',
      'id: a1\nversion: 1\nstart: aa\nsteps:\n  ab: { end: fine }\n',
      /a1\.yaml:3 {2}no step "aa".*\n.*did you mean "ab"/,
    ],
    [
      'a branch to nowhere',
      `${HEAD}steps:\n  a:\n    branch:\n      on: x\n      cases:\n        one: a\n        two: b\n      else: a\n`,
      /a1\.yaml:10 {2}no step "b"/,
    ],
    [
      'a mistyped value',
      `${HEAD}steps:\n  a: { emergency: { topic: crysis }, next: a }\n`,
      /a1\.yaml:5 {2}wrong value for steps\.a\.emergency\.topic.*\n.*did you mean "crisis"/,
    ],
    [
      'a missing key',
      'version: 1\nstart: a\nsteps: { a: { end: fine } }\n',
      /a1\.yaml:1 {2}wrong value for id.*\n.*expected string, and it is missing/,
    ],
    [
      'a wrong type',
      `${HEAD}steps:\n  a: { end: 3 }\n`,
      /a1\.yaml:5 {2}wrong value for steps\.a\.end.*\n.*expected string, received number/,
    ],
    [
      'a number out of range',
      `${HEAD}steps:\n  a:\n    find_sites:\n      service: test\n      limit: 30\n    next: a\n`,
      /a1\.yaml:8 .*limit.*\n.*<=9/,
    ],
    [
      'a bad step name',
      `${HEAD}steps:\n  a: { goto: a1 }\n  Bad: { end: fine }\n`,
      /a1\.yaml:6 {2}wrong name "Bad" in steps.*\n.*expected a step id/,
    ],
    [
      'a step twice',
      `${HEAD}steps:\n  a: { end: fine }\n  a: { end: fine }\n`,
      /a1\.yaml:6 {2}this key stands twice/,
    ],
    ['a tab', `${HEAD}steps:\n\ta: { end: fine }\n`, /a1\.yaml:[45] {2}not valid YAML/],
    [
      'an open bracket',
      `${HEAD}steps:\n  a: { say: {}, choices: [{ id: x, end: fine }]\n`,
      /a1\.yaml:[56] {2}not valid YAML.*\[yaml\]/,
    ],
    ['an empty file', '', /a1\.yaml:1 {2}wrong value for the file.*\n.*expected object/],
    ['a list', '- a\n', /a1\.yaml:1 {2}wrong value for the file/],
    ['next after goto', `${HEAD}steps:\n  a: { goto: a1, next: a }\n`, /`next` after `goto` is never taken/],
    ['none without page', `${HEAD}steps:\n  a: { say: { none: a }, next: a }\n`, /`none` without `page`/],
    [
      'min above max',
      `${HEAD}steps:\n  a: { ask: { number: n, min: 5, max: 2 }, next: a }\n`,
      /min 5 is above max 2/,
    ],
    ['nothing to choose', `${HEAD}steps:\n  a: { ask: { choice: n }, next: a }\n`, /nothing to choose from/],
    [
      'no way on with the answer',
      `${HEAD}steps:\n  a: { ask: { text: n, from: cities } }\n`,
      /where to go with the answer/,
    ],
    [
      'choices on set',
      `${HEAD}steps:\n  a: { set: { n: 1 }, next: a, choices: [{ id: x, next: a }] }\n`,
      /`set` cannot have choices/,
    ],
  ];
  for (const [name, text, expected] of table) {
    test(name, () => expect(said(text).join('\n')).toMatch(expected));
  }
});

test('ids, commands and earlier ids belong to one flow', () => {
  const flow = (id: string, rest: string) =>
    `id: ${id}\nversion: 1\nstart: a\n${rest}steps: { a: { end: fine } }\n`;
  const { problems } = loadFlows(
    project({
      'a1.yaml': flow('a1', 'triggers: { command: go, intents: { basics: a } }\nwas: [a0]\n'),
      'a2.yaml': flow('a2', 'triggers: { command: go, intents: { basics: a } }\nwas: [a0, a1]\n'),
    }),
  );
  expect(problems.map((p) => `${p.file}:${p.line} ${p.message}`)).toEqual([
    'flows/a2.yaml:4 command "go" is already taken by flows/a1.yaml',
    'flows/a2.yaml:4 intent "basics" is already taken by flows/a1.yaml',
    'flows/a2.yaml:5 earlier id "a0" is already taken by flows/a1.yaml',
    'flows/a2.yaml:5 "a1" is said to be an earlier id, but there is a flow "a1"',
  ]);
});

test('a fault in one flow is not reported again by the flows that lead there', () => {
  const { problems } = loadFlows(
    project({
      'a1.yaml': `${HEAD}steps: { a: { goto: a2 } }\n`,
      'a2.yaml': 'id: a2\nversion: one\nstart: a\nsteps: { a: { goto: a1 } }\n',
    }),
  );
  expect(problems.map((p) => p.file)).toEqual(['flows/a2.yaml']);
});

test('a missing folder, an empty one and a .yml file are problems', () => {
  const empty = mkdtempSync(join(tmpdir(), 'hamroh-load-'));
  expect(loadFlows(empty).problems.map((p) => p.rule)).toEqual(['file']);
  expect(loadFlows(project({})).problems.map((p) => p.message)).toEqual(['has no flow']);
  expect(loadFlows(project({ 'a1.yml': '' })).problems.map((p) => p.file)).toContain('flows/a1.yml');
});

test('did you mean: near words only', () => {
  expect(findNearest('wher', ['where', 'what'])).toBe('where');
  expect(findNearest('hwere', ['where', 'what'])).toBe('where');
  expect(findNearest('zebra', ['where', 'what'])).toBeUndefined();
});

test('the committed JSON Schema is the one made from the code', () => {
  // writeFlowSchema(root) in src/flow/json-schema.ts writes it again.
  expect(readFileSync(join(ROOT, 'flows/flow.schema.json'), 'utf8')).toBe(printFlowSchema());
});

test('the flows of this project load without a problem', () => {
  const { flows, problems } = loadFlows(ROOT);
  expect(problems.map(formatProblem)).toEqual([]);
  expect(flows.size).toBeGreaterThan(5);
});
