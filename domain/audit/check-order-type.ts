import Big from 'big.js';
import type { Currency } from '../currencies.ts';
import { toDecimal } from '../money.ts';
import { type OrderType, type PaymentMethod, paymentMethods } from '../order-schema.ts';
import type { CustomerTier } from '../partner.ts';
import type { Check } from './context.ts';

type OrderTypeRules = {
  /** What makes an order one of this type; reaching either is enough. Amounts in minor units, of lines after discounts. */
  minimum?: { quantity: number; amount: Partial<Record<Currency, number>> };
  /** Methods that are never taken. */
  refusedMethods: readonly PaymentMethod[];
  /** Who may order on account, by tier. */
  creditTiers?: readonly CustomerTier[];
};

/** Goods in bulk come back at our cost, goods made to order cannot be sold to anybody else: neither is sent unpaid to whom we hardly know. */
const orderTypeRules: Readonly<Record<OrderType, OrderTypeRules>> = {
  STANDARD: { refusedMethods: [] },
  WHOLESALE: {
    minimum: { quantity: 20, amount: { CNY: 500_00, USD: 70_00, EUR: 65_00, JPY: 10_000 } },
    refusedMethods: ['CASH_ON_DELIVERY'],
    creditTiers: ['GOLD', 'WHOLESALE'],
  },
  CUSTOM: { refusedMethods: ['CASH_ON_DELIVERY'], creditTiers: ['GOLD', 'WHOLESALE'] },
};

/** An order is large enough for its type: a wholesale order of three cups is an ordinary one (S22). */
export const checkMinimum: Check = ({ order }) => {
  const { minimum } = orderTypeRules[order.orderType];
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
    },
  ];
};

/** The order may be paid for in the way it says, given its type and the customer's tier (S22, S23). */
export const checkPaymentMethod: Check = ({ order, customerTier }) => {
  const { refusedMethods, creditTiers } = orderTypeRules[order.orderType];
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
        },
      ];
};
