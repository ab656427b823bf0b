import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { JsonValue } from '../json.ts';

const json = z.custom<JsonValue>((value) => value !== undefined);

/** A history event as the case file keeps it: payloads as JSON, details under their `…EventDetails` key. */
const eventSchema = z
  .object({ id: z.number().nullable(), previousEventId: z.number().nullable(), type: z.string() })
  .catchall(json);

const callbackSchema = z.object({
  action: z.enum(['sendTaskSuccess', 'sendTaskFailure', 'sendTaskHeartbeat', 'none']),
  output: z.string().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
  /** Heartbeats before `then`. */
  times: z.number().optional(),
  /** Once for every token, not only for the first. */
  each: z.boolean().optional(),
  // biome-ignore lint/suspicious/noThenProperty: the case file calls it so, and nobody awaits it
  then: z
    .object({
      action: z.enum(['sendTaskSuccess', 'sendTaskFailure', 'none']),
      output: z.string().optional(),
      error: z.string().optional(),
      cause: z.string().optional(),
    })
    .optional(),
});

/** When a case was recorded, such as `18-11-2024, 14:54:07`, in epoch milliseconds. */
const recordedAt = z
  .string()
  .regex(/^\d\d-\d\d-\d{4}, \d\d:\d\d:\d\d$/)
  .transform((text) => {
    const [day, month, year] = text.slice(0, 10).split('-');
    return Date.parse(`${year}-${month}-${day}T${text.slice(12)}Z`);
  });

const caseSchema = z.object({
  id: z.string(),
  recorded: recordedAt,
  features: z.array(z.string()),
  definition: json,
  input: json,
  lambdas: z.record(z.string(), z.string()).default({}),
  stateMachines: z.record(z.string(), json).default({}),
  callback: callbackSchema.optional(),
  unordered: z.boolean().default(false),
  events: z.array(eventSchema),
});

export type CaseEvent = z.infer<typeof eventSchema>;
export type Callback = z.infer<typeof callbackSchema>;
export type RecordedCase = z.infer<typeof caseSchema>;

/** Reads a file of recorded executions. */
export const readCases = async (path: string): Promise<RecordedCase[]> =>
  z.array(caseSchema).parse(JSON.parse(await readFile(path, 'utf8')));

/** The details of an event, under whatever key they stand. */
export const detailsOf = (event: CaseEvent): Record<string, JsonValue> => {
  for (const [key, value] of Object.entries(event)) {
    if (!key.endsWith('EventDetails')) continue;
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  }
  return {};
};
