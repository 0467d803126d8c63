import { describe, expect, it } from 'vitest';
import { STEP_KINDS } from '../../src/flow/schema.ts';
import type { Desk } from '../../src/handoff/types.ts';
import { Talk, withFlows } from '../support/world.ts';
import { flowOf } from './flow-of.ts';

interface Row {
  name: string;
  steps: string;
  /** What the person does after entering the flow: a typed text, a button with #, or !media. */
  does?: string[];
  /** Who sits at the chat. */
  team?: Desk;
  at: string;
  vars?: Record<string, unknown>;
  says?: RegExp;
}

const OPEN: Desk = { team: 'a', open: true };
const QUEUE = `a: { queue: { topic: general, from: topic, urgent: [crisis], full: f, missed: n, over: n }, none: n, choices: [{ id: leave, do: leave }] }
f: { say: {}, choices: [{ id: y, next: a }] }
n: { say: {}, choices: [{ id: y, next: a }] }`;
const AFTER = `a: { after: {}, choices: [{ id: yes, end: helped }, { id: more, next: b }] }
b: { say: {}, choices: [{ id: y, next: a }] }`;

const TABLES: Record<(typeof STEP_KINDS)[number], Row[]> = {
  say: [
    {
      name: 'waits with choices',
      steps: 'a: { say: {}, choices: [{ id: x, next: b }] }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      does: ['#x'],
      at: 'tt.b',
    },
    {
      name: 'goes on without',
      steps: 'a: { say: { claim: kz-test-02 }, next: b }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      at: 'tt.b',
      says: /passport/,
    },
    {
      name: 'an empty page goes elsewhere',
      steps:
        'a: { say: { page: test-before, none: b }, choices: [{ id: x, next: b }] }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      at: 'tt.b',
    },
    {
      name: 'a choice sets variables',
      steps:
        'a: { say: {}, choices: [{ id: x, set: { n: 3, s: t }, next: b }] }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      does: ['#x'],
      at: 'tt.b',
      vars: { n: 3, s: 't' },
    },
    {
      name: 'a choice is hidden until its condition holds',
      steps:
        'a: { say: {}, choices: [{ id: no, when: { s: t }, next: a }, { id: x, set: { s: t }, next: b }] }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      does: ['1'],
      at: 'tt.b',
    },
  ],
  ask: [
    {
      name: 'choice: stores the id',
      steps:
        'a: { ask: { choice: s }, choices: [{ id: one }, { id: two }], next: b }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      does: ['2'],
      at: 'tt.b',
      vars: { s: 'two' },
    },
    {
      name: 'choice: a way out is not an answer',
      steps:
        'a: { ask: { choice: s }, choices: [{ id: one }, { id: out, next: b }], next: b }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      does: ['#out'],
      at: 'tt.b',
      vars: {},
    },
    {
      name: 'choice from a list',
      steps:
        'a: { ask: { choice: country, from: countries }, next: b }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      does: ['Tajikistan'],
      at: 'tt.b',
      vars: { country: 'TJ' },
    },
    {
      name: 'known: skipped',
      steps:
        'a: { set: { s: one }, next: q }\nq: { ask: { choice: s, known: skip }, choices: [{ id: one }], next: b }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      at: 'tt.b',
      vars: { s: 'one' },
    },
    {
      name: 'place: stores city and country',
      steps: 'a: { ask: { place: city }, next: b }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      does: ['Ош'],
      at: 'tt.b',
      vars: { city: 'osh', country: 'KG' },
    },
    {
      name: 'number: within its bounds',
      steps:
        'a: { ask: { number: n, min: 1, max: 9 }, next: b }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      does: ['12', '٧'],
      at: 'tt.b',
      vars: { n: 7 },
    },
    {
      name: 'no_match after its tries',
      steps:
        'a: { ask: { choice: s }, choices: [{ id: one }], next: a, no_match: { tries: 1, next: b } }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      does: ['zzz', 'zzz'],
      at: 'tt.b',
    },
  ],
  find_sites: [
    {
      name: 'shows the nearest, then the next',
      steps:
        'a: { set: { city: almaty }, next: f }\nf: { find_sites: { service: test, limit: 3 }, none: b, choices: [{ id: next, do: next_site }] }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      does: ['#next'],
      at: 'tt.f',
      vars: { city: 'almaty', site: 1 },
    },
    {
      name: 'nothing found',
      steps:
        'a: { find_sites: { service: nothing }, none: b, choices: [{ id: x, next: b }] }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      at: 'tt.b',
    },
  ],
  contacts: [
    {
      name: 'whom to call',
      steps: 'a: { contacts: { topic: general }, choices: [{ id: x, next: a }] }',
      at: 'tt.a',
      says: /\+7|https:/,
    },
    {
      name: 'the topic of a variable',
      steps:
        'a: { set: { topic: refugee }, next: b }\nb: { contacts: { topic: general, from: topic, limit: 1 }, choices: [{ id: x, next: a }] }',
      at: 'tt.b',
      says: /\+7 727 258 45 98/,
    },
  ],
  emergency: [
    {
      name: 'the number first',
      steps: 'a: { emergency: { topic: pep }, choices: [{ id: x, next: a }] }',
      at: 'tt.a',
      says: /103/,
    },
  ],
  decide: [
    {
      name: 'the answer, then what to do',
      steps:
        'a: { set: { country: KZ, citizenship: UZ, status: work, need: start }, next: d }\nd: { decide: { table: art }, next: e }\ne: { decide: { table: art, show: steps }, choices: [{ id: more, do: next_part }] }',
      does: ['#more'],
      at: 'tt.e',
      vars: { part: 1 },
      says: /•/,
    },
  ],
  branch: [
    {
      name: 'by value',
      steps:
        'a: { set: { s: one }, next: r }\nr: { branch: { on: s, cases: { one: b }, else: c } }\nb: { say: {}, choices: [{ id: y, next: a }] }\nc: { say: {}, choices: [{ id: y, next: a }] }',
      at: 'tt.b',
    },
    {
      name: 'else, also for names every object has',
      steps:
        'a: { set: { s: constructor }, next: r }\nr: { branch: { on: s, cases: { one: b }, else: c } }\nb: { say: {}, choices: [{ id: y, next: a }] }\nc: { say: {}, choices: [{ id: y, next: a }] }',
      at: 'tt.c',
    },
    {
      name: 'two variables alike',
      steps:
        'a: { set: { citizenship: KZ, country: KZ }, next: r }\nr: { branch: { on: citizenship, same: { as: country, next: b }, else: c } }\nb: { say: {}, choices: [{ id: y, next: a }] }\nc: { say: {}, choices: [{ id: y, next: a }] }',
      at: 'tt.b',
    },
  ],
  call: [
    {
      name: 'goes through and comes back',
      steps: 'a: { call: sub, next: b }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      does: ['#ok'],
      at: 'tt.b',
    },
  ],
  goto: [{ name: 'does not come back', steps: 'a: { goto: sub }', does: ['#ok'], at: 'menu.main' }],
  set: [
    {
      name: 'sets and removes',
      steps:
        'a: { set: { s: one, t: two }, next: r }\nr: { set: { s: null }, next: b }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      at: 'tt.b',
      vars: { t: 'two' },
    },
  ],
  handoff: [
    {
      name: 'whom to call, then on',
      steps: 'a: { handoff: { topic: lawyer }, next: b }\nb: { say: {}, choices: [{ id: y, next: a }] }',
      does: ['#done'],
      at: 'tt.b',
      vars: { topic: 'lawyer' },
    },
  ],
  queue: [
    { name: 'nobody sits there', steps: QUEUE, at: 'tt.n' },
    { name: 'takes nobody more', steps: QUEUE, team: { ...OPEN, full: true }, at: 'tt.f' },
    {
      name: 'somebody is there',
      steps: QUEUE,
      team: { ...OPEN, wait: 10 },
      at: 'tt.a',
      says: /^tt:a\.open_wait\n\ntt:a\.meanwhile\n\nKazakhstan:/,
    },
    { name: 'how long is not guessed', steps: QUEUE, team: OPEN, at: 'tt.a', says: /^tt:a\.open\n/ },
    {
      name: 'they are there again later',
      steps: QUEUE,
      team: { team: 'a', open: false, opens: { days: 1, weekday: 2, time: '09:00' } },
      at: 'tt.a',
      says: /^tt:a\.closed\n/,
    },
    {
      name: 'nobody knows when they are there again',
      steps: QUEUE,
      team: { team: 'a', open: false },
      at: 'tt.a',
      says: /^tt:a\.closed_unknown\n/,
    },
    {
      name: 'an urgent topic: the number comes first',
      steps: `s: { set: { topic: crisis }, next: a }\n${QUEUE}`,
      team: OPEN,
      at: 'tt.a',
      says: /^tt:a\.urgent\n.*\b112\b.*\n\ntt:a\.open\n/s,
    },
    { name: 'leaves', steps: QUEUE, team: OPEN, does: ['#leave'], at: 'menu.main', says: /not waiting/ },
    { name: 'words are passed on', steps: QUEUE, team: OPEN, does: ['where can i test'], at: 'tt.a' },
  ],
  after: [
    { name: 'asks', steps: AFTER, at: 'tt.a' },
    { name: 'an answer goes on', steps: AFTER, does: ['#yes'], at: 'menu.main' },
    { name: 'an answer can lead elsewhere', steps: AFTER, does: ['2'], at: 'tt.b' },
    { name: 'other words are no answer, and no mistake', steps: AFTER, does: ['thanks!'], at: 'menu.main' },
    { name: 'nor is a photo', steps: AFTER, does: ['!media'], at: 'menu.main' },
    { name: 'a question is taken up', steps: AFTER, does: ['will they deport me'], at: 'rights.stay' },
  ],
  end: [{ name: 'leads to the menu', steps: 'a: { end: helped }', at: 'menu.main' }],
};

describe.each(Object.entries(TABLES))('%s', (kind, rows) => {
  it('has a table', () => expect(rows.length).toBeGreaterThan(0));

  it.each(rows)('$name', ({ steps, does = [], team, at, vars, says }) => {
    const talk = new Talk(withFlows(flowOf(steps))).in('en');
    talk.chat.team = team;
    talk.type('/tt');
    for (const act of does) {
      if (act === '!media') talk.send({ kind: 'media' });
      else if (act.startsWith('#')) talk.tap(act.slice(1));
      else talk.type(act);
    }
    expect(talk.at).toBe(at);
    if (vars !== undefined) expect(talk.vars).toMatchObject(vars);
    if (vars !== undefined && Object.keys(vars).length === 0) expect(talk.vars).toEqual({});
    if (says !== undefined) expect(talk.text).toMatch(says);
    expect(kind in TABLES).toBe(true);
  });
});

it('a step kind without a table fails', () => {
  expect(Object.keys(TABLES).sort()).toEqual([...STEP_KINDS].sort());
});
