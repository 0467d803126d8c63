import { scaleLinear } from 'd3-scale';
import type { Figures } from '../../../usage/figures.ts';
import type { FigureNames } from '../../../usage/names.ts';
import type { FlowSteps, StepFigure, WeakStep } from '../../../usage/steps.ts';
import { Bar, Hidden } from './marks.tsx';

/** The worst questions. */
const WORST = 5;

/** The questions people leave at, the worst first. */
export function WeakSteps({ names, weak }: { names: FigureNames; weak: readonly WeakStep[] }) {
  if (weak.length === 0) return <p>{names.t('weak.none')}</p>;
  const [topic, step, reached, left] = ['topic', 'step', 'reached', 'left'].map((head) =>
    names.t(`heads.${head}`),
  );
  return (
    <table class="weak">
      <caption class="sr">{names.t('weak.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{step}</th>
          <th scope="col">{topic}</th>
          <th scope="col" class="n">
            {reached}
          </th>
          <th scope="col" class="n">
            {left}
          </th>
        </tr>
      </thead>
      <tbody>
        {weak.slice(0, WORST).map((one) => (
          <tr>
            <th scope="row">{names.step(one.flow, one.id)}</th>
            <td data-label={topic}>{names.capital(names.flow(one.flow))}</td>
            <td class="n" data-label={reached}>
              {names.shown(one.reached)}
            </td>
            <td class="n" data-label={left}>
              {leftText(names, one)}
              {one.grown && <span class="tag bad">▲ {names.t('weak.grown')}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Flow by flow, folded; the one with the worst question is open. */
export function Funnels({ names, figures }: { names: FigureNames; figures: Figures }) {
  const topics = new Map(figures.topics.map(({ id, now }) => [id, now.n]));
  const flows = figures.flows
    .filter(({ id }) => topics.has(id))
    .toSorted((a, b) => (topics.get(b.id) ?? 0) - (topics.get(a.id) ?? 0));
  const [worst] = figures.weak;
  return (
    <>
      {flows.map((flow) => (
        <details class="funnel" open={flow.id === worst?.flow}>
          <summary>
            <span>{names.capital(names.flow(flow.id))}</span>
            {flow.weakest !== undefined && (
              <span class="hint">
                {` · ${names.t('funnel.weakest', { step: names.step(flow.id, flow.weakest.id) })}`}
              </span>
            )}
          </summary>
          <Funnel names={names} flow={flow} />
        </details>
      ))}
    </>
  );
}

function Funnel({ names, flow }: { names: FigureNames; flow: FlowSteps }) {
  const steps = flow.steps.filter(({ reached }) => reached.n > 0);
  const share = scaleLinear([0, Math.max(...steps.map(({ reached }) => reached.n))], [0, 100]);
  const hidden = flow.steps.length - steps.length;
  return (
    <>
      <table class="bars">
        <caption class="sr">{`${names.t('funnel.title')}: ${names.flow(flow.id)}`}</caption>
        <thead>
          <tr>
            <th scope="col">{names.t('heads.step')}</th>
            <th scope="col" colspan={2}>
              {names.t('heads.reached')}
            </th>
            <th scope="col" class="n">
              {names.t('heads.left')}
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr class={step.id === flow.weakest?.id ? 'weakest' : undefined}>
              <th scope="row">
                {names.step(flow.id, step.id)}
                {step.id === flow.weakest?.id && <span class="tag bad">▼ {names.t('funnel.mark')}</span>}
              </th>
              <td class="n">{names.shown(step.reached)}</td>
              <td class="draw">
                <Bar share={share(step.reached.n)} rest={share(Math.min(step.left.n, step.reached.n))} />
              </td>
              <td class="n more" data-label={names.t('heads.left')}>
                {leftText(names, step)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 && (
        <p class="few-list">
          <span class="few" aria-hidden="true" /> {names.t('funnel.hidden', { n: hidden })}
        </p>
      )}
    </>
  );
}

/** `120 (34 %)`; a way of leaving that is hidden makes it "at least". */
function leftText(names: FigureNames, { left, share }: StepFigure) {
  const shown = names.shown(left);
  if (shown === undefined) return <Hidden names={names} />;
  return share === undefined ? shown : `${shown} (${names.percent(share)})`;
}
