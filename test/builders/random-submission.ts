import fc from 'fast-check';
import { aSubmission, aSubmittedLine } from './a-submission.ts';

/** Orders that are right in most places and wrong in some: what the checks of structure and the audit are about. */

const mostly = <Value>(value: Value, ...others: unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 16, arbitrary: fc.constant(value) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const line = fc
  .record({
    article: mostly(
      { sku: 'CUP-350-BL' },
      { sku: 'NOBODY-KNOWS' },
      { sku: 'OLD' },
      { buyerItemId: 'OURS' },
      {
        gtin: '6901234567892',
      },
      {},
    ),
    quantity: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constantFrom(0, -1, 1.5, 2_000_000, '3')),
    unitPrice: mostly('39.90', '39.91', '40.00', '35.31', '0', '-1', 39.9),
    specification: mostly('350ml 蓝色', '350 ml blue', '500ml', undefined),
    unitCode: mostly('C62', 'XBX', 'BOX', undefined),
    taxRate: mostly(undefined, '0.13', '0.06', '13'),
    discount: mostly(
      undefined,
      { type: 'PERCENT', value: '5' },
      { type: 'PERCENT', value: '60' },
      {
        type: 'AMOUNT',
        value: '3.00',
      },
    ),
    lineAmount: mostly(undefined, '39.90', '1.00'),
  })
  .map(({ article, ...fields }) => ({
    ...aSubmittedLine(),
    sku: undefined,
    ...(article as object),
    ...fields,
  }));

const customer = mostly(undefined, 'C10086', 'C-UNKNOWN', '');

/** A body of `POST /v1/orders`, as parsed from its JSON. */
export const randomSubmission: fc.Arbitrary<unknown> = fc
  .record({
    reference: fc.uuid(),
    lines: fc.array(line, { minLength: 0, maxLength: 3 }),
    customerId: customer,
    currency: mostly('CNY', 'JPY', 'RMB'),
    date: mostly('2026-03-20', '2026-03-01', '2028-01-01', undefined),
    method: mostly('BANK_TRANSFER', 'ON_ACCOUNT', 'BARTER'),
    totals: mostly(undefined, { payableAmount: '39.90' }, { taxAmount: '0.00' }),
    promotionCodes: mostly(undefined, ['SPRING'], []),
    allowanceCharges: mostly(
      undefined,
      [{ isCharge: false, amount: '1.00' }],
      [{ isCharge: false, amount: '500.00' }],
    ),
    qualifications: mostly(
      undefined,
      [{ type: 'FOOD', number: 'F-1', validUntil: '2026-12-31' }],
      [{ type: 'FOOD', number: 'F-1', validUntil: '2026-03-03' }],
    ),
    shortagePolicy: mostly(undefined, 'CANCEL', 'WAIT'),
    extra: mostly({}, { status: 'PAID' }, { notes: 'a\u0000b' }, { metadata: { a: 'b' } }),
  })
  .map(({ reference, customerId, currency, date, method, extra, lines, ...rest }) => {
    const { buyer, delivery, ...order } = aSubmission();
    return JSON.parse(
      JSON.stringify({
        ...order,
        customerOrderReference: reference,
        currency,
        buyer: { ...buyer, customerId },
        delivery: { ...delivery, requestedDate: date },
        payment: { method },
        invoiceRequest: undefined,
        ...rest,
        lines: lines.map((one, index) => ({ ...one, lineId: String(index + 1) })),
        ...(extra as object),
      }),
    );
  });
