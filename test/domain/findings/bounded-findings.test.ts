import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBlocking } from '../../../domain/audit/audit-order.ts';
import { askedAtOnce, fittingFindings } from '../../../domain/findings/bounded-findings.ts';
import type { Finding } from '../../../domain/findings/finding.ts';
import { openFindings } from '../../../domain/findings/findings.ts';
import type { StoredFinding } from '../../../domain/orders/order.ts';

const aFinding = (line: number, more: Partial<Finding> = {}): Finding => ({
  severity: 'HOLD',
  code: 'SPEC_MISMATCH',
  pointer: `#/lines/${line}/specification`,
  value: '红',
  ...more,
});
const many = (count: number, more: Partial<Finding> = {}): Finding[] =>
  Array.from({ length: count }, (_, line) => aFinding(line, more));

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('what is asked at once', () => {
  test('is one question about each of 500 lines, with the evidence of the first hundred', () => {
    const evidence = [
      {
        source: 'PRICE_LIST' as const,
        id: 'CUP-350-BL',
        version: 12,
        detail: 'STANDARD 39.90 CNY 2025-01-01',
      },
      { source: 'PARTNER' as const, id: 'example-mall', detail: 'toleranceMinor 0' },
    ];
    const found = many(500, {
      code: 'PRICE_MISMATCH',
      value: '39.90',
      expected: '38.00',
      suggestion: '38.00',
    }).map(
      (finding, index): Finding => ({
        ...finding,
        cause: 'OLD_PRICE_LIST',
        ...(index < 100 && { evidence }),
      }),
    );
    expect(askedAtOnce(found)).toEqual(found);
  });

  test('is no more than 500, with the number of those that wait', () => {
    const found = many(1200);
    expect(askedAtOnce(found)).toEqual([
      ...found.slice(0, 500),
      { severity: 'WARNING', code: 'MORE_FINDINGS', pointer: '#', value: '700' },
    ]);
  });

  test('is fewer where they are long', () => {
    const long = { value: '汉'.repeat(200), expected: '汉'.repeat(403), suggestion: '汉'.repeat(403) };
    const asked = askedAtOnce(many(500, long));
    expect(asked.length).toBeGreaterThan(30);
    expect(bytesOf(asked)).toBeLessThan(200_000);
    expect(Number(asked.at(-1)?.value) + asked.length - 1).toBe(500);
  });

  test('blocks wherever anything found does, however many warnings stand before it', () => {
    const asked = askedAtOnce([...many(2000, { severity: 'WARNING' }), aFinding(7)]);
    expect(asked.filter(isBlocking)).toEqual([aFinding(7)]);
    expect(
      askedAtOnce([aFinding(1, { value: '汉'.repeat(100_000) }), aFinding(2)]).filter(isBlocking),
    ).toHaveLength(1);
  });
});

const at = '2025-10-14T02:00:00.000Z';
const note = '汉'.repeat(500);
const stored = (number: number, more: Partial<StoredFinding> = {}): StoredFinding => ({
  ...aFinding(number, { value: '汉'.repeat(20), expected: '汉'.repeat(40), suggestion: '汉'.repeat(40) }),
  number,
  round: 1,
  open: true,
  foundAt: at,
  ...more,
});
const resolution = { action: 'OVERRIDE', by: 'wang@example.com', at, reason: note, accepted: true } as const;

describe('what an order’s one row of findings holds', () => {
  test('is all of them as they are, where they fit', () => {
    const all = Array.from({ length: 300 }, (_, number) =>
      stored(number + 1, number % 2 ? { open: false } : {}),
    );
    expect(fittingFindings(all)).toEqual(all);
  });

  test('without the reasons of answers, where those are too long together', () => {
    const all = Array.from({ length: 400 }, (_, number) => stored(number + 1, { open: false, resolution }));
    const fitting = fittingFindings(all);
    expect(bytesOf(fitting)).toBeLessThanOrEqual(380_000);
    expect(fitting.map(({ number }) => number)).toEqual(all.map(({ number }) => number));
    const { reason: _why, ...told } = resolution;
    expect(fitting[0]?.resolution).toEqual(told);
  });

  test('with notes of 500 customers’ answers cut, and every question open', () => {
    const all = Array.from({ length: 500 }, (_, number) => stored(number + 1, { customerNote: note }));
    const fitting = fittingFindings(all);
    expect(bytesOf(fitting)).toBeLessThanOrEqual(380_000);
    expect(openFindings(fitting)).toBe(500);
    expect(fitting[0]?.customerNote).toMatch(/^汉*…$/);
  });

  test('without the oldest answers after very many, those that were let pass last', () => {
    const accepted = (number: number) => stored(number, { open: false, resolution });
    const answered = (number: number) => stored(number, { open: false });
    const all = [
      ...Array.from({ length: 500 }, (_, index) => accepted(index + 1)),
      ...Array.from({ length: 500 }, (_, index) => answered(index + 501)),
      ...Array.from({ length: 100 }, (_, index) => stored(index + 1001)),
    ];
    const fitting = fittingFindings(all);
    expect(bytesOf(fitting)).toBeLessThanOrEqual(380_000);
    expect(fitting.filter(({ open }) => open)).toHaveLength(100);
    const forgotten = all.filter(({ number }) => !fitting.some((kept) => kept.number === number));
    expect(forgotten.length).toBeGreaterThan(0);
    expect(forgotten.every(({ number }) => number > 500)).toBe(true);
    expect(forgotten.map(({ number }) => number)).toEqual(forgotten.map((_, index) => index + 501));
  });

  test('never loses a question of 500 that are asked at once, nor the last number, whatever is said of them', () => {
    const text = (most: number) => fc.nat(most).map((length) => '汉'.repeat(length));
    const anyStored = fc.record({
      value: text(100),
      customerNote: text(500),
      question: text(500),
      assignee: text(60),
      open: fc.boolean(),
      accepted: fc.boolean(),
      reason: text(500),
    });
    fc.assert(
      fc.property(
        fc.array(anyStored, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 25 }),
        (some, times) => {
          const all = Array.from({ length: some.length * times }, (_, index) => {
            const one = some[index % some.length];
            if (!one) throw new Error('one of some');
            const { accepted, reason, ...said } = one;
            return stored(index + 1, {
              ...said,
              dueAt: at,
              ...(!said.open && { resolution: { ...resolution, accepted, reason } }),
            });
          });
          const fitting = fittingFindings(all);
          expect(bytesOf(fitting)).toBeLessThanOrEqual(400 * 1024);
          expect(openFindings(fitting)).toBe(openFindings(all));
          expect(fitting.some(({ number }) => number === all.length)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
