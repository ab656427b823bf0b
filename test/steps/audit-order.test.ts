import { beforeAll, describe, expect, test } from 'vitest';
import type { Partner } from '../../domain/partner.ts';
import { rulesOf } from '../../domain/rules/rules.ts';
import { createAuditOrder } from '../../functions/steps/audit-order.ts';
import { createRejectOrder } from '../../functions/steps/reject-order.ts';
import { aCustomer } from '../builders/a-partner.ts';
import { aPrice } from '../builders/a-product.ts';
import { aSubmission, aSubmittedLine } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';

const at = useOrderDesk();
let mall: Partner;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  await at.desk.addProduct('AU-1', 10);
});

test('a clean order passes, and nothing is written', async () => {
  const orderNumber = await at.desk.place(mall, 'AU-1');
  const before = await at.desk.read(orderNumber);
  expect(await at.desk.audit({ orderNumber })).toEqual({ outcome: 'passed', findings: 0 });
  expect(await at.desk.read(orderNumber)).toEqual(before);
});

describe('the versions that an audit goes by', () => {
  const auditBy = (discounts: number) => {
    const { orders, catalogue, partners, stock, timeZone, now } = at.desk;
    const content = { maximumPercent: { STANDARD: 5, SILVER: 8, GOLD: 10, WHOLESALE: 15 } };
    const rules = rulesOf({ discounts: { version: discounts, content } });
    return createAuditOrder({
      orders,
      catalogue: { ...catalogue, readRules: async () => rules },
      partners,
      stock,
      timeZone,
      now,
    });
  };

  test('are told from the first event on', async () => {
    await at.desk.addProduct('AU-2', 10, { priceVersion: 7 });
    const { state, events } = await at.desk.read(await at.desk.place(mall, 'AU-2'));
    expect(state.auditedWith).toEqual({ rules: { areas: 0, discounts: 0, orderTypes: 0, promotions: 0 } });
    expect(events[0]?.data).toMatchObject({
      auditedWith: { rules: { areas: 0, discounts: 0, orderTypes: 0, promotions: 0 }, prices: { 'AU-2': 7 } },
    });
  });

  test('are told again when they are others, once, though nothing is found', async () => {
    const orderNumber = await at.desk.place(mall, 'AU-1');
    for (let time = 1; time <= 2; time++)
      expect(await auditBy(3)({ orderNumber })).toEqual({ outcome: 'passed', findings: 0 });
    const { state, events } = await at.desk.read(orderNumber);
    expect(state.auditedWith).toEqual({ rules: { areas: 0, discounts: 3, orderTypes: 0, promotions: 0 } });
    expect(events.map(({ type }) => type)).toEqual(['order.received', 'order.audited']);
    expect(events[1]?.data).toEqual({
      codes: [],
      auditedWith: { rules: { areas: 0, discounts: 3, orderTypes: 0, promotions: 0 }, prices: { 'AU-1': 0 } },
    });
  });

  test('are the prices of the day the order came, however late it is audited', async () => {
    await at.desk.addProduct('AU-3', 10, {
      prices: [aPrice({ validTo: '2026-03-02' }), aPrice({ unitPrice: '50', validFrom: '2026-03-03' })],
    });
    const orderNumber = await at.desk.place(mall, 'AU-3');
    const { orders, catalogue, partners, stock, timeZone } = at.desk;
    const late = createAuditOrder({
      orders,
      catalogue,
      partners,
      stock,
      timeZone,
      now: () => new Date('2026-03-05T08:00:00Z'),
    });
    expect(await late({ orderNumber })).toEqual({ outcome: 'passed', findings: 0 });
  });
});

test('what is doubtful is stored with the order, once however often it is audited', async () => {
  const lines = [aSubmittedLine({ sku: 'AU-1', quantity: 11, unitPrice: '1' })];
  const orderNumber = await at.desk.place(mall, 'AU-1', { lines });
  for (let time = 1; time <= 3; time++)
    expect(await at.desk.audit({ orderNumber })).toEqual({ outcome: 'held', findings: 2 });
  const { state, findings } = await at.desk.read(orderNumber);
  expect(state).toMatchObject({ status: 'RECEIVED', openFindings: 2 });
  expect(findings.map(({ code }) => code)).toEqual(['PRICE_MISMATCH', 'STOCK_SHORT']);
  expect(await at.desk.reserve({ orderNumber })).toMatchObject({ outcome: 'held' });
  expect(await at.desk.level('AU-1')).toMatchObject({ reserved: 0 });
});

test('a difference in price is kept with the order, and told as settled once it is gone', async () => {
  await at.desk.addProduct('AU-4', 10, { prices: [aPrice({ unitPrice: '40' })] });
  const orderNumber = await at.desk.place(mall, 'AU-4');
  await at.desk.audit({ orderNumber });
  const { priceDifference, findings } = await at.desk.read(orderNumber);
  expect(findings).toMatchObject([{ code: 'PRICE_MISMATCH', cause: 'OTHER' }]);
  expect(priceDifference).toMatchObject({
    toleranceMinor: 0,
    lines: [{ lineId: '1', submittedMinor: 3990, expectedMinor: 4000, differenceMinor: -10, cause: 'OTHER' }],
    lineTotal: { differenceMinor: -10 },
    foundAt: at.desk.now().toISOString(),
  });
  expect(priceDifference?.settledAt).toBeUndefined();
  await at.desk.addProduct('AU-4', 10, { prices: [aPrice()], priceVersion: 1 });
  expect(await at.desk.audit({ orderNumber })).toEqual({ outcome: 'passed', findings: 0 });
  const { priceDifference: settled } = await at.desk.read(orderNumber);
  expect(settled).toEqual({ ...priceDifference, settledAt: at.desk.now().toISOString() });
});

test('a repeated audit of an unchanged order adds no event', async () => {
  const orderNumber = await at.desk.place(mall, 'AU-1', {
    lines: [aSubmittedLine({ sku: 'AU-1', quantity: 11 })],
  });
  await at.desk.audit({ orderNumber });
  const before = await at.desk.read(orderNumber);
  await at.desk.audit({ orderNumber });
  expect(await at.desk.read(orderNumber)).toEqual(before);
});

test('short of stock under the policy to cancel is rejected, and the customer told once', async () => {
  const orderNumber = await at.desk.place(mall, 'AU-1', {
    lines: [aSubmittedLine({ sku: 'AU-1', quantity: 11 })],
    shortagePolicy: 'CANCEL',
  });
  await at.desk.audit({ orderNumber });
  expect(await at.desk.reserve({ orderNumber })).toMatchObject({ outcome: 'rejected' });
  const reject = createRejectOrder({ orders: at.desk.orders, now: at.desk.now });
  expect(await reject({ orderNumber })).toEqual({ outcome: 'rejected' });
  expect(await reject({ orderNumber })).toEqual({ outcome: 'rejected' });
  const { state, events } = await at.desk.read(orderNumber);
  expect(state).toMatchObject({ status: 'REJECTED', openFindings: 0 });
  expect(events.map(({ type }) => type)).toEqual(['order.received', 'order.audited', 'order.rejected']);
  expect(await at.desk.mailsOf(orderNumber)).toEqual([
    'order-rejected orders@mall.example.com',
    'order-rejected wang@example.com',
  ]);
});

test('the licence of the customer is looked up', async () => {
  await at.desk.addProduct('AU-FOOD', 10, { requiredQualification: 'FOOD' });
  await at.desk.addCustomer(
    aCustomer({ qualifications: [{ type: 'FOOD', number: 'JY1', validUntil: '2030-01-01' }] }),
  );
  const { buyer } = aSubmission();
  const licensed = await at.desk.place(mall, 'AU-FOOD', { buyer });
  expect(await at.desk.audit({ orderNumber: licensed })).toMatchObject({ outcome: 'passed' });
  const unlicensed = await at.desk.place(mall, 'AU-FOOD');
  expect(await at.desk.audit({ orderNumber: unlicensed })).toMatchObject({ outcome: 'held' });
});

describe('an article known by another name', () => {
  test('is found by the code of the buyer and by GTIN', async () => {
    await at.desk.put(tables.catalogue, { pk: 'ALIAS#example-mall#MY-1', sk: 'ALIAS', sku: 'AU-1' });
    await at.desk.put(tables.catalogue, { pk: 'GTIN#4006381333931', sk: 'GTIN', sku: 'AU-1' });
    const lines = [
      aSubmittedLine({ lineId: '1', sku: undefined, buyerItemId: 'MY-1', quantity: 1 }),
      aSubmittedLine({ lineId: '2', sku: undefined, gtin: '4006381333931', quantity: 1 }),
    ];
    const orderNumber = await at.desk.place(mall, '', { lines });
    expect((await at.desk.read(orderNumber)).content.lines.map(({ sku }) => sku)).toEqual(['AU-1', 'AU-1']);
    expect(await at.desk.audit({ orderNumber })).toMatchObject({ outcome: 'passed' });
  });

  test('is not found by the code of another partner', async () => {
    const other = await at.desk.addPartner({ partnerId: 'example-shop' });
    const lines = [aSubmittedLine({ sku: undefined, buyerItemId: 'MY-1' })];
    const orderNumber = await at.desk.place(other, '', { lines });
    await at.desk.audit({ orderNumber });
    expect((await at.desk.read(orderNumber)).findings).toMatchObject([
      { code: 'SKU_UNKNOWN', pointer: '#/lines/0/buyerItemId' },
    ]);
  });
});

test('an order that is not there, or whose partner is gone, is a fault that stays', async () => {
  await expect(at.desk.audit({ orderNumber: 'SO-20260302-999999-0' })).rejects.toMatchObject({
    name: 'Fatal',
  });
  const orderNumber = await at.desk.place(mall, 'AU-1');
  const { orders, catalogue, stock, timeZone } = at.desk;
  const audit = createAuditOrder({
    orders,
    catalogue,
    stock,
    timeZone,
    partners: {
      readPartner: async () => undefined,
      findCustomer: async () => ({ customer: undefined, candidates: [] }),
    },
  });
  await expect(audit({ orderNumber })).rejects.toMatchObject({ name: 'Fatal' });
});
