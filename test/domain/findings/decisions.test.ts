import { describe, expect, test } from 'vitest';
import type { Decision } from '../../../domain/findings/decision.ts';
import { toCustomerAndPartner } from '../../../domain/findings/decision.ts';
import type { Finding } from '../../../domain/findings/finding.ts';
import {
  addFindings,
  openFindings,
  resolveFindings,
  withoutAccepted,
} from '../../../domain/findings/findings.ts';
import { decideOutboundSlip } from '../../../domain/fulfilment/record-outbound-slip.ts';
import type { OrderRecord, OrderState, StoredFinding } from '../../../domain/orders/order.ts';
import { fulfilmentStatusOf, paymentStatusOf } from '../../../domain/orders/order.ts';
import { decideStuckReport } from '../../../domain/orders/report-stuck.ts';
import {
  decideReservation,
  gateOf,
  outcomeOfStatus,
  secondsUntilDue,
} from '../../../domain/orders/reserve-order.ts';
import type { Partner } from '../../../domain/partner.ts';
import { assessPayments } from '../../../domain/payments/payment.ts';
import { decidePayment } from '../../../domain/payments/record-payment.ts';
import { isPrepaid, paymentMethods } from '../../../domain/submissions/order-schema.ts';
import { aPartner } from '../../builders/a-partner.ts';
import { aCompany, aMatchingSlip, anOrder } from '../../builders/an-order.ts';

const now = new Date('2026-03-02T09:00:00Z');
const asking = { now, clarificationHours: 72 };
const mailsOf = ({ mails = [] }: Decision) =>
  mails.map(({ template, recipient }) => `${template} ${recipient}`);
const aFinding = (code: Finding['code'], pointer = '#', severity: Finding['severity'] = 'HOLD'): Finding => ({
  severity,
  code,
  pointer,
});
const onFile = (finding: Finding, open = true, number = 1): StoredFinding => ({
  ...finding,
  number,
  round: 1,
  open,
  foundAt: '2026-03-02T08:30:00.000Z',
});

describe('findings on file', () => {
  const price = aFinding('PRICE_MISMATCH', '#/lines/0/unitPrice');

  test('a question asked again replaces its earlier asking', () => {
    const stored = [onFile(price, false, 1), onFile(aFinding('STOCK_SHORT'), true, 2)];
    expect(addFindings(stored, [{ ...price, value: '1' }], asking)).toEqual([
      onFile(aFinding('STOCK_SHORT'), true, 2),
      {
        ...price,
        value: '1',
        number: 3,
        round: 2,
        open: true,
        foundAt: now.toISOString(),
        dueAt: '2026-03-05T09:00:00.000Z',
      },
    ]);
  });

  test('a question that stands as it was asked stays, under its number', () => {
    const stored = [onFile(price, true, 4)];
    expect(addFindings(stored, [price], asking)).toEqual(stored);
    expect(addFindings(stored, [{ ...price, value: '1' }], asking)).toMatchObject([{ number: 5, round: 2 }]);
  });

  test('what was let pass blocks again only with other values', () => {
    const told = { ...price, value: '18.00', expected: '19.90' };
    const resolution = { action: 'OVERRIDE', by: 'staff:li.lei', at: now.toISOString() } as const;
    const passed = [{ ...onFile(told, false), resolution: { ...resolution, accepted: true } }];
    expect(withoutAccepted(passed, [told])).toEqual([]);
    for (const other of [
      { ...told, value: '17.00' },
      { ...told, expected: '20.90' },
      { ...told, pointer: '#/lines/1/unitPrice' },
      { ...told, code: 'DISCOUNT_NOT_ALLOWED' as const },
    ])
      expect(withoutAccepted(passed, [other])).toEqual([other]);
    expect(withoutAccepted([{ ...onFile(told, false), resolution }], [told])).toEqual([told]);
  });

  test('open ones that block are counted', () => {
    const warning = aFinding('HIDDEN_ROW', '#', 'WARNING');
    expect(openFindings([onFile(price), onFile(aFinding('STOCK_SHORT'), false), onFile(warning)])).toBe(1);
  });

  test('are answered by their code', () => {
    const answered = resolveFindings([onFile(price), onFile(aFinding('STOCK_SHORT'))], ['PRICE_MISMATCH']);
    expect(answered.map(({ open }) => open)).toEqual([false, true]);
  });
});

describe('mails to customer and partner', () => {
  const recipients = (partnerEmail: string | undefined) =>
    toCustomerAndPartner(anOrder({ content: { partnerEmail } }).content, 'order-confirmed').map(
      ({ recipient }) => recipient,
    );
  test('are one where the two share an address', () => {
    expect(recipients('orders@mall.example.com')).toEqual(['wang@example.com', 'orders@mall.example.com']);
    expect(recipients('wang@example.com')).toEqual(['wang@example.com']);
    expect(recipients(undefined)).toEqual(['wang@example.com']);
  });
});

describe('reservation', () => {
  test.for([
    ['BANK_TRANSFER', 0, 'PENDING_PAYMENT'],
    ['CARD', 90_971, 'PENDING_PAYMENT'],
    ['ALIPAY', 90_972, 'PAID'],
    ['WECHAT_PAY', 90_973, 'PAID'],
    ['CASH_ON_DELIVERY', 0, 'READY_TO_SHIP'],
    ['ON_ACCOUNT', 0, 'READY_TO_SHIP'],
  ] as const)('of an order by %s with %i received makes it %s', ([method, receivedAmount, to]) => {
    const order = anOrder({ submission: { payment: { method } }, state: { receivedAmount } });
    const decision = decideReservation(order, 'workflow', aCompany, now);
    expect(decision.to).toBe(to);
    expect(decision.facts).toEqual({
      reserved: true,
      ...(to === 'PENDING_PAYMENT' && { paymentDueAt: '2026-03-03T09:00:00.000Z' }),
      ...(to === 'READY_TO_SHIP' && { pickRequested: true }),
    });
    expect(mailsOf(decision)).toEqual([
      'order-confirmed wang@example.com',
      'order-confirmed orders@mall.example.com',
      ...(to === 'PENDING_PAYMENT' ? ['payment-instructions wang@example.com'] : []),
      ...(to === 'READY_TO_SHIP' ? ['warehouse-pick warehouse@example.com'] : []),
    ]);
  });

  test('after a hold is a release, and confirms nothing a second time', () => {
    const decision = decideReservation(
      anOrder({ state: { reserved: true, receivedAmount: 90_972 } }),
      'workflow',
      aCompany,
      now,
    );
    expect(decision).toMatchObject({ event: { type: 'order.released' }, to: 'PAID' });
    expect(mailsOf(decision)).toEqual([]);
  });

  test.for([
    [{}, 'open'],
    [{ openFindings: 1 }, 'held'],
    [{ status: 'ON_HOLD' }, 'held'],
    [{ rejected: true, openFindings: 1 }, 'rejected'],
  ] as const)('passes the gate with %j: %s', ([state, gate]) => {
    expect(gateOf(anOrder({ state }))).toBe(gate);
  });

  test.for([
    ['PENDING_PAYMENT', 'awaiting-payment'],
    ['PAID', 'ready'],
    ['READY_TO_SHIP', 'ready'],
  ] as const)('made before is told from %s as %s', ([status, outcome]) => {
    expect(outcomeOfStatus(anOrder({ state: { status } }))).toBe(outcome);
  });

  test.for([
    ['2026-03-02T10:00:00.000Z', 3600],
    ['2026-03-02T09:00:00.001Z', 1],
    ['2026-03-02T08:00:00.000Z', 1],
    [undefined, 300],
  ] as const)('due at %s leaves %i seconds', ([dueAt, seconds]) => {
    expect(secondsUntilDue(dueAt, now)).toBe(seconds);
  });

  test('money comes first for all but cash on delivery and account', () => {
    expect(paymentMethods.filter((method) => !isPrepaid(method))).toEqual(['CASH_ON_DELIVERY', 'ON_ACCOUNT']);
  });
});

test.for([
  [100, 100, 0, 'paid'],
  [101, 100, 0, 'paid'],
  [99, 100, 0, 'mismatch'],
  [98, 100, 2, 'paid'],
  [97, 100, 2, 'mismatch'],
  [0, 0, 0, 'paid'],
] as const)('%i received of %i with a tolerance of %i is %s', ([received, payable, tolerance, outcome]) => {
  expect(assessPayments(received, payable, { toleranceMinor: tolerance }).outcome).toBe(outcome);
});

describe('a payment', () => {
  const pay = (order: OrderRecord, amountMinor: number) =>
    decidePayment(
      order,
      { paymentId: 'PAY-1', amountMinor, currency: 'CNY', receivedAt: now.toISOString() },
      'partner:bank',
      aCompany,
      now,
    );
  const waiting = (state: Partial<OrderState> = {}) =>
    anOrder({ state: { status: 'PENDING_PAYMENT', ...state } });

  test('in full makes the order paid', () => {
    const decision = pay(waiting(), 90_972);
    expect(decision).toMatchObject({ to: 'PAID', facts: { receivedAmount: 90_972 } });
    expect(decision.event.data).toEqual({ paymentId: 'PAY-1', amount: '909.72', currency: 'CNY' });
    expect(mailsOf(decision)).toEqual(['payment-received wang@example.com']);
  });

  test('of the rest makes the order paid', () => {
    expect(pay(waiting({ receivedAmount: 900_00 }), 972)).toMatchObject({ to: 'PAID' });
  });

  test('too small holds the order and asks finance and customer', () => {
    const decision = pay(waiting(), 900_00);
    expect(decision).toMatchObject({
      to: 'ON_HOLD',
      facts: { receivedAmount: 90_000 },
      findings: [{ code: 'PAYMENT_MISMATCH', value: '900.00', expected: '909.72', open: true }],
    });
    expect(mailsOf(decision)).toEqual([
      'payment-mismatch finance@example.com',
      'clarification wang@example.com',
    ]);
  });

  test('within the tolerance of the partner is in full', () => {
    const order = anOrder({
      partner: aPartner({ toleranceMinor: 72 }),
      state: { status: 'PENDING_PAYMENT' },
    });
    expect(pay(order, 909_00)).toMatchObject({ to: 'PAID' });
  });

  test('is within the tolerance in per cent only as far as both limits allow', () => {
    const paid = (tolerance: Partial<Partner>, amountMinor: number) =>
      pay(anOrder({ partner: aPartner(tolerance), state: { status: 'PENDING_PAYMENT' } }), amountMinor).to;
    // 0.1 % of 909.72 is 0.90972.
    expect(paid({ toleranceMinor: 500, tolerancePercent: 0.1 }, 90_972 - 90)).toBe('PAID');
    expect(paid({ toleranceMinor: 500, tolerancePercent: 0.1 }, 90_972 - 91)).toBe('ON_HOLD');
    expect(paid({ toleranceMinor: 50, tolerancePercent: 0.1 }, 90_972 - 51)).toBe('ON_HOLD');
  });

  test('that makes up the difference answers the question and leaves the move to the workflow', () => {
    const held: OrderRecord = {
      ...waiting({ status: 'ON_HOLD', receivedAmount: 900_00, openFindings: 1 }),
      findings: [onFile(aFinding('PAYMENT_MISMATCH', '#/totals/payableAmount'))],
    };
    const decision = pay(held, 972);
    expect(decision).toMatchObject({ findings: [{ open: false }] });
    expect(decision.to).toBeUndefined();
  });

  test('leaves other questions open', () => {
    const held: OrderRecord = {
      ...waiting({ status: 'ON_HOLD', openFindings: 1 }),
      findings: [onFile(aFinding('SLIP_MISMATCH'))],
    };
    expect(pay(held, 90_972)).toMatchObject({ findings: [{ open: true }] });
  });

  test('in part on account, while another question is open, adds no question', () => {
    const held = anOrder({
      submission: { payment: { method: 'ON_ACCOUNT' } },
      state: { status: 'ON_HOLD', openFindings: 1 },
    });
    const decision = pay(held, 100);
    expect(decision.facts).toEqual({ receivedAmount: 100 });
    expect(decision.findings).toBeUndefined();
    expect(mailsOf(decision)).toEqual(['payment-received wang@example.com']);
  });

  const cancellation = {
    reasonCode: 'X',
    requestedAt: now.toISOString(),
    requestedBy: 'partner:example-mall',
  };
  test.for([
    { status: 'CANCELLED', cancellation },
    { status: 'REJECTED' },
    { status: 'PENDING_PAYMENT', cancellation },
  ] as const)('for an order that is no more is owed back: %j', (state) => {
    const decision = pay(waiting(state), 90_972);
    expect(decision).toMatchObject({ facts: { receivedAmount: 90_972, refundDue: true } });
    expect(decision.to).toBeUndefined();
    expect(mailsOf(decision)).toEqual(['payment-mismatch finance@example.com']);
  });

  test('before the order is accepted is only kept', () => {
    const early = pay(anOrder(), 100);
    expect([early.to, early.findings]).toEqual([undefined, undefined]);
    expect(early.facts).toEqual({ receivedAmount: 100 });
  });
});

describe('an outbound slip', () => {
  const decide = (order: OrderRecord, mismatches: Finding[], company = aCompany) =>
    decideOutboundSlip(
      order,
      aMatchingSlip(order, 'SLIP-7'),
      mismatches.length > 0 ? { outcome: 'MISMATCH', findings: mismatches } : { outcome: 'MATCHED' },
      'partner:warehouse',
      company,
      now,
    );
  const mismatch = aFinding('SLIP_MISMATCH', '#/recipientName');
  const ready = anOrder({ state: { status: 'READY_TO_SHIP' } });
  const held: OrderRecord = {
    ...anOrder({ state: { status: 'ON_HOLD', openFindings: 2 } }),
    findings: [onFile(mismatch), onFile(aFinding('SLIP_MISMATCH', '#/address/city'))],
  };

  test('that matches is noted and moves nothing', () => {
    expect(decide(ready, [])).toEqual({
      event: { type: 'order.slip_matched', actor: 'partner:warehouse', data: { slipId: 'SLIP-7' } },
      facts: { slip: { slipId: 'SLIP-7', outcome: 'MATCHED' } },
    });
  });

  test('that differs blocks dispatch and asks warehouse and desk', () => {
    const decision = decide(ready, [mismatch]);
    expect(decision).toMatchObject({
      to: 'ON_HOLD',
      facts: { slip: { outcome: 'MISMATCH' } },
      findings: [{ pointer: '#/recipientName', open: true }],
    });
    expect(mailsOf(decision)).toEqual([
      'slip-mismatch warehouse@example.com',
      'slip-mismatch desk@example.com',
    ]);
  });

  test('asks once where warehouse and desk are one', () => {
    const company = { ...aCompany, deskEmail: aCompany.warehouseEmail };
    expect(mailsOf(decide(ready, [mismatch], company))).toEqual(['slip-mismatch warehouse@example.com']);
  });

  test('corrected answers every question of the earlier one', () => {
    const decision = decide(held, []);
    expect(decision).toMatchObject({ facts: { slip: { outcome: 'MATCHED' } } });
    expect(decision.findings?.map(({ open }) => open)).toEqual([false, false]);
  });

  test('still wrong asks only what is wrong now', () => {
    const decision = decide(held, [mismatch]);
    expect(decision.to).toBeUndefined();
    const open = decision.findings?.filter((finding) => finding.open);
    expect(open).toMatchObject([{ ...mismatch, round: 2, foundAt: now.toISOString() }]);
  });
});

describe('a stuck order', () => {
  const told = (minutesAgo: number, data: Record<string, unknown>): OrderRecord => ({
    ...anOrder(),
    events: [
      {
        sequence: 1,
        type: 'order.stuck',
        at: new Date(now.getTime() - minutesAgo * 60_000).toISOString(),
        actor: 'workflow',
        data,
      },
    ],
  });
  const stuck = { state: 'Await Shipment', reason: 'SHIPMENT_LATE' };
  const report = (order: OrderRecord) =>
    decideStuckReport(order, stuck, 'workflow', aCompany, now, 3_600_000);

  test('is told to the desk', () => {
    expect(report(anOrder())).toMatchObject({
      event: { type: 'order.stuck', data: stuck },
      mails: [{ template: 'stuck-order', recipient: 'desk@example.com', data: stuck }],
    });
  });

  test('is not told again at once, but after a while and for another reason', () => {
    expect(report(told(59, stuck))).toBeUndefined();
    expect(report(told(61, stuck))).toBeDefined();
    expect(report(told(5, { ...stuck, reason: 'SLIP_LATE' }))).toBeDefined();
    expect(report(told(5, { reason: stuck.reason }))).toBeDefined();
  });
});

test.for([
  [{ receivedAmount: 0 }, 'UNPAID'],
  [{ receivedAmount: 1 }, 'PARTIALLY_PAID'],
  [{ receivedAmount: 90_972 }, 'PAID'],
  [{ receivedAmount: 90_972, refundDue: true }, 'REFUND_DUE'],
  [{ payableAmount: 0 }, 'PAID'],
] as const)('money of %j is %s', ([state, status]) => {
  expect(paymentStatusOf(anOrder({ state }).state)).toBe(status);
});

test.for([
  [{ parcels: { sent: 0, delivered: 0 } }, 'UNFULFILLED'],
  [{ status: 'PARTIALLY_SHIPPED', parcels: { sent: 1, delivered: 1 } }, 'PARTIALLY_SHIPPED'],
  [
    { status: 'DELIVERY_EXCEPTION', exceptionFrom: 'PARTIALLY_SHIPPED', parcels: { sent: 1, delivered: 1 } },
    'PARTIALLY_SHIPPED',
  ],
  [{ status: 'SHIPPED', parcels: { sent: 2, delivered: 1 } }, 'SHIPPED'],
  [{ status: 'COMPLETED', parcels: { sent: 2, delivered: 2 } }, 'DELIVERED'],
] as const)('goods of %j are %s', ([state, status]) => {
  expect(fulfilmentStatusOf(anOrder({ state }).state)).toBe(status);
});
