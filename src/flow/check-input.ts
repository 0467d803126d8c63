import type { ContentLookup } from '../content/types.ts';
import type { Texts } from '../engine/types.ts';
import type { Problem } from '../errors.ts';
import type { Lang, OutboundMessage } from '../message.ts';
import type { Flow, FlowStep, Flows } from './types.ts';

/** What of a channel's capabilities decides whether a message fits. `Capabilities` has all of it. */
export interface Limits {
  /** UTF-16 units. */
  textLimit: number;
  /**
   * Ways to show choices. Where none `spills`, choices that do not fit become numbered lines, so there is nothing to
   * refuse.
   */
  menus: readonly {
    max: number;
    /** UTF-16 units. */
    labelLimit: number;
    /** Bytes. */
    dataLimit: number;
    spills?: true;
  }[];
}

/** A decision table as far as flows and locales depend on it. */
export interface TableShape {
  /** Variables its rows look at. */
  variables: readonly string[];
  /** Row ids; their texts are `eligibility:<table>.<row>`. */
  rows: readonly string[];
  /** Step ids; their texts are `eligibility:steps.<id>`. */
  steps: readonly string[];
}

/** All that the checker looks at. */
export interface CheckInput {
  flows: Flows;
  content: ContentLookup;
  texts: Texts;
  /** Languages that are shipped: each must have every text. */
  langs: readonly Lang[];
  /** `2026-11-22` */
  today: string;
  /** By name: a channel, or one of the ways a channel is reached. */
  channels: ReadonlyMap<string, Limits>;
  /** Decision tables by name; without them, what hangs on tables is not checked. */
  tables?: ReadonlyMap<string, TableShape>;
  /** The opinion of one of `channels` on a message: what does not fit, in words. */
  renderLimits?: (message: OutboundMessage, channel: string) => { text: string; level: Problem['level'] }[];
  /** Level of a fact past its review date; default `warning`. */
  stale?: Problem['level'];
  /** Flows that must exist; default: those the engine goes to by name. */
  builtIn?: readonly string[];
}

/** Adds a problem about a step, with its file and line. */
export type StepReport = (
  flow: Flow,
  step: FlowStep,
  rule: string,
  message: string,
  hint: string,
  level?: Problem['level'],
) => void;
