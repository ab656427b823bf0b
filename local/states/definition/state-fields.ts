import * as z from 'zod';
import type { JsonValue } from '../../json.ts';
import { expressionIn } from '../expression/template.ts';

export const json = z.custom<JsonValue>((value) => value !== undefined, 'expected a JSON value');
export const expression = z
  .string()
  .refine((text) => expressionIn(text) !== undefined, 'expected {% JSONata %}');
const variableName = z
  .string()
  .regex(/^\p{ID_Start}\p{ID_Continue}{0,79}$/u, 'not a variable name')
  .refine((name) => name !== 'states', 'states is reserved');
const assign = z.record(variableName, json);

export const common = { Comment: z.string().optional(), QueryLanguage: z.literal('JSONata').optional() };
export const transition = { Next: z.string().optional(), End: z.boolean().optional() };
export const results = { Output: json.optional(), Assign: assign.optional() };

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
export const recovery = { Retry: z.array(retrier).default([]), Catch: z.array(catcher).default([]) };

export const wholeSeconds = (least: number) => z.union([z.int().min(least).max(99_999_999), expression]);

export type Retrier = z.infer<typeof retrier>;
