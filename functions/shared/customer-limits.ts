import { checkCredit } from '../../domain/audit/check-credit.ts';
import { checkLimits } from '../../domain/audit/check-limits.ts';
import { checkPricing } from '../../domain/audit/check-pricing.ts';
import type { AuditContext } from '../../domain/audit/context.ts';
import { letPass, limitedSales, type PromotionUse } from '../../domain/customers/customer-account.ts';
import { buyerOf } from '../../domain/customers/customer-match.ts';
import type { Finding } from '../../domain/findings/finding.ts';
import { withoutAccepted } from '../../domain/findings/findings.ts';
import type { OrderRecord, StoredFinding } from '../../domain/orders/order.ts';
import { limitedUses } from '../../domain/pricing/promotion-uses.ts';
import { quantitiesBySku } from '../../domain/submissions/merge-lines.ts';
import { dayIn } from '../../domain/values/calendar.ts';
import { type AccountUse, accountUseOf } from './account-rows.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import { Fatal } from './classify-error.ts';
import type { PartnersTable } from './partners-table.ts';
import type { StockTable } from './stock-table.ts';

type Deps = {
  stock: Pick<StockTable, 'readAccount'>;
  catalogue: Pick<CatalogueTable, 'readProducts' | 'readRules'>;
  partners: Pick<PartnersTable, 'readPartner' | 'findCustomer'>;
  timeZone: () => string;
  now: () => Date;
};

/** What an order counts against beside its stock, and what that was made of. */
export type Counting = Pick<AuditContext, 'order' | 'products' | 'customer' | 'rules' | 'today'> & {
  use: AccountUse;
};

/** True for a limit that somebody entitled to it has let pass. */
const isPassedLimit = ({ code, resolution }: StoredFinding): boolean =>
  code === 'LIMIT_EXCEEDED' && resolution?.accepted === true;

const isPassedUse =
  (promotion: string) =>
  ({ cause, value, resolution }: StoredFinding): boolean =>
    cause === 'PROMOTION_USED_UP' && value === promotion && resolution?.accepted === true;

/** A promotion that was used up and let pass is counted on without an end. */
const withPassedUse =
  (findings: readonly StoredFinding[]) =>
  ({ maximum, ...use }: PromotionUse): PromotionUse =>
    findings.some(isPassedUse(use.code)) ? use : { ...use, ...(maximum !== undefined && { maximum }) };

/** What an order counts for in its customer's account: limits of articles, uses of promotions, credit. */
export const createCustomerLimits = ({ stock, catalogue, partners, timeZone, now }: Deps) => {
  const countingOf = async ({ state: { partnerId }, content: order }: OrderRecord): Promise<Counting> => {
    const today = dayIn(timeZone(), now());
    const [products, rules] = await Promise.all([
      catalogue.readProducts([...quantitiesBySku(order.lines).keys()]),
      catalogue.readRules(today),
    ]);
    const isCounted =
      order.payment.method === 'ON_ACCOUNT' ||
      limitedSales(order.lines, products, today).length > 0 ||
      limitedUses(order, rules).length > 0;
    const match = isCounted ? await partners.findCustomer(partnerId, buyerOf(order)) : undefined;
    const customer = match?.customer;
    const use = accountUseOf({ partnerId, order, products, customer, rules, today });
    return { order, products, customer, rules, today, use };
  };

  /** What the order exceeds that nobody has let pass with these very values. */
  const exceeded = async ({ state, findings }: OrderRecord, counting: Counting): Promise<Finding[]> => {
    const account = await stock.readAccount(counting.use, { consistent: true });
    const context = { ...counting, account };
    const partner = counting.use.uses.length > 0 ? await partners.readPartner(state.partnerId) : undefined;
    if (counting.use.uses.length > 0 && !partner) throw new Fatal(`no partner ${state.partnerId}`);
    const orderDay = dayIn(timeZone(), new Date(state.createdAt));
    const priced = partner
      ? checkPricing({ ...context, partner, customerTier: state.customerTier, orderDay })
      : [];
    return withoutAccepted(findings, [...checkLimits(context), ...checkCredit(context), ...priced]);
  };

  /** A limit that was let pass binds only where more was bought since: then the reservation is refused and asks again. */
  const withPassed = async ({ findings }: OrderRecord, counting: Counting): Promise<AccountUse> => {
    const uses = counting.use.uses.map(withPassedUse(findings));
    const use = { ...counting.use, uses };
    if (!findings.some(isPassedLimit)) return use;
    const account = await stock.readAccount(use, { consistent: true });
    const isAllPassed = withoutAccepted(findings, checkLimits({ ...counting, account })).length === 0;
    return isAllPassed ? { ...use, sales: use.sales.map((sale) => letPass(sale, account)) } : use;
  };

  return { countingOf, exceeded, withPassed };
};
