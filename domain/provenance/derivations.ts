import type { OrderContent } from '../orders/order.ts';
import { valueAt } from '../submissions/schema-problems.ts';
import type { Locator } from './field-origin.ts';

type Derived = Extract<Locator, { kind: 'DERIVED' }>;

/** `$1` in a pointer is the first group of the pattern. */
type Rule = [field: RegExp, rule: string, ...from: string[]];

/** What is filled in where the original says nothing: by whom, and from which other fields of the order. */
const rules: readonly Rule[] = [
  [
    /^#\/lines\/(\d+)\/lineAmountMinor$/,
    'line-amount',
    '#/lines/$1/unitPrice',
    '#/lines/$1/quantity',
    '#/lines/$1/discount',
    '#/currency',
  ],
  [/^#\/lines\/(\d+)\/sku$/, 'catalogue-article', '#/lines/$1/buyerItemId', '#/lines/$1/gtin'],
  [/^#\/lines\/(\d+)\/taxRate$/, 'catalogue-tax-rate', '#/lines/$1/sku'],
  [/^#\/lines\/\d+\/unitCode$/, 'default-unit'],
  [/^#\/lines\/\d+\/lineId$/, 'line-position'],
  [/^#\/lines\/(\d+)\/discount\/type$/, 'discount-column', '#/lines/$1/discount/value'],
  [/^#\/amounts\/./, 'order-arithmetic', '#/lines', '#/allowanceCharges', '#/pricesIncludeTax', '#/currency'],
  [/^#\/allowanceCharges\/(\d+)\/(?:isCharge|reason)$/, 'shipping-fee', '#/allowanceCharges/$1/amount'],
  [
    /^#\/invoiceRequest\/titleType$/,
    'invoice-title-type',
    '#/invoiceRequest/taxpayerId',
    '#/invoiceRequest/kind',
  ],
  [/^#\/qualifications\/\d+\/type$/, 'licence-type-open'],
  [/^#\/delivery\/address\/countryCode$/, 'default-country'],
  [/^#\/issueDate$/, 'time-received'],
  [/^#\/sourceChannel$/, 'channel-of-source', '#/source'],
  [/^#\/language$/, 'partner-language'],
  [/^#\/currency$/, 'partner-currency'],
  [/^#\/pricesIncludeTax$/, 'partner-prices-include-tax'],
  [/^#\/customerEmail$/, 'contact-or-partner-email', '#/buyer/contact/email', '#/partnerEmail'],
  [/^#\/partnerEmail$/, 'partner-email'],
  [/^#\/terms\/./, 'partner-terms'],
  [/^#\/source\/./, 'intake'],
  [
    /^#\/(?:orderType|substitutionPolicy|shortagePolicy|allowanceCharges|promotionCodes|qualifications|attachments|test)$/,
    'contract-default',
  ],
  [/^#\/(?:delivery\/partialDeliveryAllowed|invoiceRequest\/kind)$/, 'contract-default'],
];

const isInOrder = (content: OrderContent, pointer: string): boolean =>
  valueAt(content, pointer.split('/').slice(1)) !== undefined;

/** How a stored field came about that is not in the original; undefined when nothing would have filled it in. */
export const derivationOf = (field: string, content: OrderContent): Derived | undefined => {
  const known = rules.find(([pattern]) => pattern.test(field));
  if (!known) return undefined;
  const [pattern, rule, ...from] = known;
  const [, part = ''] = pattern.exec(field) ?? [];
  const pointers = from.map((pointer) => pointer.replace('$1', part));
  return { kind: 'DERIVED', rule, from: pointers.filter((pointer) => isInOrder(content, pointer)) };
};
