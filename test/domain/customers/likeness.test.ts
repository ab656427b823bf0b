import { describe, expect, test } from 'vitest';
import { checkDuplicate } from '../../../domain/audit/check-duplicate.ts';
import { cameBefore, likenessOf } from '../../../domain/customers/likeness.ts';
import { aPartner } from '../../builders/a-partner.ts';
import { aSubmission, aSubmittedLine } from '../../builders/a-submission.ts';
import { type AuditGiven, anAudit } from '../../builders/an-audit.ts';
import { anOrder } from '../../builders/an-order.ts';

const { buyer, delivery } = aSubmission();
const { customerId: _number, ...anonymous } = buyer;
const to = (address: Partial<typeof delivery.address>) => ({
  ...delivery,
  address: { ...delivery.address, ...address },
});
const likeness = (
  submission: AuditGiven['submission'] = {},
  partnerId = 'example-mall',
  customerId?: string,
) =>
  likenessOf(
    partnerId,
    anOrder({ submission: { ...submission, totals: undefined } }).content,
    customerId ? { customerId } : undefined,
  );
const cups = (...quantities: number[]) =>
  quantities.map((quantity, index) => aSubmittedLine({ lineId: String(index + 1), quantity }));

describe('orders are like one another', () => {
  test.for([
    ['under another reference', { customerOrderReference: 'OTHER' }, true],
    ['at another price', { lines: [aSubmittedLine({ unitPrice: '1' })] }, true],
    ['for another day', { delivery: { ...delivery, requestedDate: '2026-04-20' } }, true],
    ['paid another way', { payment: { method: 'CARD' } }, true],
    ['with the lines taken apart', { lines: cups(20, 4) }, true],
    ['with the address spaced otherwise', { delivery: to({ line1: '张江路100号3幢' }) }, true],
    [
      'with the name in other punctuation',
      { buyer: { ...anonymous, name: '上海示例贸易（有限公司）' } },
      true,
    ],
    ['of another quantity', { lines: cups(23) }, false],
    ['of another article', { lines: [aSubmittedLine({ sku: 'CUP-350-WH' })] }, false],
    ['to another address', { delivery: to({ line1: '张江路 101 号' }) }, false],
    ['for another buyer', { buyer: { ...anonymous, name: '某某某' } }, false],
    ['that is a test', { test: true }, false],
  ] as const)('%s: %s', ([, submission, alike]) => {
    expect(likeness(submission as AuditGiven['submission']) === likeness()).toBe(alike);
  });

  test('but never of two partners, and of two customers on file neither', () => {
    expect(likeness({}, 'another')).not.toBe(likeness());
    expect(likeness({}, 'example-mall', 'C1')).not.toBe(likeness({}, 'example-mall', 'C2'));
    expect(likeness({ buyer: { ...anonymous, name: 'other' } }, 'example-mall', 'C1')).toBe(
      likeness({}, 'example-mall', 'C1'),
    );
  });
});

test('of two orders of one moment, one came first', () => {
  const a = { orderNumber: 'SO-20260302-000001-0', createdAt: '2026-03-02T08:00:00.000Z' };
  const b = { ...a, orderNumber: 'SO-20260302-000002-1' };
  expect([cameBefore(a, b), cameBefore(b, a), cameBefore(a, a)]).toEqual([true, false, false]);
  expect(cameBefore(b, { ...a, createdAt: '2026-03-02T08:00:00.001Z' })).toBe(true);
});

describe('a suspected duplicate', () => {
  const twins = [{ orderNumber: 'SO-20260302-000001-0', createdAt: '2026-03-02T07:00:00.000Z' }];

  test('is told with the other order, and does not block', () => {
    expect(checkDuplicate(anAudit({ twins }))).toEqual([
      {
        severity: 'WARNING',
        code: 'DUPLICATE_SUSPECTED',
        pointer: '#/customerOrderReference',
        value: 'PO-2025-1014-001',
        expected: 'SO-20260302-000001-0',
        evidence: [{ source: 'ORDER', id: 'SO-20260302-000001-0', detail: '2026-03-02T07:00:00.000Z' }],
      },
    ]);
  });

  test('blocks where the partner asked for that', () => {
    const partner = aPartner({ suspectedDuplicates: 'HOLD' });
    expect(checkDuplicate(anAudit({ twins, partner }))).toMatchObject([{ severity: 'HOLD' }]);
    expect(checkDuplicate(anAudit({ partner }))).toEqual([]);
  });
});
