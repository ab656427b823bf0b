import type { Finding } from '../finding.ts';
import type { OrderContent, OrderLine } from '../order.ts';
import type { Customer, CustomerTier, Partner } from '../partner.ts';
import type { Product } from '../product.ts';
import type { Rules } from '../rules/rules.ts';

/** Everything the audit looks at; read before it starts, so that a check is a pure function. */
export type AuditContext = {
  order: Pick<
    OrderContent,
    | 'orderType'
    | 'buyer'
    | 'payment'
    | 'currency'
    | 'pricesIncludeTax'
    | 'delivery'
    | 'qualifications'
    | 'promotionCodes'
    | 'allowanceCharges'
    | 'amounts'
  > & {
    lines: OrderLine[];
  };
  partner: Partner;
  customer: Customer | undefined;
  customerTier: CustomerTier;
  products: ReadonlyMap<string, Product>;
  /** What this order could reserve, by SKU: free stock plus what it holds already. */
  available: ReadonlyMap<string, number>;
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
