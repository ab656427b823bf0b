import type { HeldInAccount } from '../customers/customer-account.ts';
import type { Decision, Facts } from '../findings/decision.ts';
import type { OrderRecord } from '../orders/order.ts';
import { assessPayments, type Payment } from './payment.ts';

/**
 * What a payment settles of an order's debt on account: all that is left once the order is paid, else what was paid of it.
 * Undefined when the order owes nothing there. `paid` goes back to the account in the payment's own transaction.
 */
export const settleDebt = (
  { state, content }: OrderRecord,
  { facts }: Pick<Decision, 'facts'>,
  payment: Pick<Payment, 'amountMinor'>,
): { paid: HeldInAccount; facts: Facts } | undefined => {
  const held = state.heldInAccount;
  if (!held || held.owed === 0) return undefined;
  const received = facts?.receivedAmount ?? state.receivedAmount;
  const { outcome } = assessPayments(received, state.payableAmount, content.terms);
  const owed = outcome === 'paid' ? held.owed : Math.min(held.owed, payment.amountMinor);
  return {
    paid: { ...held, sold: [], used: [], owed },
    facts: { heldInAccount: { ...held, owed: held.owed - owed } },
  };
};
