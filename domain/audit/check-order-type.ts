import Big from 'big.js';
import type { Finding } from '../findings/finding.ts';
import { type PaymentMethod, paymentMethods } from '../submissions/order-schema.ts';
import { toDecimal } from '../values/money.ts';
import type { AuditContext, Check } from './context.ts';

/** The rules of the order's type, as evidence. */
const evidenceOf = ({ order, rules }: AuditContext): NonNullable<Finding['evidence']> => [
  { source: 'RULE', id: 'orderTypes', version: rules.orderTypes.version, detail: order.orderType },
];

/** An order is large enough for its type: a wholesale order of three cups is an ordinary one (S22). */
export const checkMinimum: Check = (context) => {
  const { order, rules } = context;
  const { minimum } = rules.orderTypes.content[order.orderType];
  if (!minimum) return [];
  const ordered = order.lines.reduce((sum, { quantity }) => sum.plus(quantity), new Big(0));
  const least = minimum.amount[order.currency];
  const { lineExtensionAmount } = order.amounts;
  if (ordered.gte(minimum.quantity) || (least !== undefined && lineExtensionAmount >= least)) return [];
  const amount = (minor: number) => `${toDecimal(minor, order.currency)} ${order.currency}`;
  const either = (quantity: string, money: string | undefined) =>
    [quantity, money].filter(Boolean).join(' / ');
  return [
    {
      severity: 'HOLD',
      code: 'MINIMUM_NOT_MET',
      pointer: '#/orderType',
      value: either(ordered.toString(), least === undefined ? undefined : amount(lineExtensionAmount)),
      expected: `>= ${either(String(minimum.quantity), least === undefined ? undefined : amount(least))}`,
      evidence: evidenceOf(context),
    },
  ];
};

/** The order may be paid for in the way it says, given its type and the customer's tier (S22, S23). */
export const checkPaymentMethod: Check = (context) => {
  const { order, customerTier, rules } = context;
  const { refusedMethods, creditTiers } = rules.orderTypes.content[order.orderType];
  const isTaken = (method: PaymentMethod): boolean =>
    !refusedMethods.includes(method) &&
    (method !== 'ON_ACCOUNT' || !creditTiers || creditTiers.includes(customerTier));
  const { method } = order.payment;
  return isTaken(method)
    ? []
    : [
        {
          severity: 'HOLD',
          code: 'PAYMENT_METHOD_NOT_ALLOWED',
          pointer: '#/payment/method',
          value: method,
          expected: paymentMethods.filter(isTaken).join(', '),
          evidence: evidenceOf(context),
        },
      ];
};
