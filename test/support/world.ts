import { loadContent } from '../../src/content/load.ts';
import { step } from '../../src/engine/step.ts';
import type { Effect, Env, Session, TurnContext } from '../../src/engine/types.ts';
import { formatProblem, type Problem } from '../../src/errors.ts';
import { loadFlows } from '../../src/flow/load.ts';
import type { Flows } from '../../src/flow/types.ts';
import type { Desk } from '../../src/handoff/types.ts';
import { loadTexts } from '../../src/i18n/texts.ts';
import type { ChannelId, Choice, DeskEvent, Input, Lang, OutboundMessage } from '../../src/message.ts';
import { projectRoot } from '../../src/paths.ts';
import { createPlaces } from '../../src/understanding/places.ts';
import { loadUnderstanding } from '../../src/understanding/understanding.ts';

export const ROOT = projectRoot();
/** The day the tests live in: nothing is past its review date yet. */
export const TODAY = '2026-11-22';

/** The project's own flows, texts and content: the real ones, or nothing. */
function loadWorld(): Env {
  const { flows, problems: inFlows } = loadFlows(ROOT);
  const { texts, problems: inTexts } = loadTexts(ROOT);
  const { content, problems: inContent } = loadContent(ROOT);
  refuse([...inFlows, ...inTexts, ...inContent]);
  const understanding = loadUnderstanding(ROOT);
  const placesIn = createPlaces(content, texts);
  return { flows, texts, content, understanding, placesIn, country: 'KZ', today: TODAY };
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

/** The store's part of a chat with the team, in a few lines. */
export class Chat {
  /** The team that would answer; without one nobody sits at the chat. */
  team: Desk | undefined;
  /** State of the chat; none when there is none, or when it is over. */
  state: TurnContext['handoff'];

  /** What a turn knows of it. */
  get context(): Pick<TurnContext, 'desk' | 'handoff'> {
    const { team, state } = this;
    return {
      ...(team === undefined ? {} : { desk: () => team }),
      ...(state === undefined ? {} : { handoff: state }),
    };
  }

  /** Something happens at the team's. */
  change(event: DeskEvent): void {
    if (event === 'opened') this.team = { team: this.team?.team ?? 'team', open: true };
    const waits = this.team?.open ? 'waiting' : 'requested';
    this.state = event === 'claimed' ? event : event === 'opened' || event === 'released' ? waits : undefined;
  }

  /** What a turn wants of it. */
  keep(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type === 'forget') this.state = undefined;
      if (effect.type !== 'handoff') continue;
      if (effect.act === 'request') this.state ??= this.team?.open ? 'waiting' : 'requested';
      if (effect.act === 'withdraw') this.state = undefined;
    }
  }
}

/** The same session, which from now on nobody can change: a step that tries to throws. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}

/** One person talking to the engine. The session cannot be changed by a step, and goes through JSON and back between every two turns. */
export class Talk {
  session: Session | null = null;
  effects: Effect[] = [];
  /** What the bot said in the last turn. */
  said: OutboundMessage[] = [];
  /** The person's chat with the team: follows from the effects, and from {@link Talk.hear}. */
  readonly chat = new Chat();

  constructor(
    public env: Env = world,
    readonly channel: ChannelId = 'telegram',
    readonly langHint?: Lang,
    readonly wording?: string,
  ) {}

  send(input: Input): this {
    const ctx: TurnContext = {
      channel: this.channel,
      ...this.chat.context,
      ...(this.langHint === undefined ? {} : { langHint: this.langHint }),
      ...(this.wording === undefined ? {} : { wording: this.wording }),
    };
    const result = step(this.env, freeze(this.session), input, ctx);
    this.session = JSON.parse(JSON.stringify(result.session)) as Session;
    this.effects = result.effects;
    this.said = result.effects.flatMap((e) => (e.type === 'send' ? [e.message] : []));
    this.chat.keep(result.effects);
    return this;
  }

  /** Something happens to the chat with the team: the store's part, then the bot hears of it. */
  hear(...events: DeskEvent[]): this {
    for (const event of events) {
      this.chat.change(event);
      this.send({ kind: 'desk', event });
    }
    return this;
  }

  /** What the last turn wanted besides being counted. */
  get wanted(): Effect[] {
    return this.effects.filter((e) => e.type !== 'count');
  }

  /** Whether the words of the last turn went to the team. */
  get passed(): boolean {
    return this.effects.some((e) => e.type === 'handoff' && e.act === 'pass');
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
