import * as z from 'zod';
import { ServiceError } from '../../http/service-error.ts';
import type { JsonValue } from '../../json.ts';

/** What a caller may say of a failure. */
export const failureFields = {
  error: z.string().max(256).optional(),
  cause: z.string().max(32_768).optional(),
};

/** Checks an operation's input; throws ValidationException. */
export const readInput = <T>(schema: z.ZodType<T>, input: Record<string, JsonValue>): T => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ServiceError('ValidationException', issues.join('; '));
};
