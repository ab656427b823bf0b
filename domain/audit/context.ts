import type { ContactMark } from '../customers/contacts.ts';
import type { AccountLevels } from '../customers/customer-account.ts';
import type { CustomerCandidate } from '../customers/customer-match.ts';
import type { Twin } from '../customers/likeness.ts';
import type { Finding } from '../findings/finding.ts';
import type { OrderContent, OrderLine } from '../orders/order.ts';
import type { Customer, CustomerTier, Partner } from '../partner.ts';
import type { Product } from '../product.ts';
import type { Rules } from '../rules/rules.ts';

/** Everything the audit looks at; read before it starts, so that a check is a pure function. */
export type AuditContext = {
  order: Pick<
    OrderContent,
    | 'orderType'
    | 'customerOrderReference'
    | 'buyer'
    | 'customerEmail'
    | 'payment'
    | 'currency'
    | 'pricesIncludeTax'
    | 'delivery'
    | 'qualifications'
    | 'invoiceRequest'
    | 'promotionCodes'
    | 'allowanceCharges'
    | 'amounts'
  > & {
    lines: OrderLine[];
  };
  partner: Partner;
  customer: Customer | undefined;
  /** Customers on file that the buyer may be, where it is none for certain. */
  candidates: readonly CustomerCandidate[];
  customerTier: CustomerTier;
  products: ReadonlyMap<string, Product>;
  /** Articles that an unknown code may have been meant as, by code. */
  articlesLike: ReadonlyMap<string, readonly string[]>;
  /** What this order could reserve, by SKU: free stock plus what it holds already. */
  available: ReadonlyMap<string, number>;
  /** What the customer bought and owes by other orders, as far as limits ask for it. */
  account: AccountLevels;
  /** The order like this one that came shortly before it, if there is one. */
  twins: readonly Twin[];
  /** Addresses of the order, as it writes them, that mail did not arrive at. */
  contactMarks: ReadonlyMap<string, ContactMark>;
  /** Addresses of the order, as it writes them, whose domains take no mail. */
  deadAddresses: readonly string[];
  rules: Rules;
  /** Today in the company zone, `YYYY-MM-DD`. */
  today: string;
  /** The day on which we received the order: the prices and promotions of that day hold, however long it is looked at. */
  orderDay: string;
};

export type Check = (context: AuditContext) => Finding[];

/** Runs a check on each line whose product is known. */
export const onEachLine =
  (check: (line: OrderLine, product: Product, at: string, context: AuditContext) => Finding[]): Check =>
  (context) =>
    context.order.lines.flatMap((line, index) => {
      const product = context.products.get(line.sku ?? '');
      return product ? check(line, product, `#/lines/${index}`, context) : [];
    });

/** Where a finding about the quantity of an article points to: its first line. */
export const quantityPointer = (lines: readonly Pick<OrderLine, 'sku'>[], sku: string): string =>
  `#/lines/${lines.findIndex((line) => line.sku === sku)}/quantity`;
