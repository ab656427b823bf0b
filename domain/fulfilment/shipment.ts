import * as z from 'zod';
import type { OrderContent } from '../orders/order.ts';
import { oneLine } from '../submissions/text-schema.ts';
import { exactQuantity, quantitySchema } from '../values/quantity.ts';

/** One parcel that left the warehouse. Without `lines` it holds everything that is still to be shipped. */
export const shipmentNoticeSchema = z.strictObject({
  shipmentId: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  carrier: oneLine(50),
  trackingNumber: z.string().regex(/^[A-Za-z0-9-]{6,40}$/, { error: 'TRACKING_INVALID' }),
  trackingUrl: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional(),
  shippedAt: z.iso.datetime({ offset: true }).optional(),
  lines: z
    .array(z.strictObject({ lineId: oneLine(64), quantity: quantitySchema }))
    .min(1)
    .max(500)
    .optional(),
});
export type ShipmentNotice = z.infer<typeof shipmentNoticeSchema>;

export const carrierEventSchema = z.strictObject({
  eventId: oneLine(64),
  type: z.enum(['IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED', 'LOST', 'REFUSED', 'RETURNED', 'DAMAGED']),
  at: z.iso.datetime({ offset: true }),
  location: oneLine(200).optional(),
  note: oneLine(500).optional(),
});
export type CarrierEvent = z.infer<typeof carrierEventSchema>;

/** Carrier events that mean the goods will not arrive without somebody's doing. */
export const isDeliveryFailure = (type: CarrierEvent['type']): boolean =>
  ['LOST', 'REFUSED', 'RETURNED', 'DAMAGED'].includes(type);

export const shipmentSchema = z.object({
  shipmentId: z.string(),
  carrier: z.string(),
  trackingNumber: z.string(),
  trackingUrl: z.string().optional(),
  shippedAt: z.string(),
  lines: z.array(z.object({ lineId: z.string(), quantity: z.number() })),
  events: z.array(carrierEventSchema),
});
export type Shipment = z.infer<typeof shipmentSchema>;

/** True while the parcel's latest scan is a failure; scans may arrive in any order, their own time counts. */
export const hasFailed = ({ events }: Shipment): boolean => {
  const latest = events.reduce<CarrierEvent | undefined>(
    (newest, scan) => (newest && Date.parse(newest.at) > Date.parse(scan.at) ? newest : scan),
    undefined,
  );
  return latest !== undefined && isDeliveryFailure(latest.type);
};

type ShippedLines = Readonly<Record<string, number>>;

export type ParcelPlan =
  | { outcome: 'fits'; lines: Shipment['lines']; shipped: Record<string, number>; complete: boolean }
  | { outcome: 'exceeds'; lineId: string; remaining: number };

/** Which lines a parcel holds and what is shipped after it; refuses more than is left to ship. */
export const planParcel = (
  order: Pick<OrderContent, 'lines'>,
  shipped: ShippedLines,
  requested: ShipmentNotice['lines'],
): ParcelPlan => {
  const sent = new Map(Object.entries(shipped));
  const remaining = new Map(
    order.lines.map(({ lineId, quantity }) => [lineId, exactQuantity(quantity - (sent.get(lineId) ?? 0))]),
  );
  const lines =
    requested ??
    [...remaining].filter(([, left]) => left > 0).map(([lineId, quantity]) => ({ lineId, quantity }));
  for (const { lineId, quantity } of lines) {
    const left = remaining.get(lineId) ?? 0;
    if (quantity > left) return { outcome: 'exceeds', lineId, remaining: left };
    remaining.set(lineId, exactQuantity(left - quantity));
  }
  if (lines.length === 0) return { outcome: 'exceeds', lineId: '', remaining: 0 };
  const after = Object.fromEntries(
    order.lines.map(({ lineId, quantity }) => [
      lineId,
      exactQuantity(quantity - (remaining.get(lineId) ?? 0)),
    ]),
  );
  return {
    outcome: 'fits',
    lines,
    shipped: after,
    complete: [...remaining.values()].every((left) => left === 0),
  };
};
