import { beforeAll, describe, expect, test } from 'vitest';
import type { StoredFinding } from '../../domain/orders/order.ts';
import type { Partner } from '../../domain/partner.ts';
import { createResolveFinding } from '../../functions/api/resolve-finding.ts';
import { aPromotion } from '../builders/a-pricing.ts';
import { aRequest, asStaff } from '../builders/a-request.ts';
import { aSubmittedLine } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { heldOrders } from '../clarify/a-held-order.ts';
import { customerLinks } from '../clarify/a-link.ts';

const at = useOrderDesk();
let mall: Partner;
let orders: ReturnType<typeof heldOrders>;
let customer: ReturnType<typeof customerLinks>;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  for (const sku of ['MO-1', 'MO-2']) await at.desk.addProduct(sku, 1000);
  await at.desk.addRules('promotions', {
    promotions: [
      aPromotion({ skus: ['MO-1'], combinable: true, benefit: { type: 'PERCENT', value: '33.33' } }),
      aPromotion({
        code: 'LESS',
        currency: 'CNY',
        combinable: true,
        benefit: { type: 'ORDER_AMOUNT', value: '10' },
      }),
    ],
  });
  orders = heldOrders(at.desk);
  customer = customerLinks(at.desk);
});

/** A promoted line and one that is too cheap; a promotion that nobody knows, and one that is not taken. */
const heldForMoney = () =>
  orders.held(mall, 'MO-1', {
    lines: [
      aSubmittedLine({ lineId: '1', sku: 'MO-1', quantity: 7, unitPrice: '30.00' }),
      aSubmittedLine({ lineId: '2', sku: 'MO-2', quantity: 1, unitPrice: '18.00' }),
    ],
    promotionCodes: ['SPRING', 'LESS', 'NOPE'],
  });
const isAbout = (pointer: string) => (finding: StoredFinding) => finding.pointer === pointer;
const acceptOurs = async (orderNumber: string, pointer: string) => {
  const { findings } = await at.desk.read(orderNumber);
  const finding = findings.find(isAbout(pointer));
  const path = { findingId: `${orderNumber}.${finding?.number}` };
  const body = { action: 'ACCEPT_OURS', reason: 'as on our list' };
  await createResolveFinding({ ...at.desk, editOrder: orders.editOrder })(
    aRequest({ principal: asStaff('finance'), path, body }),
  );
};

describe('to take ours, on a question about money', () => {
  test('changes what that question is about, with what it comes to', async () => {
    const { orderNumber } = await heldForMoney();
    const before = await at.desk.read(orderNumber);
    expect(before.findings.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'PRICE_MISMATCH #/lines/0/unitPrice',
      'PRICE_MISMATCH #/lines/1/unitPrice',
      'PRICE_MISMATCH #/allowanceCharges',
      'PROMOTION_INVALID #/promotionCodes/2',
    ]);
    await acceptOurs(orderNumber, '#/lines/0/unitPrice');
    const { content, findings, events, state } = await at.desk.read(orderNumber);
    // 7 × 39.90 less 33.33 %: no unit price comes to that.
    expect(content.lines[0]).toMatchObject({
      unitPrice: '39.90',
      discount: { type: 'PERCENT', value: '33.33' },
      lineAmountMinor: 18_621,
    });
    expect(content.lines[1]).toEqual(before.content.lines[1]);
    expect(content.amounts.payableAmount).toBe(18_621 + 1800);
    expect(state.payableAmount).toBe(18_621 + 1800);
    expect(findings.filter(({ open }) => open).map(({ pointer }) => pointer)).toEqual([
      '#/lines/1/unitPrice',
      '#/allowanceCharges',
      '#/promotionCodes/2',
    ]);
    expect(events.at(-1)?.data).toMatchObject({
      given: ['#/lines/0/unitPrice', '#/lines/0/discount'],
      changes: expect.arrayContaining([
        { field: '#/lines/0/discount/value', after: '33.33' },
        { field: '#/lines/0/lineAmountMinor', before: 21_000, after: 18_621 },
      ]),
    });
  });

  test('is the end of them all once each was answered so', async () => {
    const { orderNumber, token } = await heldForMoney();
    const { findings } = await at.desk.read(orderNumber);
    for (const { pointer } of findings) await acceptOurs(orderNumber, pointer);
    expect(at.desk.answered.get(token)).toEqual({ result: 'success' });
    expect(await orders.auditAgain(orderNumber)).toMatchObject({ outcome: 'awaiting-payment' });
    const { content, priceDifference } = await at.desk.read(orderNumber);
    expect(content).toMatchObject({
      promotionCodes: ['SPRING', 'LESS'],
      allowanceCharges: [{ isCharge: false, amount: '10.00', reason: 'LESS' }],
      amounts: { payableAmount: 18_621 + 3990 - 1000 },
    });
    expect(priceDifference).toHaveProperty('settledAt');
  });

  test('is what the customer’s link does too, all at once', async () => {
    const { orderNumber } = await heldForMoney();
    const token = await customer.issue(orderNumber);
    const { body } = await customer.get(token, { query: { lang: 'en' } });
    for (const label of [
      'Change it to 39.90 −33.33%',
      'Change it to 39.90<',
      'Change it to 10.00<',
      'Go on without it',
    ])
      expect(body).toContain(label);
    const { findings } = await at.desk.read(orderNumber);
    const answers = findings.map(({ number }) => [`answer-${number}`, 'ACCEPT']);
    expect((await customer.form(token, Object.fromEntries(answers))).statusCode).toBe(200);
    expect(await orders.auditAgain(orderNumber)).toMatchObject({ outcome: 'awaiting-payment' });
    expect((await at.desk.read(orderNumber)).content.amounts.payableAmount).toBe(18_621 + 3990 - 1000);
  });
});

test('a discount on the whole order that is too deep comes down to our limit', async () => {
  const { orderNumber } = await orders.held(mall, 'MO-2', {
    lines: [aSubmittedLine({ sku: 'MO-2', quantity: 10, unitPrice: '39.90' })],
    allowanceCharges: [{ isCharge: false, amount: '100.00', reason: 'loyalty' }],
  });
  const token = await customer.issue(orderNumber);
  expect((await customer.get(token, { query: { lang: 'en' } })).body).toContain(
    'Charge it by your prices and rules',
  );
  await acceptOurs(orderNumber, '#/allowanceCharges');
  expect((await at.desk.read(orderNumber)).content).toMatchObject({
    allowanceCharges: [{ isCharge: false, amount: '19.95', reason: 'loyalty' }],
    amounts: { payableAmount: 37_905 },
  });
  expect(await orders.auditAgain(orderNumber)).toMatchObject({ outcome: 'awaiting-payment' });
});
