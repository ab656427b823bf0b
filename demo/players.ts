import * as z from 'zod';
import { statuses } from '../domain/orders/status.ts';
import type { ApiClient } from './api-client.ts';

/** What the demo reads of an order. */
export const orderViewSchema = z.object({
  orderNumber: z.string(),
  customerOrderReference: z.string(),
  status: z.enum(statuses),
  currency: z.string(),
  totals: z.object({ payableAmount: z.string() }),
  payment: z.object({ method: z.string() }),
  buyer: z.object({ name: z.string(), contact: z.object({ name: z.string().optional() }) }),
  delivery: z.object({
    recipientName: z.string().optional(),
    address: z.record(z.string(), z.string()),
  }),
  lines: z.array(z.object({ lineId: z.string(), sku: z.string().optional(), quantity: z.number() })),
  shipments: z.array(z.object({ shipmentId: z.string(), events: z.array(z.object({ type: z.string() })) })),
  invoices: z.array(z.object({ invoiceNumber: z.string() })),
});
export type OrderView = z.infer<typeof orderViewSchema>;

/** How the world treats an order. */
export type Play = 'deliver' | 'deliver-in-two-parcels' | 'cancel' | 'wait';

type Players = { payer: ApiClient; warehouse: ApiClient; carrier: ApiClient };

const expectCreated = (what: string, { status, body }: { status: number; body: unknown }) => {
  if (status !== 201 && status !== 200) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
};

const pay = async ({ payer }: Players, order: OrderView) =>
  expectCreated(
    'payment',
    await payer.post(`/v1/orders/${order.orderNumber}/payments`, {
      paymentId: `PAY-${order.orderNumber}`,
      amount: order.totals.payableAmount,
      currency: order.currency,
      reference: order.orderNumber,
    }),
  );

/** The warehouse packs what the pick list says and writes its own slip. */
const pack = async ({ warehouse }: Players, order: OrderView) =>
  expectCreated(
    'slip',
    await warehouse.post(`/v1/orders/${order.orderNumber}/outbound-slips`, {
      slipId: `SLIP-${order.orderNumber}`,
      recipientName: order.delivery.recipientName ?? order.buyer.contact.name ?? order.buyer.name,
      address: order.delivery.address,
      lines: order.lines.map(({ sku, quantity }) => ({ sku, quantity })),
    }),
  );

const parcel = (order: OrderView, index: number, lines?: { lineId: string; quantity: number }[]) => ({
  shipmentId: `PARCEL-${index}`,
  carrier: 'Example Express',
  trackingNumber: `EX${order.orderNumber.replaceAll('-', '').slice(2)}${index}`,
  trackingUrl: `https://express.example.com/track/${index}`,
  ...(lines && { lines }),
});

const send = async ({ warehouse }: Players, order: OrderView, play: Play) => {
  const path = `/v1/orders/${order.orderNumber}/shipments`;
  const [first] = order.lines;
  if (play === 'deliver-in-two-parcels' && first && order.shipments.length === 0)
    expectCreated(
      'first parcel',
      await warehouse.post(path, parcel(order, 1, [{ lineId: first.lineId, quantity: first.quantity }])),
    );
  expectCreated(
    'parcel',
    await warehouse.post(path, parcel(order, play === 'deliver-in-two-parcels' ? 2 : 1)),
  );
};

const deliver = async ({ carrier }: Players, order: OrderView, now: Date) => {
  for (const { shipmentId, events } of order.shipments) {
    if (events.some(({ type }) => type === 'DELIVERED')) continue;
    const scan = {
      eventId: `DELIVERED-${shipmentId}`,
      type: 'DELIVERED',
      at: now.toISOString(),
      location: 'Example Town',
    };
    expectCreated(
      'scan',
      await carrier.post(`/v1/orders/${order.orderNumber}/shipments/${shipmentId}/events`, scan),
    );
  }
};

/** Does what payer, warehouse and carrier would do next for an order in its present status. */
export const playOn = async (
  players: Players,
  partner: ApiClient,
  order: OrderView,
  play: Play,
  now: Date,
): Promise<void> => {
  if (play === 'wait') return;
  if (play === 'cancel') {
    if (order.status === 'PENDING_PAYMENT' || order.status === 'ON_HOLD')
      await partner.post(`/v1/orders/${order.orderNumber}/cancellation`, {
        reasonCode: 'CHANGED_MIND',
        note: 'Ordered by mistake',
      });
    return;
  }
  if (order.status === 'PENDING_PAYMENT') await pay(players, order);
  if (order.status === 'READY_TO_SHIP') {
    await pack(players, order);
    await send(players, order, play);
  }
  if (order.status === 'SHIPPED') await deliver(players, order, now);
};
