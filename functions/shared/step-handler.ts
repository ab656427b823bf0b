import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { classifyError, InvalidInput } from './classify-error.ts';
import { logger } from './logger.ts';

const idsSchema = z.object({ orderNumber: z.string().optional(), uploadId: z.string().optional() });
const outcomeSchema = z.object({ outcome: z.string() });

/** Which order or upload a step is about, as far as its input tells. */
const idsOf = (event: unknown) => idsSchema.safeParse(event).data ?? {};
const outcomeOf = (result: unknown) => outcomeSchema.safeParse(result).data ?? {};

/**
 * A Lambda that is a Task of a state machine: input parsed by the schema, one log line per outcome, and every fault
 * under one of three names (Retryable, Fatal, InvalidInput) for Retry and Catch to match.
 */
export const stepHandler = <Schema extends z.ZodType, Result>(
  schema: Schema,
  step: (input: z.infer<Schema>) => Promise<Result>,
) =>
  middy<unknown, Result, Error, Context>()
    .onError(({ error, event, context }) => {
      const fault = classifyError(error);
      logger.error('step failed', {
        functionName: context.functionName,
        ...idsOf(event),
        fault: fault.name,
        reason: fault.message,
      });
      throw fault;
    })
    .handler(async (event: unknown, context: Context) => {
      const parsed = schema.safeParse(event);
      if (!parsed.success) throw new InvalidInput(z.prettifyError(parsed.error));
      const result = await step(parsed.data);
      logger.info('step done', { functionName: context.functionName, ...idsOf(event), ...outcomeOf(result) });
      return result;
    });
