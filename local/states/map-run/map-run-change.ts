import * as z from 'zod';
import type { JsonValue } from '../../json.ts';

const json = z.custom<JsonValue>((value) => value !== undefined);

const limits = {
  maxConcurrency: z.number(),
  /** What a machine does not say tolerates nothing, unless it says the other of the two. */
  toleratedFailureCount: z.number().optional(),
  toleratedFailurePercentage: z.number().optional(),
};

/** What the journal tells of a map run; it belongs to the execution whose record it is in. */
export const mapRunChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), arn: z.string(), machineArn: z.string(), ...limits }),
  /** Inputs of child executions from place `from` on; the first of them replace any from before a crash. */
  z.object({
    kind: z.literal('inputs'),
    arn: z.string(),
    from: z.number(),
    inputs: z.array(z.object({ input: json, items: z.number() })),
    isLast: z.boolean(),
  }),
  z.object({ kind: z.literal('limits'), arn: z.string(), ...limits, maxConcurrency: z.number().optional() }),
  z.object({ kind: z.literal('redriven'), arn: z.string() }),
  z.object({
    kind: z.literal('ended'),
    arn: z.string(),
    status: z.enum(['SUCCEEDED', 'FAILED', 'ABORTED']),
    resultsWritten: z.boolean(),
  }),
]);

export type MapRunChange = z.infer<typeof mapRunChangeSchema>;
