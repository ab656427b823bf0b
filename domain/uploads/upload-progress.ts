import * as z from 'zod';
import type { Upload, UploadCounts } from './upload.ts';

/** What is read of a file so far; `isWhole` once nothing more will come. */
export const readingProgressSchema = z.object({
  rows: z.int(),
  orders: z.int(),
  example: z.int(),
  isWhole: z.boolean(),
});
export type ReadingProgress = z.infer<typeof readingProgressSchema>;

/** What came of the orders of one batch: of its check, or of its submission. */
export const batchProgressSchema = z.object({
  batch: z.string(),
  purpose: z.enum(['check', 'submit']),
  created: z.int(),
  onHold: z.int(),
  rejected: z.int(),
  duplicate: z.int(),
  valid: z.int(),
});
export type BatchProgress = z.infer<typeof batchProgressSchema>;

export const uploadPhases = ['READING', 'CHECKING', 'SUBMITTING', 'WRITING_RESULT'] as const;

/** How far the work on a file is. `ordersTotal` is known once the file is read, `ordersChecked` where it is checked first. */
export type UploadProgress = {
  phase: (typeof uploadPhases)[number];
  ordersDone: number;
  ordersChecked?: number;
  ordersTotal?: number;
};

const outcomes = ['created', 'onHold', 'rejected', 'duplicate', 'valid'] as const;

const sumOf = (batches: readonly BatchProgress[], names: readonly (typeof outcomes)[number][]): number =>
  batches.reduce((sum, batch) => names.reduce((whole, name) => whole + batch[name], sum), 0);

const nothingRead: ReadingProgress = { rows: 0, orders: 0, example: 0, isWhole: false };

const phaseOf = (
  { isWhole, orders }: ReadingProgress,
  mode: Upload['mode'],
  { ordersDone, ordersChecked = 0 }: Pick<UploadProgress, 'ordersDone' | 'ordersChecked'>,
  hasRejected: boolean,
): UploadProgress['phase'] => {
  if (!isWhole) return 'READING';
  if (ordersDone === orders) return 'WRITING_RESULT';
  if (mode === 'REJECT_FAILED_ORDERS') return 'SUBMITTING';
  if (ordersChecked < orders) return 'CHECKING';
  return hasRejected ? 'WRITING_RESULT' : 'SUBMITTING';
};

/**
 * Counts and progress of a file that is worked on, of what its steps left behind. An order whose batch was submitted counts
 * as it was submitted, else as it was checked: none counts twice, and all but `valid` only ever grow.
 */
export const progressSoFar = (
  mode: Upload['mode'],
  reading: ReadingProgress = nothingRead,
  batches: readonly BatchProgress[],
): { counts: UploadCounts; progress: UploadProgress } => {
  const { check = [], submit = [] } = Object.groupBy(batches, ({ purpose }) => purpose);
  const submitted = new Set(submit.map(({ batch }) => batch));
  const latest = [...submit, ...check.filter(({ batch }) => !submitted.has(batch))];
  const { rows, orders, example, isWhole } = reading;
  const ordersIn = (some: readonly BatchProgress[]): number => example + sumOf(some, outcomes);
  const done = {
    ordersDone: ordersIn(mode === 'DRY_RUN' ? check : submit),
    ...(mode !== 'REJECT_FAILED_ORDERS' && { ordersChecked: ordersIn(check) }),
  };
  const rejected = sumOf(latest, ['rejected']);
  return {
    counts: {
      rows,
      orders,
      created: sumOf(latest, ['created']),
      onHold: sumOf(latest, ['onHold']),
      rejected,
      duplicate: sumOf(latest, ['duplicate']),
      example,
      valid: sumOf(latest, ['valid']),
    },
    progress: {
      phase: phaseOf(reading, mode, done, rejected > 0),
      ...done,
      ...(isWhole && { ordersTotal: orders }),
    },
  };
};
