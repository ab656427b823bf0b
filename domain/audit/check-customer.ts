import { type CustomerCandidate, customerKeys, keysOf } from '../customers/customer-match.ts';
import { foldName, resembles, sharesScript } from '../customers/resembling-names.ts';
import type { Finding } from '../findings/finding.ts';
import type { Customer } from '../partner.ts';
import type { AuditContext, Check } from './context.ts';

const maxCandidates = 5;

/** Candidates as evidence, by number alone; the only one is suggested. */
const told = (candidates: readonly CustomerCandidate[]): Partial<Finding> => {
  const ids = [...new Set(candidates.map(({ customerId }) => customerId))];
  const [only, ...others] = ids;
  return {
    ...(only !== undefined && others.length === 0 && { suggestion: only }),
    ...(others.length > 0 && { expected: ids.slice(0, maxCandidates).join(', ') }),
    ...(candidates.length > 0 && {
      evidence: candidates
        .slice(0, maxCandidates)
        .map(({ customerId, by }) => ({ source: 'CUSTOMER', id: customerId, detail: by })),
    }),
  };
};

const legalForms = /有限责任公司|股份有限公司|有限公司|公司|\b(?:ltd|inc|llc|gmbh|corp|co|kk)\b\.?/giu;

/** True when neither name nor any of the ways to reach the buyer is the customer's. */
const isSomebodyElse = ({ order }: AuditContext, customer: Customer): boolean => {
  const { buyer, invoiceRequest } = order;
  const [name, ours] = [buyer.name, customer.name].map((text) => foldName(text.replaceAll(legalForms, '')));
  if (!name || !ours || !sharesScript(name, ours) || resembles(name, ours)) return false;
  const sent = keysOf({ ...buyer.contact, taxId: invoiceRequest?.taxpayerId });
  const onFile = keysOf(customer);
  return !customerKeys.some((key) => sent.has(key) && sent.get(key) === onFile.get(key));
};

const at = '#/buyer/customerId';

/**
 * The buyer is one customer on file, or none (S07): by number, else by e-mail address, telephone and tax number. Near misses
 * are told as candidates and never taken. Who buys on account must be on file; another's number is asked about.
 */
export const checkCustomer: Check = (context) => {
  const { order, customer, candidates } = context;
  const { customerId, name } = order.buyer;
  if (customer)
    return customerId && isSomebodyElse(context, customer)
      ? [
          {
            severity: 'HOLD',
            code: 'CUSTOMER_MISMATCH',
            pointer: at,
            value: name,
            expected: customer.name,
            evidence: [{ source: 'CUSTOMER', id: customer.customerId }],
          },
        ]
      : [];
  if (customerId || (order.payment.method === 'ON_ACCOUNT' && candidates.length === 0))
    return [
      {
        severity: 'HOLD',
        code: 'CUSTOMER_UNKNOWN',
        pointer: at,
        ...(customerId && { value: customerId }),
        ...told(candidates),
      },
    ];
  const byKeys = candidates.filter(({ by }) => by !== 'NAME');
  if (byKeys.length > 0)
    return [{ severity: 'HOLD', code: 'CUSTOMER_AMBIGUOUS', pointer: at, ...told(byKeys) }];
  return candidates.length === 0
    ? []
    : [
        {
          severity: order.payment.method === 'ON_ACCOUNT' ? 'HOLD' : 'WARNING',
          code: 'CUSTOMER_UNKNOWN',
          pointer: at,
          ...told(candidates),
        },
      ];
};
