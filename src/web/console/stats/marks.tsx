import type { FigureNames } from '../../../usage/names.ts';

/** The pattern of what is hidden, once in a page; drawn wherever a mark has `fill={HATCH}`. */
export function Patterns() {
  return (
    <svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="hatch-line" width="1.5" height="6" />
        </pattern>
      </defs>
    </svg>
  );
}

export const HATCH = 'url(#hatch)';

/** A length beside its number in a table. @param share of the full width, 0 to 100; @param rest its empty end */
export function Bar({ share, rest = 0 }: { share: number; rest?: number }) {
  return (
    <svg class="bar" width="100%" height="14" aria-hidden="true" focusable="false">
      <rect class="mark" width={percent(share - rest)} height="100%" />
      {rest > 0 && <rect class="rest" x={percent(share - rest)} width={percent(rest)} y="1" height="12" />}
    </svg>
  );
}

/** In the place of a number that is not shown. */
export function Hidden({ names }: { names: FigureNames }) {
  return (
    <span class="few">
      <span class="sr">{names.t('book.hidden')}</span>
    </span>
  );
}

/** A coordinate: `46.25%`. */
export function percent(n: number): string {
  return `${Math.round(Math.max(0, n) * 100) / 100}%`;
}
