import canonicalize from 'canonicalize';
import * as z from 'zod';
import { decideShipment, shippableStatuses } from '../../domain/fulfilment/record-shipment.ts';
import {
  type ParcelPlan,
  planParcel,
  type Shipment,
  type ShipmentNotice,
  shipmentNoticeSchema,
} from '../../domain/fulfilment/shipment.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { statuses } from '../../domain/orders/status.ts';
import { actorName } from '../../domain/permissions.ts';
import { quantitiesBySku } from '../../domain/submissions/merge-lines.ts';
import { changeOrder } from '../shared/change-order.ts';
import { type HttpAnswer, type HttpRequest, httpHandler, parseBody } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';
import { orderKey } from '../shared/order-rows.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { HttpProblem, illegalTransition, validationFailed } from '../shared/problem.ts';
import { type StockTable, stockTable } from '../shared/stock-table.ts';
import { orderForNotice } from '../shared/visible-order.ts';
import { type OrderWaits, orderWaits } from '../shared/waits.ts';

const recordedSchema = z.object({
  shipmentId: z.string(),
  orderNumber: z.string(),
  trackingNumber: z.string(),
  status: z.enum(statuses),
});

export const operation = {
  summary: 'Records a parcel that left; for warehouses and carriers',
  body: shipmentNoticeSchema,
  answers: {
    200: { description: 'The parcel is on file already', schema: recordedSchema },
    201: { description: 'The parcel is recorded', schema: recordedSchema },
  },
  problems: ['conflict', 'illegal-transition'],
} satisfies Operation;

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change'>;
  stock: Pick<StockTable, 'readReservation' | 'ship'>;
  waits: Pick<OrderWaits, 'wake'>;
  now?: () => Date;
};

/** A parcel leaves only after its slip matched, and only with what is still to be shipped. */
const planFor = (
  { state, content }: OrderRecord,
  notice: ShipmentNotice,
): Extract<ParcelPlan, { outcome: 'fits' }> => {
  const { status, slip } = state;
  if (!shippableStatuses.includes(status) || slip?.outcome !== 'MATCHED')
    throw illegalTransition(status, { slip: slip?.outcome ?? 'NONE' });
  const plan = planParcel(content, state.shipped, notice.lines);
  if (plan.outcome === 'exceeds')
    throw validationFailed([
      {
        code: 'QUANTITY_TOO_LARGE',
        pointer: '#/lines',
        value: plan.lineId,
        expected: `<= ${plan.remaining}`,
      },
    ]);
  if (!plan.complete && !content.delivery.partialDeliveryAllowed)
    throw new HttpProblem('conflict', { detail: 'The customer does not allow partial delivery' });
  return plan;
};

const isSame = ({ trackingNumber, carrier, lines }: Shipment, notice: ShipmentNotice): boolean =>
  trackingNumber === notice.trackingNumber &&
  carrier === notice.carrier &&
  (!notice.lines || canonicalize(lines) === canonicalize(notice.lines));

/** POST /v1/orders/{orderNumber}/shipments: one parcel; stock leaves, the customer gets its tracking number. */
export const createRecordShipment = ({ orders, stock, waits, now = () => new Date() }: Deps) => {
  const skusOf = ({ content }: OrderRecord, lines: Shipment['lines']) =>
    quantitiesBySku(
      lines.map(({ lineId, quantity }) => ({
        sku: content.lines.find((line) => line.lineId === lineId)?.sku,
        quantity,
      })),
    );

  const decide = (order: OrderRecord, notice: ShipmentNotice, held: Map<string, number>, actor: string) => {
    const { orderNumber } = order.state;
    const known = order.shipments.find(({ shipmentId }) => shipmentId === notice.shipmentId);
    if (known && !isSame(known, notice)) throw new HttpProblem('conflict', { shipmentId: notice.shipmentId });
    if (known) return undefined;
    const plan = planFor(order, notice);
    const shipment: Shipment = {
      ...notice,
      shippedAt: notice.shippedAt ?? now().toISOString(),
      lines: plan.lines,
      events: [],
    };
    const row = {
      pk: orderKey(orderNumber),
      sk: `SHIPMENT#${notice.shipmentId}`,
      entity: 'SHIPMENT',
      ...shipment,
    };
    return {
      ...decideShipment(order, shipment, plan, actor),
      newRows: [row],
      also: stock.ship(orderNumber, held, skusOf(order, plan.lines)),
    };
  };

  return async (request: HttpRequest): Promise<HttpAnswer> => {
    const order = await orderForNotice(request, 'shipment', orders);
    const notice = parseBody(shipmentNoticeSchema, request.json().value);
    const { orderNumber } = order.state;
    const held = await stock.readReservation(orderNumber);
    const actor = actorName(request.principal);
    const changed = await changeOrder(
      orders,
      orderNumber,
      (current) => decide(current, notice, held, actor),
      now(),
      order,
    );
    await waits.wake(orderNumber);
    const state = changed.outcome === 'changed' ? changed.state : changed.order.state;
    return {
      status: changed.outcome === 'changed' ? 201 : 200,
      body: {
        shipmentId: notice.shipmentId,
        orderNumber,
        trackingNumber: notice.trackingNumber,
        status: state.status,
      },
    };
  };
};

export const handler = httpHandler((request) => {
  const orders = ordersTable();
  return createRecordShipment({ orders, stock: stockTable(), waits: orderWaits(orders) })(request);
});
