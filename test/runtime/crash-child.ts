import { appendFileSync } from 'node:fs';
import { systemClock, systemIds } from '../../src/clock.ts';
import type { InboundMessage, OutboundMessage } from '../../src/message.ts';
import { createRuntime } from '../../src/runtime/runtime.ts';
import { openStore } from '../../src/store/sqlite.ts';

// A whole bot whose platform is its parent: messages come over IPC and are acknowledged after the commit, answers go
// to a file, each with one write. The parent kills it when it likes.
const [dir = '', sent = ''] = process.argv.slice(2);
const store = openStore({ dir, clock: systemClock, ids: systemIds });
const words = (text: string): OutboundMessage => ({ lang: 'ru', text, choices: [] });
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
const runtime = createRuntime({
  store,
  step: (session, input) => {
    const n = Number(session?.vars.n ?? 0) + 1;
    const text = input.kind === 'text' ? input.text : '';
    return {
      session: { v: 1, vars: { n }, calls: [], back: [], misses: 0 },
      effects: [
        { type: 'send', message: words(`${n}|${text}|a`) },
        { type: 'send', message: words(`${n}|${text}|b`) },
      ],
    };
  },
  onFault: () => ({ session: { v: 1, vars: {}, calls: [], back: [], misses: 0 }, effects: [] }),
  doneMessage: () => words('Done.'),
  channels: new Map([
    [
      'telegram',
      {
        id: 'telegram',
        capabilities: {
          textLimit: 4096,
          menus: [],
          place: false,
          askLocation: false,
          remove: true,
        },
        start: async () => undefined,
        stop: async () => undefined,
        remove: async () => undefined,
        state: () => ({ state: 'up' as const }),
        send: async (address, message) => {
          await pause();
          appendFileSync(sent, `${address}|${message.text}\n`);
          await pause();
          return ['1'];
        },
      },
    ],
  ]),
  clock: systemClock,
  ids: systemIds,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
});
runtime.start();
process.on('message', (message: InboundMessage) => {
  void runtime.host.accept([message]).then(() => process.send?.(message.id));
});
process.send?.('ready');
