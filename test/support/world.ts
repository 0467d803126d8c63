import { loadContent } from '../../src/content/load.ts';
import { step } from '../../src/engine/step.ts';
import type { Effect, Env, Session } from '../../src/engine/types.ts';
import { formatProblem, type Problem } from '../../src/errors.ts';
import { loadFlows } from '../../src/flow/load.ts';
import type { Flows } from '../../src/flow/types.ts';
import { loadTexts } from '../../src/i18n/texts.ts';
import type { ChannelId, Choice, Input, Lang, OutboundMessage } from '../../src/message.ts';
import { projectRoot } from '../../src/paths.ts';

export const ROOT = projectRoot();
/** The day the tests live in: nothing is past its review date yet. */
export const TODAY = '2026-11-22';

/** The project's own flows, texts and content: the real ones, or nothing. */
function loadWorld(): Env {
  const { flows, problems: inFlows } = loadFlows(ROOT);
  const { texts, problems: inTexts } = loadTexts(ROOT);
  const { content, problems: inContent } = loadContent(ROOT);
  refuse([...inFlows, ...inTexts, ...inContent]);
  return { flows, texts, content, country: 'KZ', today: TODAY };
}

function refuse(problems: Problem[]): void {
  const errors = problems.filter((p) => p.level === 'error');
  if (errors.length > 0) throw new Error(errors.map(formatProblem).join('\n'));
}

export const world: Env = loadWorld();

/** The same world with other flows: for edits under people's feet and for flows made to break. */
export function withFlows(flows: Flows): Env {
  return { ...world, flows };
}

/** One person talking to the engine. The session goes through JSON and back between every two turns. */
export class Talk {
  session: Session | null = null;
  effects: Effect[] = [];
  /** What the bot said in the last turn. */
  said: OutboundMessage[] = [];

  constructor(
    public env: Env = world,
    readonly channel: ChannelId = 'telegram',
    readonly langHint?: Lang,
  ) {}

  send(input: Input): this {
    const ctx =
      this.langHint === undefined
        ? { channel: this.channel }
        : { channel: this.channel, langHint: this.langHint };
    const frozen = JSON.stringify(this.session);
    const result = step(this.env, this.session, input, ctx);
    if (JSON.stringify(this.session) !== frozen) throw new Error('step() changed the session it was given');
    this.session = JSON.parse(JSON.stringify(result.session)) as Session;
    this.effects = result.effects;
    this.said = result.effects.flatMap((e) => (e.type === 'send' ? [e.message] : []));
    return this;
  }

  start(): this {
    return this.send({ kind: 'start' });
  }

  /** A person who has chosen a language and stands at the menu. */
  in(lang: Lang): this {
    return this.start().tap(lang);
  }

  type(...texts: string[]): this {
    for (const text of texts) this.send({ kind: 'text', text });
    return this;
  }

  /** Presses the button of the last message with this choice id. */
  tap(...ids: string[]): this {
    for (const id of ids) {
      const choice = this.choice(id);
      if (choice === undefined) throw new Error(`no button "${id}" among ${this.ids().join(', ')}`);
      this.send({ kind: 'tap', data: choice.data });
    }
    return this;
  }

  choices(): Choice[] {
    return this.said.at(-1)?.choices ?? [];
  }

  choice(id: string): Choice | undefined {
    return this.choices().find((c) => c.data.split(':')[3] === id);
  }

  ids(): string[] {
    return this.choices().map((c) => c.data.split(':')[3] ?? '');
  }

  /** `rights.topics` */
  get at(): string {
    const at = this.session?.at;
    return at === undefined ? '-' : `${at.flow}.${at.step}`;
  }

  get text(): string {
    return this.said.map((m) => m.text).join('\n\n');
  }

  get vars() {
    return this.session?.vars ?? {};
  }
}
