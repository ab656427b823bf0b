import {
  type BuyerKeys,
  type CustomerCandidate,
  type CustomerMatch,
  customerOfKeys,
  isNameLike,
  isSlipOf,
} from '../../domain/customers/customer-match.ts';
import { foldName } from '../../domain/customers/resembling-names.ts';
import type { Customer } from '../../domain/partner.ts';
import type { LookupKey } from './customer-lookups.ts';

type Named = { customerId: string; name: string };

type Reads = {
  readCustomer: (partnerId: string, customerId: string) => Promise<Customer | undefined>;
  /** Customers whose value is this one; of NAME, those whose folded name begins so. */
  customersBy: (partnerId: string, key: LookupKey, value: string) => Promise<Named[]>;
  /** Customers whose number begins so. */
  customersFrom: (partnerId: string, beginning: string) => Promise<Named[]>;
};

/** Names begin alike even when mistyped further on; enough to keep what is read small. */
const beginningOf = (name: string): string => foldName(name).slice(0, /\p{Script=Han}/u.test(name) ? 2 : 3);

/**
 * Finds the customer on file that a buyer is: by number in one read, else by what else it is known by. Only where there is
 * none, those that are nearly so are looked for.
 */
export const createFindCustomer = ({ readCustomer, customersBy, customersFrom }: Reads) => {
  const byKeys = (partnerId: string, { keys }: BuyerKeys) =>
    Promise.all(
      [...keys].map(async ([key, value]) => {
        const found = await customersBy(partnerId, key, value);
        return { key, customerIds: found.map(({ customerId }) => customerId) };
      }),
    );

  const nearly = async (partnerId: string, { customerId, name }: BuyerKeys): Promise<CustomerCandidate[]> => {
    const beginning = beginningOf(name);
    const [numbers, names] = await Promise.all([
      customerId ? customersFrom(partnerId, customerId.slice(0, -2)) : [],
      beginning ? customersBy(partnerId, 'NAME', beginning) : [],
    ]);
    return [
      ...numbers
        .filter((one) => isSlipOf(customerId ?? '', one.customerId))
        .map((one) => ({ customerId: one.customerId, by: 'NUMBER' as const })),
      ...names
        .filter((one) => isNameLike(name, one.name))
        .map((one) => ({ customerId: one.customerId, by: 'NAME' as const })),
    ];
  };

  return async (partnerId: string, buyer: BuyerKeys): Promise<CustomerMatch> => {
    const { customerId } = buyer;
    const byNumber = customerId ? await readCustomer(partnerId, customerId) : undefined;
    if (byNumber) return { customer: byNumber, candidates: [] };
    const found = await byKeys(partnerId, buyer);
    const only = customerId ? undefined : customerOfKeys(found);
    const customer = only ? await readCustomer(partnerId, only) : undefined;
    if (customer) return { customer, candidates: [] };
    const sharing = found.flatMap(({ key, customerIds }) =>
      customerIds.map((id) => ({ customerId: id, by: key })),
    );
    const isAmbiguous = !customerId && sharing.length > 0;
    return {
      customer: undefined,
      candidates: isAmbiguous ? sharing : [...sharing, ...(await nearly(partnerId, buyer))],
    };
  };
};
