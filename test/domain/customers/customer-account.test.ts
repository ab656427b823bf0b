import { describe, expect, test } from 'vitest';
import { checkCredit } from '../../../domain/audit/check-credit.ts';
import { checkLimits } from '../../../domain/audit/check-limits.ts';
import {
  creditSale,
  emptyAccount,
  limitedSales,
  roomFor,
  withoutOwn,
} from '../../../domain/customers/customer-account.ts';
import { periodOf } from '../../../domain/customers/limit-periods.ts';
import { settleDebt } from '../../../domain/payments/settle-debt.ts';
import { aCustomer } from '../../builders/a-partner.ts';
import { aProduct } from '../../builders/a-product.ts';
import { anAudit } from '../../builders/an-audit.ts';
import { anOrder } from '../../builders/an-order.ts';

test.for([
  ['DAY', '2026-03-02'],
  ['MONTH', '2026-03'],
  ['YEAR', '2026'],
] as const)('the %s of 2026-03-02 is %s', ([period, expected]) => {
  expect(periodOf(period, '2026-03-02')).toBe(expected);
});

describe('limits of an article', () => {
  const sold = (counts: Record<string, number>) => ({
    ...emptyAccount,
    sold: new Map(Object.entries(counts)),
  });
  const found = (
    limits: Parameters<typeof aProduct>[0],
    quantities: number[],
    counts: Record<string, number> = {},
  ) =>
    checkLimits(
      anAudit({
        catalogue: [aProduct(limits)],
        lines: quantities.map((quantity) => ({ quantity })),
        account: sold(counts),
      }),
    ).map(({ value, expected, suggestion = '-', cause }) => `${value} ${expected} ${suggestion} ${cause}`);

  test.for([
    ['none', {}, [1000], {}, []],
    ['an order at its limit', { maximumPerOrder: 30 }, [15, 15], {}, []],
    ['an order beyond it', { maximumPerOrder: 30 }, [15, 16], {}, ['31 <= 30 30 LIMIT_PER_ORDER']],
    ['a day with room', { maximumPerCustomer: { DAY: 10 } }, [4], { 'CUP-350-BL@2026-03-02': 6 }, []],
    [
      'a day without',
      { maximumPerCustomer: { DAY: 10 } },
      [5],
      { 'CUP-350-BL@2026-03-02': 6 },
      ['5 <= 4 4 LIMIT_PER_DAY'],
    ],
    [
      'a month that is used up',
      { maximumPerCustomer: { MONTH: 10 } },
      [1],
      { 'CUP-350-BL@2026-03': 10 },
      ['1 <= 0 - LIMIT_PER_MONTH'],
    ],
    ['the day before', { maximumPerCustomer: { DAY: 10 } }, [10], { 'CUP-350-BL@2026-03-01': 10 }, []],
    [
      'several, of which the tightest is told',
      { maximumPerOrder: 20, maximumPerCustomer: { DAY: 15, YEAR: 100 } },
      [25],
      { 'CUP-350-BL@2026': 90 },
      ['25 <= 10 10 LIMIT_PER_YEAR'],
    ],
    [
      'more bought than a limit set later',
      { maximumPerCustomer: { YEAR: 5 } },
      [1],
      { 'CUP-350-BL@2026': 90 },
      ['1 <= 0 - LIMIT_PER_YEAR'],
    ],
  ] as const)('%s', ([, limits, quantities, counts, expected]) => {
    expect(found(limits, [...quantities], counts)).toEqual(expected);
  });

  test('count decimals exactly', () => {
    const sale = { sku: 'TEA', period: '2026', maximum: 0.3 };
    expect(roomFor(sale, sold({ 'TEA@2026': 0.1 }))).toBe(0.2);
  });
});

test('an order asks for every limit of each of its articles once', () => {
  const { order } = anAudit({ lines: [{ quantity: 2 }, { quantity: 3 }] });
  const products = new Map([['CUP-350-BL', { maximumPerCustomer: { DAY: 9, YEAR: 99 } }]]);
  expect(limitedSales(order.lines, products, '2026-03-02')).toEqual([
    { sku: 'CUP-350-BL', period: '2026-03-02', quantity: 5, limit: 'DAY', maximum: 9 },
    { sku: 'CUP-350-BL', period: '2026', quantity: 5, limit: 'YEAR', maximum: 99 },
  ]);
});

test('an account without what the order itself has in it', () => {
  const used = { 'MAY@2026-05-01': 2, 'SPRING@2026-03-01': 2 };
  const levels = { sold: new Map([['TEA@2026', 0.3]]), used: new Map(Object.entries(used)), owed: 500 };
  const sold = [{ sku: 'TEA', period: '2026', quantity: 0.1 }];
  const own = { accountId: 'x', sold, used: ['SPRING@2026-03-01'], owed: 200 };
  expect(withoutOwn(levels, own)).toEqual({
    sold: new Map([['TEA@2026', 0.2]]),
    used: new Map(Object.entries({ ...used, 'SPRING@2026-03-01': 1 })),
    owed: 300,
  });
  expect(withoutOwn(levels, undefined)).toEqual(levels);
});

describe('credit', () => {
  const onAccount = { payment: { method: 'ON_ACCOUNT' } } as const;
  const asked = (creditLimits: Partial<Record<'CNY' | 'USD', number>>, owed: number, submission = {}) =>
    checkCredit(
      anAudit({
        customer: aCustomer({ creditLimits }),
        account: { ...emptyAccount, owed },
        submission: { ...onAccount, ...submission },
      }),
    );

  test.for([
    ['no limit', {}, 10_000_000, []],
    ['enough for the whole order', { CNY: 90_972 }, 0, []],
    ['a cent short', { CNY: 90_971 }, 0, ['909.72 <= 909.71']],
    ['what others left', { CNY: 100_000 }, 9_028, []],
    ['less than what is owed', { CNY: 100_000 }, 200_000, ['909.72 <= 0.00']],
    ['a limit in another currency alone', { USD: 100_000 }, 0, ['909.72 <= 0.00']],
  ] as const)('with %s', ([, limits, owed, expected]) => {
    expect(asked(limits, owed).map((finding) => `${finding.value} ${finding.expected}`)).toEqual(expected);
  });

  test('is told with what is owed and the limit', () => {
    expect(asked({ CNY: 100_000 }, 50_000)).toEqual([
      {
        severity: 'HOLD',
        code: 'CREDIT_EXCEEDED',
        pointer: '#/payment/method',
        value: '909.72',
        expected: '<= 500.00',
        evidence: [{ source: 'CUSTOMER', id: 'C10086', detail: '500.00 / 1000.00 CNY' }],
      },
    ]);
  });

  test('is not asked of who pays otherwise, or is not on file', () => {
    expect(asked({ CNY: 1 }, 0, { payment: { method: 'CARD' } })).toEqual([]);
    expect(creditSale(anAudit({ submission: onAccount }).order, undefined)).toBeUndefined();
  });
});

describe('a payment of an order on account', () => {
  const settles = (owed: number, receivedBefore: number, amountMinor: number) => {
    const order = anOrder({
      submission: { payment: { method: 'ON_ACCOUNT' } },
      state: {
        receivedAmount: receivedBefore,
        heldInAccount: { accountId: 'x', sold: [], used: ['SPRING@2026-03-01'], owed },
      },
    });
    const settled = settleDebt(
      order,
      { facts: { receivedAmount: receivedBefore + amountMinor } },
      { amountMinor },
    );
    if (settled) expect(settled.paid).toMatchObject({ sold: [], used: [] });
    return settled && [settled.paid.owed, settled.facts.heldInAccount?.owed];
  };

  test.for([
    ['the whole', 90_972, 0, 90_972, [90_972, 0]],
    ['a part', 90_972, 0, 10_000, [10_000, 80_972]],
    ['the rest', 80_972, 10_000, 80_972, [80_972, 0]],
    ['more than is owed', 80_972, 10_000, 99_999, [80_972, 0]],
    ['something when nothing is owed any more', 0, 90_972, 100, undefined],
  ] as const)('settles %s', ([, owed, before, amount, expected]) => {
    expect(settles(owed, before, amount)).toEqual(expected);
  });

  test('leaves alone an order that has nothing in an account', () => {
    expect(settleDebt(anOrder(), { facts: {} }, { amountMinor: 1 })).toBeUndefined();
  });
});
