import type { HeldInAccount } from '../customers/customer-account.ts';
import {
  type Company,
  type Decision,
  toCustomer,
  toCustomerAndPartner,
  toDepartment,
} from '../findings/decision.ts';
import { assessPayments } from '../payments/payment.ts';
import { coveredAmount } from '../payments/write-off.ts';
import { isPrepaid } from '../submissions/order-schema.ts';
import type { OrderRecord } from './order.ts';

export type ReserveOutcome = 'held' | 'rejected' | 'awaiting-payment' | 'ready' | 'short';

/** Where an accepted order stands: paid already, waiting for money, or ready for the warehouse at once. */
const acceptedStatus = ({ state, content }: OrderRecord): 'PENDING_PAYMENT' | 'PAID' | 'READY_TO_SHIP' => {
  if (!isPrepaid(content.payment.method)) return 'READY_TO_SHIP';
  return assessPayments(coveredAmount(state), state.payableAmount, content.terms).outcome === 'paid'
    ? 'PAID'
    : 'PENDING_PAYMENT';
};

/** The gate of the whole flow: nothing is reserved, and so nothing follows, while a blocking finding is open. */
export const gateOf = ({ state }: OrderRecord): 'held' | 'rejected' | 'open' => {
  if (state.rejected) return 'rejected';
  return state.openFindings > 0 || state.status === 'ON_HOLD' ? 'held' : 'open';
};

/**
 * Accepts an audited order: reserved and confirmed to the customer. Where money must come first it gets a due time, where
 * it need not the warehouse gets its pick list at once.
 */
export const decideReservation = (
  order: OrderRecord,
  actor: string,
  company: Company,
  now: Date,
  heldInAccount?: HeldInAccount,
): Decision => {
  const { state, content } = order;
  const to = acceptedStatus(order);
  const waits = to === 'PENDING_PAYMENT';
  const dueAt = new Date(now.getTime() + content.terms.paymentDueMinutes * 60_000).toISOString();
  const isFirstConfirmation = !state.reserved;
  const picks = to === 'READY_TO_SHIP' && !state.pickRequested;
  return {
    event: { type: isFirstConfirmation ? 'order.confirmed' : 'order.released', actor },
    to,
    facts: {
      reserved: true,
      ...(heldInAccount && { heldInAccount }),
      ...(waits && { paymentDueAt: dueAt }),
      ...(picks && { pickRequested: true }),
    },
    mails: [
      ...(isFirstConfirmation ? toCustomerAndPartner(content, 'order-confirmed') : []),
      ...(waits ? [toCustomer(content, 'payment-instructions')] : []),
      ...(picks ? [toDepartment(company, 'warehouse', 'warehouse-pick')] : []),
    ],
  };
};

/** The outcome of a reservation that was made before: what a repeated step answers. */
export const outcomeOfStatus = ({ state }: OrderRecord): ReserveOutcome =>
  state.status === 'PENDING_PAYMENT' ? 'awaiting-payment' : 'ready';

/** Time for an answer that is on file already: the wait for a payment that need not come. */
const answeredAtOnceSeconds = 300;

/** Seconds until an unpaid order is cancelled; at least one. */
export const secondsUntilDue = (paymentDueAt: string | undefined, now: Date): number =>
  paymentDueAt === undefined
    ? answeredAtOnceSeconds
    : Math.max(1, Math.ceil((Date.parse(paymentDueAt) - now.getTime()) / 1000));
