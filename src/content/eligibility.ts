import type { TableRecord, When } from './schema.ts';

/** One value per variable of a table, e.g. `{ country: 'KZ', status: 'work', … }`. */
export type Answers = Record<string, string>;

type Row = TableRecord['rows'][number];
type Match = Exclude<When, unknown[]>;

/** A `when` as the list of its alternatives: one map or several. */
export function alternatives(when: When): readonly Match[] {
  return Array.isArray(when) ? when : [when];
}

/** Whether the answers fit one of the alternatives. Asked tens of thousands of times at every start. */
export function fits(when: When | undefined, answers: Answers): boolean {
  if (when === undefined) return true;
  return Array.isArray(when) ? when.some((match) => agrees(match, answers)) : agrees(when, answers);
}

function agrees(match: Match, answers: Answers): boolean {
  for (const variable in match) {
    const values = match[variable];
    const answer = answers[variable];
    if (answer === undefined || values === undefined) return false;
    if (Array.isArray(values) ? !values.includes(answer) : values !== answer) return false;
  }
  return true;
}

/** The answers of a table among a conversation's variables; undefined when one is missing or not a value of the table. */
export function readAnswers(
  table: TableRecord,
  vars: Record<string, string | number | string[]>,
): Answers | undefined {
  const answers: Answers = {};
  for (const [variable, values] of Object.entries(table.variables)) {
    const value = vars[variable];
    if (typeof value !== 'string' || !values.includes(value)) return undefined;
    answers[variable] = value;
  }
  return answers;
}

/** The first row that fits. */
export function findRow(table: TableRecord, answers: Answers): Row | undefined {
  return table.rows.find((row) => fits(row.when, answers));
}

/** Every combination of answers, in the order of the variables. */
export function* listAnswers(variables: TableRecord['variables']): Generator<Answers> {
  const names = Object.keys(variables);
  const turn = function* (at: number, answers: Answers): Generator<Answers> {
    const name = names[at];
    if (name === undefined) return yield { ...answers };
    for (const value of variables[name] ?? []) yield* turn(at + 1, { ...answers, [name]: value });
  };
  yield* turn(0, {});
}

/** What the completeness proof found wrong with a table. */
export interface Flaw {
  rule: 'incomplete' | 'unreachable' | 'no-next-step';
  /** Row it is about; absent for combinations without a row. */
  row?: string;
  /** How many combinations of answers. */
  count: number;
  /** One of them. */
  example?: Answers;
}

/**
 * Goes through every combination of answers and proves that each meets exactly one row (the first that fits), that no
 * row is unreachable, and that every answer ends in a step with somebody to turn to.
 *
 * @param reaches whether a decision's steps hold a contact or place that can be shown
 */
export function proveTable(table: TableRecord, reaches: (answers: Answers, row: Row) => boolean): Flaw[] {
  const met = new Map(table.rows.map((row) => [row.id, 0]));
  const flaws = new Map<string, Flaw>();
  const add = (rule: Flaw['rule'], example: Answers, row?: string) => {
    const key = `${rule} ${row ?? ''}`;
    const flaw = flaws.get(key) ?? { rule, count: 0, example, ...(row === undefined ? {} : { row }) };
    flaw.count++;
    flaws.set(key, flaw);
  };
  for (const answers of listAnswers(table.variables)) {
    const row = findRow(table, answers);
    if (row === undefined) add('incomplete', answers);
    else {
      met.set(row.id, (met.get(row.id) ?? 0) + 1);
      if (!reaches(answers, row)) add('no-next-step', answers, row.id);
    }
  }
  for (const [row, count] of met)
    if (count === 0) flaws.set(`unreachable ${row}`, { rule: 'unreachable', row, count: 0 });
  return [...flaws.values()];
}
