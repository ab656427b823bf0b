import * as z from 'zod';
import type { JsonValue } from '../json.ts';
import { type Integration, TaskError } from '../states/integration.ts';
import { withMetadata } from '../states/response-metadata.ts';

/** A task's arguments as its service takes them; fails with TaskError. */
export const parseArguments = <T>(schema: z.ZodType<T>, args: JsonValue): T => {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  throw new TaskError(
    'States.Runtime',
    `The arguments are not what the service takes: ${z.prettifyError(parsed.error)}`,
  );
};

/** A text as it is, any other value as JSON text. */
export const asText = (value: JsonValue): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** Makes an integration tell of its responses as the optimized ones do. */
export const optimized =
  (integration: Integration): Integration =>
  async (args, context) =>
    withMetadata(await integration(args, context));
