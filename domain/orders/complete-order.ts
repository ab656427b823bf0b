import type { Partner } from '../partner.ts';
import { type OrderAmounts, priceOrder } from '../pricing/price-order.ts';
import type { Product } from '../product.ts';
import type { Submission } from '../submissions/order-schema.ts';
import { languageOf } from '../values/languages.ts';
import type { OrderContent, OrderSource } from './order.ts';
import { channelOfFile, channelOfPost } from './source-channel.ts';

type Looked = {
  partner: Pick<Partner, 'language' | 'pricesIncludeTax' | 'notifyEmail' | keyof OrderContent['terms']>;
  /** The SKU of each line, by position; undefined where the catalogue does not know the article. */
  skus: readonly (string | undefined)[];
  products: ReadonlyMap<string, Pick<Product, 'taxRate'>>;
  source: OrderSource;
  now: Date;
};

/** The rate for an article that the catalogue does not know: such an order is held, so it never reaches an invoice. */
const unknownArticleTaxRate = '0.13';

/** Fills in what the partner's profile, the catalogue and our arithmetic say: the order as it is stored. */
export const completeOrder = (
  { totals: _submittedTotals, validationToken: _token, ...submission }: Submission,
  { partner, skus, products, source, now }: Looked,
): OrderContent => {
  const pricesIncludeTax = submission.pricesIncludeTax ?? partner.pricesIncludeTax;
  const lines = submission.lines.map((line, index) => {
    const sku = skus[index];
    const taxRate = line.taxRate ?? products.get(sku ?? '')?.taxRate ?? unknownArticleTaxRate;
    return { ...line, ...(sku && { sku }), taxRate };
  });
  const { lines: lineAmounts, ...amounts }: OrderAmounts = priceOrder({
    ...submission,
    pricesIncludeTax,
    lines,
  });
  return {
    ...submission,
    pricesIncludeTax,
    lines: lines.map((line, index) => ({ ...line, lineAmountMinor: lineAmounts[index] ?? 0 })),
    amounts,
    issueDate: submission.issueDate ?? now.toISOString(),
    sourceChannel:
      source.kind === 'SPREADSHEET'
        ? channelOfFile(source.objectKey)
        : channelOfPost(submission.sourceChannel),
    language: submission.language ? languageOf(submission.language) : partner.language,
    source,
    customerEmail: submission.buyer.contact.email ?? partner.notifyEmail ?? '',
    ...(partner.notifyEmail && { partnerEmail: partner.notifyEmail }),
    terms: {
      toleranceMinor: partner.toleranceMinor,
      ...(partner.tolerancePercent !== undefined && { tolerancePercent: partner.tolerancePercent }),
      paymentDueMinutes: partner.paymentDueMinutes,
      autoCompleteDays: partner.autoCompleteDays,
      clarificationHours: partner.clarificationHours,
    },
  };
};
