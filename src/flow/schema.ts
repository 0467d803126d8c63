import { z } from 'zod';

/*
 * The flow language. No prose and no expressions: texts are implied by position (flow `rights`, step `menu` →
 * `locales/<lang>/rights.json`, key `menu.text`, choices `menu.choices.<id>`), branching is by choice, by a
 * variable's value or by a decision table. `flows/README.md` explains it to authors; `flows/flow.schema.json` is
 * generated from here for editors.
 */

/** Lengths keep `<lang>:<flow>:<step>:<choice>` within the 64 bytes a button may carry. */
const flowId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,15}$/, 'a flow id: 2–16 of a–z, 0–9, "-"')
  .describe('Flow id, also its locale namespace.');
const stepId = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,15}$/, 'a step id: 1–16 of a–z, 0–9, "_"')
  .describe('Step id.');
const choiceId = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,17}$/, 'a choice id: 1–18 of a–z, 0–9, "_", "-"')
  .describe('Choice id.');
const varName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,15}$/, 'a variable: 1–16 of a–z, 0–9, "_"')
  .describe('Variable.');
const outcome = z.string().regex(/^[a-z][a-z0-9-]{1,23}$/, 'an outcome: 2–24 of a–z, 0–9, "-"');
const intentKey = z
  .string()
  .regex(/^[a-z]+(\.[a-z][a-z0-9_-]*)?$/, 'an intent, or intent.detail, e.g. art.running-out')
  .describe('Key of locales/<lang>/phrases.yaml.');
const urgentTopic = z.enum(['pep', 'crisis', 'violence', 'police']);
const value = z.union([z.string(), z.number()]);
const contentId = z.string().regex(/^[a-z0-9][a-z0-9-]*$/i, 'an id under db/content/');

const target = z
  .strictObject({
    next: stepId.optional().describe('Step to go to.'),
    goto: flowId.optional().describe('Flow to go to; it does not come back.'),
    call: flowId.optional().describe('Flow to go through; comes back to this step.'),
    handoff: contentId.optional().describe('Topic to hand the person over with.'),
    end: outcome.optional().describe('Ends the flow with this outcome.'),
    do: z
      .enum(['next_site', 'next_part', 'map', 'leave', 'forget', 'hide'])
      .optional()
      .describe('Something the engine does at this step.'),
  })
  .describe('Where to go: exactly one of these.');

const choice = target
  .extend({
    id: choiceId,
    set: z.record(varName, value).optional().describe('Variables to set when it is taken.'),
    when: z
      .record(varName, z.union([value, z.array(value)]))
      .optional()
      .describe('Shown only while every variable has (one of) these values.'),
  })
  .describe('An option a person can take.');

const ask = z
  .strictObject({
    choice: varName.optional().describe('Stores the id of the taken choice.'),
    place: varName.optional().describe('A shared location or the name of a city; stores the id of the city.'),
    number: varName.optional().describe('Stores a whole number.'),
    text: varName.optional().describe('Takes any text; only a match in `from` is stored, never the words.'),
    from: z
      .enum(['languages', 'countries', 'cities', 'citizenships'])
      .optional()
      .describe('Adds a choice for each of these.'),
    min: z.number().int().optional(),
    max: z.number().int().optional(),
    known: z.enum(['skip', 'ask']).default('ask').describe('`skip`: go on when the variable is already set.'),
  })
  .describe('A question. Waits for the answer.');

const common = {
  next: stepId.optional().describe('Step to go on with.'),
  choices: z.array(choice).optional().describe('Options; a step with options waits.'),
  no_match: z
    .strictObject({ tries: z.number().int().min(1).max(3).default(2), next: stepId })
    .optional()
    .describe('Where to go after this many answers that were not understood; default: offer a person.'),
  nav: z.boolean().default(true).describe('false: without the row "Back · Menu".'),
};

const kinds = {
  say: z
    .strictObject({
      claim: contentId.optional().describe('One claim, by id.'),
      page: contentId.optional().describe('The claims of this page for the country of stay.'),
      by: varName.default('country').describe('Variable that holds the country of the page.'),
      none: stepId.optional().describe('Where to go when the page is empty for this country.'),
    })
    .describe('Says the text of the step, then the claims.'),
  ask,
  find_sites: z
    .strictObject({
      service: contentId.describe('A service of the sites, e.g. test.'),
      limit: z.number().int().min(1).max(9).default(5),
      page: contentId.optional().describe('Claims to print on each place, e.g. what is free there.'),
    })
    .describe('Shows the nearest places one by one.'),
  contacts: z
    .strictObject({
      topic: contentId.describe('Topic, e.g. lawyer.'),
      from: varName.optional().describe('Variable that holds the topic when it is set.'),
      limit: z.number().int().min(1).max(5).default(3),
      by: varName.default('country'),
    })
    .describe('Shows whom to call in the country of stay.'),
  emergency: z.strictObject({ topic: urgentTopic }).describe('Shows the numbers that never wait.'),
  decide: z
    .strictObject({ table: contentId, show: z.enum(['answer', 'steps']).default('answer') })
    .describe('Looks the answers up in a decision table; shows the outcome, or what to do next.'),
  branch: z
    .strictObject({
      on: varName,
      same: z
        .strictObject({ as: varName, next: stepId })
        .optional()
        .describe('Taken when both variables hold the same value.'),
      cases: z.record(z.string(), stepId).default({}),
      known: stepId.optional().describe('Taken for any other value.'),
      else: stepId.describe('Taken when there is no value, or none of these.'),
    })
    .describe('Goes on by the value of a variable.'),
  call: flowId.describe('Goes through another flow and comes back.'),
  goto: flowId.describe('Goes to another flow for good.'),
  set: z.record(varName, value.nullable()).describe('Sets variables; null removes one.'),
  queue: z
    .strictObject({
      topic: contentId.describe('Topic, e.g. general.'),
      from: varName.optional().describe('Variable that holds the topic when it is set.'),
      urgent: z
        .array(urgentTopic)
        .default([])
        .describe('Topics whose numbers are said before anything else.'),
      limit: z.number().int().min(1).max(5).default(2).describe('Most people to call meanwhile.'),
      full: stepId.describe('Where to go when too many people wait.'),
      missed: stepId.describe('Where to go when nobody came in time.'),
      over: stepId.describe('Where to go when the talk is over.'),
    })
    .describe('Asks for a person and waits; says when they answer, and whom to call meanwhile.'),
  after: z.strictObject({}).describe('Asks how the talk was; the answer is counted, and nothing else.'),
  handoff: z.strictObject({ topic: contentId }).describe('Hands the person over.'),
  end: outcome.describe('Ends the flow with this outcome.'),
};

export const STEP_KINDS = Object.keys(kinds) as (keyof typeof kinds)[];

const step = z
  .strictObject({
    ...common,
    ...Object.fromEntries(Object.entries(kinds).map(([k, schema]) => [k, schema.optional()])),
    none: stepId
      .optional()
      .describe('find_sites, contacts, emergency, queue: where to go when there is nothing, or nobody.'),
  } as typeof common & { none: z.ZodOptional<typeof stepId> } & {
    [K in keyof typeof kinds]: z.ZodOptional<(typeof kinds)[K]>;
  })
  .describe('One step: exactly one kind, and where to go.');

export const flowSchema = z
  .strictObject({
    id: flowId,
    version: z.number().int().min(1),
    start: stepId,
    triggers: z
      .strictObject({
        command: z
          .string()
          .regex(/^[a-z]{2,16}$/, 'a command: 2–16 of a–z')
          .optional()
          .describe('Telegram command without the slash.'),
        intents: z
          .record(
            intentKey,
            z.union([stepId, z.strictObject({ step: stepId.optional(), set: z.record(varName, value) })]),
          )
          .optional()
          .describe(
            'What people may say to get here: intent (or intent.detail) → step, or what is known then.',
          ),
      })
      .optional(),
    moved: z
      .record(stepId, stepId)
      .optional()
      .describe('Steps renamed since people may have stopped at them: old → new.'),
    was: z.array(flowId).optional().describe('Earlier ids of this flow.'),
    steps: z.record(stepId, step),
  })
  .describe('A conversation.');

export type FlowSource = z.infer<typeof flowSchema>;
export type StepSource = z.infer<typeof step>;
export type ChoiceSource = z.infer<typeof choice>;
