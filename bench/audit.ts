import { auditOrder } from '../domain/audit/audit-order.ts';
import type { AuditContext } from '../domain/audit/context.ts';
import { emptyAccount } from '../domain/customers/customer-account.ts';
import { completeOrder } from '../domain/orders/complete-order.ts';
import { customerTiers, partnerSchema } from '../domain/partner.ts';
import { priceFor } from '../domain/pricing/price-list.ts';
import { type Product, productSchema } from '../domain/product.ts';
import { rulesOf } from '../domain/rules/rules.ts';
import { maxDistinctItems, submissionSchema } from '../domain/submissions/order-schema.ts';
import { markdownTable, quantile } from './table.ts';

const today = '2026-03-02';
const partner = partnerSchema.parse({
  partnerId: 'example-mall',
  name: 'Example Mall',
  active: true,
  language: 'en',
  currencies: ['CNY'],
  pricesIncludeTax: true,
  notifyEmail: 'orders@mall.example.com',
  toleranceMinor: 0,
  paymentDueMinutes: 1440,
  autoCompleteDays: 7,
  clarificationHours: 72,
  roles: [],
});

/** An article with a price list as long as those of the samples: this year's and last year's, two quantities a tier. */
const article = (index: number): Product =>
  productSchema.parse({
    sku: `ART-${index}`,
    name: { 'zh-CN': `商品 ${index}`, en: `Article ${index}` },
    specification: { 'zh-CN': '350ml 蓝色', en: '350 ml blue' },
    hasVariants: true,
    unitCode: 'C62',
    taxRate: '0.13',
    pricesIncludeTax: true,
    discontinued: false,
    prices: ['2025', '2026'].flatMap((year) =>
      [...customerTiers, 'ALL' as const].flatMap((tier, rank) =>
        [0, 50].map((minimumQuantity) => ({
          tier,
          currency: 'CNY',
          unitPrice: (20 + index + rank + minimumQuantity / 100 + (year === '2025' ? 0.37 : 0)).toFixed(2),
          minimumQuantity,
          validFrom: `${year}-01-01`,
          ...(year === '2025' && { validTo: '2025-12-31' }),
        })),
      ),
    ),
  });

const articles = Array.from({ length: maxDistinctItems }, (_, index) => article(index));
const products = new Map(articles.map((product) => [product.sku, product]));

/** Twenty promotions on the list, one of them used. */
const rules = rulesOf({
  promotions: {
    version: 1,
    content: {
      promotions: Array.from({ length: 20 }, (_, index) => ({
        code: `CODE-${index}`,
        name: { 'zh-CN': '促销', en: 'Promotion' },
        validFrom: '2026-01-01',
        benefit: { type: 'PERCENT', value: String(index + 3) },
        skus: articles.filter((_article, at) => at % 20 === index).map(({ sku }) => sku),
        combinable: false,
      })),
    },
  },
});

const contextOf = (lineCount: number, day: string): AuditContext => {
  const query = { tier: 'STANDARD', currency: 'CNY', quantity: 2, day, pricesIncludeTax: true } as const;
  const submission = submissionSchema.parse({
    customerOrderReference: 'PO-1',
    currency: 'CNY',
    buyer: { name: 'Example', contact: { email: 'buyer@example.com' } },
    delivery: {
      address: { line1: 'Example Road 1', city: '上海市', region: 'CN-SH', countryCode: 'CN' },
      requestedDate: '2026-03-20',
    },
    payment: { method: 'BANK_TRANSFER' },
    lines: Array.from({ length: lineCount }, (_, index) => {
      const product = articles[index % articles.length];
      return {
        lineId: String(index + 1),
        sku: product?.sku,
        name: product?.name.en,
        specification: '350 ml blue',
        quantity: 2,
        unitPrice: product && priceFor(product, query),
      };
    }),
  });
  const order = completeOrder(submission, {
    partner,
    skus: submission.lines.map(({ sku }) => sku),
    products,
    source: { kind: 'API' },
    now: new Date(`${today}T08:00:00Z`),
  });
  return {
    order,
    partner,
    customer: undefined,
    customerTier: 'STANDARD',
    products,
    available: new Map(articles.map(({ sku }) => [sku, 10_000])),
    rules,
    candidates: [],
    articlesLike: new Map(),
    account: emptyAccount,
    twins: [],
    contactMarks: new Map(),
    deadAddresses: [],
    today,
    orderDay: today,
  };
};

const rounds = 60;

/** CPU of one audit in milliseconds, median; each of a new context, as in a step. */
const measure = (lineCount: number, day: string): number => {
  const times: number[] = [];
  for (let round = 0; round < 2 * rounds; round++) {
    const context = contextOf(lineCount, day);
    const before = process.cpuUsage();
    const found = auditOrder(context);
    const { user, system } = process.cpuUsage(before);
    if (found.length !== (day === today ? 0 : lineCount))
      throw new Error(`the bench's own order of ${lineCount} lines has ${found.length} findings`);
    if (round >= rounds) times.push((user + system) / 1000);
  }
  return quantile(times, 0.5);
};

/** CPU of the audit alone, everything it looks at being there: a clean order, and one at last year's prices throughout. */
export const benchAudit = async (): Promise<string> =>
  markdownTable(
    ['Lines', 'Clean, ms', 'µs a line', 'Every price wrong, ms', 'µs a line'],
    [3, 50, 500].map((lines) => {
      const cells = [measure(lines, today), measure(lines, '2025-06-01')].flatMap((milliseconds) => [
        milliseconds.toFixed(2),
        ((milliseconds / lines) * 1000).toFixed(1),
      ]);
      return [lines, ...cells];
    }),
  );
