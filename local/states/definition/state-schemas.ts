import * as z from 'zod';
import type { JsonValue } from '../../json.ts';
import { expressionIn } from '../expression/template.ts';

const json = z.custom<JsonValue>((value) => value !== undefined, 'expected a JSON value');
const expression = z.string().refine((text) => expressionIn(text) !== undefined, 'expected {% JSONata %}');
const assign = z.record(z.string().regex(/^[A-Za-z_]\w{0,79}$/, 'not a variable name'), json);

const common = { Comment: z.string().optional(), QueryLanguage: z.literal('JSONata').optional() };
const transition = { Next: z.string().optional(), End: z.boolean().optional() };
const results = { Output: json.optional(), Assign: assign.optional() };

const retrier = z.strictObject({
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: z.int().min(1).max(99_999_999).default(1),
  MaxAttempts: z.int().min(0).max(99_999_999).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().min(1).max(31_622_400).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
  Comment: z.string().optional(),
});
const catcher = z.strictObject({
  ErrorEquals: z.array(z.string()).min(1),
  Next: z.string(),
  ...results,
  Comment: z.string().optional(),
});
const recovery = { Retry: z.array(retrier).default([]), Catch: z.array(catcher).default([]) };

const wholeSeconds = (least: number) => z.union([z.int().min(least).max(99_999_999), expression]);

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
const map = z.strictObject({
  Type: z.literal('Map'),
  ...common,
  ...transition,
  ...results,
  ...recovery,
  Items: z.union([z.array(json), expression]).optional(),
  ItemSelector: json.optional(),
  ItemProcessor: json,
  MaxConcurrency: z.union([z.int().min(0), expression]).optional(),
  // AWS accepts these two on an inline Map and gives them no effect there.
  ToleratedFailureCount: z.union([z.int().min(0), expression]).optional(),
  ToleratedFailurePercentage: z.union([z.number().min(0).max(100), expression]).optional(),
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

/** The envelope of a machine, a branch or an item processor. */
export const regionSchema = z.strictObject({
  Comment: z.string().optional(),
  QueryLanguage: z.literal('JSONata').optional(),
  StartAt: z.string(),
  States: z.record(z.string().min(1).max(80), json),
});
export const processorSchema = regionSchema.extend({
  ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE').optional() }).optional(),
});
export const machineSchema = regionSchema.extend({
  QueryLanguage: z.literal('JSONata'),
  Version: z.literal('1.0').optional(),
  TimeoutSeconds: z.int().min(1).max(99_999_999).optional(),
});

export type Retrier = z.infer<typeof retrier>;

export type PassState = z.infer<typeof pass>;
export type SucceedState = z.infer<typeof succeed>;
export type FailState = z.infer<typeof fail>;
export type WaitState = z.infer<typeof wait>;
export type ChoiceState = z.infer<typeof choice>;
export type TaskState = z.infer<typeof task>;
export type ParallelState = Omit<z.infer<typeof parallel>, 'Branches'> & { branches: Region[] };
export type MapState = Omit<z.infer<typeof map>, 'ItemProcessor'> & { processor: Region };
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
