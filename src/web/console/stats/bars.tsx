import { scaleLinear } from 'd3-scale';
import type { Change } from '../../../usage/chance.ts';
import type { FigureNames } from '../../../usage/names.ts';
import type { Shown } from '../../../usage/sheet.ts';
import { Bar, Hidden } from './marks.tsx';

/** One line: its name, its number as a bar, and more numbers. */
export interface BarLine {
  name: string;
  value: Shown;
  change?: Change | undefined;
  more?: readonly Shown[];
}

interface BarTableProps {
  names: FigureNames;
  /** What the table is about, for those who hear it. */
  caption: string;
  /** Of the first column, of the number, and of further numbers. */
  heads: readonly [name: string, value: string, ...more: string[]];
  lines: readonly BarLine[];
  /** Keeps the order of the lines; default: the largest first. */
  ordered?: true;
}

/**
 * A list as a table with bars in it. Lines of which nothing is shown are named together at its end; when that is all of
 * them, the list as a whole.
 */
export function BarTable({ names, caption, heads, lines, ordered }: BarTableProps) {
  const shown = lines.filter(({ value }) => value.n > 0);
  const rows = ordered ? shown : shown.toSorted((a, b) => b.value.n - a.value.n);
  const hidden = lines.filter(({ value }) => value.n === 0).map(({ name }) => name);
  const share = scaleLinear([0, Math.max(1, ...rows.map(({ value }) => value.n))], [0, 100]);
  const [first, value, ...more] = heads;
  return (
    <>
      {rows.length > 0 && (
        <table class="bars">
          <caption class="sr">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{first}</th>
              <th scope="col" colspan={3}>
                {value}
              </th>
              {more.map((head) => (
                <th scope="col" class="n">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((line) => (
              <tr>
                <th scope="row">{names.capital(line.name)}</th>
                <td class="n">{names.shown(line.value)}</td>
                <td class="draw">
                  <Bar share={share(line.value.n)} />
                </td>
                <td class="turn">
                  <Turn names={names} change={line.change} />
                </td>
                {line.more?.map((number, at) => (
                  <td class="n more" data-label={more[at]}>
                    {names.shown(number) ?? <Hidden names={names} />}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hidden.length > 0 && (
        <p class="few-list">
          <span class="few" aria-hidden="true" />{' '}
          {rows.length === 0
            ? `${first}: ${names.t('few')}`
            : names.t('few_list', { names: hidden.join(', ') })}
        </p>
      )}
    </>
  );
}

/** `▲ 12 %` when a number has changed by more than chance. */
function Turn({ names, change }: { names: FigureNames; change: Change | undefined }) {
  if (change === undefined || change.direction === 'same') return null;
  const up = change.direction === 'up';
  return (
    <>
      <span aria-hidden="true">{up ? '▲ ' : '▼ '}</span>
      <span class="sr">{up ? '+' : '−'}</span>
      {names.percent(change.percent)}
    </>
  );
}
