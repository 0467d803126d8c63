import { loadContent } from './content/load.ts';
import type { Env } from './engine/types.ts';
import { AppError, type ErrorCode, formatProblem, type Problem } from './errors.ts';
import { loadFlows } from './flow/load.ts';
import { loadTexts } from './i18n/texts.ts';
import { createPlaces } from './understanding/places.ts';
import { loadUnderstanding } from './understanding/understanding.ts';

/**
 * Loads everything a conversation needs: flows, texts in every language, content. All of it or nothing.
 *
 * @param root the project's folder
 * @param today `2026-11-22`
 * @throws AppError FLOW_INVALID, LOCALE_INVALID or CONTENT_INVALID that lists every problem with file and line
 */
export function loadWorld(root: string, country: string, today: string): Env {
  const { flows, problems: inFlows } = loadFlows(root);
  const { texts, problems: inTexts } = loadTexts(root);
  const { content, problems: inContent } = loadContent(root);
  refuse([
    ['FLOW_INVALID', 'flows', inFlows],
    ['LOCALE_INVALID', 'locales', inTexts],
    ['CONTENT_INVALID', 'content', inContent],
  ]);
  const understanding = loadUnderstanding(root);
  const placesIn = createPlaces(content, texts);
  return Object.freeze({ flows, texts, content, understanding, placesIn, country, today });
}

/** Everything that is wrong, at once: nobody wants to mend one file only to hear of the next. */
function refuse(found: readonly [code: ErrorCode, command: string, problems: readonly Problem[]][]): void {
  const broken = found
    .map(([code, command, problems]) => ({
      code,
      command,
      errors: problems.filter((p) => p.level === 'error'),
    }))
    .filter(({ errors }) => errors.length > 0);
  const [first] = broken;
  if (first === undefined) return;
  const commands = broken.map(({ command }) => `npx hamroh ${command} check`).join(', ');
  throw new AppError(first.code, broken.flatMap(({ errors }) => errors.map(formatProblem)).join('\n'), {
    hint: `Correct these files; the same list is shown by: ${commands}`,
  });
}
