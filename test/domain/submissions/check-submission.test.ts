import { describe, expect, test } from 'vitest';
import type { Partner } from '../../../domain/partner.ts';
import { checkSubmission } from '../../../domain/submissions/check-submission.ts';
import { readSubmission, type SubmissionInput } from '../../../domain/submissions/read-submission.ts';
import { aPartner } from '../../builders/a-partner.ts';
import { aSubmission, aSubmittedLine, orderDay } from '../../builders/a-submission.ts';

const allProblems = (body: unknown, partner: Partner = aPartner()) => {
  const { problems, draft } = readSubmission(body);
  const context = { partner, now: orderDay, timeZone: 'Asia/Shanghai' };
  return [...problems, ...checkSubmission(draft, context, problems)];
};
const told = (changes: Partial<SubmissionInput>, partner?: Partner) =>
  allProblems(aSubmission(changes), partner).map(({ code, pointer }) => `${code} ${pointer}`);

const { address } = aSubmission().delivery;
const delivery = (changes: Partial<SubmissionInput['delivery']>): Partial<SubmissionInput> => ({
  delivery: { address, requestedDate: '2026-03-20', ...changes },
});
const lines = (...changes: Parameters<typeof aSubmittedLine>[0][]): Partial<SubmissionInput> => ({
  lines: changes.map((change, index) => aSubmittedLine({ lineId: String(index + 1), ...change })),
  totals: undefined,
});
const buyer = (contact: SubmissionInput['buyer']['contact']): Partial<SubmissionInput> => ({
  buyer: { name: '示例', contact },
});

test('the order of the contract passes', () => {
  expect(told({})).toEqual([]);
});

describe('contact', () => {
  const silent = aPartner({ notifyEmail: undefined });
  test.for([
    ['neither telephone nor e-mail', { name: '王敏' }, aPartner(), ['CONTACT_MISSING #/buyer/contact']],
    ['telephone alone, where the partner gets the mails', { telephone: '+8613800138000' }, aPartner(), []],
    [
      'telephone alone, where nobody else would get the mails',
      { telephone: '+8613800138000' },
      silent,
      ['CONTACT_MISSING #/buyer/contact/email'],
    ],
    ['e-mail alone', { email: 'wang@example.com' }, silent, []],
    [
      'an ill-formed e-mail alone, told once',
      { email: 'wang' },
      silent,
      ['EMAIL_INVALID #/buyer/contact/email'],
    ],
    [
      'an ill-formed telephone alone, told once',
      { telephone: '138' },
      aPartner(),
      ['PHONE_INVALID #/buyer/contact/telephone'],
    ],
    [
      'an ill-formed telephone where the e-mail is missing too',
      { telephone: '138' },
      silent,
      ['PHONE_INVALID #/buyer/contact/telephone', 'CONTACT_MISSING #/buyer/contact/email'],
    ],
  ] as const)('%s', ([, contact, partner, expected]) => {
    expect(told(buyer(contact), partner)).toEqual(expected);
  });
});

describe('address', () => {
  test.for([
    ['CN', undefined, '201203', ['ADDRESS_INCOMPLETE #/delivery/address/region']],
    ['US', undefined, '10001', ['ADDRESS_INCOMPLETE #/delivery/address/region']],
    ['DE', undefined, '10115', []],
    ['CN', 'CN-SH', '20120', ['POSTCODE_FORMAT #/delivery/address/postalCode']],
    ['CN', 'CN-SH', undefined, []],
    ['US', 'US-NY', '10001-1234', []],
    ['GB', undefined, 'SW1A 1AA', []],
    ['JP', undefined, '100-000', ['POSTCODE_FORMAT #/delivery/address/postalCode']],
    ['AE', undefined, 'anything', []],
  ] as const)('%s with region %s and postcode %s', ([countryCode, region, postalCode, expected]) => {
    expect(told(delivery({ address: { line1: 'x', city: 'y', countryCode, region, postalCode } }))).toEqual(
      expected,
    );
  });
});

describe('delivery date', () => {
  const at = '#/delivery/requestedDate';
  const period = '#/delivery/requestedPeriod';
  test.for([
    [{ requestedDate: '2026-03-02' }, []],
    [{ requestedDate: '2026-03-01' }, [`DATE_PAST ${at}`]],
    [{ requestedDate: '2027-03-02' }, []],
    [{ requestedDate: '2027-03-03' }, [`DATE_TOO_FAR ${at}`]],
    [{ requestedDate: undefined }, [`DELIVERY_DATE_MISSING ${at}`]],
    [{ requestedDate: '20/3' }, [`FORMAT_INVALID ${at}`]],
    [{ requestedDate: undefined, requestedPeriod: { start: '2026-03-02', end: '2026-03-09' } }, []],
    [
      { requestedDate: undefined, requestedPeriod: { start: '2026-03-01', end: '2027-03-09' } },
      [`DATE_PAST ${period}/start`, `DATE_TOO_FAR ${period}/end`],
    ],
    [
      { requestedDate: undefined, requestedPeriod: { start: '2026-03-09', end: '2026-03-08' } },
      [`FORMAT_INVALID ${period}/end`],
    ],
    [{ requestedPeriod: { start: '2026-03-09', end: '2026-03-10' } }, [`ORDER_FIELD_CONFLICT ${period}`]],
  ] as const)('%j', ([changes, expected]) => {
    expect(told(delivery(changes))).toEqual(expected);
  });

  test('a period of the wrong type is told once', () => {
    const body = { ...aSubmission(), delivery: { address, requestedPeriod: 'next week' } };
    expect(allProblems(body)).toMatchObject([{ code: 'TYPE_INVALID', pointer: period }]);
  });

  test('today is the day of the company, not of the clock in London', () => {
    const { draft } = readSubmission(aSubmission(delivery({ requestedDate: '2026-03-02' })));
    const late = { partner: aPartner(), now: new Date('2026-03-02T16:30:00Z'), timeZone: 'Asia/Shanghai' };
    expect(checkSubmission(draft, late)).toMatchObject([{ code: 'DATE_PAST', expected: '>= 2026-03-03' }]);
  });
});

test('an order may be dated five minutes ahead, not more', () => {
  expect(told({ issueDate: '2026-03-02T16:05:00+08:00' })).toEqual([]);
  expect(told({ issueDate: '2026-03-02T16:05:01+08:00' })).toEqual(['DATE_TOO_FAR #/issueDate']);
});

test('the currency is one of the partner’s', () => {
  expect(told({ currency: 'USD' })).toEqual(['CURRENCY_NOT_ALLOWED #/currency']);
});

describe('lines', () => {
  test.for([
    ['a line id twice', lines({}, { lineId: '1' }), ['DUPLICATE_LINE_ID #/lines/1/lineId']],
    ['no article', lines({ sku: undefined }), ['ITEM_IDENTIFIER_MISSING #/lines/0']],
    ['an article by the buyer’s code', lines({ sku: undefined, buyerItemId: 'MY-1' }), []],
    ['an article by GTIN', lines({ sku: undefined, gtin: '4006381333931' }), []],
    [
      'a wrong GTIN alone',
      lines({ sku: undefined, gtin: '4006381333932' }),
      ['GTIN_CHECK_DIGIT #/lines/0/gtin'],
    ],
    ['half a piece', lines({ quantity: 1.5 }), ['QUANTITY_NOT_WHOLE #/lines/0/quantity']],
    ['half a kilogram', lines({ quantity: 1.5, unitCode: 'KGM' }), []],
    [
      'a discount of more than 100 %',
      lines({ discount: { type: 'PERCENT', value: '100.5' } }),
      ['DISCOUNT_NOT_ALLOWED #/lines/0/discount/value'],
    ],
    [
      'a discount above the line’s amount',
      lines({ discount: { type: 'AMOUNT', value: '957.61' } }),
      ['DISCOUNT_NOT_ALLOWED #/lines/0/discount/value'],
    ],
    ['a discount of the whole line', lines({ discount: { type: 'AMOUNT', value: '957.60' } }), []],
    ['the right amount', lines({ lineAmount: '957.60' }), []],
    ['a wrong amount', lines({ lineAmount: '957.61' }), ['LINE_AMOUNT_MISMATCH #/lines/0/lineAmount']],
    [
      'an amount beyond exact integers',
      lines({ unitPrice: '999999999999', quantity: 1_000_000, lineAmount: '1' }),
      ['QUANTITY_TOO_LARGE #/lines/0/quantity'],
    ],
    [
      'custom goods without their wishes',
      { ...lines({}), orderType: 'CUSTOM' as const },
      ['CUSTOMIZATION_MISSING #/lines/0/customization'],
    ],
    ['custom goods with them', { ...lines({ customization: 'engraved' }), orderType: 'CUSTOM' as const }, []],
  ] as const)('%s', ([, changes, expected]) => {
    expect(told(changes)).toEqual(expected);
  });

  test('an unknown unit is told as that and not as half a piece', () => {
    const [line] = aSubmission().lines;
    const body = {
      ...aSubmission(),
      totals: undefined,
      lines: [{ ...line, unitCode: 'kilo', quantity: 1.5 }],
    };
    expect(allProblems(body).map(({ code }) => code)).toEqual(['ENUM_UNKNOWN']);
  });

  test('a line amount may differ by the tolerance of the partner', () => {
    const tolerant = aPartner({ toleranceMinor: 2 });
    expect(told(lines({ lineAmount: '957.62' }), tolerant)).toEqual([]);
    expect(told(lines({ lineAmount: '957.63' }), tolerant)).toEqual([
      'LINE_AMOUNT_MISMATCH #/lines/0/lineAmount',
    ]);
  });

  test('ninety articles fit one order, ninety-one do not', () => {
    const articles = (count: number) =>
      lines(...Array.from({ length: count }, (_, index) => ({ sku: `S-${index}` })));
    expect(told(articles(90))).toEqual([]);
    expect(told(articles(91))).toEqual(['TOO_MANY #/lines']);
  });
});

test('allowances and charges have the decimals of the currency', () => {
  const charge = (amount: string) => ({ allowanceCharges: [{ isCharge: true, amount }] });
  expect(told(charge('12.50'))).toEqual([]);
  expect(told(charge('12.505'))).toEqual(['FORMAT_INVALID #/allowanceCharges/0/amount']);
  expect(told(charge('999999999999'))).toEqual(['FORMAT_INVALID #/allowanceCharges/0/amount']);
  expect(told({ ...charge('12.5'), currency: 'JPY' }, aPartner({ currencies: ['JPY'] }))).toEqual([
    'FORMAT_INVALID #/allowanceCharges/0/amount',
  ]);
});

describe('invoice request', () => {
  const asked = (invoiceRequest: SubmissionInput['invoiceRequest']) => told({ invoiceRequest });
  test('an organisation is known by its taxpayer id, a person need not be', () => {
    expect(asked({ titleType: 'ORGANIZATION', title: '示例' })).toEqual([
      'REQUIRED_MISSING #/invoiceRequest/taxpayerId',
    ]);
    expect(asked({ titleType: 'INDIVIDUAL', title: '王敏' })).toEqual([]);
  });

  test('an ill-formed taxpayer id is told once', () => {
    expect(asked({ titleType: 'ORGANIZATION', title: '示例', taxpayerId: 'none' })).toEqual([
      'FORMAT_INVALID #/invoiceRequest/taxpayerId',
    ]);
  });

  test('a special invoice needs address, telephone and bank', () => {
    expect(asked({ titleType: 'ORGANIZATION', title: '示例', kind: 'SPECIAL' })).toEqual(
      ['taxpayerId', 'address', 'telephone', 'bankName', 'bankAccount'].map(
        (field) => `REQUIRED_MISSING #/invoiceRequest/${field}`,
      ),
    );
  });
});

test('ten different faults are ten problems, told at once', () => {
  const [line] = aSubmission().lines;
  const body = {
    ...aSubmission(),
    customerOrderReference: 'PO 1',
    currency: 'USD',
    notess: 'misspelt',
    buyer: { contact: { email: 'wang' } },
    delivery: { address: { ...address, postalCode: '2012' }, requestedDate: '2020-01-01' },
    payment: { method: 'CHEQUE' },
    totals: undefined,
    lines: [{ ...line, quantity: -2, gtin: '123', sku: undefined }],
  };
  expect(
    allProblems(body)
      .map(({ code, pointer }) => `${code} ${pointer}`)
      .toSorted(),
  ).toEqual([
    'CURRENCY_NOT_ALLOWED #/currency',
    'CUSTOMER_NAME_MISSING #/buyer/name',
    'DATE_PAST #/delivery/requestedDate',
    'EMAIL_INVALID #/buyer/contact/email',
    'ENUM_UNKNOWN #/payment/method',
    'FORMAT_INVALID #/customerOrderReference',
    'GTIN_CHECK_DIGIT #/lines/0/gtin',
    'POSTCODE_FORMAT #/delivery/address/postalCode',
    'QUANTITY_NOT_POSITIVE #/lines/0/quantity',
    'UNKNOWN_FIELD #/notess',
  ]);
});
