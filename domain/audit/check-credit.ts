import { creditLeft, creditSale } from '../customers/customer-account.ts';
import type { Finding } from '../findings/finding.ts';
import { toDecimal } from '../values/money.ts';
import type { AuditContext } from './context.ts';

/** An order on account stays within what its customer may owe, all unpaid orders together (P08). The reservation decides. */
export const checkCredit = ({
  order,
  customer,
  account,
}: Pick<AuditContext, 'order' | 'customer' | 'account'>): Finding[] => {
  const sale = creditSale(order, customer);
  if (!sale || !customer) return [];
  const { currency, amount, limit } = sale;
  const left = creditLeft(sale, account);
  return amount <= left.minor
    ? []
    : [
        {
          severity: 'HOLD',
          code: 'CREDIT_EXCEEDED',
          pointer: '#/payment/method',
          value: toDecimal(amount, currency),
          expected: `<= ${left.text}`,
          evidence: [
            {
              source: 'CUSTOMER',
              id: customer.customerId,
              detail: `${toDecimal(account.owed, currency)} / ${toDecimal(limit, currency)} ${currency}`,
            },
          ],
        },
      ];
};
