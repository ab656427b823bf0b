import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideCarrierEvent, decideShipment } from '../../../domain/fulfilment/record-shipment.ts';
import {
  type CarrierEvent,
  hasFailed,
  planParcel,
  type Shipment,
} from '../../../domain/fulfilment/shipment.ts';
import { changeState } from '../../../domain/orders/change-state.ts';
import type { OrderRecord, OrderState } from '../../../domain/orders/order.ts';
import { answerTo } from '../../../domain/orders/wait.ts';
import { aSubmittedLine } from '../../builders/a-submission.ts';
import { aCompany, anOrder } from '../../builders/an-order.ts';

const now = new Date('2026-03-05T08:00:00Z');

const twoLines = (state: Partial<OrderState> = {}) =>
  anOrder({
    submission: {
      lines: [aSubmittedLine({ lineId: '1', quantity: 24 }), aSubmittedLine({ lineId: '2', quantity: 6 })],
      totals: undefined,
    },
    state: { status: 'READY_TO_SHIP', ...state },
  });

const aParcel = (shipmentId: string, events: CarrierEvent[] = []): Shipment => ({
  shipmentId,
  carrier: '示例快递',
  trackingNumber: `TRACK-${shipmentId}`,
  shippedAt: now.toISOString(),
  lines: [{ lineId: '1', quantity: 24 }],
  events,
});
const aScan = (type: CarrierEvent['type'], hour: number): CarrierEvent => ({
  eventId: `${type}-${hour}`,
  type,
  at: `2026-03-06T${String(hour).padStart(2, '0')}:00:00+08:00`,
});

describe('planning a parcel', () => {
  const { content } = twoLines();

  test('without lines it holds all that is left', () => {
    expect(planParcel(content, { '1': 20 }, undefined)).toEqual({
      outcome: 'fits',
      lines: [
        { lineId: '1', quantity: 4 },
        { lineId: '2', quantity: 6 },
      ],
      shipped: { '1': 24, '2': 6 },
      complete: true,
    });
  });

  test.for([
    [
      'a part',
      [{ lineId: '1', quantity: 10 }],
      { outcome: 'fits', shipped: { '1': 10, '2': 0 }, complete: false },
    ],
    ['too much', [{ lineId: '1', quantity: 25 }], { outcome: 'exceeds', lineId: '1', remaining: 24 }],
    [
      'too much in two entries',
      [
        { lineId: '2', quantity: 4 },
        { lineId: '2', quantity: 3 },
      ],
      { outcome: 'exceeds', lineId: '2', remaining: 2 },
    ],
    [
      'a line that is not ordered',
      [{ lineId: '3', quantity: 1 }],
      { outcome: 'exceeds', lineId: '3', remaining: 0 },
    ],
  ] as const)('%s', ([, lines, expected]) => {
    expect(planParcel(content, {}, [...lines])).toMatchObject(expected);
  });

  test('nothing is left after the last', () => {
    expect(planParcel(content, { '1': 24, '2': 6 }, undefined).outcome).toBe('exceeds');
  });

  test('a line may be named like a property that every object has', () => {
    const line = aSubmittedLine({ lineId: 'toString', quantity: 1 });
    const named = anOrder({ submission: { lines: [line], totals: undefined } });
    expect(planParcel(named.content, {}, [{ lineId: 'toString', quantity: 2 }])).toEqual({
      outcome: 'exceeds',
      lineId: 'toString',
      remaining: 1,
    });
  });

  const quantity = fc.integer({ min: 1, max: 5000 }).map((thousandths) => thousandths / 1000);
  const part = fc.record({ lineId: fc.constantFrom('1', '2', '3'), quantity });
  const parts = fc.array(part, { minLength: 1, maxLength: 4 });
  const inThousandths = (value: number) => Math.round(value * 1000);

  test('however parcels are packed, no line is shipped beyond its order, and the last one completes it', () => {
    const allLeft = fc.constant(undefined);
    const orders = fc
      .array(quantity, { minLength: 2, maxLength: 3 })
      .map((quantities) =>
        quantities.map((ordered, index) => aSubmittedLine({ lineId: String(index + 1), quantity: ordered })),
      );
    const parcels = fc.array(fc.oneof({ weight: 8, arbitrary: parts }, { weight: 1, arbitrary: allLeft }));
    fc.assert(
      fc.property(orders, parcels, (lines, requests) => {
        const order = anOrder({ submission: { lines, totals: undefined } }).content;
        const sent = new Map<string, number>();
        let shipped: Record<string, number> = {};
        for (const requested of requests) {
          const plan = planParcel(order, shipped, requested);
          if (plan.outcome === 'exceeds') continue;
          shipped = plan.shipped;
          for (const line of plan.lines)
            sent.set(line.lineId, (sent.get(line.lineId) ?? 0) + inThousandths(line.quantity));
          for (const line of lines) {
            expect(sent.get(line.lineId) ?? 0).toBeLessThanOrEqual(inThousandths(line.quantity));
            expect(inThousandths(shipped[line.lineId] ?? 0)).toBe(sent.get(line.lineId) ?? 0);
          }
          expect(plan.complete).toBe(
            lines.every((line) => sent.get(line.lineId) === inThousandths(line.quantity)),
          );
        }
      }),
    );
  });
});

test('a parcel has failed while its latest scan is a failure, in whatever order scans arrive', () => {
  expect(hasFailed(aParcel('A'))).toBe(false);
  expect(hasFailed(aParcel('A', [aScan('IN_TRANSIT', 8), aScan('REFUSED', 9)]))).toBe(true);
  expect(hasFailed(aParcel('A', [aScan('REFUSED', 9), aScan('IN_TRANSIT', 8)]))).toBe(true);
  expect(hasFailed(aParcel('A', [aScan('REFUSED', 9), aScan('OUT_FOR_DELIVERY', 10)]))).toBe(false);
});

describe('a parcel that left', () => {
  const decide = (order: OrderRecord, complete: boolean) =>
    decideShipment(
      order,
      aParcel('A'),
      { outcome: 'fits', lines: aParcel('A').lines, shipped: { '1': 24 }, complete },
      'partner:warehouse',
    );

  test.for([
    ['READY_TO_SHIP', false, 'PARTIALLY_SHIPPED'],
    ['READY_TO_SHIP', true, 'SHIPPED'],
    ['PARTIALLY_SHIPPED', false, undefined],
    ['PARTIALLY_SHIPPED', true, 'SHIPPED'],
    ['DELIVERY_EXCEPTION', true, undefined],
  ] as const)('from %s, the last one: %s, leads to %s', ([status, complete, to]) => {
    expect(decide(twoLines({ status }), complete).to).toBe(to);
  });

  test('is counted, and its number told to the customer alone', () => {
    const decision = decide(twoLines({ parcels: { sent: 1, delivered: 1 } }), false);
    expect(decision.facts).toEqual({ shipped: { '1': 24 }, parcels: { sent: 2, delivered: 1 } });
    expect(decision.mails).toEqual([
      { template: 'shipped', recipient: 'wang@example.com', language: 'zh-CN', data: { shipmentId: 'A' } },
    ]);
  });
});

describe('a carrier’s scan', () => {
  const scanned = (order: OrderRecord, shipmentId: string, scan: CarrierEvent) => {
    const shipment =
      order.shipments.find((candidate) => candidate.shipmentId === shipmentId) ?? aParcel(shipmentId);
    const decision = decideCarrierEvent(order, shipment, scan, 'partner:carrier', aCompany);
    const after: OrderRecord = {
      ...order,
      state: changeState(order.state, decision, now),
      shipments: order.shipments.map((other) =>
        other === shipment ? { ...other, events: [...other.events, scan] } : other,
      ),
    };
    return { decision, after };
  };
  const twoParcels = (state: Partial<OrderState> = {}): OrderRecord => ({
    ...twoLines({ status: 'SHIPPED', parcels: { sent: 2, delivered: 0 }, ...state }),
    shipments: [aParcel('A'), aParcel('B')],
  });

  test('of delivery counts a parcel once', () => {
    const { after } = scanned(twoParcels(), 'A', aScan('DELIVERED', 9));
    expect(after.state.parcels).toEqual({ sent: 2, delivered: 1 });
    expect(scanned(after, 'A', aScan('DELIVERED', 10)).after.state.parcels).toEqual({
      sent: 2,
      delivered: 1,
    });
    expect(answerTo('DELIVERY', after.state)).toBeUndefined();
    const { after: all } = scanned(after, 'B', aScan('DELIVERED', 11));
    expect(answerTo('DELIVERY', all.state)).toEqual({ result: 'success' });
  });

  test.for(['LOST', 'REFUSED', 'RETURNED', 'DAMAGED'] as const)(
    '%s is an exception, told to customer and desk',
    (type) => {
      const { decision, after } = scanned(twoParcels(), 'A', aScan(type, 9));
      expect(after.state).toMatchObject({ status: 'DELIVERY_EXCEPTION', exceptionFrom: 'SHIPPED' });
      expect(decision.event.type).toBe('order.delivery_exception');
      expect(decision.mails?.map(({ recipient }) => recipient)).toEqual([
        'wang@example.com',
        'desk@example.com',
      ]);
    },
  );

  test('of a second failure is told as well', () => {
    const { after } = scanned(twoParcels(), 'A', aScan('LOST', 9));
    const second = scanned(after, 'B', aScan('REFUSED', 10));
    expect(second.decision.mails).toHaveLength(2);
    expect(second.after.state.status).toBe('DELIVERY_EXCEPTION');
  });

  test('of a new delivery attempt takes the order back to where it was, when no other parcel has failed', () => {
    const lost = scanned(twoParcels(), 'A', aScan('LOST', 9)).after;
    const both = scanned(lost, 'B', aScan('REFUSED', 10)).after;
    const one = scanned(both, 'B', aScan('OUT_FOR_DELIVERY', 11)).after;
    expect(one.state.status).toBe('DELIVERY_EXCEPTION');
    expect(scanned(one, 'A', aScan('IN_TRANSIT', 12)).after.state.status).toBe('SHIPPED');
  });

  test('of a failure before the last parcel left goes back to partly shipped', () => {
    const part = { status: 'PARTIALLY_SHIPPED', parcels: { sent: 1, delivered: 0 } } as const;
    const refused = scanned(twoParcels(part), 'A', aScan('REFUSED', 9)).after;
    expect(answerTo('SHIPMENT', refused.state)).toBeUndefined();
    expect(scanned(refused, 'A', aScan('DELIVERED', 10)).after.state.status).toBe('PARTIALLY_SHIPPED');
  });

  test('of an earlier hour changes nothing about a failure', () => {
    const refused = scanned(twoParcels(), 'A', aScan('REFUSED', 9)).after;
    expect(scanned(refused, 'A', aScan('IN_TRANSIT', 8)).after.state.status).toBe('DELIVERY_EXCEPTION');
  });

  test('of a failure after completion is kept and moves nothing', () => {
    const completed = twoParcels({ status: 'COMPLETED', parcels: { sent: 2, delivered: 2 } });
    const { decision, after } = scanned(completed, 'A', aScan('RETURNED', 9));
    expect(after.state.status).toBe('COMPLETED');
    expect(decision).toMatchObject({ event: { type: 'shipment.scanned' } });
    expect(decision.mails).toBeUndefined();
  });
});
