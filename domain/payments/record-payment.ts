import { type Company, type Decision, toCustomer, toDepartment } from '../findings/decision.ts';
import type { Finding } from '../findings/finding.ts';
import { addFindings, resolveFindings } from '../findings/findings.ts';
import type { OrderRecord } from '../orders/order.ts';
import { isTerminal } from '../orders/status.ts';
import { isTolerated } from '../pricing/tolerance.ts';
import { isPrepaid } from '../submissions/order-schema.ts';
import { toDecimal } from '../values/money.ts';
import { assessPayments, type Payment } from './payment.ts';
import { coveredAmount, writtenOffBeside } from './write-off.ts';

/** What a payment does to an order: paid, held for the difference, or owed back because the order is no more. */
export const decidePayment = (
  order: OrderRecord,
  payment: Payment,
  actor: string,
  company: Company,
  now: Date,
): Decision => {
  const { state, content, findings } = order;
  const receivedAmount = state.receivedAmount + payment.amountMinor;
  const data = { paymentId: payment.paymentId };
  const amount = toDecimal(payment.amountMinor, payment.currency);
  const event = {
    type: 'order.payment_received',
    actor,
    data: { ...data, amount, currency: payment.currency },
  };
  const thanks = toCustomer(content, 'payment-received', data);
  if (state.status === 'CANCELLED' || state.status === 'REJECTED' || state.cancellation)
    return {
      event,
      facts: { receivedAmount, refundDue: true },
      mails: [toDepartment(company, 'finance', 'payment-mismatch', data)],
    };

  const writtenOffAmount = writtenOffBeside(state, receivedAmount);
  const received = {
    receivedAmount,
    ...(writtenOffAmount !== state.writtenOffAmount && { writtenOffAmount }),
  };
  const covered = coveredAmount({ receivedAmount, writtenOffAmount });
  const assessed = assessPayments(covered, state.payableAmount, content.terms);
  const waitsForMoney = state.status === 'PENDING_PAYMENT';
  if (assessed.outcome === 'paid') {
    const answered = resolveFindings(findings, ['PAYMENT_MISMATCH']);
    return {
      event,
      facts: received,
      ...(waitsForMoney && { to: 'PAID' }),
      ...(findings.length > 0 && { findings: answered }),
      mails: [
        thanks,
        ...(receivedAmount > state.payableAmount &&
        !isTolerated(content.terms, receivedAmount, state.payableAmount)
          ? [toDepartment(company, 'finance', 'payment-mismatch', data)]
          : []),
      ],
    };
  }
  const needsMoneyFirst = state.status === 'ON_HOLD' && isPrepaid(state.paymentMethod);
  if (!waitsForMoney && !needsMoneyFirst)
    return { event, facts: received, mails: isTerminal(state.status) ? [] : [thanks] };
  const difference: Finding = {
    severity: 'HOLD',
    code: 'PAYMENT_MISMATCH',
    pointer: '#/totals/payableAmount',
    value: toDecimal(assessed.received, state.currency),
    expected: toDecimal(assessed.expected, state.currency),
  };
  const { clarificationHours } = content.terms;
  const held = addFindings(findings, [difference], { now, clarificationHours });
  return {
    event,
    facts: received,
    ...(waitsForMoney && { to: 'ON_HOLD' }),
    findings: held,
    mails: [
      toDepartment(company, 'finance', 'payment-mismatch', data),
      toCustomer(content, 'clarification', data),
    ],
  };
};
