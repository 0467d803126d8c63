import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAPABILITIES } from '../../src/channels/capabilities.ts';
import type { Capabilities } from '../../src/channels/channel.ts';
import { type Rendered, render } from '../../src/channels/render.ts';
import type { Choice, OutboundMessage } from '../../src/message.ts';

/** The table, and the same with so little room that everything is in the way of everything. */
const ROWS: [string, Capabilities][] = Object.entries(CAPABILITIES).flatMap(([row, caps]) => [
  [row, caps],
  [`${row}, narrow`, narrow(caps)],
]);

function narrow(caps: Capabilities): Capabilities {
  const menus = caps.menus.map((menu, i) => ({
    ...menu,
    max: 3 + i,
    textLimit: menu.spills ? 200 : 120 + 80 * i,
  }));
  return { ...caps, textLimit: 200, menus, locationTextLimit: 120 };
}

const word = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }),
  fc.stringMatching(/^[а-яёқғ ,?]{1,80}$/),
  fc.constantFrom(
    'Yes',
    'The same beginning, one',
    'The same beginning, two',
    '24/7',
    '+7 727 246 53 36',
    'لا',
  ),
);
const choice = fc.record({ label: word, data: fc.stringMatching(/^[a-zя:]{1,70}$/) });
const place = { name: 'Centre', address: 'Street 1', lat: 43.25, lon: 76.92 };
const message: fc.Arbitrary<OutboundMessage> = fc
  .record({
    text: fc.oneof(word, fc.string({ maxLength: 700 }), fc.constant('نص +7 727 246 53 36')),
    note: fc.option(word, { nil: undefined }),
    all: fc.array(choice, { maxLength: 14 }),
    nav: fc.boolean(),
    location: fc.boolean(),
    pin: fc.boolean(),
    numbered: fc.boolean(),
  })
  .map(({ text, note, all, nav, location, pin, numbered }) => ({
    lang: 'ru',
    text,
    ...(note === undefined ? {} : { note }),
    choices: [
      ...all.map((c, i): Choice => ({ ...c, data: `${i}${c.data}`, number: String(i + 1) })),
      ...(nav ? [{ data: 'ru:a:b:@menu', label: 'Меню', number: '0' }] : []),
    ],
    ...(pin ? { place } : {}),
    ...(location ? { ask: 'location' } : {}),
    ...(numbered ? { numbered: true } : {}),
  }));

test('a menu that spills takes any text of its channel', () => {
  for (const [, caps] of ROWS)
    for (const menu of caps.menus) if (menu.spills) expect(menu.textLimit).toBe(caps.textLimit);
});

describe.each(ROWS)('any message on %s', (_, caps) => {
  test('every choice can be tapped or typed, nothing is too long, nothing is lost', () => {
    fc.assert(
      fc.property(message, (m) => {
        const parts = render(m, caps);
        expect(outOfBounds(parts, caps)).toEqual([]);
        expect(m.choices.filter((c) => !isReachable(c, parts))).toEqual([]);
        const written = black(parts.map((p) => unmarked(p.text)).join(''));
        for (const text of [m.text, m.note ?? '']) expect(written).toContain(black(text));
        if (m.place) expect(parts.some((p) => p.place) || written.includes('43.25000,76.92000')).toBe(true);
      }),
      { numRuns: 250 },
    );
  });
});

/** As a button or row whose whole label is shown, or as a line with its number and whole label. */
function isReachable({ data, label, number }: Choice, parts: readonly Rendered[]): boolean {
  const buttons = parts.flatMap((p) => p.buttons.flat());
  const whole = label.trim() === '' ? number : label;
  if (buttons.some((b) => b.data === data && (b.description ?? b.label) === whole)) return true;
  // A line longer than a message goes on in the next.
  return black(parts.map((p) => unmarked(p.text)).join('')).includes(black(`${number}${label}`));
}

/** What a platform would refuse. */
function outOfBounds(parts: readonly Rendered[], caps: Capabilities): string[] {
  return parts.flatMap((part, i) => {
    const found: string[] = [];
    const buttons = part.buttons.flat();
    const menu = caps.menus.find((m) => m.kind === part.menu);
    if (part.text.length > caps.textLimit) found.push(`a text of ${part.text.length}`);
    if (part.menu === undefined ? buttons.length > 0 : buttons.length === 0) found.push('a menu of nothing');
    if (i < parts.length - 1 && (buttons.length > 0 || part.askLocation)) found.push('buttons too early');
    if (part.askLocation && caps.askLocation === 'alone') {
      if (buttons.length > 0) found.push('buttons beside a location request');
      if (part.text.length > (caps.locationTextLimit ?? 0)) found.push('a long location request');
    }
    if (part.askLocation && !caps.askLocation) found.push('a location request');
    if (part.place && !caps.place) found.push('a point');
    if (menu === undefined) return found;
    if (part.text.length > menu.textLimit) found.push(`a text of ${part.text.length} above ${menu.kind}`);
    if (buttons.length > menu.max) found.push(`${buttons.length} ${menu.kind}`);
    for (const { label, data, description = '' } of buttons) {
      if (label.length > menu.labelLimit || label.trim() === '') found.push(`label "${label}"`);
      if (Buffer.byteLength(data) > menu.dataLimit) found.push(`data "${data}"`);
      if (description.length > (menu.descriptionLimit ?? 0)) found.push(`description "${description}"`);
    }
    const titles = buttons.map((b) => b.label);
    if (!menu.spills && new Set(titles).size < titles.length) found.push('two that look alike');
    return found;
  });
}

function unmarked(text: string): string {
  return text.replace(/\n\n\(\d+\/\d+\)$/, '');
}

/** Without white space and isolates. */
function black(text: string): string {
  return text.replace(/[\s\u2066\u2069]/g, '');
}
