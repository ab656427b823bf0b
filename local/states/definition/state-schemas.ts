import * as z from 'zod';
import { map, type ProcessorConfig, processorConfigSchema } from './map-schemas.ts';
import { common, expression, json, recovery, results, transition, wholeSeconds } from './state-fields.ts';

const pass = z.strictObject({ Type: z.literal('Pass'), ...common, ...transition, ...results });
const succeed = z.strictObject({ Type: z.literal('Succeed'), ...common, Output: json.optional() });
const fail = z.strictObject({
  Type: z.literal('Fail'),
  ...common,
  Error: z.string().optional(),
  Cause: z.string().optional(),
});
const wait = z.strictObject({
  Type: z.literal('Wait'),
  ...common,
  ...transition,
  ...results,
  Seconds: wholeSeconds(0).optional(),
  Timestamp: z.string().optional(),
});
const rule = z.strictObject({
  Condition: z.union([z.boolean(), expression]),
  Next: z.string(),
  ...results,
  Comment: z.string().optional(),
});
const choice = z.strictObject({
  Type: z.literal('Choice'),
  ...common,
  ...results,
  Choices: z.array(rule).min(1),
  Default: z.string().optional(),
});
const task = z.strictObject({
  Type: z.literal('Task'),
  ...common,
  ...transition,
  ...results,
  ...recovery,
  Resource: z.string(),
  Arguments: json.optional(),
  Credentials: z.strictObject({ RoleArn: z.string() }).optional(),
  TimeoutSeconds: wholeSeconds(1).optional(),
  HeartbeatSeconds: wholeSeconds(1).optional(),
});
const parallel = z.strictObject({
  Type: z.literal('Parallel'),
  ...common,
  ...transition,
  ...results,
  ...recovery,
  Arguments: json.optional(),
  Branches: z.array(json).min(1),
});

/** One state as written, defaults filled in; branches and item processors are still plain JSON. */
export const stateSchema = z.discriminatedUnion('Type', [
  pass,
  succeed,
  fail,
  wait,
  choice,
  task,
  parallel,
  map,
]);

/** The envelope of a branch, and what a machine and an item processor have of it too. */
export const regionSchema = z.strictObject({
  Comment: z.string().optional(),
  StartAt: z.string(),
  States: z.record(z.string().min(1).max(80), json),
});
export const processorSchema = regionSchema.extend({
  ProcessorConfig: processorConfigSchema.prefault({}),
});
export const machineSchema = regionSchema.extend({
  QueryLanguage: z.enum(['JSONata', 'JSONPath']).default('JSONPath'),
  Version: z.literal('1.0').optional(),
  TimeoutSeconds: z.int().min(1).max(99_999_999).optional(),
});

export type PassState = z.infer<typeof pass>;
export type SucceedState = z.infer<typeof succeed>;
export type FailState = z.infer<typeof fail>;
export type WaitState = z.infer<typeof wait>;
export type ChoiceState = z.infer<typeof choice>;
export type TaskState = z.infer<typeof task>;
export type ParallelState = Omit<z.infer<typeof parallel>, 'Branches'> & { branches: Region[] };
export type MapState = Omit<z.infer<typeof map>, 'ItemProcessor'> & {
  config: ProcessorConfig;
  processor: Region;
};
export type State =
  | PassState
  | SucceedState
  | FailState
  | WaitState
  | ChoiceState
  | TaskState
  | ParallelState
  | MapState;

/** Named states and where to begin: a whole machine, a Parallel's branch or a Map's item processor. */
export type Region = { startAt: string; states: ReadonlyMap<string, State> };
