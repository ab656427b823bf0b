import { type Company, type Decision, toCustomer, toDepartment } from './decision.ts';
import type { OrderRecord } from './order.ts';
import { type CarrierEvent, isDeliveryFailure, type ParcelPlan, type Shipment } from './shipment.ts';

/** What a parcel that left does to its order: shipped when it was the last, and the customer is told its number. */
export const decideShipment = (
  { state, content }: OrderRecord,
  shipment: Shipment,
  plan: Extract<ParcelPlan, { outcome: 'fits' }>,
  actor: string,
): Decision => {
  const to = plan.complete ? 'SHIPPED' : 'PARTIALLY_SHIPPED';
  const { shipmentId, carrier, trackingNumber } = shipment;
  return {
    event: { type: 'order.shipped', actor, data: { shipmentId, carrier, trackingNumber } },
    facts: { shipped: plan.shipped, parcels: { ...state.parcels, sent: state.parcels.sent + 1 } },
    ...(to !== state.status && { to }),
    mails: [toCustomer(content, 'shipped', { shipmentId })],
  };
};

/** What a carrier's scan does to its order; a parcel counts as delivered once. */
export const decideCarrierEvent = (
  { state, content }: OrderRecord,
  shipment: Shipment,
  scan: CarrierEvent,
  actor: string,
  company: Company,
): Decision => {
  const data = { shipmentId: shipment.shipmentId, eventId: scan.eventId };
  const isDelivered = scan.type === 'DELIVERED' && !shipment.events.some(({ type }) => type === 'DELIVERED');
  const fails =
    isDeliveryFailure(scan.type) && (state.status === 'SHIPPED' || state.status === 'PARTIALLY_SHIPPED');
  return {
    event: {
      type: fails ? 'order.delivery_exception' : 'shipment.scanned',
      actor,
      data: { ...data, scan: scan.type },
    },
    ...(isDelivered && { facts: { parcels: { ...state.parcels, delivered: state.parcels.delivered + 1 } } }),
    ...(fails && {
      to: 'DELIVERY_EXCEPTION',
      mails: [
        toCustomer(content, 'delivery-exception', data),
        toDepartment(company, 'desk', 'delivery-exception', data),
      ],
    }),
  };
};
