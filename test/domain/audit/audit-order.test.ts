import { describe, expect, test } from 'vitest';
import { auditOrder, isBlocking } from '../../../domain/audit/audit-order.ts';
import type { CustomerTier } from '../../../domain/partner.ts';
import type { SubmissionInput } from '../../../domain/submissions/read-submission.ts';
import { aCustomer, aPartner } from '../../builders/a-partner.ts';
import { aPrice, aProduct } from '../../builders/a-product.ts';
import { aSubmission } from '../../builders/a-submission.ts';
import { type AuditGiven, anAudit } from '../../builders/an-audit.ts';

const audit = (given?: AuditGiven) => auditOrder(anAudit(given));
const told = (given?: AuditGiven) => audit(given).map(({ code, pointer }) => `${code} ${pointer}`);

test('the order of the contract passes without a finding', () => {
  expect(audit()).toEqual([]);
});

test('everything that is doubtful is told at once, and blocks', () => {
  const findings = audit({
    customer: undefined,
    lines: [{ sku: 'NONE' }, { unitPrice: '1', specification: 'red', unitCode: 'XBX' }],
    available: new Map(),
  });
  expect(findings.map(({ code }) => code)).toEqual([
    'CUSTOMER_UNKNOWN',
    'SKU_UNKNOWN',
    'SPEC_MISMATCH',
    'UNIT_MISMATCH',
    'PRICE_MISMATCH',
    'STOCK_SHORT',
  ]);
  expect(findings.every(isBlocking)).toBe(true);
});

test('of an order that is wrong throughout every finding is told, and the evidence of the first hundred', () => {
  const findings = audit({
    lines: Array.from({ length: 300 }, (_, index) => ({ lineId: String(index), unitPrice: '1' })),
    available: new Map([['CUP-350-BL', 100_000]]),
  });
  expect(findings).toHaveLength(300);
  expect(findings.filter(({ evidence }) => evidence)).toEqual(findings.slice(0, 100));
});

test('a warning alone does not block', () => {
  expect(isBlocking({ severity: 'WARNING' })).toBe(false);
  expect(isBlocking({ severity: 'ERROR' })).toBe(true);
});

describe('customer', () => {
  test('a number we do not know is asked about', () => {
    expect(audit({ customer: undefined })).toEqual([
      { severity: 'HOLD', code: 'CUSTOMER_UNKNOWN', pointer: '#/buyer/customerId', value: 'C10086' },
    ]);
  });

  test('no number is no question', () => {
    const { customerId, ...buyer } = aSubmission().buyer;
    expect(told({ customer: undefined, submission: { buyer } })).toEqual([]);
  });
});

describe('catalogue', () => {
  test.for([
    [{ sku: 'NONE' }, 'SKU_UNKNOWN #/lines/0/sku'],
    [{ sku: undefined, buyerItemId: 'MY-1' }, 'SKU_UNKNOWN #/lines/0/buyerItemId'],
    [{ sku: undefined, gtin: '4006381333931' }, 'SKU_UNKNOWN #/lines/0/gtin'],
  ] as const)('%j is not in it', ([line, finding]) => {
    expect(told({ lines: [line] })).toEqual([finding]);
  });

  test('what a misspelt code may mean is told: one as a suggestion, several as a choice', () => {
    const meant = (articles: string[]) =>
      audit({ lines: [{ sku: 'CUP350' }], articlesLike: new Map([['CUP350', articles]]) });
    expect(meant(['CUP-350-BL'])).toEqual([
      {
        severity: 'HOLD',
        code: 'SKU_UNKNOWN',
        pointer: '#/lines/0/sku',
        value: 'CUP350',
        suggestion: 'CUP-350-BL',
        evidence: [{ source: 'CATALOGUE', id: 'CUP-350-BL' }],
      },
    ]);
    expect(meant(['A', 'B'])).toMatchObject([{ expected: 'A, B' }]);
    expect(meant(['A', 'B'])[0]).not.toHaveProperty('suggestion');
  });

  test('an article no longer sold is told as that', () => {
    expect(told({ catalogue: [aProduct({ discontinued: true })] })).toEqual([
      'SKU_DISCONTINUED #/lines/0/sku',
    ]);
  });
});

describe('specification and unit', () => {
  test.for([
    ['350ml 蓝色', []],
    ['350 ML  Blue', []],
    ['350ML（蓝色）', []],
    ['350ml 白色', ['SPEC_MISMATCH #/lines/0/specification']],
    ['3 50ml 蓝色', ['SPEC_MISMATCH #/lines/0/specification']],
    [undefined, ['SPEC_MISSING #/lines/0/specification']],
  ] as const)('%s', ([specification, expected]) => {
    expect(told({ lines: [{ specification }] })).toEqual(expected);
  });

  test('half an inch is not twelve', () => {
    const catalogue = [aProduct({ specification: { 'zh-CN': '1/2 寸', en: '1/2 in' } })];
    expect(told({ catalogue, lines: [{ specification: '12 in' }] })).toEqual([
      'SPEC_MISMATCH #/lines/0/specification',
    ]);
    expect(told({ catalogue, lines: [{ specification: '1/2in' }] })).toEqual([]);
  });

  test('an article without variants need not say which', () => {
    const catalogue = [aProduct({ hasVariants: false })];
    expect(told({ catalogue, lines: [{ specification: undefined }] })).toEqual([]);
  });

  test('another unit is told with ours', () => {
    expect(audit({ lines: [{ unitCode: 'XCT' }] })).toMatchObject([
      { code: 'UNIT_MISMATCH', pointer: '#/lines/0/unitCode', value: 'XCT', suggestion: 'C62' },
    ]);
  });
});

describe('price', () => {
  test.for([
    ['39.90', 0, []],
    ['39.9', 0, []],
    ['39.91', 0, ['PRICE_MISMATCH #/lines/0/unitPrice']],
    ['39.89', 0, ['PRICE_MISMATCH #/lines/0/unitPrice']],
    ['39.91', 24, []],
    ['39.91', 23, ['PRICE_MISMATCH #/lines/0/unitPrice']],
  ] as const)('%s with a tolerance of %i on the line', ([unitPrice, toleranceMinor, expected]) => {
    expect(told({ lines: [{ unitPrice }], partner: aPartner({ toleranceMinor }) })).toEqual(expected);
  });

  test('ours is suggested', () => {
    expect(audit({ lines: [{ unitPrice: '35' }] })).toMatchObject([
      { code: 'PRICE_MISMATCH', value: '35', expected: '39.90', suggestion: '39.90' },
    ]);
  });

  test('an article without a price is told as that', () => {
    expect(audit({ catalogue: [aProduct({ prices: [aPrice({ currency: 'USD' })] })] })).toMatchObject([
      { code: 'PRICE_MISSING', pointer: '#/lines/0/unitPrice', value: '39.90 CNY' },
    ]);
  });
});

describe('tax rate', () => {
  test.for([
    ['0.13', []],
    ['0.130', []],
    ['0', ['PRICE_MISMATCH #/lines/0/taxRate']],
    ['0.06', ['PRICE_MISMATCH #/lines/0/taxRate']],
  ] as const)('%s for goods taxed at 0.13', ([taxRate, expected]) => {
    expect(told({ lines: [{ taxRate }] })).toEqual(expected);
  });
});

describe('discount', () => {
  test.for([
    ['STANDARD', '5', []],
    ['STANDARD', '5.1', ['DISCOUNT_NOT_ALLOWED #/lines/0/discount/value']],
    ['SILVER', '8', []],
    ['SILVER', '8.1', ['DISCOUNT_NOT_ALLOWED #/lines/0/discount/value']],
    ['GOLD', '10', []],
    ['GOLD', '10.1', ['DISCOUNT_NOT_ALLOWED #/lines/0/discount/value']],
    ['WHOLESALE', '15', []],
    ['WHOLESALE', '15.1', ['DISCOUNT_NOT_ALLOWED #/lines/0/discount/value']],
  ] as const)(
    'a %s customer and %s %%',
    ([customerTier, value, expected]: readonly [CustomerTier, string, readonly string[]]) => {
      expect(told({ customerTier, lines: [{ discount: { type: 'PERCENT', value } }] })).toEqual(expected);
    },
  );

  test('an amount is measured as its share of the line', () => {
    const off = (value: string) =>
      told({ customerTier: 'STANDARD', lines: [{ discount: { type: 'AMOUNT', value } }] });
    expect(off('47.88')).toEqual([]);
    expect(off('47.89')).toEqual(['DISCOUNT_NOT_ALLOWED #/lines/0/discount/value']);
  });

  test('allowances on the order are measured on its lines', () => {
    const off = (...amounts: string[]) =>
      told({
        customerTier: 'STANDARD',
        lines: [{}],
        submission: { allowanceCharges: amounts.map((amount) => ({ isCharge: false, amount })) },
      });
    expect(off('20', '27.88')).toEqual([]);
    expect(off('20', '27.89')).toEqual(['DISCOUNT_NOT_ALLOWED #/allowanceCharges']);
  });

  test('a promotion code that we do not have is asked about', () => {
    expect(told({ submission: { promotionCodes: ['SPRING', 'MAY'] } })).toEqual([
      'PROMOTION_INVALID #/promotionCodes/0',
      'PROMOTION_INVALID #/promotionCodes/1',
    ]);
  });
});

describe('limit of an article', () => {
  const catalogue = [aProduct({ maximumPerOrder: 30 })];

  test('is kept over all lines of it', () => {
    expect(told({ catalogue, lines: [{ quantity: 15 }, { quantity: 15 }] })).toEqual([]);
    expect(audit({ catalogue, lines: [{ quantity: 15 }, { quantity: 16 }] })).toMatchObject([
      { code: 'LIMIT_EXCEEDED', pointer: '#/lines/0/quantity', value: '31', suggestion: '30' },
    ]);
  });
});

describe('licence', () => {
  const catalogue = [aProduct({ requiredQualification: 'FOOD' })];
  const food = (validUntil: string) => ({ type: 'FOOD', number: 'JY1', validUntil });

  test.for([
    ['none', [], ['QUALIFICATION_MISSING #/lines/0']],
    [
      'one of another kind',
      [{ ...food('2030-01-01'), type: 'MEDICAL_DEVICE' }],
      ['QUALIFICATION_MISSING #/lines/0'],
    ],
    ['one that ends before delivery', [food('2026-03-19')], ['QUALIFICATION_EXPIRED #/lines/0']],
    ['one that ends on the day of delivery', [food('2026-03-20')], []],
    ['an ended one and its successor', [food('2025-01-01'), food('2027-01-01')], []],
  ] as const)('on file: %s', ([, qualifications, expected]) => {
    expect(told({ catalogue, customer: aCustomer({ qualifications: [...qualifications] }) })).toEqual(
      expected,
    );
  });

  test('sent with the order counts too, but not without its date', () => {
    const sent = (qualifications: SubmissionInput['qualifications']) =>
      told({ catalogue, submission: { qualifications } });
    expect(sent([food('2026-12-31')])).toEqual([]);
    expect(sent([{ type: 'FOOD', number: 'JY1' }])).toEqual(['QUALIFICATION_EXPIRED #/lines/0']);
  });
});

describe('stock', () => {
  test.for([
    [24, []],
    [23, ['STOCK_SHORT #/lines/0/quantity']],
    [0, ['STOCK_SHORT #/lines/0/quantity']],
  ] as const)('%i free for 24 ordered', ([free, expected]) => {
    expect(told({ available: new Map([['CUP-350-BL', free]]) })).toEqual(expected);
  });

  test('is counted over all lines of an article', () => {
    const available = new Map([['CUP-350-BL', 30]]);
    expect(told({ lines: [{ quantity: 15 }, { quantity: 15 }], available })).toEqual([]);
    expect(audit({ lines: [{ quantity: 15 }, { quantity: 16 }], available })).toMatchObject([
      { code: 'STOCK_SHORT', value: '31', expected: '30' },
    ]);
  });
});
