import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Partner } from '../../domain/partner.ts';
import { createSweepOrders } from '../../functions/schedule/sweep-orders.ts';
import { OrderOnItsWay } from '../../functions/shared/classify-error.ts';
import { createAuditOrder } from '../../functions/steps/audit-order.ts';
import { createCancelOrder } from '../../functions/steps/cancel-order.ts';
import { createHoldOrder } from '../../functions/steps/hold-order.ts';
import { createReserveStock } from '../../functions/steps/reserve-stock.ts';
import { aSubmittedLine, orderDay } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';

const at = useOrderDesk();
let mall: Partner;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  await at.desk.addProduct('FO-1', 1000);
});
beforeEach(() => {
  at.desk.clock.now = orderDay;
});

const hold = async (orderNumber: string, fault?: string): Promise<string> => {
  const taskToken = randomUUID();
  await createHoldOrder(at.desk)({ orderNumber, taskToken, fault });
  return taskToken;
};
const sweepAfter = (minutes: number) => {
  at.desk.clock.now = new Date(orderDay.getTime() + minutes * 60_000);
  return createSweepOrders(at.desk)();
};
const setAside = async () => {
  const orderNumber = await at.desk.place(mall, 'FO-1');
  at.desk.executions.statuses.set(orderNumber, 'RUNNING');
  return { orderNumber, token: await hold(orderNumber, 'Fatal') };
};
const openCodes = async (orderNumber: string) =>
  (await at.desk.read(orderNumber)).findings.filter(({ open }) => open).map(({ code }) => code);

describe('an order that a fault of ours set aside', () => {
  test('is told to the desk alone, and tried again by the hourly sweep', async () => {
    const { orderNumber, token } = await setAside();
    expect(await openCodes(orderNumber)).toEqual(['PROCESSING_FAULT']);
    expect((await at.desk.mailsOf(orderNumber)).filter((mail) => mail.startsWith('clarification'))).toEqual(
      [],
    );
    await sweepAfter(62);
    expect(await openCodes(orderNumber)).toEqual([]);
    expect(at.desk.answered.get(token)).toEqual({ result: 'success' });
    await createAuditOrder(at.desk)({ orderNumber });
    expect(await createReserveStock(at.desk)({ orderNumber })).toMatchObject({ outcome: 'awaiting-payment' });
  });

  test('is not cancelled at its deadline, since nobody was asked', async () => {
    const { orderNumber } = await setAside();
    const cancelled = await createCancelOrder(at.desk)({ orderNumber, reasonCode: 'CLARIFICATION_TIMEOUT' });
    expect(cancelled).toEqual({ outcome: 'overtaken' });
    expect((await at.desk.read(orderNumber)).state.status).toBe('ON_HOLD');
  });

  test('fails again on its way back and waits again, instead of going round', async () => {
    const { orderNumber } = await setAside();
    await sweepAfter(62);
    const again = await hold(orderNumber, 'Fatal');
    expect(at.desk.answered.has(again)).toBe(false);
    expect(await openCodes(orderNumber)).toEqual(['PROCESSING_FAULT']);
  });
});

describe('an order whose goods left while a fault kept its execution behind', () => {
  const shipped = async () => {
    const orderNumber = await at.desk.accept(mall, 'FO-1', { payment: { method: 'CASH_ON_DELIVERY' } });
    const order = await at.desk.read(orderNumber);
    await at.desk.orders.change(
      order.state,
      { to: 'SHIPPED', event: { type: 'order.shipped', actor: 'test' } },
      orderDay,
    );
    return orderNumber;
  };

  test('is not held back: the machine passes what is done and tries again what failed', async () => {
    const orderNumber = await shipped();
    await expect(hold(orderNumber, 'Retryable')).rejects.toThrow(OrderOnItsWay);
    expect((await at.desk.read(orderNumber)).state).toMatchObject({ status: 'SHIPPED', openFindings: 0 });
    await createAuditOrder(at.desk)({ orderNumber });
    expect(await createReserveStock(at.desk)({ orderNumber })).toMatchObject({ outcome: 'ready' });
  });

  test('is told to the desk once, however often that happens in an hour', async () => {
    const orderNumber = await shipped();
    for (const _ of [1, 2]) await expect(hold(orderNumber, 'Retryable')).rejects.toThrow(OrderOnItsWay);
    const told = (await at.desk.mailsOf(orderNumber)).filter((mail) => mail.startsWith('stuck-order'));
    expect(told).toHaveLength(1);
  });
});

test('an order that is paid waits no time for its payment, though its due time has passed', async () => {
  const orderNumber = await at.desk.accept(mall, 'FO-1');
  const order = await at.desk.read(orderNumber);
  await at.desk.orders.change(
    order.state,
    { to: 'PAID', event: { type: 'order.payment_received', actor: 'test' } },
    orderDay,
  );
  at.desk.clock.now = new Date(orderDay.getTime() + 30 * 86_400_000);
  const { outcome, paymentTimeoutSeconds } = await createReserveStock(at.desk)({ orderNumber });
  expect(outcome).toBe('ready');
  expect(paymentTimeoutSeconds).toBeGreaterThan(60);
});

test('findings of a cancelled order are open no more', async () => {
  const orderNumber = await at.desk.place(mall, 'FO-1', {
    lines: [aSubmittedLine({ sku: 'FO-1', unitPrice: '1.00' })],
    totals: {},
  });
  await createAuditOrder(at.desk)({ orderNumber });
  await hold(orderNumber);
  expect(await openCodes(orderNumber)).toEqual(['PRICE_MISMATCH']);
  await createCancelOrder(at.desk)({ orderNumber, reasonCode: 'CLARIFICATION_TIMEOUT' });
  expect(await openCodes(orderNumber)).toEqual([]);
});
