import type { StepSource } from './schema.ts';

/** A target a step or a choice leads to. */
export type Target =
  | { to: 'step'; step: string }
  | { to: 'goto'; flow: string }
  | { to: 'call'; flow: string }
  | { to: 'handoff'; topic: string }
  | { to: 'end'; outcome: string }
  | { to: 'do'; action: DoAction };

/** Something the engine does at a step, without leaving it. */
export type DoAction = 'next_site' | 'next_part' | 'map' | 'leave' | 'forget' | 'hide';

export interface FlowChoice {
  id: string;
  /** Absent: the answer is stored and the step's own `next` goes on. */
  target?: Target;
  set?: Record<string, string | number>;
  when?: Record<string, string | number | (string | number)[]>;
}

export type StepKind =
  | 'say'
  | 'ask'
  | 'find_sites'
  | 'contacts'
  | 'emergency'
  | 'decide'
  | 'branch'
  | 'call'
  | 'goto'
  | 'set'
  | 'queue'
  | 'after'
  | 'handoff'
  | 'end';

/** A step as the engine reads it: the file's step plus its kind and compiled choices. */
export interface FlowStep extends Omit<StepSource, 'choices'> {
  id: string;
  kind: StepKind;
  choices: FlowChoice[];
  /** Whether the conversation pauses here for the person. */
  waits: boolean;
  /** 1-based line in the file, for the checker's messages. */
  line: number;
}

/** Where words of an intent lead. */
export interface IntentTarget {
  /** Default: the flow's start. */
  step?: string;
  /** What the words have answered already. */
  set: Readonly<Record<string, string | number>>;
}

export interface Flow {
  id: string;
  version: number;
  start: string;
  /** Path from the project's folder, e.g. `flows/rights.yaml`. */
  file: string;
  /** First 12 hex digits of SHA-256 over the file's normalised content. */
  hash: string;
  triggers: {
    command?: string;
    /** By intent, or intent.detail as in `art.running-out`: where its words lead in this flow. */
    intents: ReadonlyMap<string, IntentTarget>;
  };
  moved: Record<string, string>;
  was: string[];
  steps: Map<string, FlowStep>;
}

/** All flows by id. */
export type Flows = ReadonlyMap<string, Flow>;

/** Flows the engine itself needs: it goes there by name. */
export const BUILT_IN = {
  welcome: 'welcome',
  menu: 'menu',
  language: 'language',
  help: 'help',
  handoff: 'handoff',
  emergency: 'emergency',
} as const;
