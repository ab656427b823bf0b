import leven from 'leven';
import type { Customer } from '../partner.ts';
import { foldName } from './resembling-names.ts';

/** What a customer is known by, beside the number: each leads to those that have it. */
export const customerKeys = ['EMAIL', 'TELEPHONE', 'TAX_ID'] as const;
export type CustomerKey = (typeof customerKeys)[number];

/** A customer that a buyer may have meant, and why. */
export type CustomerCandidate = { customerId: string; by: CustomerKey | 'NUMBER' | 'NAME' };

/** The customer on file that a buyer is, or those that it may be: never a guess. */
export type CustomerMatch = { customer: Customer | undefined; candidates: readonly CustomerCandidate[] };

type Keyed = Pick<Customer, 'email' | 'telephone' | 'taxId'>;

/** The keys as they are compared: addresses in small letters, tax numbers in capitals. */
export const keysOf = ({ email, telephone, taxId }: Keyed): Map<CustomerKey, string> =>
  new Map(
    (
      [
        ['EMAIL', email?.toLowerCase()],
        ['TELEPHONE', telephone],
        ['TAX_ID', taxId?.toUpperCase()],
      ] as const
    ).flatMap(([key, value]) => (value ? [[key, value] as const] : [])),
  );

type Buyer = {
  buyer: { customerId?: string | undefined; name: string; contact: Pick<Keyed, 'email' | 'telephone'> };
  invoiceRequest?: { taxpayerId?: string | undefined } | undefined;
};

/** What an order says of its buyer that may lead to a customer on file. */
export const buyerOf = ({ buyer, invoiceRequest }: Buyer) => ({
  customerId: buyer.customerId,
  name: buyer.name,
  keys: keysOf({ ...buyer.contact, taxId: invoiceRequest?.taxpayerId }),
});
export type BuyerKeys = ReturnType<typeof buyerOf>;

/**
 * The one customer that every key which anybody has leads to; undefined when there is none, or when the keys do not agree.
 * A telephone that several share is settled by an e-mail address that one of them has.
 */
export const customerOfKeys = (found: readonly { customerIds: readonly string[] }[]): string | undefined => {
  const [first, ...others] = found.map(({ customerIds }) => customerIds).filter((ids) => ids.length > 0);
  const [only, ...more] = (first ?? []).filter((id) => others.every((ids) => ids.includes(id)));
  return more.length === 0 ? only : undefined;
};

const isNear = (a: string, b: string, most: number): boolean => a !== b && leven(a, b) <= most;

/** True when a number may be a slip of the other: one character wrong, missing or added, or case and separators alone. */
export const isSlipOf = (written: string, customerId: string): boolean =>
  foldName(written) === foldName(customerId) || isNear(foldName(written), foldName(customerId), 1);

/** True when names are the same, or one character in four apart, or one is the other's beginning. */
export const isNameLike = (written: string, name: string): boolean => {
  const [a, b] = [foldName(written), foldName(name)];
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (a === b || (short.length >= 4 && long.startsWith(short))) return true;
  return isNear(a, b, Math.floor(short.length / 4));
};
