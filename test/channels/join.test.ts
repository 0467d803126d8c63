import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAPABILITIES } from '../../src/channels/capabilities.ts';
import { countSent, joinTurn } from '../../src/channels/join.ts';
import { render } from '../../src/channels/render.ts';
import type { Choice, OutboundMessage } from '../../src/message.ts';

const cloud = CAPABILITIES['whatsapp-cloud'];
const baileys = CAPABILITIES['whatsapp-baileys'];
const place = { name: 'Centre', address: 'Street 1', lat: 43.25, lon: 76.92 };
const choices: Choice[] = [{ data: 'en:a:b:c', label: 'Next', number: '1' }];

function say(text: string, rest: Partial<OutboundMessage> = {}): OutboundMessage {
  return { lang: 'en', text, choices: [], ...rest };
}
const sent = (messages: readonly OutboundMessage[], caps = cloud): number =>
  messages.reduce((sum, m) => sum + countSent(m, caps), 0);

describe('joinTurn', () => {
  test('leaves alone what is few enough, and every channel where messages cost nothing', () => {
    const turn = [say('One'), say('Two', { choices })];
    expect(joinTurn(turn, cloud)).toEqual(turn);
    const long = [say('One'), say('Two'), say('Three')];
    for (const row of ['telegram', 'web', 'terminal'] as const)
      expect(joinTurn(long, CAPABILITIES[row])).toEqual(long);
  });

  test('joins the openings first: text, source, blank line, text; the question stays alone', () => {
    const turn = [
      say('Fact.', { note: 'Source: X' }),
      say('Do this.', { note: 'Source: Y' }),
      say('Which?', { choices }),
    ];
    const before = structuredClone(turn);
    expect(joinTurn(turn, baileys)).toEqual([
      say('Fact.\n\nSource: X\n\nDo this.', { note: 'Source: Y' }),
      say('Which?', { choices }),
    ]);
    expect(turn).toEqual(before);
  });

  test('a point on the map is one more message, and is carried over', () => {
    const turn = [say('Here it is.', { place }), say('What next?', { choices })];
    expect(sent(turn)).toBe(3);
    expect(joinTurn(turn, cloud)).toEqual([say('Here it is.\n\nWhat next?', { place, choices })]);
    expect(sent(joinTurn(turn, cloud))).toBe(2);
    const two = [say('A', { place }), say('B', { place })];
    expect(joinTurn(two, cloud)).toEqual(two);
  });

  test('never joins what belongs to choices or to a location button, nor two languages', () => {
    for (const first of [say('A', { choices }), say('A', { ask: 'location' }), say('A', { lang: 'ru' })]) {
      const turn = [first, first, say('B', { lang: first.lang === 'ru' ? 'kk' : 'en' })];
      const joined = joinTurn(turn, cloud);
      expect(joined.length).toBe(first.choices.length > 0 || first.ask ? 3 : 2);
      expect(joined.at(-1)).toEqual(turn.at(-1));
    }
  });

  test('sends more rather than cut a text or lose a location button', () => {
    const long = [say('x'.repeat(3000)), say('y'.repeat(3000)), say('Which?', { choices })];
    expect(joinTurn(long, cloud)).toEqual([long[0], say(`${'y'.repeat(3000)}\n\nWhich?`, { choices })]);
    const longer = [...long.slice(0, 2), say('z'.repeat(3000), { choices })];
    expect(joinTurn(longer, cloud)).toEqual(longer);
    const split = [say('x'.repeat(5000)), say('Then.'), say('Which?', { choices })];
    expect(joinTurn(split, cloud)).toEqual([split[0], say('Then.\n\nWhich?', { choices })]);
    const where = [say('x'.repeat(2000), { place }), say('Where are you?', { ask: 'location', choices })];
    expect(joinTurn(where, cloud)).toEqual(where);
  });

  test('any turn: no more messages than before, every word and every way to answer still there', () => {
    const message = fc
      .record({
        text: fc.string({ minLength: 1, maxLength: 900 }).filter((t) => t.trim() !== ''),
        note: fc.option(fc.constant('Source'), { nil: undefined }),
        asks: fc.boolean(),
        chooses: fc.boolean(),
        pin: fc.boolean(),
      })
      .map(({ text, note, asks, chooses, pin }) =>
        say(text, {
          ...(note ? { note } : {}),
          ...(asks ? { ask: 'location' } : {}),
          ...(chooses ? { choices } : {}),
          ...(pin ? { place } : {}),
        }),
      );
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(cloud, baileys),
        (turn, caps) => {
          const joined = joinTurn(turn, caps);
          expect(sent(joined, caps)).toBeLessThanOrEqual(sent(turn, caps));
          const all = (messages: readonly OutboundMessage[]) => {
            const parts = messages.flatMap((m) => render(m, caps));
            return {
              words: parts
                .map((p) => p.text)
                .join('')
                .replace(/\s/g, ''),
              points: parts.filter((p) => p.place).length,
              asked: parts.filter((p) => p.askLocation).length,
              tapped: parts.filter((p) => p.menu).length,
            };
          };
          expect(all(joined)).toEqual(all(turn));
          expect(joinTurn(joined, caps)).toEqual(joined);
        },
      ),
      { numRuns: 300 },
    );
  });
});
