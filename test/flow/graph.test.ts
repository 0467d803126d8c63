import { expect, test } from 'vitest';
import { mermaid } from '../../src/flow/graph.ts';
import { loadFlows } from '../../src/flow/load.ts';
import { loadTexts } from '../../src/i18n/texts.ts';
import { layOver } from './world.ts';

test('a flow as a Mermaid flowchart: boxes, arrows with the words of the choices, ways out', () => {
  const root = layOver('good');
  const flow = loadFlows(root).flows.get('demo')!;
  const { texts } = loadTexts(root, { langs: ['en', 'ru'] });
  expect(mermaid(flow)).toMatchSnapshot();
  expect(mermaid(flow, texts, 'ru')).toMatchSnapshot();
});

test('nothing in a text can break out of its box', () => {
  const flow = loadFlows(layOver('good')).flows.get('menu')!;
  const nasty = 'a "quote" ](x) <b>#1</b> `code`\nline & more';
  const drawn = mermaid(flow, { t: () => nasty, has: () => true, list: () => [] });
  const lines = drawn.trimEnd().split('\n');
  for (const line of lines) {
    expect((line.match(/"/g) ?? []).length % 2).toBe(0);
    expect(line.replace(/"[^"]*"/g, '')).not.toMatch(/[#&`]|quote|code|line/);
  }
  expect(drawn).toContain(
    '|"a #quot;quote#quot; ](x) #lt;b#gt;#35;1#lt;/b#gt; #96;code#96;<br>line #38; more"|',
  );
  expect(lines).toHaveLength(7);
});
