import type { Session, StepResult, TurnContext } from '../../src/engine/types.ts';
import type { Input } from '../../src/message.ts';

/** The engine as the bench sees it. */
export type BenchStep = (session: Session | null, input: Input, ctx: TurnContext) => StepResult;

const HASH = 'a1b2c3d4e5f6';
const STEPS = ['country', 'status', 'papers', 'city', 'result', 'after'];

/**
 * A step of realistic size, for measuring the store alone: a bounded session of about 300 B, one answer of about 300 B
 * with four choices, one counter every sixth turn.
 */
export const standInStep: BenchStep = (session, _input, ctx) => {
  const turn = Number(session?.vars.turn ?? 0) + 1;
  const step = STEPS[turn % STEPS.length] ?? 'after';
  const back = [
    ...(session?.back ?? []),
    { flow: 'find-testing', step, hash: HASH, undo: { turn: turn - 1 } },
  ].slice(-3);
  const next: Session = {
    v: 1,
    lang: 'uz',
    at: { flow: 'find-testing', step, hash: HASH, shown: ['almaty', 'astana', 'human', 'menu'] },
    vars: { turn, country: 'KZ', status: 'work' },
    calls: [],
    back,
    misses: 0,
  };
  const choice = (id: string, number: string) => ({
    data: `uz:find-testing:${step}:${id}`,
    label: `${id} ${number}`,
    number,
  });
  return {
    session: next,
    effects: [
      {
        type: 'send',
        message: {
          lang: 'uz',
          text: `${turn}. OIV testini bepul va anonim topshirish mumkin. Qaysi shahardasiz? Joylashuvingizni yuboring yoki ro‘yxatdan tanlang.`,
          note: 'Manba: kz-test-02, tekshirilgan 2026-11-02',
          choices: [choice('almaty', '1'), choice('astana', '2'), choice('human', '3'), choice('menu', '0')],
        },
      },
      ...(turn % 6 === 0
        ? [
            {
              type: 'count' as const,
              event: { name: 'flow-started' as const, flow: 'find-testing', country: ctx.channel },
            },
          ]
        : []),
    ],
  };
};
