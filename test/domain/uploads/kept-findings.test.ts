import { expect, test } from 'vitest';
import { keptFindings } from '../../../domain/uploads/kept-findings.ts';
import type { CellFinding } from '../../../domain/uploads/upload.ts';

const totals = (row: number, text = '合计'): CellFinding => ({
  severity: 'WARNING',
  code: 'TOTALS_ROW',
  cell: `A${row}`,
  column: text,
  value: text,
});
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

test('a few findings are all kept, in their order', () => {
  const all = [totals(2), totals(3), totals(4)];
  expect(keptFindings(all)).toEqual({ fileFindings: all, fileFindingsInAll: 3 });
});

test('of many the first hundred are kept, and how many there were', () => {
  const all = Array.from({ length: 100_000 }, (_, index) => totals(index + 2));
  expect(keptFindings(all)).toEqual({ fileFindings: all.slice(0, 100), fileFindingsInAll: 100_000 });
});

test('what is worse comes first', () => {
  const refusal: CellFinding = { severity: 'ERROR', code: 'FILE_DAMAGED' };
  const { fileFindings } = keptFindings([
    ...Array.from({ length: 100 }, (_, index) => totals(index)),
    refusal,
  ]);
  expect(fileFindings[0]).toEqual(refusal);
  expect(fileFindings).toHaveLength(100);
});

test.for([
  ['Chinese', '汉'.repeat(200)],
  ['characters beyond the plane of Chinese', '𠀀'.repeat(100)],
  ['control characters', '\u0001'.repeat(200)],
  ['texts longer than any that is read', '汉'.repeat(50_000)],
])('in %s they stay below a quarter of what an item may have', ([, text = '']) => {
  const { fileFindings, fileFindingsInAll } = keptFindings(
    Array.from({ length: 300 }, (_, index) => totals(index, text)),
  );
  expect(bytesOf(fileFindings)).toBeLessThanOrEqual(102_400);
  expect(fileFindingsInAll).toBe(300);
});

test('what an earlier upload kept is kept again with its number in all', () => {
  const earlier = keptFindings(Array.from({ length: 500 }, (_, index) => totals(index)));
  expect(keptFindings(earlier.fileFindings, earlier.fileFindingsInAll)).toEqual(earlier);
});
