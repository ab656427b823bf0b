import * as z from 'zod';
import type { JsonValue } from '../json.ts';

// Payloads come out of JSON.parse, so they are JSON; walking them again would only cost time.
const json = z.custom<JsonValue>((value) => value !== undefined);

const phaseSchema = z.discriminatedUnion('kind', [
  /** About to enter its state; or, when redriven, to run it again without entering. */
  z.object({ kind: z.literal('ready'), isReentry: z.boolean() }),
  z.object({ kind: z.literal('waiting'), untilMs: z.number() }),
  z.object({ kind: z.literal('retrying'), atMs: z.number() }),
  z.object({
    kind: z.literal('task'),
    scheduledEventId: z.number(),
    arguments: json,
    /** The role of the state's Credentials. */
    roleArn: z.string().optional(),
    token: z.string().optional(),
    /** The service has taken the request; what is awaited is a token or another execution. */
    isSubmitted: z.boolean(),
    awaitedExecution: z.string().optional(),
    timeoutAtMs: z.number().optional(),
    heartbeatSeconds: z.number().optional(),
    heartbeatAtMs: z.number().optional(),
  }),
  z.object({
    kind: z.literal('map'),
    items: z.array(json),
    /** What the iterations get where ItemSelector makes it differ from the items. */
    inputs: z.array(json).optional(),
    concurrency: z.number(),
  }),
  z.object({
    kind: z.literal('mapRun'),
    mapRunArn: z.string(),
    /** The items, or where they are read from: the ItemReader's arguments and the most it gives. */
    source: z.union([
      z.object({ items: z.union([z.array(json), z.record(z.string(), json)]) }),
      z.object({ arguments: json, maxItems: z.number().optional() }),
    ]),
    batch: z
      .object({ maxItems: z.number().optional(), maxBytes: z.number().optional(), input: json.optional() })
      .optional(),
    /** The ResultWriter's arguments, if it writes to S3. */
    destination: json.optional(),
  }),
  z.object({ kind: z.literal('parallel'), input: json }),
]);

/** One thread of an execution: the machine itself, a branch or an iteration. All of it is plain data. */
export const frameSchema = z.object({
  /** '' for the machine; `parent/index` for a branch or an iteration. */
  id: z.string(),
  parent: z.string().optional(),
  index: z.number(),
  /** How to find its states in the definition: the fork states from the machine down, with branch numbers. */
  region: z.array(z.tuple([z.string(), z.number()])),
  status: z.enum(['running', 'done', 'failed', 'aborted']),
  state: z.string(),
  input: json,
  output: json.optional(),
  variables: z.record(z.string(), json),
  phase: phaseSchema,
  /** The previousEventId of its next event. */
  lastEventId: z.number(),
  enteredEventId: z.number(),
  /** What lastEventId was before its state was entered. */
  beforeEntryEventId: z.number(),
  enteredAtMs: z.number(),
  /** Attempts taken so far, by retrier. */
  attempts: z.array(z.number()),
});

export type Frame = z.infer<typeof frameSchema>;
type Phase = Frame['phase'];
export type TaskPhase = Extract<Phase, { kind: 'task' }>;
export type MapRunPhase = Extract<Phase, { kind: 'mapRun' }>;
