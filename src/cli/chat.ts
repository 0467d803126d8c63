import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../app.ts';
import { createTerminal } from '../channels/terminal.ts';
import { systemClock, systemIds } from '../clock.ts';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';

/**
 * A conversation in the terminal: the real engine, store and delivery over a data folder that is deleted at the
 * end. Ends with Ctrl-D.
 */
export async function chat(root: string, { stdin, stdout, env }: typeof process): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hamroh-chat-'));
  const terminal = createTerminal({ input: stdin, output: stdout, user: 'terminal' });
  try {
    const config = { ...readConfig({ HAMROH_COUNTRY: env.HAMROH_COUNTRY }), dataDir };
    const log = createLog('warn');
    const app = await createApp({ root, config, clock: systemClock, ids: systemIds, log, only: terminal });
    await app.start();
    await terminal.ended;
    await app.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
