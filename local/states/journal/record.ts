import * as z from 'zod';
import type { JsonValue } from '../../json.ts';
import { frameSchema } from '../frame.ts';
import { historyEventSchema } from '../history.ts';
import { mapRunChangeSchema } from '../map-run/map-run-change.ts';

const json = z.custom<JsonValue>((value) => value !== undefined);

/** How an execution ended. */
const outcomeSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('SUCCEEDED'), output: json }),
  z.object({
    status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
    error: z.string().optional(),
    cause: z.string().optional(),
  }),
]);

/** One atomic step of one execution: everything in it happened, or none of it. */
export const recordSchema = z.object({
  execution: z.string(),
  atMs: z.number(),
  start: z
    .object({
      machineArn: z.string(),
      name: z.string(),
      definitionHash: z.string(),
      input: json,
      /** The task that awaits it, and with which it is stopped. */
      owner: z.object({ execution: z.string(), scheduledEventId: z.number() }).optional(),
      /** The map run that it is a part of, its place there, its items, and how often the run had been redriven. */
      mapRun: z
        .object({ arn: z.string(), index: z.number(), items: z.number(), redrives: z.number() })
        .optional(),
    })
    .optional(),
  redrive: z.boolean().optional(),
  events: z.array(historyEventSchema),
  put: z.array(frameSchema),
  removed: z.array(z.string()),
  outcome: outcomeSchema.optional(),
  mapRuns: z.array(mapRunChangeSchema).optional(),
});

export type Outcome = z.infer<typeof outcomeSchema>;
export type JournalRecord = z.infer<typeof recordSchema>;
