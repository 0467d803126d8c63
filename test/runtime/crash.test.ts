import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { InboundMessage } from '../../src/message.ts';
import { projectRoot } from '../../src/paths.ts';
import { message, tempDir } from '../store/support.ts';

const PEOPLE = 20;
const MESSAGES = 300;
const KILLS = 10;
const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url));
const BUILT = join(projectRoot(), 'dist', 'src');

/** The platform: keeps each person's messages until they are acknowledged, one on its way per person, and resends. */
class Platform {
  readonly waiting = new Map<string, InboundMessage[]>();
  acknowledged = 0;

  push(m: InboundMessage): void {
    this.waiting.set(m.user, [...(this.waiting.get(m.user) ?? []), m]);
  }
  connect(child: ChildProcess): void {
    child.on('message', (id: string) => {
      if (id === 'ready') {
        for (const queue of this.waiting.values()) if (queue[0] !== undefined) this.#offer(child, queue[0]);
        return;
      }
      for (const queue of this.waiting.values()) {
        if (queue[0]?.id !== id) continue;
        queue.shift();
        this.acknowledged += 1;
        if (queue[0] !== undefined) this.#offer(child, queue[0]);
      }
    });
  }
  #offer(child: ChildProcess, m: InboundMessage): void {
    // A killed child cannot take it; the next one gets it again.
    if (child.connected) child.send(m, () => undefined);
  }
}

/**
 * The child in JavaScript, over the built program: it starts eleven times, and translating everything each time costs
 * three times what it does.
 */
function buildChild(): string {
  if (!existsSync(BUILT)) throw new Error(`${BUILT} is missing: run "npm run build" before the tests`);
  const { code } = transformSync(readFileSync(CHILD, 'utf8'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  });
  const file = join(tempDir(), 'crash-child.mjs');
  const built = (_import: string, name: string) => `'${pathToFileURL(join(BUILT, name))}.js'`;
  writeFileSync(file, code.replace(/'\.\.\/\.\.\/src\/([\w/-]+)\.ts'/g, built));
  return file;
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

test('killed ten times at random: nothing is lost, no step is taken twice, everybody gets everything in order', async () => {
  const dir = tempDir();
  const sent = join(tempDir(), 'sent.log');
  const program = buildChild();
  const platform = new Platform();
  for (let i = 0; i < MESSAGES; i += 1) platform.push(message(`p${i % PEOPLE}`, `${Math.floor(i / PEOPLE)}`));
  const expected = MESSAGES * 2;
  const distinct = () => new Set(linesOf(sent)).size;
  for (let kill = 0; kill <= KILLS; kill += 1) {
    const child = fork(program, [dir, sent], { execArgv: ['--no-opt'], stdio: 'inherit' });
    platform.connect(child);
    const last = kill === KILLS;
    const goal = last ? expected : Math.ceil((expected * (kill + Math.random())) / KILLS);
    for (let tries = 0; distinct() < goal; tries += 1) {
      if (tries > 10_000) throw new Error(`only ${distinct()} of ${expected} answers came`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  expect(platform.acknowledged).toBe(MESSAGES);
  const lines = linesOf(sent);
  for (let p = 0; p < PEOPLE; p += 1) {
    const heard = lines.filter((l) => l.startsWith(`chat-p${p}|`));
    // An answer that was on its way in a kill may come twice, one behind the other; nothing else may repeat.
    const once = heard.filter((l, i) => l !== heard[i - 1]);
    const want = Array.from({ length: MESSAGES / PEOPLE }, (_, n) =>
      ['a', 'b'].map((x) => `chat-p${p}|${n + 1}|${n}|${x}`),
    );
    expect(once).toEqual(want.flat());
  }
  // Each kill can repeat at most what was on its way then: one per person.
  expect(lines.length - expected).toBeLessThanOrEqual(KILLS * PEOPLE);
  const db = new Database(join(dir, 'hamroh.db'));
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
});
