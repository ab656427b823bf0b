import * as z from 'zod';
import type { Company } from '../../domain/findings/decision.ts';
import { decideCarrierEvent } from '../../domain/fulfilment/record-shipment.ts';
import { type CarrierEvent, carrierEventSchema } from '../../domain/fulfilment/shipment.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { actorName } from '../../domain/permissions.ts';
import { changeOrder } from '../shared/change-order.ts';
import { company } from '../shared/company.ts';
import { type HttpAnswer, type HttpRequest, httpHandler, parseBody } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';
import { orderKey } from '../shared/order-rows.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { HttpProblem } from '../shared/problem.ts';
import { orderForNotice } from '../shared/visible-order.ts';
import { type OrderWaits, orderWaits } from '../shared/waits.ts';

const recordedSchema = z.object({ eventId: z.string(), shipmentId: z.string(), orderNumber: z.string() });

export const operation = {
  summary: 'Records a carrier’s scan of a parcel; for carriers',
  body: carrierEventSchema,
  answers: {
    200: { description: 'The scan is on file already', schema: recordedSchema },
    201: { description: 'The scan is recorded', schema: recordedSchema },
  },
  problems: ['illegal-transition'],
} satisfies Operation;

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change'>;
  waits: Pick<OrderWaits, 'wake'>;
  company: () => Company;
  now?: () => Date;
};

const shipmentOf = ({ shipments }: OrderRecord, shipmentId: string | undefined) => {
  const shipment = shipments.find((candidate) => candidate.shipmentId === shipmentId);
  if (!shipment) throw new HttpProblem('not-found');
  return shipment;
};

/** POST /v1/orders/{orderNumber}/shipments/{shipmentId}/events: a carrier's scan; 201, or 200 when it is on file. */
export const createRecordCarrierEvent = ({ orders, waits, company, now = () => new Date() }: Deps) => {
  const decide = (order: OrderRecord, shipmentId: string | undefined, scan: CarrierEvent, actor: string) => {
    const shipment = shipmentOf(order, shipmentId);
    if (shipment.events.some(({ eventId }) => eventId === scan.eventId)) return undefined;
    const { orderNumber } = order.state;
    const row = { ...shipment, events: [...shipment.events, scan] };
    return {
      ...decideCarrierEvent(order, shipment, scan, actor, company()),
      rows: [
        { pk: orderKey(orderNumber), sk: `SHIPMENT#${shipment.shipmentId}`, entity: 'SHIPMENT', ...row },
      ],
    };
  };

  return async (request: HttpRequest): Promise<HttpAnswer> => {
    const order = await orderForNotice(request, 'carrier-event', orders);
    const { orderNumber } = order.state;
    const { shipmentId } = shipmentOf(order, request.path.shipmentId);
    const scan = parseBody(carrierEventSchema, request.json().value);
    const actor = actorName(request.principal);
    const changed = await changeOrder(
      orders,
      orderNumber,
      (current) => decide(current, shipmentId, scan, actor),
      now(),
      order,
    );
    await waits.wake(orderNumber);
    return {
      status: changed.outcome === 'changed' ? 201 : 200,
      body: { eventId: scan.eventId, shipmentId, orderNumber },
    };
  };
};

export const handler = httpHandler((request) => {
  const orders = ordersTable();
  return createRecordCarrierEvent({ orders, waits: orderWaits(orders), company })(request);
});
