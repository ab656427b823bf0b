import * as z from 'zod';
import type { OrderState } from './order.ts';

/** What an order's execution can be waiting for; it waits for one thing at a time. */
export const waitKinds = ['PAYMENT', 'OUTBOUND_SLIP', 'SHIPMENT', 'DELIVERY', 'RESOLUTION'] as const;
export type WaitKind = (typeof waitKinds)[number];

export const waitSchema = z.object({
  kind: z.enum(waitKinds),
  taskToken: z.string(),
  openedAt: z.iso.datetime(),
});
export type Wait = z.infer<typeof waitSchema>;

/** How a wait ends: success goes on, failure is caught by name in order.asl.json. */
export type WaitAnswer =
  | { result: 'success' }
  | { result: 'failure'; error: 'OrderCancelled' | 'OrderHeld' | 'OrderRejected' };

const success: WaitAnswer = { result: 'success' };
const held: WaitAnswer = { result: 'failure', error: 'OrderHeld' };
const rejected: WaitAnswer = { result: 'failure', error: 'OrderRejected' };
const cancelled: WaitAnswer = { result: 'failure', error: 'OrderCancelled' };

/** An open question holds an order whatever its status says. */
const isHeld = ({ status, openFindings }: OrderState): boolean => status === 'ON_HOLD' || openFindings > 0;

/** A delivery may fail before the last parcel has left: then there is still something to wait for. */
const isAllShipped = ({ status, exceptionFrom }: OrderState): boolean =>
  status === 'SHIPPED' ||
  status === 'COMPLETED' ||
  (status === 'DELIVERY_EXCEPTION' && exceptionFrom === 'SHIPPED');

const isAllDelivered = ({ status, parcels: { sent, delivered } }: OrderState): boolean =>
  sent > 0 && delivered === sent && status !== 'DELIVERY_EXCEPTION';

/**
 * The answer to a wait, from the facts on file: so it does not matter whether the wait or its event came first, nor how
 * often either is repeated. Undefined: still to be waited for.
 */
export const answerTo = (kind: WaitKind, state: OrderState): WaitAnswer | undefined => {
  switch (kind) {
    case 'PAYMENT':
      if (state.cancellation) return cancelled;
      if (state.rejected) return rejected;
      if (isHeld(state)) return held;
      return state.status === 'PENDING_PAYMENT' || state.status === 'RECEIVED' ? undefined : success;
    case 'RESOLUTION':
      if (state.cancellation) return cancelled;
      if (state.rejected) return rejected;
      return state.openFindings === 0 ? success : undefined;
    case 'OUTBOUND_SLIP':
      if (isHeld(state)) return held;
      return state.slip?.outcome === 'MATCHED' ? success : undefined;
    case 'SHIPMENT':
      if (isHeld(state)) return held;
      return isAllShipped(state) ? success : undefined;
    case 'DELIVERY':
      return isAllDelivered(state) ? success : undefined;
    default:
      return kind satisfies never;
  }
};
