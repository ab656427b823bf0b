import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OutboundSlip } from '../../domain/fulfilment/outbound-slip.ts';
import type { CarrierEvent } from '../../domain/fulfilment/shipment.ts';
import type { WaitKind } from '../../domain/orders/wait.ts';
import type { Partner } from '../../domain/partner.ts';
import type { SubmissionInput } from '../../domain/submissions/read-submission.ts';
import { createRecordCarrierEvent } from '../../functions/api/record-carrier-event.ts';
import { createRecordOutboundSlip } from '../../functions/api/record-outbound-slip.ts';
import { createRecordPayment } from '../../functions/api/record-payment.ts';
import { createRecordShipment } from '../../functions/api/record-shipment.ts';
import { createAwaitOutboundSlip } from '../../functions/steps/await-outbound-slip.ts';
import { createCompleteOrder } from '../../functions/steps/complete-order.ts';
import { createIssueInvoice } from '../../functions/steps/issue-invoice.ts';
import { createReportStuckOrder } from '../../functions/steps/report-stuck-order.ts';
import { aRequest, asPartner, asStaff } from '../builders/a-request.ts';
import { aSubmission, aSubmittedLine, orderDay } from '../builders/a-submission.ts';
import { aMatchingSlip } from '../builders/an-order.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';

const at = useOrderDesk();
let mall: Partner;
beforeAll(async () => {
  mall = await at.desk.addPartner();
});
beforeEach(() => {
  at.desk.clock.now = orderDay;
});

let articles = 0;
/** An accepted order on account for two lines of ten pieces each, with ten pieces of each to spare. */
const accepted = async (changes: Partial<SubmissionInput> = {}) => {
  const skus = [`WF-${++articles}-A`, `WF-${articles}-B`] as const;
  for (const sku of skus) await at.desk.addProduct(sku, 20);
  const lines = skus.map((sku, index) => aSubmittedLine({ lineId: String(index + 1), sku, quantity: 10 }));
  const orderNumber = await at.desk.accept(mall, '', {
    payment: { method: 'CASH_ON_DELIVERY' },
    lines,
    ...changes,
  });
  return { orderNumber, skus };
};

const post = {
  slip: (orderNumber: string, body: unknown) =>
    createRecordOutboundSlip(at.desk)(
      aRequest({ principal: asStaff('warehouse'), path: { orderNumber }, body }),
    ),
  shipment: (orderNumber: string, body: unknown) =>
    createRecordShipment(at.desk)(
      aRequest({ principal: asPartner('example-house', ['WAREHOUSE']), path: { orderNumber }, body }),
    ),
  scan: (orderNumber: string, shipmentId: string, body: unknown) =>
    createRecordCarrierEvent(at.desk)(
      aRequest({
        principal: asPartner('example-carrier', ['CARRIER']),
        path: { orderNumber, shipmentId },
        body,
      }),
    ),
};
const matchingSlip = async (orderNumber: string, slipId = 'SLIP-1') =>
  aMatchingSlip(await at.desk.read(orderNumber), slipId);
const aParcel = (shipmentId: string, lines?: { lineId: string; quantity: number }[]) => ({
  shipmentId,
  carrier: '示例快递',
  trackingNumber: `TRACK-${shipmentId}`,
  ...(lines && { lines }),
});
let scans = 0;
const aScan = (type: CarrierEvent['type']) => ({
  eventId: `scan-${++scans}`,
  type,
  at: new Date(orderDay.getTime() + scans * 1000).toISOString(),
});
const open = async (orderNumber: string, kind: WaitKind): Promise<string> => {
  const token = randomUUID();
  await at.desk.waits.open(orderNumber, kind, token, at.desk.now());
  return token;
};
const awaitSlip = async (orderNumber: string): Promise<string> => {
  const taskToken = randomUUID();
  await createAwaitOutboundSlip(at.desk)({ orderNumber, taskToken });
  return taskToken;
};
const shippable = async (changes: Partial<SubmissionInput> = {}) => {
  const order = await accepted(changes);
  await post.slip(order.orderNumber, await matchingSlip(order.orderNumber));
  return order;
};
const stateOf = async (orderNumber: string) => (await at.desk.read(orderNumber)).state;
const countMails = async (orderNumber: string, template: string) =>
  (await at.desk.mailsOf(orderNumber)).filter((mail) => mail.startsWith(`${template} `)).length;

describe('the pick list', () => {
  test('of an order that is paid on delivery goes out once, however often its wait is opened', async () => {
    const { orderNumber } = await accepted();
    for (let time = 1; time <= 3; time++) await awaitSlip(orderNumber);
    expect(await countMails(orderNumber, 'warehouse-pick')).toBe(1);
  });

  test('of a prepaid order goes out once when it is paid, and makes it ready to ship', async () => {
    const { orderNumber } = await accepted({ payment: { method: 'CARD' } });
    expect(await countMails(orderNumber, 'warehouse-pick')).toBe(0);
    const { content } = await at.desk.read(orderNumber);
    await createRecordPayment(at.desk)(
      aRequest({
        principal: asStaff('finance'),
        path: { orderNumber },
        body: {
          paymentId: 'P1',
          amount: (content.amounts.payableAmount / 100).toFixed(2),
          currency: 'CNY',
        },
      }),
    );
    await awaitSlip(orderNumber);
    const before = await at.desk.read(orderNumber);
    expect(before.state.status).toBe('READY_TO_SHIP');
    await awaitSlip(orderNumber);
    const after = await at.desk.read(orderNumber);
    expect(after).toEqual(before);
    expect(await countMails(orderNumber, 'warehouse-pick')).toBe(1);
  });
});

describe('an outbound slip', () => {
  test('that matches answers its wait, in either order of the two', async () => {
    const early = await accepted();
    const earlyWait = await awaitSlip(early.orderNumber);
    expect(at.desk.answered.has(earlyWait)).toBe(false);
    expect(await post.slip(early.orderNumber, await matchingSlip(early.orderNumber))).toMatchObject({
      status: 201,
      body: { result: 'MATCHED', differences: [] },
    });
    expect(at.desk.answered.get(earlyWait)).toEqual({ result: 'success' });

    const late = await shippable();
    expect(at.desk.answered.get(await awaitSlip(late.orderNumber))).toEqual({ result: 'success' });
  });

  test('that differs holds the order, names the difference, and blocks dispatch until a right one comes', async () => {
    const { orderNumber, skus } = await accepted();
    const wait = await awaitSlip(orderNumber);
    const right = await matchingSlip(orderNumber, 'SLIP-2');
    const wrong: OutboundSlip = {
      ...right,
      slipId: 'SLIP-1',
      lines: right.lines.map((line) => (line.sku === skus[0] ? { ...line, quantity: 9 } : line)),
    };
    expect(await post.slip(orderNumber, wrong)).toMatchObject({
      status: 201,
      body: {
        result: 'MISMATCH',
        differences: [{ pointer: `#/lines/${skus[0]}/quantity`, slip: '9', order: '10' }],
      },
    });
    expect(at.desk.answered.get(wait)).toEqual({ result: 'failure', error: 'OrderHeld' });
    expect(await stateOf(orderNumber)).toMatchObject({ status: 'ON_HOLD', openFindings: 1 });
    await expect(post.shipment(orderNumber, aParcel('A'))).rejects.toMatchObject({
      type: 'illegal-transition',
      members: { currentStatus: 'ON_HOLD', slip: 'MISMATCH' },
    });

    const resolution = await open(orderNumber, 'RESOLUTION');
    await post.slip(orderNumber, right);
    expect(at.desk.answered.get(resolution)).toEqual({ result: 'success' });
    const held = await at.desk.level(skus[0]);
    await at.desk.audit({ orderNumber });
    expect(await at.desk.reserve({ orderNumber })).toMatchObject({ outcome: 'ready' });
    expect(await stateOf(orderNumber)).toMatchObject({
      status: 'READY_TO_SHIP',
      slip: { outcome: 'MATCHED' },
    });
    expect(await at.desk.level(skus[0])).toEqual(held);
    expect(at.desk.answered.get(await awaitSlip(orderNumber))).toEqual({ result: 'success' });
    expect(await countMails(orderNumber, 'warehouse-pick')).toBe(1);
    expect(await countMails(orderNumber, 'order-confirmed')).toBe(2);
    expect(await post.shipment(orderNumber, aParcel('A'))).toMatchObject({ status: 201 });
  });

  test('posted again is on file; with other content under its id it is a conflict', async () => {
    const { orderNumber } = await shippable();
    const slip = await matchingSlip(orderNumber);
    const before = await at.desk.read(orderNumber);
    expect(await post.slip(orderNumber, slip)).toMatchObject({ status: 200, body: { result: 'MATCHED' } });
    expect(await at.desk.read(orderNumber)).toEqual(before);
    await expect(post.slip(orderNumber, { ...slip, recipientName: '李雷' })).rejects.toMatchObject({
      type: 'conflict',
    });
  });

  test('posted five times at once is one slip', async () => {
    const { orderNumber } = await accepted();
    const slip = await matchingSlip(orderNumber);
    const answers = await Promise.all(Array.from({ length: 5 }, () => post.slip(orderNumber, slip)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 201]);
  });

  test('for an order that nobody has accepted is refused', async () => {
    await at.desk.addProduct('WF-NONE', 1);
    const orderNumber = await at.desk.place(mall, 'WF-NONE');
    await expect(post.slip(orderNumber, await matchingSlip(orderNumber))).rejects.toMatchObject({
      type: 'illegal-transition',
    });
  });
});

describe('a shipment', () => {
  test('takes its goods out of stock, and its mail tells its own number', async () => {
    const { orderNumber, skus } = await shippable();
    const wait = await open(orderNumber, 'SHIPMENT');
    expect(await post.shipment(orderNumber, aParcel('A'))).toMatchObject({
      status: 201,
      body: { shipmentId: 'A', trackingNumber: 'TRACK-A', status: 'SHIPPED' },
    });
    for (const sku of skus)
      expect(await at.desk.level(sku)).toEqual({ onHand: 10, reserved: 0, available: 10 });
    expect(await at.desk.stock.readReservation(orderNumber)).toEqual(new Map());
    expect(at.desk.answered.get(wait)).toEqual({ result: 'success' });
    const { mails } = await at.desk.read(orderNumber);
    expect(mails.filter(({ template }) => template === 'shipped')).toMatchObject([
      { data: { shipmentId: 'A' } },
    ]);
  });

  test('in parts leaves the rest reserved, and the last one completes it', async () => {
    const { orderNumber, skus } = await shippable();
    const wait = await open(orderNumber, 'SHIPMENT');
    await post.shipment(orderNumber, aParcel('A', [{ lineId: '1', quantity: 4 }]));
    expect(await stateOf(orderNumber)).toMatchObject({
      status: 'PARTIALLY_SHIPPED',
      shipped: { '1': 4, '2': 0 },
    });
    expect(await at.desk.level(skus[0])).toEqual({ onHand: 16, reserved: 6, available: 10 });
    expect(await at.desk.level(skus[1])).toEqual({ onHand: 20, reserved: 10, available: 10 });
    expect(at.desk.answered.has(wait)).toBe(false);
    await post.shipment(orderNumber, aParcel('B', [{ lineId: '2', quantity: 10 }]));
    expect(await at.desk.stock.readReservation(orderNumber)).toEqual(new Map([[skus[0], 6]]));
    await post.shipment(orderNumber, aParcel('C'));
    expect(at.desk.answered.get(wait)).toEqual({ result: 'success' });
    for (const sku of skus)
      expect(await at.desk.level(sku)).toEqual({ onHand: 10, reserved: 0, available: 10 });
    expect(await countMails(orderNumber, 'shipped')).toBe(3);
  });

  test('posted again is on file; with other content under its id it is a conflict', async () => {
    const { orderNumber, skus } = await shippable();
    const parcel = aParcel('A', [{ lineId: '1', quantity: 4 }]);
    await post.shipment(orderNumber, parcel);
    const before = await at.desk.read(orderNumber);
    expect(await post.shipment(orderNumber, parcel)).toMatchObject({ status: 200 });
    expect(await at.desk.read(orderNumber)).toEqual(before);
    expect(await at.desk.level(skus[0])).toMatchObject({ onHand: 16 });
    for (const other of [{ trackingNumber: 'TRACK-X' }, { lines: [{ lineId: '1', quantity: 5 }] }])
      await expect(post.shipment(orderNumber, { ...parcel, ...other })).rejects.toMatchObject({
        type: 'conflict',
      });
  });

  test('posted at once with others takes out no piece twice', async () => {
    const { orderNumber, skus } = await shippable();
    const parcels = ['A', 'B', 'C', 'D'].map((id) => aParcel(id, [{ lineId: '1', quantity: 4 }]));
    const settled = await Promise.allSettled(parcels.map((parcel) => post.shipment(orderNumber, parcel)));
    const sent = settled.filter(({ status }) => status === 'fulfilled').length;
    expect(sent).toBeGreaterThanOrEqual(1);
    expect(sent).toBeLessThanOrEqual(2);
    expect(await at.desk.level(skus[0])).toEqual({
      onHand: 20 - 4 * sent,
      reserved: 10 - 4 * sent,
      available: 10,
    });
    expect((await stateOf(orderNumber)).shipped['1']).toBe(4 * sent);
  });

  test('of more than is ordered is refused, with what is left', async () => {
    const { orderNumber } = await shippable();
    await expect(
      post.shipment(orderNumber, aParcel('A', [{ lineId: '1', quantity: 11 }])),
    ).rejects.toMatchObject({ problems: [{ code: 'QUANTITY_TOO_LARGE', value: '1', expected: '<= 10' }] });
  });

  test('in parts is refused where the customer wants all at once', async () => {
    const { delivery } = aSubmission();
    const { orderNumber } = await shippable({ delivery: { ...delivery, partialDeliveryAllowed: false } });
    await expect(
      post.shipment(orderNumber, aParcel('A', [{ lineId: '1', quantity: 10 }])),
    ).rejects.toMatchObject({ type: 'conflict' });
    expect(await post.shipment(orderNumber, aParcel('A'))).toMatchObject({ status: 201 });
  });

  test('before a slip matched is refused', async () => {
    const { orderNumber } = await accepted();
    await expect(post.shipment(orderNumber, aParcel('A'))).rejects.toMatchObject({
      type: 'illegal-transition',
      members: { slip: 'NONE' },
    });
  });

  test.for([
    [{ trackingNumber: 'x' }, '#/trackingNumber'],
    [{ trackingUrl: 'http://example.com/1' }, '#/trackingUrl'],
    [{ shipmentId: 'a b' }, '#/shipmentId'],
    [{ lines: [{ lineId: '1', quantity: 0.0004 }] }, '#/lines/0/quantity'],
    [{ lines: [] }, '#/lines'],
  ] as const)('with %j is refused', async ([change, pointer]) => {
    const { orderNumber } = await shippable();
    await expect(post.shipment(orderNumber, { ...aParcel('A'), ...change })).rejects.toMatchObject({
      problems: [{ pointer }],
    });
  });
});

describe('delivery', () => {
  const shipped = async () => {
    const order = await shippable();
    await post.shipment(order.orderNumber, aParcel('A', [{ lineId: '1', quantity: 10 }]));
    await post.shipment(order.orderNumber, aParcel('B'));
    return order;
  };
  const complete = (orderNumber: string) => createCompleteOrder(at.desk)({ orderNumber });

  test('of every parcel answers the wait and completes the order, once', async () => {
    const { orderNumber } = await shipped();
    const wait = await open(orderNumber, 'DELIVERY');
    const scan = aScan('DELIVERED');
    expect(await post.scan(orderNumber, 'A', scan)).toMatchObject({ status: 201 });
    expect(await post.scan(orderNumber, 'A', scan)).toMatchObject({ status: 200 });
    expect(at.desk.answered.has(wait)).toBe(false);
    await post.scan(orderNumber, 'B', aScan('DELIVERED'));
    expect(at.desk.answered.get(wait)).toEqual({ result: 'success' });
    for (let time = 1; time <= 3; time++)
      expect(await complete(orderNumber)).toEqual({ outcome: 'completed' });
    const { state, events } = await at.desk.read(orderNumber);
    expect(state.status).toBe('COMPLETED');
    expect(events.filter(({ type }) => type === 'order.completed')).toMatchObject([
      { data: { delivered: true } },
    ]);
    expect(await countMails(orderNumber, 'completed')).toBe(1);
  });

  test('scanned for both parcels at once is counted for both', async () => {
    const { orderNumber } = await shipped();
    await Promise.all(['A', 'B'].map((id) => post.scan(orderNumber, id, aScan('DELIVERED'))));
    expect(await stateOf(orderNumber)).toMatchObject({ parcels: { sent: 2, delivered: 2 } });
  });

  test('that nobody scanned completes the order after its time, but not while a parcel has failed', async () => {
    const { orderNumber } = await shipped();
    await post.scan(orderNumber, 'A', aScan('LOST'));
    await expect(complete(orderNumber)).rejects.toThrow(
      expect.objectContaining({ name: 'OrderUndelivered' }),
    );
    expect(await stateOf(orderNumber)).toMatchObject({ status: 'DELIVERY_EXCEPTION' });
    expect(await countMails(orderNumber, 'delivery-exception')).toBe(2);
    await post.scan(orderNumber, 'A', aScan('OUT_FOR_DELIVERY'));
    expect(await complete(orderNumber)).toEqual({ outcome: 'completed' });
    expect((await at.desk.read(orderNumber)).events.at(-1)).toMatchObject({ data: { delivered: false } });
  });

  test('that fails before the last parcel left does not let the order go on without its goods', async () => {
    const { orderNumber, skus } = await shippable();
    const wait = await open(orderNumber, 'SHIPMENT');
    await post.shipment(orderNumber, aParcel('A', [{ lineId: '1', quantity: 10 }]));
    await post.scan(orderNumber, 'A', aScan('REFUSED'));
    expect(at.desk.answered.has(wait)).toBe(false);
    await post.shipment(orderNumber, aParcel('B'));
    expect(at.desk.answered.get(wait)).toEqual({ result: 'success' });
    expect(await stateOf(orderNumber)).toMatchObject({
      status: 'DELIVERY_EXCEPTION',
      exceptionFrom: 'SHIPPED',
    });
    expect(await at.desk.level(skus[1])).toMatchObject({ reserved: 0, onHand: 10 });
    const delivery = await open(orderNumber, 'DELIVERY');
    await post.scan(orderNumber, 'A', aScan('DELIVERED'));
    expect(await stateOf(orderNumber)).toMatchObject({ status: 'SHIPPED' });
    expect(at.desk.answered.has(delivery)).toBe(false);
    await post.scan(orderNumber, 'B', aScan('DELIVERED'));
    expect(at.desk.answered.get(delivery)).toEqual({ result: 'success' });
  });

  test('of a parcel that is not known is not found', async () => {
    const { orderNumber } = await shipped();
    await expect(post.scan(orderNumber, 'Z', aScan('DELIVERED'))).rejects.toMatchObject({
      type: 'not-found',
    });
  });
});

describe('the invoice', () => {
  const issue = (orderNumber: string, render = async () => Buffer.from('%PDF')) =>
    createIssueInvoice({ ...at.desk, render })({ orderNumber });

  test('is issued once, however often the step runs', async () => {
    const { orderNumber } = await shippable();
    await post.shipment(orderNumber, aParcel('A'));
    const first = await issue(orderNumber);
    expect(first).toMatchObject({ outcome: 'issued', deliveryTimeoutSeconds: 7 * 86_400 });
    const before = await at.desk.read(orderNumber);
    expect(await issue(orderNumber)).toEqual(first);
    expect(await at.desk.read(orderNumber)).toEqual(before);
    expect(before.state.invoice).toMatchObject({
      invoiceNumber: first.invoiceNumber,
      documentKey: `orders/${orderNumber}/${first.invoiceNumber}.pdf`,
    });
    expect(at.desk.archive.has(`orders/${orderNumber}/${first.invoiceNumber}.pdf`)).toBe(true);
    expect(await countMails(orderNumber, 'invoice-issued')).toBe(1);
  });

  test('after a crash in the making has the number it would have had', async () => {
    const { orderNumber } = await shippable();
    const crash = issue(orderNumber, async () => {
      throw new Error('out of memory');
    });
    await expect(crash).rejects.toThrow('out of memory');
    expect(await countMails(orderNumber, 'invoice-issued')).toBe(0);
    expect(await issue(orderNumber)).toMatchObject({ invoiceNumber: `INV-${orderNumber.slice(3, -2)}` });
  });

  test('goes to the address that the invoice was asked for at', async () => {
    const { orderNumber } = await shippable({
      invoiceRequest: { titleType: 'INDIVIDUAL', title: '王敏', email: 'books@example.com' },
    });
    await issue(orderNumber);
    expect(await at.desk.mailsOf(orderNumber)).toContain('invoice-issued books@example.com');
  });
});

test('a late order is told to the desk once a time, and again when it is late again', async () => {
  const { orderNumber } = await accepted();
  const report = () =>
    createReportStuckOrder(at.desk)({ orderNumber, state: 'Await Outbound Slip', reason: 'SLIP_LATE' });
  await report();
  await report();
  expect(await countMails(orderNumber, 'stuck-order')).toBe(1);
  at.desk.clock.now = new Date(orderDay.getTime() + 3 * 86_400_000);
  await report();
  expect(await countMails(orderNumber, 'stuck-order')).toBe(2);
});

test('one address for customer and desk gets one mail instead of stopping the order', async () => {
  const { buyer } = aSubmission();
  const { customerId, ...rest } = buyer;
  const { orderNumber } = await shippable({
    buyer: { ...rest, contact: { email: 'desk@example.com' }, name: '自用' },
    delivery: { ...aSubmission().delivery, recipientName: '王敏' },
  });
  await post.shipment(orderNumber, aParcel('A'));
  await post.scan(orderNumber, 'A', aScan('LOST'));
  expect(await at.desk.mailsOf(orderNumber)).toContain('delivery-exception desk@example.com');
});
