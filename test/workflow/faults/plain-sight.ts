import * as z from 'zod';
import { isTerminal, statuses } from '../../../domain/orders/status.ts';
import type { SeenByOperator } from './case-view.ts';

const orderSchema = z.object({
  entity: z.literal('ORDER'),
  orderNumber: z.string(),
  status: z.enum(statuses),
});
const uploadSchema = z.object({
  entity: z.literal('UPLOAD'),
  uploadId: z.string(),
  status: z.enum(['COMPLETED', 'COMPLETED_WITH_ERRORS', 'FAILED']),
  executionId: z.string(),
});

const rowsOf = <Schema extends z.ZodType>(schema: Schema, { orderRows }: SeenByOperator): z.infer<Schema>[] =>
  orderRows.flatMap((row) => schema.safeParse(row).data ?? []);

/**
 * Executions that failed, rang the alarm of their machine, and owe nothing to anybody: one that told the sender of a file
 * to send it again, and one whose order or file had ended by the step that nobody heard of.
 */
const failedInPlainSight = (seen: SeenByOperator): Map<string, string> => {
  const failed = new Set(seen.executions.flatMap(({ name, status }) => (status === 'FAILED' ? [name] : [])));
  const told = rowsOf(uploadSchema, seen).map(
    ({ uploadId, status, executionId }) =>
      [
        executionId.split(':').at(-1) ?? '',
        status === 'FAILED'
          ? `the sender of ${uploadId} was told to send it again`
          : `${uploadId} was ${status} before`,
      ] as const,
  );
  const ended = rowsOf(orderSchema, seen)
    .filter(({ status }) => isTerminal(status))
    .map(({ orderNumber, status }) => [orderNumber, `${orderNumber} was ${status} before`] as const);
  return new Map([...told, ...ended].filter(([name]) => failed.has(name)));
};

/** What is seen, with those executions as if they had succeeded, and what became of them. */
export const withPlainSight = (seen: SeenByOperator): { seen: SeenByOperator; inPlainSight: string[] } => {
  const found = failedInPlainSight(seen);
  return {
    seen: {
      ...seen,
      executions: seen.executions.map((execution) =>
        found.has(execution.name) ? { ...execution, status: 'SUCCEEDED' } : execution,
      ),
    },
    inPlainSight: [...found.values()].map((reason) => `an execution failed, but ${reason}`),
  };
};
