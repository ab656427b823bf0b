import { buyerOf, type CustomerMatch } from '../../domain/customers/customer-match.ts';
import type { Problem } from '../../domain/findings/finding.ts';
import { completeOrder } from '../../domain/orders/complete-order.ts';
import type { OrderContent, OrderSource } from '../../domain/orders/order.ts';
import type { Partner } from '../../domain/partner.ts';
import { checkTotals } from '../../domain/pricing/price-order.ts';
import type { Product } from '../../domain/product.ts';
import type { Rules } from '../../domain/rules/rules.ts';
import { checkSubmission } from '../../domain/submissions/check-submission.ts';
import type { Submission } from '../../domain/submissions/order-schema.ts';
import { readSubmission } from '../../domain/submissions/read-submission.ts';
import { dayIn } from '../../domain/values/calendar.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import type { PartnersTable } from './partners-table.ts';

type Deps = {
  catalogue: Pick<CatalogueTable, 'resolveSkus' | 'readProducts' | 'readRules'>;
  partners: Pick<PartnersTable, 'findCustomer'>;
  timeZone: () => string;
};

/** A submission without a problem, completed, and what was looked up for it. */
export type PreparedOrder = CustomerMatch & {
  submission: Submission;
  content: OrderContent;
  products: Map<string, Product>;
  rules: Rules;
};

/** Checks a whole submission and completes it from catalogue, customer and partner; every problem at once. Writes nothing. */
export const createPrepareOrder =
  ({ catalogue, partners, timeZone }: Deps) =>
  async (
    partner: Partner,
    body: unknown,
    source: OrderSource,
    now: Date,
  ): Promise<PreparedOrder | { problems: Problem[] }> => {
    const { problems, draft, submission } = readSubmission(body);
    const all = [...problems, ...checkSubmission(draft, { partner, now, timeZone: timeZone() }, problems)];
    if (!submission || all.some(({ code }) => code === 'QUANTITY_TOO_LARGE')) return { problems: all };
    const [skus, match, rules] = await Promise.all([
      catalogue.resolveSkus(partner.partnerId, submission.lines),
      partners.findCustomer(partner.partnerId, buyerOf(submission)),
      catalogue.readRules(dayIn(timeZone(), now)),
    ]);
    const products = await catalogue.readProducts(skus.filter((sku) => sku !== undefined));
    const content = completeOrder(submission, { partner, skus, products, source, now });
    all.push(...checkTotals(submission.totals, content.amounts, submission.currency, partner));
    return all.length > 0 ? { problems: all } : { submission, content, ...match, products, rules };
  };
