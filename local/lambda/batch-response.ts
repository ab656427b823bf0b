import * as z from 'zod';

const responseSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish(),
});

export type BatchResponse = { kind: 'done' } | { kind: 'failed' } | { kind: 'partly'; failedIds: string[] };

/**
 * What a function that reports item failures says about its batch. As on AWS, a response of another shape
 * or an identifier that was not in the batch fails the whole of it; nothing at all means success.
 */
export const readBatchResponse = (payload: string, batchIds: readonly string[]): BatchResponse => {
  const value: unknown = JSON.parse(payload);
  if (value === null) return { kind: 'done' };
  const parsed = responseSchema.safeParse(value);
  if (!parsed.success) return { kind: 'failed' };
  const failedIds = (parsed.data.batchItemFailures ?? []).map(({ itemIdentifier: id }) => id);
  if (failedIds.length === 0) return { kind: 'done' };
  return failedIds.every((id) => batchIds.includes(id)) ? { kind: 'partly', failedIds } : { kind: 'failed' };
};
