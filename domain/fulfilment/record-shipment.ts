import { type Company, type Decision, type Facts, toCustomer, toDepartment } from '../findings/decision.ts';
import type { OrderRecord, OrderState } from '../orders/order.ts';
import type { Status } from '../orders/status.ts';
import {
  type CarrierEvent,
  hasFailed,
  isDeliveryFailure,
  type ParcelPlan,
  type Shipment,
} from './shipment.ts';

/** Statuses in which a parcel may leave, once its slip matched. */
export const shippableStatuses: readonly Status[] = [
  'READY_TO_SHIP',
  'PARTIALLY_SHIPPED',
  'DELIVERY_EXCEPTION',
];

/**
 * What a parcel that left does to its order: shipped when it was the last, and the customer is told its number. While
 * another parcel's delivery has failed, the order stays an exception.
 */
export const decideShipment = (
  { state, content }: OrderRecord,
  shipment: Shipment,
  plan: Extract<ParcelPlan, { outcome: 'fits' }>,
  actor: string,
): Decision => {
  const reached = plan.complete ? 'SHIPPED' : 'PARTIALLY_SHIPPED';
  const isException = state.status === 'DELIVERY_EXCEPTION';
  const { shipmentId, carrier, trackingNumber } = shipment;
  return {
    event: { type: 'order.shipped', actor, data: { shipmentId, carrier, trackingNumber } },
    facts: {
      shipped: plan.shipped,
      parcels: { ...state.parcels, sent: state.parcels.sent + 1 },
      ...(isException && { exceptionFrom: reached }),
    },
    ...(!isException && reached !== state.status && { to: reached }),
    mails: [toCustomer(content, 'shipped', { shipmentId })],
  };
};

/** Where an order stands after a scan, by what failed so far; undefined where the scan changes nothing. */
const afterScan = (
  { status, exceptionFrom }: OrderState,
  isFailing: boolean,
): { to: Status; facts?: Facts } | undefined => {
  if (isFailing && (status === 'SHIPPED' || status === 'PARTIALLY_SHIPPED'))
    return { to: 'DELIVERY_EXCEPTION', facts: { exceptionFrom: status } };
  return !isFailing && status === 'DELIVERY_EXCEPTION' ? { to: exceptionFrom ?? 'SHIPPED' } : undefined;
};

/**
 * What a carrier's scan does to its order. A parcel counts as delivered once; a failed delivery is an exception until
 * every failed parcel is on its way again.
 */
export const decideCarrierEvent = (
  { state, content, shipments }: OrderRecord,
  shipment: Shipment,
  scan: CarrierEvent,
  actor: string,
  company: Company,
): Decision => {
  const data = { shipmentId: shipment.shipmentId, eventId: scan.eventId };
  const isDelivered = scan.type === 'DELIVERED' && !shipment.events.some(({ type }) => type === 'DELIVERED');
  const scanned = { ...shipment, events: [...shipment.events, scan] };
  const others = shipments.filter(({ shipmentId }) => shipmentId !== shipment.shipmentId);
  const change = afterScan(state, [scanned, ...others].some(hasFailed));
  const isNewFailure = isDeliveryFailure(scan.type) && state.status !== 'COMPLETED' && hasFailed(scanned);
  return {
    event: {
      type: isNewFailure ? 'order.delivery_exception' : 'shipment.scanned',
      actor,
      data: { ...data, scan: scan.type },
    },
    ...(change && { to: change.to }),
    facts: {
      ...change?.facts,
      ...(isDelivered && { parcels: { ...state.parcels, delivered: state.parcels.delivered + 1 } }),
    },
    ...(isNewFailure && {
      mails: [
        toCustomer(content, 'delivery-exception', data),
        toDepartment(company, 'desk', 'delivery-exception', data),
      ],
    }),
  };
};
