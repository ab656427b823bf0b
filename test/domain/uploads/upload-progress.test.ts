import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { uploadModes } from '../../../domain/uploads/upload.ts';
import {
  type BatchProgress,
  progressSoFar,
  type ReadingProgress,
} from '../../../domain/uploads/upload-progress.ts';

const aBatch = (batch: string, changes: Partial<BatchProgress> = {}): BatchProgress => ({
  batch,
  purpose: 'submit',
  created: 0,
  onHold: 0,
  rejected: 0,
  duplicate: 0,
  valid: 0,
  ...changes,
});
const whole: ReadingProgress = { rows: 90, orders: 60, example: 10, isWhole: true };

describe('the progress of a file', () => {
  test('is nothing before the first of it is read', () => {
    expect(progressSoFar('REJECT_FAILED_ORDERS', undefined, [])).toEqual({
      counts: { rows: 0, orders: 0, created: 0, onHold: 0, rejected: 0, duplicate: 0, example: 0, valid: 0 },
      progress: { phase: 'READING', ordersDone: 0 },
    });
  });

  test('is the rows read while it is read, and of how many orders none can say', () => {
    const { counts, progress } = progressSoFar(
      'DRY_RUN',
      { rows: 4000, orders: 0, example: 0, isWhole: false },
      [],
    );
    expect(counts).toMatchObject({ rows: 4000, orders: 0 });
    expect(progress).toEqual({ phase: 'READING', ordersDone: 0, ordersChecked: 0 });
  });

  test('adds up the batches that are done; examples are done with when they are read', () => {
    const batches = [aBatch('1', { created: 20, onHold: 5 }), aBatch('2', { rejected: 3, duplicate: 2 })];
    expect(progressSoFar('REJECT_FAILED_ORDERS', whole, batches)).toEqual({
      counts: {
        rows: 90,
        orders: 60,
        created: 20,
        onHold: 5,
        rejected: 3,
        duplicate: 2,
        example: 10,
        valid: 0,
      },
      progress: { phase: 'SUBMITTING', ordersDone: 40, ordersTotal: 60 },
    });
  });

  test('of a file that must be taken whole counts an order once, though it is checked and submitted', () => {
    const checked = [
      aBatch('1', { purpose: 'check', valid: 25 }),
      aBatch('2', { purpose: 'check', valid: 23, duplicate: 2 }),
    ];
    const { counts, progress } = progressSoFar('REJECT_FILE', whole, [
      ...checked,
      aBatch('1', { created: 24, onHold: 1 }),
    ]);
    expect(counts).toMatchObject({ created: 24, onHold: 1, valid: 23, duplicate: 2, rejected: 0 });
    expect(progress).toEqual({ phase: 'SUBMITTING', ordersDone: 35, ordersChecked: 60, ordersTotal: 60 });
  });

  test.for([
    {
      of: 'a dry run that is checked to the end',
      mode: 'DRY_RUN' as const,
      batches: [aBatch('1', { purpose: 'check', valid: 50 })],
      phase: 'WRITING_RESULT',
    },
    {
      of: 'a dry run that is not',
      mode: 'DRY_RUN' as const,
      batches: [aBatch('1', { purpose: 'check', valid: 25 })],
      phase: 'CHECKING',
    },
    {
      of: 'a file that is refused as a whole',
      mode: 'REJECT_FILE' as const,
      batches: [aBatch('1', { purpose: 'check', valid: 49, rejected: 1 })],
      phase: 'WRITING_RESULT',
    },
    {
      of: 'a file that is about to be taken whole',
      mode: 'REJECT_FILE' as const,
      batches: [aBatch('1', { purpose: 'check', valid: 50 })],
      phase: 'SUBMITTING',
    },
    {
      of: 'a file whose last batch is submitted',
      mode: 'REJECT_FAILED_ORDERS' as const,
      batches: [aBatch('1', { created: 50 })],
      phase: 'WRITING_RESULT',
    },
  ])('of $of is $phase', ({ mode, batches, phase }) => {
    expect(progressSoFar(mode, whole, batches).progress.phase).toBe(phase);
  });
});

const outcome = fc.record({
  created: fc.nat(5),
  onHold: fc.nat(5),
  rejected: fc.nat(5),
  duplicate: fc.nat(5),
});
const ordersIn = ({ created, onHold, rejected, duplicate }: Omit<BatchProgress, 'batch' | 'purpose'>) =>
  created + onHold + rejected + duplicate;

test('whatever comes in which order, nothing but what is still valid is ever taken back', () => {
  const growing = ['created', 'onHold', 'rejected', 'duplicate', 'example', 'rows', 'orders'] as const;
  const run = fc
    .record({
      mode: fc.constantFrom(...uploadModes),
      outcomes: fc.array(outcome, { minLength: 1, maxLength: 6 }),
    })
    .chain(({ mode, outcomes }) => {
      const submitted = outcomes.map((one, index) => aBatch(String(index), one));
      const checked = submitted.map(({ created, onHold, rejected, ...one }) => ({
        ...one,
        purpose: 'check' as const,
        created: 0,
        onHold: 0,
        rejected: mode === 'DRY_RUN' ? rejected : 0,
        valid: created + onHold + (mode === 'DRY_RUN' ? 0 : rejected),
      }));
      const steps = {
        REJECT_FAILED_ORDERS: [submitted],
        REJECT_FILE: [checked, submitted],
        DRY_RUN: [checked],
      }[mode];
      const shuffled = steps.map((batches) =>
        fc.shuffledSubarray(batches, { minLength: batches.length, maxLength: batches.length }),
      );
      return fc.record({
        mode: fc.constant(mode),
        orders: fc.constant(submitted.reduce((sum, one) => sum + ordersIn({ ...one, valid: 0 }), 1)),
        batches: fc.tuple(...shuffled).map((parts) => parts.flat()),
      });
    });
  fc.assert(
    fc.property(run, ({ mode, orders, batches }) => {
      const reading = { rows: orders * 2, orders, example: 1, isWhole: true };
      const seen = batches.map((_, count) => progressSoFar(mode, reading, batches.slice(0, count + 1)));
      seen.slice(1).forEach(({ counts, progress }, index) => {
        const before = seen[index];
        for (const name of growing) expect(counts[name]).toBeGreaterThanOrEqual(before?.counts[name] ?? 0);
        expect(progress.ordersDone).toBeGreaterThanOrEqual(before?.progress.ordersDone ?? 0);
      });
      const { counts, progress } = seen.at(-1) ?? progressSoFar(mode, reading, []);
      expect(progress.ordersDone).toBe(orders);
      expect(
        counts.created + counts.onHold + counts.rejected + counts.duplicate + counts.example + counts.valid,
      ).toBe(orders);
    }),
  );
});
