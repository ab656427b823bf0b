import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Partner } from '../../domain/partner.ts';
import { createCancelOrderRequest } from '../../functions/api/cancel-order-request.ts';
import { createRecordPayment } from '../../functions/api/record-payment.ts';
import { createCancelOrder } from '../../functions/steps/cancel-order.ts';
import { createHoldOrder } from '../../functions/steps/hold-order.ts';
import { aRequest, asPartner, asStaff } from '../builders/a-request.ts';
import { aSubmittedLine, orderDay } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';

const at = useOrderDesk();
let mall: Partner;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  await at.desk.addProduct('PF-1', 100_000);
});
beforeEach(() => {
  at.desk.clock.now = orderDay;
});

/** An order for 95.00 CNY that waits for its money. */
const unpaid = async (sku = 'PF-1'): Promise<string> => {
  const line = aSubmittedLine({ sku, quantity: 2, unitPrice: '39.90' });
  return at.desk.accept(mall, sku, {
    lines: [line],
    allowanceCharges: [{ isCharge: true, amount: '15.20' }],
  });
};
const pay = (orderNumber: string, amount: string, notice: { paymentId?: string; reference?: string } = {}) =>
  createRecordPayment(at.desk)(
    aRequest({
      principal: asStaff('finance'),
      path: { orderNumber },
      body: { paymentId: randomUUID(), amount, currency: 'CNY', ...notice },
    }),
  );
const cancel = (orderNumber: string, reasonCode: 'PAYMENT_EXPIRED' | 'CLARIFICATION_TIMEOUT' | 'REQUESTED') =>
  createCancelOrder(at.desk)({ orderNumber, reasonCode });
const requestCancellation = (orderNumber: string) =>
  createCancelOrderRequest(at.desk)(
    aRequest({ path: { orderNumber }, body: { reasonCode: 'CHANGED_MIND', note: '不需要了' } }),
  );
const awaitPayment = async (orderNumber: string): Promise<string> => {
  const token = randomUUID();
  await at.desk.waits.open(orderNumber, 'PAYMENT', token, at.desk.now());
  return token;
};
const hold = async (orderNumber: string, fault?: string): Promise<string> => {
  const taskToken = randomUUID();
  await createHoldOrder(at.desk)({ orderNumber, taskToken, fault });
  return taskToken;
};
const stateOf = async (orderNumber: string) => (await at.desk.read(orderNumber)).state;

describe('a payment in full', () => {
  test('after the wait was opened answers it', async () => {
    const orderNumber = await unpaid();
    const token = await awaitPayment(orderNumber);
    expect(at.desk.answered.has(token)).toBe(false);
    expect(await pay(orderNumber, '95.00')).toMatchObject({
      status: 201,
      body: { orderNumber, status: 'PAID', paymentStatus: 'PAID' },
    });
    expect(at.desk.answered.get(token)).toEqual({ result: 'success' });
  });

  test('before the wait is opened answers it at once', async () => {
    const orderNumber = await unpaid();
    await pay(orderNumber, '95.00');
    const token = await awaitPayment(orderNumber);
    expect(at.desk.answered.get(token)).toEqual({ result: 'success' });
  });

  test('posted five times one after another is one payment', async () => {
    const [orderNumber, paymentId] = [await unpaid(), randomUUID()];
    expect(await pay(orderNumber, '95.00', { paymentId })).toMatchObject({ status: 201 });
    const before = await at.desk.read(orderNumber);
    for (let time = 2; time <= 5; time++)
      expect(await pay(orderNumber, '95.00', { paymentId })).toMatchObject({
        status: 200,
        body: { paymentId },
      });
    expect(await at.desk.read(orderNumber)).toEqual(before);
  });

  test('posted ten times at once is one payment, and no poster is refused', async () => {
    const [orderNumber, paymentId] = [await unpaid(), randomUUID()];
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => pay(orderNumber, '95.00', { paymentId })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
    expect(await stateOf(orderNumber)).toMatchObject({ receivedAmount: 95_00, status: 'PAID' });
  });

  test('under an id that is on file with another amount is a conflict', async () => {
    const [orderNumber, paymentId] = [await unpaid(), randomUUID()];
    await pay(orderNumber, '95.00', { paymentId });
    await expect(pay(orderNumber, '94.00', { paymentId })).rejects.toMatchObject({
      type: 'conflict',
      status: 409,
    });
  });
});

test('parts paid at once by different notices add up', async () => {
  const orderNumber = await unpaid();
  await Promise.all(['20.00', '30.00', '45.00'].map((amount) => pay(orderNumber, amount)));
  expect(await stateOf(orderNumber)).toMatchObject({ receivedAmount: 95_00 });
});

test('too little holds the order, the rest resolves it, and the workflow goes on where it was', async () => {
  const orderNumber = await unpaid();
  const wait = await awaitPayment(orderNumber);
  await pay(orderNumber, '90.00');
  expect(await stateOf(orderNumber)).toMatchObject({ status: 'ON_HOLD', openFindings: 1, reserved: true });
  expect(at.desk.answered.get(wait)).toEqual({ result: 'failure', error: 'OrderHeld' });

  const resolution = await hold(orderNumber);
  expect(at.desk.answered.has(resolution)).toBe(false);
  await pay(orderNumber, '5.00');
  expect(at.desk.answered.get(resolution)).toEqual({ result: 'success' });

  const before = await at.desk.level('PF-1');
  expect(await at.desk.audit({ orderNumber })).toMatchObject({ outcome: 'passed' });
  expect(await stateOf(orderNumber)).toMatchObject({ status: 'RECEIVED', openFindings: 0 });
  expect(await at.desk.reserve({ orderNumber })).toMatchObject({ outcome: 'ready' });
  expect(await stateOf(orderNumber)).toMatchObject({ status: 'PAID' });
  expect(await at.desk.level('PF-1')).toEqual(before);
  expect(
    (await at.desk.mailsOf(orderNumber)).filter((mail) => mail.startsWith('order-confirmed')),
  ).toHaveLength(2);
});

test('holding an order a second time tells nobody a second time', async () => {
  const orderNumber = await unpaid();
  await pay(orderNumber, '90.00');
  await hold(orderNumber);
  const before = await at.desk.read(orderNumber);
  await hold(orderNumber);
  expect(await at.desk.read(orderNumber)).toEqual(before);
});

test('a fault of ours goes to the desk alone', async () => {
  const orderNumber = await unpaid();
  await hold(orderNumber, 'Fatal');
  const { state, findings, mails } = await at.desk.read(orderNumber);
  expect(state).toMatchObject({ status: 'ON_HOLD', openFindings: 1 });
  expect(findings).toMatchObject([{ code: 'PROCESSING_FAULT', value: 'Fatal' }]);
  expect(mails.filter(({ template }) => template === 'stuck-order')).toMatchObject([
    { recipient: 'desk@example.com', data: { reason: 'Fatal' } },
  ]);
  expect(mails.some(({ template }) => template === 'clarification')).toBe(false);
});

describe('an order that is not paid in time', () => {
  test('is cancelled once, and its stock is free once', async () => {
    await at.desk.addProduct('PF-2', 10);
    const orderNumber = await unpaid('PF-2');
    expect(await at.desk.level('PF-2')).toMatchObject({ reserved: 2, available: 8 });
    for (let time = 1; time <= 3; time++)
      expect(await cancel(orderNumber, 'PAYMENT_EXPIRED')).toEqual({ outcome: 'cancelled' });
    expect(await at.desk.level('PF-2')).toEqual({ onHand: 10, reserved: 0, available: 10 });
    const { state, events } = await at.desk.read(orderNumber);
    expect(state).toMatchObject({
      status: 'CANCELLED',
      reserved: false,
      refundDue: false,
      cancellation: { reasonCode: 'PAYMENT_EXPIRED', requestedBy: 'workflow' },
    });
    expect(events.filter(({ type }) => type === 'order.cancelled')).toHaveLength(1);
    expect((await at.desk.mailsOf(orderNumber)).filter((mail) => mail.startsWith('order-cancelled'))).toEqual(
      ['order-cancelled orders@mall.example.com', 'order-cancelled wang@example.com'],
    );
  });

  test('cancelled five times at once frees its stock once', async () => {
    await at.desk.addProduct('PF-3', 10);
    const orderNumber = await unpaid('PF-3');
    const cancels = Array.from({ length: 5 }, () => cancel(orderNumber, 'PAYMENT_EXPIRED'));
    for (const result of await Promise.allSettled(cancels))
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'Retryable' });
    expect(await at.desk.level('PF-3')).toEqual({ onHand: 10, reserved: 0, available: 10 });
  });

  test('is not cancelled when the money came in the last moment', async () => {
    const orderNumber = await unpaid();
    await pay(orderNumber, '95.00');
    const before = await at.desk.read(orderNumber);
    expect(await cancel(orderNumber, 'PAYMENT_EXPIRED')).toEqual({ outcome: 'overtaken' });
    expect(await at.desk.read(orderNumber)).toEqual(before);
    expect(await at.desk.audit({ orderNumber })).toMatchObject({ outcome: 'passed' });
    expect(await at.desk.reserve({ orderNumber })).toMatchObject({ outcome: 'ready' });
  });

  test('stands on hold when too little came in the last moment', async () => {
    const orderNumber = await unpaid();
    await pay(orderNumber, '1.00');
    expect(await cancel(orderNumber, 'PAYMENT_EXPIRED')).toEqual({ outcome: 'overtaken' });
    await at.desk.audit({ orderNumber });
    expect(await at.desk.reserve({ orderNumber })).toMatchObject({ outcome: 'held' });
  });

  test('and paid afterwards is owed its money', async () => {
    const orderNumber = await unpaid();
    await cancel(orderNumber, 'PAYMENT_EXPIRED');
    await pay(orderNumber, '95.00');
    expect(await stateOf(orderNumber)).toMatchObject({
      status: 'CANCELLED',
      refundDue: true,
      receivedAmount: 95_00,
    });
  });
});

test('a question that nobody answered cancels the order; one that was answered does not', async () => {
  const [silent, answered] = [await unpaid(), await unpaid()];
  for (const orderNumber of [silent, answered]) await pay(orderNumber, '90.00');
  await pay(answered, '5.00');
  expect(await cancel(silent, 'CLARIFICATION_TIMEOUT')).toEqual({ outcome: 'cancelled' });
  expect(await stateOf(silent)).toMatchObject({ status: 'CANCELLED', refundDue: true, openFindings: 0 });
  expect((await at.desk.mailsOf(silent)).filter((mail) => mail.startsWith('order-cancelled'))).toContain(
    'order-cancelled finance@example.com',
  );
  expect(await cancel(answered, 'CLARIFICATION_TIMEOUT')).toEqual({ outcome: 'overtaken' });
});

describe('a cancellation asked for by the partner', () => {
  test('is answered 202 and wakes the workflow, which cancels', async () => {
    const orderNumber = await unpaid();
    const wait = await awaitPayment(orderNumber);
    expect(await requestCancellation(orderNumber)).toMatchObject({
      status: 202,
      body: { orderNumber, cancellation: { reasonCode: 'CHANGED_MIND', note: '不需要了' } },
    });
    expect(at.desk.answered.get(wait)).toEqual({ result: 'failure', error: 'OrderCancelled' });
    expect(await cancel(orderNumber, 'REQUESTED')).toEqual({ outcome: 'cancelled' });
    expect((await at.desk.read(orderNumber)).events.at(-1)).toMatchObject({
      type: 'order.cancelled',
      actor: 'partner:example-mall',
      data: { reasonCode: 'CHANGED_MIND' },
    });
  });

  test('twice is asked once', async () => {
    const orderNumber = await unpaid();
    await requestCancellation(orderNumber);
    const before = await at.desk.read(orderNumber);
    expect(await requestCancellation(orderNumber)).toMatchObject({ status: 202 });
    expect(await at.desk.read(orderNumber)).toEqual(before);
  });

  test('before the money came means that the money is owed back', async () => {
    const orderNumber = await unpaid();
    await requestCancellation(orderNumber);
    await pay(orderNumber, '95.00');
    expect(await stateOf(orderNumber)).toMatchObject({ status: 'PENDING_PAYMENT', refundDue: true });
    await cancel(orderNumber, 'REQUESTED');
    expect(await stateOf(orderNumber)).toMatchObject({ status: 'CANCELLED', refundDue: true });
  });

  test('is refused once the order is paid, with what is still possible', async () => {
    const orderNumber = await unpaid();
    await pay(orderNumber, '95.00');
    await expect(requestCancellation(orderNumber)).rejects.toMatchObject({
      type: 'illegal-transition',
      status: 409,
      members: { currentStatus: 'PAID', allowed: ['READY_TO_SHIP', 'BACKORDERED', 'ON_HOLD'] },
    });
  });

  test('of an order on hold is possible until its question is answered', async () => {
    const [open, answered] = [await unpaid(), await unpaid()];
    for (const orderNumber of [open, answered]) await pay(orderNumber, '90.00');
    await pay(answered, '5.00');
    expect(await requestCancellation(open)).toMatchObject({ status: 202 });
    await expect(requestCancellation(answered)).rejects.toMatchObject({ type: 'illegal-transition' });
  });

  test.for([
    [{ reasonCode: 'x' }, ['#/reasonCode']],
    [{}, ['#/reasonCode']],
    [{ reasonCode: 'OK', note: 'x'.repeat(501), extra: 1 }, ['#/note', '#/extra']],
  ] as const)('with %j is refused', async ([body, pointers]) => {
    const orderNumber = await unpaid();
    const refused = createCancelOrderRequest(at.desk)(aRequest({ path: { orderNumber }, body }));
    await expect(refused).rejects.toMatchObject({ problems: pointers.map((pointer) => ({ pointer })) });
  });
});

describe('a payment notice is refused', () => {
  test.for([
    [{ currency: 'USD' }, 'CURRENCY_NOT_ALLOWED', '#/currency'],
    [{ amount: '95.005' }, 'FORMAT_INVALID', '#/amount'],
    [{ amount: '0.00' }, 'FORMAT_INVALID', '#/amount'],
    [{ amount: '-1' }, 'FORMAT_INVALID', '#/amount'],
    [{ amount: 95 }, 'TYPE_INVALID', '#/amount'],
    [{ payer: 'x' }, 'UNKNOWN_FIELD', '#/payer'],
  ] as const)('with %j', async ([change, code, pointer]) => {
    const orderNumber = await unpaid();
    const body = { paymentId: 'P', amount: '95.00', currency: 'CNY', ...change };
    const refused = createRecordPayment(at.desk)(
      aRequest({ principal: asStaff('finance'), path: { orderNumber }, body }),
    );
    await expect(refused).rejects.toMatchObject({ status: 422, problems: [{ code, pointer }] });
  });

  test('from a partner that is no payment provider: its own order 403, another’s 404', async () => {
    const orderNumber = await unpaid();
    const from = (partnerId: string) =>
      createRecordPayment(at.desk)(
        aRequest({ principal: asPartner(partnerId), path: { orderNumber }, body: {} }),
      );
    await expect(from('example-mall')).rejects.toMatchObject({ type: 'forbidden' });
    await expect(from('example-shop')).rejects.toMatchObject({ type: 'not-found' });
  });

  test('and taken from a payment provider, about any partner’s order', async () => {
    const orderNumber = await unpaid();
    const answer = await createRecordPayment(at.desk)(
      aRequest({
        principal: asPartner('example-bank', ['PAYMENT_PROVIDER']),
        path: { orderNumber },
        body: { paymentId: 'P', amount: '95.00', currency: 'CNY' },
      }),
    );
    expect(answer.status).toBe(201);
  });
});
