import { describe, expect, test } from 'vitest';
import { CAPABILITIES } from '../../src/channels/capabilities.ts';
import type { Capabilities } from '../../src/channels/channel.ts';
import { limitProblems, render } from '../../src/channels/render.ts';
import type { Choice, OutboundMessage } from '../../src/message.ts';

const caps: Capabilities = {
  ...CAPABILITIES.telegram,
  textLimit: 200,
  menus: [{ kind: 'buttons', max: 6, labelLimit: 20, dataLimit: 64, textLimit: 200, spills: true }],
};
const cloud = CAPABILITIES['whatsapp-cloud'];
const numbered: Capabilities = { ...CAPABILITIES.terminal, textLimit: 200 };

function choices(...labels: string[]): Choice[] {
  return labels.map((label, i) => ({ data: `en:menu:menu:c${i}`, label, number: String(i + 1) }));
}
const back: Choice = { data: 'en:menu:menu:back', label: 'Back', number: '0' };
const menu: Choice = { data: 'en:menu:menu:menu', label: 'Menu', number: '0' };
const place = { name: 'AIDS centre', address: '2 Basenov St', lat: 43.2567, lon: 76.9286 };

function message(part: Partial<OutboundMessage>): OutboundMessage {
  return { lang: 'en', text: 'What do you need?', choices: [], ...part };
}
const labels = (rows: { label: string }[][]): string[][] => rows.map((row) => row.map((b) => b.label));

describe('buttons', () => {
  test('two short ones share a row, a long one has its own, back and menu are last', () => {
    const [part, ...more] = render(
      message({ choices: [back, ...choices('One', 'Two', 'Quite a long label', 'Three'), menu] }),
      caps,
    );
    expect(more).toEqual([]);
    expect(part?.text).toBe('What do you need?');
    expect(labels(part?.buttons ?? [])).toEqual([
      ['One', 'Two'],
      ['Quite a long label'],
      ['Three'],
      ['Back', 'Menu'],
    ]);
    expect(part?.buttons[0]?.[0]).toEqual({ label: 'One', data: 'en:menu:menu:c0' });
  });

  test('a label too long is shortened on the button and written out as a numbered line', () => {
    const [part] = render(message({ choices: choices('Short', 'Where can I be tested for free?') }), caps);
    expect(labels(part?.buttons ?? [])).toEqual([['Short'], ['Where can I be test…']]);
    expect(part?.text).toBe('What do you need?\n\n2  Where can I be tested for free?');
  });

  test('surplus choices become numbered lines; back keeps its button', () => {
    const [part] = render(message({ choices: [...choices('a', 'b', 'c', 'd', 'e', 'f', 'g'), back] }), caps);
    expect(labels(part?.buttons ?? [])).toEqual([['a', 'b'], ['c', 'd'], ['e'], ['Back']]);
    expect(part?.text).toBe('What do you need?\n\n6  f\n7  g');
  });

  test('data that no button can carry becomes a numbered line, not a refused message', () => {
    const long = { data: 'x'.repeat(65), label: 'Other', number: '2' };
    const [part] = render(message({ choices: [...choices('One'), long] }), caps);
    expect(labels(part?.buttons ?? [])).toEqual([['One']]);
    expect(part?.text).toContain('2  Other');
  });

  test('a blank label shows its number', () => {
    expect(render(message({ choices: choices(' ') }), caps)[0]?.buttons).toEqual([
      [{ label: '1', data: 'en:menu:menu:c0' }],
    ]);
  });
});

describe('numbered lines', () => {
  test('text, source, then every choice as "1  Label"', () => {
    const [part] = render(
      message({ note: 'Source: X, 2025', choices: [...choices('One', 'Two'), back] }),
      numbered,
    );
    expect(part).toEqual({
      text: 'What do you need?\n\nSource: X, 2025\n\n1  One\n2  Two\n0  Back',
      buttons: [],
    });
  });

  test('a point becomes name, address and coordinates, never a link', () => {
    const [part] = render(message({ place, ask: 'location' }), numbered);
    expect(part).toEqual({
      text: 'What do you need?\n\nAIDS centre, 2 Basenov St\n43.25670, 76.92860',
      buttons: [],
    });
    expect(part?.text).not.toMatch(/https?:|geo:/);
  });
});

describe('what a channel has natively', () => {
  test('a point and the location button go with the last part', () => {
    const parts = render(
      message({ text: 'x'.repeat(250), place, ask: 'location', choices: choices('One') }),
      caps,
    );
    expect(parts.map((p) => p.place)).toEqual([undefined, place]);
    expect(parts.map((p) => p.askLocation)).toEqual([undefined, true]);
    expect(parts.map((p) => p.buttons.length)).toEqual([0, 1]);
  });

  test('a point without text stays one part', () => {
    expect(render(message({ text: '', place }), caps)).toEqual([{ text: '', buttons: [], place }]);
  });
});

const pin = { data: 'en:a:b:c', label: 'x', number: '1' };

describe('WhatsApp Cloud', () => {
  const shown = (part: Partial<OutboundMessage>) => {
    const parts = render(message(part), cloud);
    expect(parts).toHaveLength(1);
    return { ...parts[0]!, buttons: parts[0]!.buttons.flat() };
  };

  test('up to three short choices are buttons, up to ten rows of a list, more are numbered lines', () => {
    expect(shown({ choices: choices('One', 'Two', 'Three') })).toMatchObject({ menu: 'buttons' });
    expect(shown({ choices: choices(...'abcd') })).toMatchObject({ menu: 'list', text: 'What do you need?' });
    expect(shown({ choices: choices(...'abcdefghij') }).buttons).toHaveLength(10);
    const many = shown({ choices: choices(...'abcdefghijk') });
    expect(many.buttons).toEqual([]);
    expect(many).not.toHaveProperty('menu');
    expect(many.text).toMatch(/\n1 {2}a\n.*\n11 {2}k$/s);
  });

  test('every row of a list stands for itself, in the order of the numbers', () => {
    const parts = render(message({ choices: [...choices('a', 'b', 'c'), back] }), cloud);
    expect(labels(parts[0]!.buttons)).toEqual([['a'], ['b'], ['c'], ['Back']]);
  });

  test('a label of 21 needs a list, one of 25 stands whole under its row, one of 73 makes all numbered', () => {
    expect(shown({ choices: choices('x'.repeat(20)) }).menu).toBe('buttons');
    expect(shown({ choices: choices('x'.repeat(21)) }).menu).toBe('list');
    const long = `Where can I be tested ${'x'.repeat(50)}`;
    expect(shown({ choices: choices('One', long) })).toMatchObject({
      menu: 'list',
      text: 'What do you need?',
      buttons: [
        { label: 'One' },
        { label: 'Where can I be tested x…', data: 'en:menu:menu:c1', description: long },
      ],
    });
    expect(shown({ choices: choices('One', long) }).buttons[0]).not.toHaveProperty('description');
    const tooLong = shown({ choices: choices('One', `${long}x`) });
    expect(tooLong).toMatchObject({ buttons: [], text: `What do you need?\n\n1  One\n2  ${long}x` });
  });

  test('two rows never look alike', () => {
    const two = choices('The same beginning of a label, one', 'The same beginning of a label, two');
    expect(shown({ choices: two })).toMatchObject({
      buttons: [],
      text: expect.stringContaining('2  The same'),
    });
    expect(shown({ choices: choices('Same', 'Same') }).buttons).toEqual([]);
  });

  test('a text over 1024 moves three buttons into a list; data over 200 bytes makes all numbered', () => {
    expect(shown({ text: 'x'.repeat(1024), choices: choices('One') }).menu).toBe('buttons');
    expect(shown({ text: 'x'.repeat(1025), choices: choices('One') }).menu).toBe('list');
    expect(shown({ choices: [{ ...pin, data: 'x'.repeat(256) }] }).menu).toBe('buttons');
    expect(shown({ choices: [{ ...pin, data: 'x'.repeat(257) }] })).toMatchObject({ buttons: [] });
  });

  test('numbered lines that are asked for stand above the menu', () => {
    const twice = shown({ numbered: true, choices: choices('One', 'Two') });
    expect(twice).toMatchObject({ menu: 'buttons', text: 'What do you need?\n\n1  One\n2  Two' });
  });

  test('a location request stands alone, with its choices as numbered lines up to 1024 characters', () => {
    const ask = { ask: 'location', choices: choices('Almaty', 'Astana') } as const;
    expect(shown(ask)).toEqual({
      text: 'What do you need?\n\n1  Almaty\n2  Astana',
      buttons: [],
      askLocation: true,
    });
    const long = shown({ ...ask, text: 'x'.repeat(1010) });
    expect(long).toMatchObject({ menu: 'buttons' });
    expect(long).not.toHaveProperty('askLocation');
  });

  test('a long text in pages has its menu under the last', () => {
    const parts = render(message({ text: 'word '.repeat(1200), choices: choices(...'abcd') }), cloud);
    expect(parts.map((p) => p.menu)).toEqual([undefined, 'list']);
    expect(parts.map((p) => p.text.slice(-5))).toEqual(['(1/2)', '(2/2)']);
  });
});

describe('WhatsApp through Baileys', () => {
  const baileys = CAPABILITIES['whatsapp-baileys'];

  test('numbered lines and a point, no location button', () => {
    expect(render(message({ place, ask: 'location', choices: choices('One') }), baileys)).toEqual([
      { text: 'What do you need?\n\n1  One', buttons: [], place },
    ]);
  });

  // Nothing is known that keeps WhatsApp from formatting, and an invisible character would be copied with a number.
  test('characters that WhatsApp formats with are left as they are, and the author is told', () => {
    for (const text of ['Call *1414*', '_now_', 'a ~b c~ d', '`x`', '```x```', 'a\n> quoted']) {
      expect(render(message({ text }), baileys)[0]?.text).toBe(text);
      expect(said({ text }, baileys)).toMatch(/^error: ".*" is shown as formatting, without its marks$/s);
      expect(said({ text }, caps)).toBe('');
    }
    expect(said({ choices: choices('*Yes*') }, baileys)).toMatch(/^error: "\*Yes\*"/);
    for (const text of ['*111#', '2 * 3 * 4', 'https://a.example/b_c_d', 'a*b*c', '1. One', '- one', '~5 km'])
      expect(said({ text }, baileys)).toBe('');
  });
});

describe('right to left', () => {
  const arabic = 'اتصل على +7 727 246 53 36';

  test('a number and the number of an option keep their own order', () => {
    const [part] = render(message({ text: arabic, choices: choices('نعم', 'كل يوم 24/7') }), numbered);
    expect(part?.text).toBe(
      'اتصل على \u2066+7 727 246 53 36\u2069\n\n\u20661\u2069  نعم\n\u20662\u2069  كل يوم \u206624/7\u2069',
    );
  });

  test('no invisible character in a text that is read from left to right', () => {
    const [part] = render(message({ text: `Call +7 727 246 53 36 (${arabic})`, choices: [back] }), numbered);
    expect(part?.text).not.toMatch(/\p{Cf}/u);
  });
});

const said = (part: Partial<OutboundMessage>, row = caps) =>
  limitProblems(message(part), row)
    .map((p) => `${p.level}: ${p.text}`)
    .join('\n');

describe('limitProblems', () => {
  test('is silent about a message that fits', () => {
    expect(
      limitProblems(message({ note: 'Source', choices: [...choices('One', 'Two'), back] }), caps),
    ).toEqual([]);
  });

  test.each<[string, Partial<OutboundMessage>, RegExp]>([
    ['text', { text: 'x'.repeat(201) }, /201 characters, the limit is 200/],
    ['text with its source', { text: 'x'.repeat(190), note: 'x'.repeat(9) }, /201 characters/],
    ['empty', { text: '' }, /empty/],
    ['label', { choices: choices('x'.repeat(21)) }, /label "x{21}" has 21 characters, the limit is 20/],
    ['blank label', { choices: choices('') }, /choice 1 has no label/],
    ['data', { choices: [{ data: 'я'.repeat(33), label: 'x', number: '1' }] }, /66 bytes, the limit is 64/],
    ['number of buttons', { choices: choices(...'abcdefg') }, /7 choices, at most 6/],
  ])('%s', (_, part, problem) => {
    expect(said(part)).toMatch(problem);
    expect(said(part)).not.toContain('warning');
  });

  test('64 bytes and 20 letters are not too many', () => {
    const fine = { data: 'я'.repeat(32), label: 'я'.repeat(20), number: '1' };
    expect(limitProblems(message({ choices: [fine] }), caps)).toEqual([]);
  });

  test('says what WhatsApp makes of long labels, and only where they are what is in the way', () => {
    const long = 'x'.repeat(73);
    expect(said({ choices: choices('One', 'x'.repeat(72)) }, cloud)).toBe('');
    expect(said({ choices: choices('One', long) }, cloud)).toBe(
      `warning: the label "${long}" has 73 characters, the limit is 72: all its choices become numbered lines`,
    );
    expect(said({ choices: choices(...'abcdefghij', long) }, cloud)).toBe('');
    expect(said({ choices: choices('x'.repeat(30), `${'x'.repeat(30)}y`) }, cloud)).toMatch(
      /^warning: two choices/,
    );
    expect(said({ choices: choices('One', long) }, CAPABILITIES['whatsapp-baileys'])).toBe('');
    expect(said({ ask: 'location', text: 'x'.repeat(1020), choices: choices('One') }, cloud)).toMatch(
      /^warning: .* no location button$/,
    );
  });
});
