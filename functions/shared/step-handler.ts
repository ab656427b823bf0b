import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { prettifyError } from 'zod';
import { classifyError, InvalidInput } from './classify-error.ts';
import { logger } from './logger.ts';

/**
 * A Lambda that is a Task of a state machine: input parsed by the schema, one log line per outcome, and every fault
 * under one of three names (Retryable, Fatal, InvalidInput) for Retry and Catch to match.
 */
export const stepHandler = <Schema extends z.ZodType, Result>(
  schema: Schema,
  step: (input: z.infer<Schema>) => Promise<Result>,
) =>
  middy<unknown, Result, Error, Context>()
    .onError(({ error, context }) => {
      const fault = classifyError(error);
      logger.error('step failed', {
        functionName: context.functionName,
        fault: fault.name,
        reason: fault.message,
      });
      throw fault;
    })
    .handler(async (event: unknown, context: Context) => {
      const parsed = schema.safeParse(event);
      if (!parsed.success) throw new InvalidInput(prettifyError(parsed.error));
      const result = await step(parsed.data);
      const { orderNumber, outcome } = { ...(parsed.data as object), ...(result as object) } as Record<
        string,
        unknown
      >;
      logger.info('step done', { functionName: context.functionName, orderNumber, outcome });
      return result;
    });
