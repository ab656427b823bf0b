import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FindingCode } from '../../domain/findings/finding.ts';
import type { Partner } from '../../domain/partner.ts';
import type { SubmissionInput } from '../../domain/submissions/read-submission.ts';
import { createRecordPayment } from '../../functions/api/record-payment.ts';
import { createResolveFinding } from '../../functions/api/resolve-finding.ts';
import { orderResource } from '../../functions/shared/order-resource.ts';
import { createCancelOrder } from '../../functions/steps/cancel-order.ts';
import { aRequest, asStaff } from '../builders/a-request.ts';
import { aSubmittedLine } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { heldOrders } from '../clarify/a-held-order.ts';

const at = useOrderDesk();
let mall: Partner;
let shop: Partner;
let orders: ReturnType<typeof heldOrders>;
beforeAll(async () => {
  mall = await at.desk.addPartner({ writeOffMinor: 50 });
  shop = await at.desk.addPartner({ partnerId: 'example-shop' });
  await at.desk.addProduct('WO-1', 1000);
  orders = heldOrders(at.desk);
});

const pay = (orderNumber: string, amount: string) =>
  createRecordPayment(at.desk)(
    aRequest({
      principal: asStaff('finance'),
      path: { orderNumber },
      body: { paymentId: randomUUID(), amount, currency: 'CNY' },
    }),
  );
const decide = async (
  orderNumber: string,
  code: FindingCode = 'PAYMENT_MISMATCH',
  action = 'ACCEPT_THEIRS',
  group: Parameters<typeof asStaff>[0] = 'finance',
) =>
  createResolveFinding({ ...at.desk, editOrder: orders.editOrder })(
    aRequest({
      principal: asStaff(group),
      path: { findingId: await orders.idOf(orderNumber, code) },
      body: { action, reason: 'bank charges' },
    }),
  );
/** An order for 39.90 that was paid so much less, and is held for the rest. */
const short = async (amount: string, partner = mall, changes: Partial<SubmissionInput> = {}) => {
  const orderNumber = await at.desk.accept(partner, 'WO-1', changes);
  await pay(orderNumber, amount);
  const token = await orders.hold(orderNumber);
  return { orderNumber, token };
};
const moneyOf = async (orderNumber: string) => {
  const order = await at.desk.read(orderNumber);
  const { totals, receivedAmount, writtenOffAmount, paymentStatus } = orderResource(order, 'en');
  return { payable: totals.payableAmount, receivedAmount, writtenOffAmount, paymentStatus };
};

describe('a payment that is a little short', () => {
  test('may be written off by finance: recorded with who, why and how much, and the order goes on as paid', async () => {
    const { orderNumber, token } = await short('39.40');
    expect(await moneyOf(orderNumber)).toMatchObject({ paymentStatus: 'PARTIALLY_PAID' });
    const answer = await decide(orderNumber);
    expect(answer.body).toMatchObject({ status: 'RESOLVED', openFindings: 0 });
    expect(at.desk.answered.get(token)).toEqual({ result: 'success' });
    const { events, content } = await at.desk.read(orderNumber);
    expect(events.at(-1)).toMatchObject({
      type: 'order.written_off',
      actor: 'staff:li.lei',
      data: {
        amount: '0.50',
        currency: 'CNY',
        action: 'ACCEPT_THEIRS',
        reason: 'bank charges',
        before: { status: 'OPEN', value: '39.40', expected: '39.90' },
        after: { status: 'RESOLVED' },
      },
    });
    expect(await moneyOf(orderNumber)).toEqual({
      payable: '39.90',
      receivedAmount: '39.40',
      writtenOffAmount: '0.50',
      paymentStatus: 'PAID',
    });
    expect(await orders.auditAgain(orderNumber)).toMatchObject({ outcome: 'ready' });
    expect((await at.desk.read(orderNumber)).state.status).toBe('PAID');
    expect(content.amounts.payableAmount).toBe(3990);
    expect(await at.desk.mailsOf(orderNumber)).toContain('payment-received wang@example.com');
  });

  test.for([
    { name: 'more is missing than the partner lets', amount: '39.39', of: () => mall },
    { name: 'its partner lets nothing be written off', amount: '39.89', of: () => shop },
  ])('is not offered to be written off when $name', async ({ amount, of }) => {
    const { orderNumber } = await short(amount, of());
    await expect(decide(orderNumber)).rejects.toMatchObject({
      type: 'not-offered',
      members: { offered: ['REJECT'] },
    });
    expect(await moneyOf(orderNumber)).toMatchObject({ receivedAmount: amount, writtenOffAmount: undefined });
  });

  test('is not for the desk to write off, nor to let pass in another way', async () => {
    const { orderNumber } = await short('39.40');
    await expect(decide(orderNumber, 'PAYMENT_MISMATCH', 'ACCEPT_THEIRS', 'desk')).rejects.toMatchObject({
      type: 'forbidden',
    });
    await expect(decide(orderNumber, 'PAYMENT_MISMATCH', 'OVERRIDE', 'manager')).rejects.toMatchObject({
      type: 'not-offered',
    });
  });

  test('is written off once, however many decide at once', async () => {
    const { orderNumber } = await short('39.40');
    const all = await Promise.allSettled(Array.from({ length: 4 }, () => decide(orderNumber)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await moneyOf(orderNumber)).toMatchObject({ writtenOffAmount: '0.50' });
  });
});

test('what is paid after all takes the place of what was written off, so that both are what is owed', async () => {
  const { orderNumber } = await short('39.40');
  await decide(orderNumber);
  await orders.auditAgain(orderNumber);
  await pay(orderNumber, '0.30');
  expect(await moneyOf(orderNumber)).toEqual({
    payable: '39.90',
    receivedAmount: '39.70',
    writtenOffAmount: '0.20',
    paymentStatus: 'PAID',
  });
  await pay(orderNumber, '1.00');
  expect(await moneyOf(orderNumber)).toEqual({
    payable: '39.90',
    receivedAmount: '40.70',
    writtenOffAmount: undefined,
    paymentStatus: 'PAID',
  });
  expect((await at.desk.read(orderNumber)).state).toMatchObject({ status: 'PAID', writtenOffAmount: 0 });
});

test('an order that is cancelled has nothing written off, and its money is owed back', async () => {
  const { orderNumber } = await short('39.40');
  await decide(orderNumber);
  await createCancelOrder(at.desk)({ orderNumber, reasonCode: 'REQUESTED' });
  expect(await moneyOf(orderNumber)).toMatchObject({
    writtenOffAmount: undefined,
    receivedAmount: '39.40',
    paymentStatus: 'REFUND_DUE',
  });
});

test('an edit afterwards ends the write-off: the new amount is owed, and waited for', async () => {
  const { orderNumber } = await orders.held(mall, 'WO-1', {
    lines: [aSubmittedLine({ sku: 'WO-1', quantity: 1, unitPrice: '18.00' })],
  });
  await pay(orderNumber, '17.60');
  await decide(orderNumber);
  expect(await moneyOf(orderNumber)).toMatchObject({ payable: '18.00', writtenOffAmount: '0.40' });
  await decide(orderNumber, 'PRICE_MISMATCH', 'ACCEPT_OURS');
  expect(await moneyOf(orderNumber)).toEqual({
    payable: '39.90',
    receivedAmount: '17.60',
    writtenOffAmount: undefined,
    paymentStatus: 'PARTIALLY_PAID',
  });
  expect(await orders.auditAgain(orderNumber)).toMatchObject({ outcome: 'awaiting-payment' });
  await pay(orderNumber, '22.30');
  expect((await at.desk.read(orderNumber)).state.status).toBe('PAID');
});
