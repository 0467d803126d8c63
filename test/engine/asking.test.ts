import { describe, expect, it } from 'vitest';
import { step } from '../../src/engine/step.ts';
import type { TurnContext } from '../../src/engine/types.ts';
import { LANGS } from '../../src/message.ts';
import { Talk, world } from '../support/world.ts';
import { acts, CLOSED, counted, OPEN, waiting } from './waiting.ts';

describe('asking for a person', () => {
  it('says in one message what happens and whom to call meanwhile, with a way out', () => {
    const talk = waiting();
    expect(talk.at).toBe('handoff.waiting');
    expect(talk.said).toHaveLength(1);
    expect(talk.text).toMatch(/usually within 15 minutes/);
    expect(talk.text).toMatch(/Kazakhstan:\n\n.+/);
    expect(talk.ids()).toEqual(['urgent', 'country', 'leave', '@sources', '@back', '@menu']);
    expect(talk.effects).toContainEqual({
      type: 'handoff',
      act: 'request',
      topic: 'lawyer',
      urgent: false,
      country: 'KZ',
      lang: 'en',
      team: 'almaty',
    });
  });

  it('asks the desk about what this very button is for, where the person is', () => {
    const talk = new Talk().in('tg').tap('rights', 'RU', 'deport');
    const asked: unknown[] = [];
    const desk: TurnContext['desk'] = (wanted) => {
      asked.push(wanted);
      return undefined;
    };
    const { session } = step(
      world,
      talk.session,
      { kind: 'tap', data: 'tg:rights:deport:human' },
      { channel: 'web', desk },
    );
    expect(asked).toContainEqual({ topic: 'lawyer', lang: 'tg', country: 'RU' });
    expect(session.at?.step).toBe('who');
  });

  it('when nobody is there now, says when they are, by whose clock', () => {
    const talk = waiting(CLOSED);
    expect(talk.text).toMatch(/tomorrow at 09:00 \(by the team's clock\)/);
    expect(talk.chat.state).toBe('requested');
  });

  it('for an urgent topic the number stands first, and the chat is urgent', () => {
    const talk = new Talk().in('en').tap('urgent', 'crisis');
    talk.chat.team = OPEN;
    talk.tap('human');
    expect(talk.text.indexOf('112')).toBeGreaterThan(0);
    expect(talk.text.indexOf('112')).toBeLessThan(talk.text.indexOf('A person of the team'));
    expect(talk.effects).toContainEqual(expect.objectContaining({ topic: 'crisis', urgent: true }));
  });

  it('a full queue is said, with the contacts, and nothing is asked for', () => {
    const talk = waiting({ ...OPEN, full: true });
    expect(talk.at).toBe('handoff.full');
    expect(talk.text).toMatch(/takes nobody more/);
    expect(talk.text).toMatch(/\+7|https/);
    expect(acts(talk)).toEqual([]);
    expect(counted(talk)).toContainEqual({ name: 'talk', topic: 'lawyer', outcome: 'full' });
  });

  it('who waits already and cannot wait any more: the number, and the chat becomes urgent', () => {
    const talk = waiting().tap('urgent', 'violence', 'human');
    expect([talk.at, talk.chat.state]).toEqual(['handoff.waiting', 'waiting']);
    expect(talk.text).toMatch(/^Do not wait for an answer here.*\b112\b/s);
    expect(talk.effects).toContainEqual(expect.objectContaining({ act: 'request', urgent: true }));
  });

  it('another country: its contacts, still in the queue, and the team sees it', () => {
    const talk = new Talk().in('en');
    talk.chat.team = OPEN;
    talk.tap('human', 'country', 'TJ');
    expect([talk.at, talk.chat.state]).toEqual(['handoff.waiting', 'waiting']);
    expect(talk.text).toContain('Tajikistan:');
    expect(talk.effects).toContainEqual(expect.objectContaining({ act: 'request', country: 'TJ' }));
  });

  it('being shown the step again asks for nothing', () => {
    const talk = waiting().type('тил').tap('ru');
    expect([talk.at, acts(talk), talk.said.at(-1)?.lang]).toEqual(['handoff.waiting', [], 'ru']);
  });

  it('not waiting any more leads back, and Back does not lead into the queue again', () => {
    const talk = waiting().tap('leave');
    expect([talk.at, acts(talk), talk.chat.state]).toEqual(['rights.deport', ['withdraw'], undefined]);
    expect(counted(talk)).toContainEqual({ name: 'talk', topic: 'lawyer', outcome: 'withdrawn' });
    expect(talk.type('back').at).toBe('rights.topics');
  });

  it.each(['stop', 'x'])('"%s" while waiting ends the wait, too', (word) => {
    const talk = waiting().type(word);
    expect([talk.at, acts(talk), talk.chat.state]).toEqual(['-', ['withdraw'], undefined]);
  });
});

describe('waiting', () => {
  it('free words go to the team, which is said once; no miss, no keyword, no greeting for the menu', () => {
    const talk = waiting().type('Hello');
    expect([talk.at, talk.passed]).toEqual(['handoff.waiting', true]);
    expect(talk.text).toMatch(/pass this on/);
    for (const words of ['where can i test', 'здравствуйте', '77', 'Almaty', 'ассалому алайкум']) {
      talk.type(words);
      expect([words, talk.at, talk.passed, talk.said]).toEqual([words, 'handoff.waiting', true, []]);
    }
    expect(talk.session?.misses).toBe(0);
  });

  it.each(LANGS)(
    'the menu still works by its words in %s, by number and command; a greeting is for people',
    (lang) => {
      for (const hello of world.texts.list(lang, 'common:words.hello'))
        expect([hello, waiting().type(hello).passed]).toEqual([hello, true]);
      for (const word of [...world.texts.list(lang, 'common:words.menu'), '00', '/menu']) {
        const talk = waiting().type(word);
        expect([talk.at, talk.chat.state, talk.passed]).toEqual(['menu.main', 'waiting', false]);
      }
    },
  );

  it('a photo does not arrive: said once, marked for the team', () => {
    const talk = waiting().send({ kind: 'media' });
    expect([talk.passed, talk.text]).toEqual([true, expect.stringMatching(/Only text/)]);
    expect(talk.send({ kind: 'media' }).said).toEqual([]);
  });

  it('words that cannot wait get the number at once, and reach the team', () => {
    const talk = waiting().type('i want to die');
    expect([talk.at, talk.passed, talk.chat.state]).toEqual(['emergency.crisis', true, 'waiting']);
    expect(talk.text).toMatch(/\b112\b/);
  });

  it('walking on in the bot: it answers, the team is not told, the wait goes on', () => {
    const talk = waiting().tap('@menu', 'test').type('Almaty');
    expect([talk.at, talk.passed, talk.chat.state]).toEqual(['find-testing.nearby', false, 'waiting']);
  });

  it('who waits without having chosen a language is not asked for one', () => {
    const talk = new Talk(world, 'web', 'ru');
    talk.chat.team = OPEN;
    talk.start().type('human', 'у меня вопрос');
    expect([talk.at, talk.passed]).toEqual(['handoff.waiting', true]);
    expect(talk.hear('claimed').said[0]?.lang).toBe('ru');
  });

  it('the team opens: said, with the step as it was', () => {
    const talk = waiting(CLOSED).hear('opened');
    expect(talk.text).toMatch(/in the queue/);
    expect(talk.ids()).toContain('leave');
  });

  it('nobody came: said so, with whom to call instead; the bot is back', () => {
    const talk = waiting().hear('nobody-came');
    expect(talk.at).toBe('handoff.missed');
    expect(talk.text).toMatch(/nobody of the team could come/);
    expect(talk.text).toMatch(/\+7|https/);
    expect(counted(talk)).toContainEqual({ name: 'talk', topic: 'lawyer', outcome: 'nobody-came' });
    expect(talk.tap('done').at).toBe('rights.deport');
  });

  it('nobody came while the person had walked on: back there afterwards', () => {
    const talk = waiting().tap('@menu', 'test').hear('nobody-came').tap('done');
    expect([talk.at, talk.session?.calls]).toEqual(['find-testing.where', []]);
  });
});
