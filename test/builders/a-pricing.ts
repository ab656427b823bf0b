import { emptyAccount } from '../../domain/customers/customer-account.ts';
import type { PricingContext } from '../../domain/pricing/pricing-context.ts';
import type { Product } from '../../domain/product.ts';
import type { Promotion } from '../../domain/rules/promotion-rules.ts';
import { rulesOf } from '../../domain/rules/rules.ts';
import type { SubmissionInput } from '../../domain/submissions/read-submission.ts';
import { aPartner } from './a-partner.ts';
import { aProduct } from './a-product.ts';
import { aSubmittedLine } from './a-submission.ts';
import { anOrder } from './an-order.ts';

/** Ten percent off the line, for everybody, in March 2026, changed as told. */
export const aPromotion = (changes: Partial<Promotion> = {}): Promotion => ({
  code: 'SPRING',
  name: { 'zh-CN': '春季促销', en: 'Spring' },
  validFrom: '2026-03-01',
  validTo: '2026-03-31',
  benefit: { type: 'PERCENT', value: '10' },
  combinable: false,
  ...changes,
});

export type PricingGiven = Partial<Omit<PricingContext, 'order' | 'products'>> & {
  lines?: Parameters<typeof aSubmittedLine>[0][];
  catalogue?: Product[];
  promotions?: Promotion[];
  submission?: Partial<SubmissionInput>;
};

/** What money is measured by in the order of aSubmission(): a STANDARD customer, no tolerance, changed as told. */
export const aPricing = ({
  lines = [{}],
  catalogue = [aProduct()],
  promotions = [],
  submission = {},
  ...context
}: PricingGiven = {}): PricingContext => {
  const submitted = lines.map((line, index) => aSubmittedLine({ lineId: String(index + 1), ...line }));
  const { content } = anOrder({
    submission: { totals: undefined, lines: submitted, ...submission },
    products: catalogue,
  });
  return {
    order: content,
    partner: aPartner(),
    customerTier: 'STANDARD',
    products: new Map(catalogue.map((product) => [product.sku, product])),
    rules: rulesOf({ promotions: { version: 4, content: { promotions } } }),
    account: emptyAccount,
    orderDay: '2026-03-02',
    ...context,
  };
};
