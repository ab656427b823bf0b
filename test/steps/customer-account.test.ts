import { GetCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Partner } from '../../domain/partner.ts';
import type { Product } from '../../domain/product.ts';
import type { SubmissionInput } from '../../domain/submissions/read-submission.ts';
import { createRecordPayment } from '../../functions/api/record-payment.ts';
import { createResolveFinding } from '../../functions/api/resolve-finding.ts';
import { createCancelOrder } from '../../functions/steps/cancel-order.ts';
import { aCustomer } from '../builders/a-partner.ts';
import { aPromotion } from '../builders/a-pricing.ts';
import { aRequest, asStaff } from '../builders/a-request.ts';
import { aSubmission, aSubmittedLine, orderDay } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';
import { heldOrders } from '../clarify/a-held-order.ts';

const at = useOrderDesk();
let mall: Partner;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  await at.desk.addRules('promotions', { promotions: [aPromotion({ code: 'ONCE', usesPerCustomer: 1 })] });
});

const buyer = (customerId: string): SubmissionInput['buyer'] => ({ ...aSubmission().buyer, customerId });
const lineOf = (sku: string, quantity: number) => aSubmittedLine({ sku, quantity });

/** The step as the state machine runs it: again, as long as others are in the way. */
const reserve = async (orderNumber: string): Promise<string> => {
  try {
    return (await at.desk.reserve({ orderNumber })).outcome;
  } catch (error) {
    if (error instanceof Error && error.name === 'Retryable') return reserve(orderNumber);
    throw error;
  }
};
const cancel = (orderNumber: string) => createCancelOrder(at.desk)({ orderNumber, reasonCode: 'REQUESTED' });

const limited = (sku: string, maximumPerCustomer: Product['maximumPerCustomer'], stock = 1000) =>
  at.desk.addProduct(sku, stock, { maximumPerCustomer });

const findingsOf = async (orderNumber: string) =>
  (await at.desk.read(orderNumber)).findings.map(({ code, value, expected, cause }) =>
    [code, value, expected, cause].filter((part) => part !== undefined).join(' '),
  );

const countOf = async (row: string, name: string) => {
  const { Item } = await at.desk.db.send(
    new GetCommand({
      TableName: tables.stock,
      Key: { pk: `ACCOUNT#${row.split(' ')[0]}`, sk: row.split(' ')[1] },
    }),
  );
  return Item?.[name];
};

describe('an article of which a customer may buy only so much', () => {
  test('is counted over orders, and what is left is told', async () => {
    await limited('CA-1', { MONTH: 10 });
    await at.desk.addCustomer(aCustomer({ customerId: 'C1' }));
    const order = (quantity: number, customerId = 'C1') =>
      at.desk.accept(mall, 'CA-1', { buyer: buyer(customerId), lines: [lineOf('CA-1', quantity)] });
    await order(6);
    const second = await order(5);
    expect(await findingsOf(second)).toEqual(['LIMIT_EXCEEDED 5 <= 4 LIMIT_PER_MONTH']);
    expect(await findingsOf(await order(4))).toEqual([]);
    expect(await findingsOf(await order(1))).toEqual(['LIMIT_EXCEEDED 1 <= 0 LIMIT_PER_MONTH']);
  });

  test('is counted for each customer alone, and for a stranger by the contact', async () => {
    await limited('CA-2', { YEAR: 5 });
    await at.desk.addCustomer(aCustomer({ customerId: 'C2A' }));
    await at.desk.addCustomer(aCustomer({ customerId: 'C2B' }));
    const stranger = (email: string) => ({ name: '某某某', contact: { email } });
    const buys = async (who: SubmissionInput['buyer']) =>
      (await findingsOf(await at.desk.accept(mall, 'CA-2', { buyer: who, lines: [lineOf('CA-2', 5)] })))
        .length;
    expect(await buys(buyer('C2A'))).toBe(0);
    expect(await buys(buyer('C2B'))).toBe(0);
    expect(await buys(stranger('li@example.com'))).toBe(0);
    expect(await buys(stranger('LI@example.com'))).toBe(1);
    expect(await buys(stranger('zhao@example.com'))).toBe(0);
  });

  test('is free again in the next period, of the company zone', async () => {
    await limited('CA-3', { DAY: 5 });
    await at.desk.addCustomer(aCustomer({ customerId: 'C3' }));
    const buys = async () =>
      (
        await findingsOf(
          await at.desk.accept(mall, 'CA-3', { buyer: buyer('C3'), lines: [lineOf('CA-3', 5)] }),
        )
      ).length;
    expect([await buys(), await buys()]).toEqual([0, 1]);
    at.desk.clock.now = new Date('2026-03-02T15:59:00Z');
    expect(await buys()).toBe(1);
    at.desk.clock.now = new Date('2026-03-02T16:00:00Z');
    expect(await buys()).toBe(0);
    at.desk.clock.now = orderDay;
  });

  test('is given back once by an order that is cancelled, to the period it was bought in', async () => {
    await limited('CA-4', { DAY: 5 });
    await at.desk.addCustomer(aCustomer({ customerId: 'C4' }));
    const order = () => at.desk.accept(mall, 'CA-4', { buyer: buyer('C4'), lines: [lineOf('CA-4', 5)] });
    const first = await order();
    at.desk.clock.now = new Date('2026-03-03T08:00:00Z');
    await order();
    await cancel(first);
    await cancel(first);
    const account = 'example-mall#CUSTOMER#C4';
    expect(await countOf(`${account} SOLD#2026-03-02`, 'CA-4@2026-03-02')).toBe(0);
    expect(await countOf(`${account} SOLD#2026-03-03`, 'CA-4@2026-03-03')).toBe(5);
    at.desk.clock.now = orderDay;
    expect(await findingsOf(await order())).toEqual([]);
  });

  test('may be bought beyond its limit when staff let it pass, and is asked about again when more was bought since', async () => {
    await limited('CA-9', { MONTH: 10 });
    await at.desk.addCustomer(aCustomer({ customerId: 'C9' }));
    const { held, hold, idOf, editOrder, auditAgain } = heldOrders(at.desk);
    const body = (quantity: number) => ({ buyer: buyer('C9'), lines: [lineOf('CA-9', quantity)] });
    const letPass = async (orderNumber: string) =>
      createResolveFinding({ ...at.desk, editOrder })(
        aRequest({
          principal: asStaff('manager'),
          path: { findingId: await idOf(orderNumber, 'LIMIT_EXCEEDED') },
          body: { action: 'OVERRIDE', reason: 'agreed for the fair' },
        }),
      );
    await at.desk.accept(mall, 'CA-9', body(8));
    const { orderNumber } = await held(mall, 'CA-9', body(5));
    await letPass(orderNumber);
    await at.desk.accept(mall, 'CA-9', body(1));
    expect(await auditAgain(orderNumber)).toMatchObject({ outcome: 'held' });
    expect(await findingsOf(orderNumber)).toEqual(['LIMIT_EXCEEDED 5 <= 1 LIMIT_PER_MONTH']);
    await hold(orderNumber);
    await letPass(orderNumber);
    expect(await auditAgain(orderNumber)).toMatchObject({ outcome: 'awaiting-payment' });
    expect(await countOf('example-mall#CUSTOMER#C9 SOLD#2026-03', 'CA-9@2026-03')).toBe(14);
    expect(await findingsOf(await at.desk.accept(mall, 'CA-9', body(1)))).toEqual([
      'LIMIT_EXCEEDED 1 <= 0 LIMIT_PER_MONTH',
    ]);
  });

  test('one order alone may be too much, however little was bought', async () => {
    await limited('CA-5', { YEAR: 3 });
    const orderNumber = await at.desk.place(mall, 'CA-5', { lines: [lineOf('CA-5', 4)] });
    expect(await reserve(orderNumber)).toBe('held');
    expect(await findingsOf(orderNumber)).toEqual(['LIMIT_EXCEEDED 4 <= 3 LIMIT_PER_YEAR']);
    expect(await at.desk.level('CA-5')).toMatchObject({ reserved: 0 });
  });

  test('an order on file counts once, however often it is audited and reserved', async () => {
    await limited('CA-6', { MONTH: 5 });
    await at.desk.addCustomer(aCustomer({ customerId: 'C6' }));
    const changes = { buyer: buyer('C6'), lines: [lineOf('CA-6', 4)] };
    const orderNumber = await at.desk.accept(mall, 'CA-6', changes);
    expect(await reserve(orderNumber)).toBe('awaiting-payment');
    await at.desk.audit({ orderNumber });
    expect(await findingsOf(orderNumber)).toEqual([]);
    expect((await at.desk.read(orderNumber)).state.heldInAccount?.sold).toEqual([
      { sku: 'CA-6', period: '2026-03', quantity: 4 },
    ]);
  });
});

test('of orders sent at once, no more go through than the limit lets', async () => {
  await limited('CA-RACE', { DAY: 7 });
  await at.desk.addCustomer(aCustomer({ customerId: 'C-RACE' }));
  const changes = { buyer: buyer('C-RACE'), lines: [lineOf('CA-RACE', 2)] };
  const numbers = await Promise.all(
    Array.from({ length: 12 }, () => at.desk.place(mall, 'CA-RACE', changes)),
  );
  const outcomes = await Promise.all(numbers.map(reserve));
  const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
  expect({ accepted: count('awaiting-payment'), held: count('held') }).toEqual({ accepted: 3, held: 9 });
  expect(await at.desk.level('CA-RACE')).toMatchObject({ reserved: 6 });
});

test('whatever is ordered and cancelled side by side, no limit is passed and the counts are those of live orders', async () => {
  let round = 0;
  const step = fc.record({
    kind: fc.constantFrom('order', 'order', 'cancel'),
    quantity: fc.integer({ min: 1, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
      async (waves) => {
        round++;
        const [sku, customerId, maximum] = [`CA-P${round}`, `CP${round}`, 6];
        await limited(sku, { DAY: maximum, MONTH: maximum + 2 });
        await at.desk.addCustomer(aCustomer({ customerId, creditLimits: { CNY: 20_000 } }));
        const all: string[] = [];
        const accepted: string[] = [];
        for (const wave of waves) {
          await Promise.all(
            wave.map(async ({ kind, quantity }) => {
              const some = accepted[quantity % Math.max(1, accepted.length)];
              if (kind === 'cancel' && some) {
                await cancel(some);
                return;
              }
              const placed = await at.desk.place(mall, sku, {
                buyer: buyer(customerId),
                payment: { method: 'ON_ACCOUNT' },
                lines: [lineOf(sku, quantity)],
              });
              all.push(placed);
              if ((await reserve(placed)) === 'ready') accepted.push(placed);
            }),
          );
          const orders = await Promise.all(all.map((orderNumber) => at.desk.read(orderNumber)));
          const live = orders.filter(({ state }) => state.status === 'READY_TO_SHIP');
          const bought = live
            .flatMap(({ content }) => content.lines)
            .reduce((sum, line) => sum + line.quantity, 0);
          const owed = live.reduce((sum, { state }) => sum + state.payableAmount, 0);
          expect(bought).toBeLessThanOrEqual(maximum);
          expect(owed).toBeLessThanOrEqual(20_000);
          const account = `example-mall#CUSTOMER#${customerId}`;
          expect((await countOf(`${account} SOLD#2026-03-02`, `${sku}@2026-03-02`)) ?? 0).toBe(bought);
          expect((await countOf(`${account} SOLD#2026-03`, `${sku}@2026-03`)) ?? 0).toBe(bought);
          expect((await countOf(`${account} STANDING`, 'owed@CNY')) ?? 0).toBe(owed);
        }
      },
    ),
    { numRuns: 6 },
  );
});

describe('credit', () => {
  const onAccount = (customerId: string, sku: string, quantity: number): Partial<SubmissionInput> => ({
    buyer: buyer(customerId),
    payment: { method: 'ON_ACCOUNT' },
    lines: [lineOf(sku, quantity)],
  });
  const pay = (orderNumber: string, paymentId: string, amount: string) =>
    createRecordPayment(at.desk)(
      aRequest({
        principal: { kind: 'partner', partnerId: 'example-pay', roles: ['PAYMENT_PROVIDER'] },
        path: { orderNumber },
        body: { paymentId, amount, currency: 'CNY' },
      }),
    );
  const owed = (customerId: string) => countOf(`example-mall#CUSTOMER#${customerId} STANDING`, 'owed@CNY');

  test('is what is left after all unpaid orders', async () => {
    await at.desk.addProduct('CR-1', 1000);
    await at.desk.addCustomer(aCustomer({ customerId: 'K1', creditLimits: { CNY: 10_000 } }));
    await at.desk.accept(mall, 'CR-1', onAccount('K1', 'CR-1', 2));
    const second = await at.desk.accept(mall, 'CR-1', onAccount('K1', 'CR-1', 1));
    expect(await findingsOf(second)).toEqual(['CREDIT_EXCEEDED 39.90 <= 20.20']);
    expect(await owed('K1')).toBe(7_980);
  });

  test('comes back as orders are paid in parts or cancelled, each amount once', async () => {
    await at.desk.addProduct('CR-2', 1000);
    await at.desk.addCustomer(aCustomer({ customerId: 'K2', creditLimits: { CNY: 10_000 } }));
    const paid = await at.desk.accept(mall, 'CR-2', onAccount('K2', 'CR-2', 1));
    const cancelled = await at.desk.accept(mall, 'CR-2', onAccount('K2', 'CR-2', 1));
    expect(await owed('K2')).toBe(7_980);
    await pay(paid, 'P1', '9.90');
    await pay(paid, 'P1', '9.90');
    expect(await owed('K2')).toBe(6_990);
    await pay(paid, 'P2', '40.00');
    expect(await owed('K2')).toBe(3_990);
    await cancel(cancelled);
    expect(await owed('K2')).toBe(0);
  });

  test('has no end where no limit was set, and none in a currency that the limits do not name', async () => {
    await at.desk.addProduct('CR-3', 10_000);
    await at.desk.addCustomer(aCustomer({ customerId: 'K3A' }));
    await at.desk.addCustomer(aCustomer({ customerId: 'K3B', creditLimits: { USD: 1_000_000 } }));
    expect(await findingsOf(await at.desk.accept(mall, 'CR-3', onAccount('K3A', 'CR-3', 900)))).toEqual([]);
    expect(await findingsOf(await at.desk.accept(mall, 'CR-3', onAccount('K3B', 'CR-3', 1)))).toEqual([
      'CREDIT_EXCEEDED 39.90 <= 0.00',
    ]);
  });

  test('is not touched by orders that are paid another way', async () => {
    await at.desk.addProduct('CR-4', 10);
    await at.desk.addCustomer(aCustomer({ customerId: 'K4', creditLimits: { CNY: 1 } }));
    const changes = { ...onAccount('K4', 'CR-4', 1), payment: { method: 'BANK_TRANSFER' } } as const;
    expect(await findingsOf(await at.desk.accept(mall, 'CR-4', changes))).toEqual([]);
    expect(await owed('K4')).toBeUndefined();
  });
});

test('ninety limited articles on account, with a promotion that is counted, are one transaction', async () => {
  const skus = Array.from({ length: 90 }, (_, index) => `CA-MANY-${index}`);
  await Promise.all(skus.map((sku) => limited(sku, { DAY: 9, MONTH: 9, YEAR: 9 })));
  await at.desk.addCustomer(aCustomer({ customerId: 'C-MANY', creditLimits: { CNY: 10_000_000 } }));
  const orderNumber = await at.desk.place(mall, '', {
    buyer: buyer('C-MANY'),
    payment: { method: 'ON_ACCOUNT' },
    promotionCodes: ['ONCE'],
    lines: skus.map((sku, index) => aSubmittedLine({ lineId: String(index + 1), sku, quantity: 9 })),
  });
  expect(await reserve(orderNumber)).toBe('ready');
  const standing = 'example-mall#CUSTOMER#C-MANY STANDING';
  expect(await countOf(standing, 'used@ONCE@2026-03-01')).toBe(1);
  const again = await at.desk.place(mall, '', {
    buyer: buyer('C-MANY'),
    lines: [lineOf('CA-MANY-89', 1)],
  });
  expect(await reserve(again)).toBe('held');
  await cancel(orderNumber);
  expect((await at.desk.read(orderNumber)).state.heldInAccount).toBeUndefined();
  expect(await countOf('example-mall#CUSTOMER#C-MANY SOLD#2026', 'CA-MANY-89@2026')).toBe(0);
  expect(await countOf(standing, 'used@ONCE@2026-03-01')).toBe(0);
});
