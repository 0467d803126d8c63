import type { Env } from './engine/types.ts';
import { isVital } from './engine/vital.ts';
import type { Lang, OutboundMessage } from './message.ts';
import type { FloodRules } from './runtime/flood.ts';

/** Who has said nothing of a language yet is answered in the one most people here share. */
const COMMON_LANG: Lang = 'ru';

/**
 * How much one person, and everybody together, may write on the messengers; the browser chat has limits of its own
 * (web/limits.ts). "Delete my data", hide, stop and words that cannot wait always pass.
 */
export function floodRules(env: Env): FloodRules {
  const { texts, content, country } = env;
  const say = (lang: Lang, text: string): OutboundMessage => ({ lang, text, choices: [] });
  return {
    channels: ['telegram', 'whatsapp'],
    vital: (session, input) => isVital(env, session, input),
    notice: (session, { langHint }) => {
      const lang = session?.lang ?? langHint ?? COMMON_LANG;
      return say(lang, texts.t(lang, 'common:flood.fast'));
    },
    full: ({ langHint: lang = COMMON_LANG }) => {
      const phones = [...new Set(content.emergency(country, 'crisis').flatMap((c) => c.phones))];
      const call =
        phones.length > 0 ? [texts.t(lang, 'common:flood.call', { phones: phones.join(', ') })] : [];
      return say(lang, [texts.t(lang, 'common:flood.crowd'), ...call].join('\n'));
    },
  };
}
