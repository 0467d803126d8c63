import { type Clock, isoDate } from './clock.ts';
import { fault, step } from './engine/step.ts';
import type { Env } from './engine/types.ts';
import type { Lang, OutboundMessage } from './message.ts';
import type { RuntimeOptions } from './runtime/runtime.ts';

/** The engine's pure step, bound to this deployment; only the day it knows moves on. */
export function bindBot(env: Env, clock: Clock): Pick<RuntimeOptions, 'step' | 'onFault' | 'doneMessage'> {
  let now = env;
  const today = (): Env => {
    const day = isoDate(clock.now());
    if (now.today !== day) now = { ...now, today: day };
    return now;
  };
  return {
    step: (session, input, ctx) => step(today(), session, input, ctx),
    onFault: (session, message) => fault(today(), session, { channel: message.channel }),
    doneMessage: (lang: Lang): OutboundMessage => ({
      lang,
      text: env.texts.t(lang, 'common:forgotten'),
      choices: [],
    }),
  };
}
