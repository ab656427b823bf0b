import { type CustomerKey, keysOf } from '../../domain/customers/customer-match.ts';
import { foldName } from '../../domain/customers/resembling-names.ts';
import type { Customer } from '../../domain/partner.ts';

/**
 * Rows beside a customer's own that lead to it from an e-mail address, a telephone, a tax number or a name: one a customer,
 * so that several may share a value. Written in the customer's own transaction.
 */

export type LookupKey = CustomerKey | 'NAME';

export const partnerPartition = (partnerId: string): string => `PARTNER#${partnerId}`;
export const customerSortKey = (customerId: string): string => `CUSTOMER#${customerId}`;

/** What the sort keys of a value's rows begin with; of a name, any beginning of it will do. */
export const lookupPrefix = (key: LookupKey, value: string): string => `CUSTOMER_BY#${key}#${value}`;

type Known = Pick<Customer, 'partnerId' | 'customerId' | 'name' | 'email' | 'telephone' | 'taxId'>;

/** The rows that lead to a customer. */
export const lookupRows = (customer: Known) => {
  const { partnerId, customerId, name } = customer;
  const values: [LookupKey, string][] = [...keysOf(customer), ['NAME', foldName(name)]];
  return values.map(([key, value]) => ({
    pk: partnerPartition(partnerId),
    sk: `${lookupPrefix(key, value)}#${customerId}`,
    entity: 'CUSTOMER_LOOKUP',
    customerId,
    name,
  }));
};
