import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrderRecord, OrderState } from '../../domain/order.ts';
import { decideCarrierEvent, decideShipment } from '../../domain/record-shipment.ts';
import { changeState } from '../../domain/change-state.ts';
import { type CarrierEvent, hasFailed, planParcel, type Shipment } from '../../domain/shipment.ts';
import { answerTo } from '../../domain/wait.ts';
import { aSubmittedLine } from '../builders/a-submission.ts';
import { aCompany, anOrder } from '../builders/an-order.ts';

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
    ['a part', [{ lineId: '1', quantity: 10 }], { outcome: 'fits', shipped: { '1': 10, '2': 0 }, complete: false }],
    ['too much', [{ lineId: '1', quantity: 25 }], { outcome: 'exceeds', lineId: '1', remaining: 24 }],
    [
      'too much in two entries',
      [
        { lineId: '2', quantity: 4 },
        { lineId: '2', quantity: 3 },
      ],
      { outcome: 'exceeds', lineId: '2', remaining: 2 },
    ],
    ['a line that is not ordered', [{ lineId: '3', quantity: 1 }], { outcome: 'exceeds', lineId: '3', remaining: 0 }],
  ] as const)('%s', ([, lines, expected]) => {
    expect(planParcel(content, {}, [...lines])).toMatchObject(expected);
  });

  test('nothing is left after the last', () => {
    expect(planParcel(content, { '1': 24, '2': 6 }, undefined).outcome).toBe('exceeds');
  });

  test('a line may be named like a property that every object has', () => {
    const lines = [{ ...twoLines().content.lines[0], lineId: 'constructor', quantity: 1 }];
    const named = anOrder({ submission: { lines: lines.map(({ lineId }) => aSubmittedLine({ lineId, quantity: 1 })), totals: undefined } });
    expect(planParcel(named.content, {}, [{ lineId: 'constructor', quantity: 2 }])).toEqual({
      outcome: 'exceeds',
      lineId: 'constructor',
      remaining: 1,
    });
  });

  test('however parcels are packed, no line is ever shipped beyond its order', () => {
    const thousandths = fc.integer({ min: 1, max: 5000 }).map((quantity) => quantity / 1000);
    const parcel = fc.option(
      fc.array(fc.record({ lineId: fc.constantFrom('1', '2', '3'), quantity: thousandths }), {
        minLength: 1,
        maxLength: 4,
      }),
      { nil: undefined, freq: 8 },
    );
    fc.assert(
      fc.property(fc.array(thousandths, { minLength: 2, maxLength: 3 }), fc.array(parcel), (ordered, parcels) => {
        const lines = ordered.map((quantity, index) => ({ ...content.lines[0], lineId: String(index + 1), quantity }));
        const order = { lines: lines.flatMap((line) => (line.name ? [{ ...line, name: line.name }] : [])) } as Parameters<
          typeof planParcel
        >[0];
        let shipped: Record<string, number> = {};
        const sent = new Map<string, number>();
        for (const requested of parcels) {
          const plan = planParcel(order, shipped, requested);
          if (plan.outcome === 'exceeds') continue;
          shipped = plan.shipped;
          for (const { lineId, quantity } of plan.lines)
            sent.set(lineId, (sent.get(lineId) ?? 0) + Math.round(quantity * 1000));
          for (const { lineId, quantity } of order.lines) {
            expect(sent.get(lineId) ?? 0).toBeLessThanOrEqual(Math.round(quantity * 1000));
            expect(Math.round((shipped[lineId] ?? 0) * 1000)).toBe(sent.get(lineId) ?? 0);
          }
          expect(plan.complete).toBe(
            order.lines.every(({ lineId, quantity }) => sent.get(lineId) === Math.round(quantity * 1000)),
          );
        }
      }),
    );
  });
});
