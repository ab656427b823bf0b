import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Partner } from '../../domain/partner.ts';
import { createSweepOrders } from '../../functions/schedule/sweep-orders.ts';
import { changeOrder } from '../../functions/shared/change-order.ts';
import { orderDay } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';

const at = useOrderDesk();
let mall: Partner;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  await at.desk.addProduct('SW-1', 1000);
});
beforeEach(() => {
  at.desk.clock.now = orderDay;
  at.desk.executions.failures = 0;
});

const minutesLater = (minutes: number) => {
  at.desk.clock.now = new Date(orderDay.getTime() + minutes * 60_000);
};
const sweep = () => createSweepOrders(at.desk)();
const countMails = async (orderNumber: string, template: string) =>
  (await at.desk.mailsOf(orderNumber)).filter((mail) => mail.startsWith(`${template} `)).length;

describe('an order whose execution was not started', () => {
  const unstarted = async () => {
    at.desk.executions.failures = 1;
    return at.desk.place(mall, 'SW-1');
  };

  test('is started by the sweep, once', async () => {
    const orderNumber = await unstarted();
    minutesLater(10);
    await sweep();
    await sweep();
    expect(at.desk.executions.started.filter((started) => started === orderNumber)).toHaveLength(1);
  });

  test('is given two minutes first', async () => {
    const orderNumber = await unstarted();
    minutesLater(1);
    await sweep();
    expect(at.desk.executions.started).not.toContain(orderNumber);
    minutesLater(3);
    await sweep();
    expect(at.desk.executions.started).toContain(orderNumber);
  });

  test('does not keep the sweep from others when it cannot be started', async () => {
    const [first, second] = [await unstarted(), await unstarted()];
    at.desk.executions.failures = 1;
    minutesLater(10);
    expect((await sweep()).failed).toBe(1);
    expect([first, second].filter((number) => at.desk.executions.started.includes(number))).toHaveLength(1);
  });
});

test('a mail that cannot be put back in line keeps the sweep from nothing else', async () => {
  at.desk.executions.failures = 1;
  const orderNumber = await at.desk.place(mall, 'SW-1');
  minutesLater(10);
  const outbox = {
    unsentSince: async function* () {
      yield { pk: 'ORDER#X', sk: 'MAIL#X' };
    },
    requeue: () => Promise.reject(new Error('the table is busy')),
  };
  expect(await createSweepOrders({ ...at.desk, outbox })()).toMatchObject({ failed: 1 });
  expect(at.desk.executions.started).toContain(orderNumber);
});

test('a wait whose answer is on file is answered', async () => {
  const orderNumber = await at.desk.accept(mall, 'SW-1');
  const token = randomUUID();
  await at.desk.orders.openWait(orderNumber, {
    kind: 'PAYMENT',
    taskToken: token,
    openedAt: at.desk.now().toISOString(),
  });
  const paid = { event: { type: 'test.paid', actor: 'test' }, to: 'PAID' } as const;
  await changeOrder(at.desk.orders, orderNumber, () => paid, at.desk.now());
  minutesLater(10);
  await sweep();
  expect(at.desk.answered.get(token)).toEqual({ result: 'success' });
});

describe('a failed execution', () => {
  test.for(['FAILED', 'TIMED_OUT', 'ABORTED'])(
    'that is %s goes on at each sweep, and the desk is told at most every six hours',
    async (status) => {
      const orderNumber = await at.desk.place(mall, 'SW-1');
      at.desk.executions.statuses.set(orderNumber, status);
      for (const minutes of [10, 15, 359]) {
        minutesLater(minutes);
        await sweep();
      }
      expect(await countMails(orderNumber, 'stuck-order')).toBe(1);
      expect(at.desk.executions.redriven.filter((redriven) => redriven === orderNumber)).toHaveLength(3);
      minutesLater(371);
      await sweep();
      expect(await countMails(orderNumber, 'stuck-order')).toBe(2);
      expect((await at.desk.read(orderNumber)).state.status).toBe('RECEIVED');
      at.desk.executions.statuses.set(orderNumber, 'RUNNING');
    },
  );
});

test('an execution that ended is left alone', async () => {
  const orderNumber = await at.desk.place(mall, 'SW-1');
  at.desk.executions.statuses.set(orderNumber, 'SUCCEEDED');
  minutesLater(10);
  await sweep();
  expect(at.desk.executions.redriven).not.toContain(orderNumber);
});

test('orders that wait for long are looked at once an hour, those that hold stock by the clock always', async () => {
  const slow = await at.desk.accept(mall, 'SW-1', { payment: { method: 'CASH_ON_DELIVERY' } });
  const quick = await at.desk.accept(mall, 'SW-1');
  for (const orderNumber of [slow, quick]) at.desk.executions.statuses.set(orderNumber, 'FAILED');
  const redriven = (orderNumber: string) =>
    at.desk.executions.redriven.filter((one) => one === orderNumber).length;
  minutesLater(30);
  await sweep();
  expect([redriven(slow), redriven(quick)]).toEqual([0, 1]);
  minutesLater(61);
  await sweep();
  expect([redriven(slow), redriven(quick)]).toEqual([1, 2]);
});
