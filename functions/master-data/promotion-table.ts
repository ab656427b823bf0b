import * as z from 'zod';
import { customerTiers } from '../../domain/partner.ts';
import { type Promotion, promotionRulesSchema, promotionSchema } from '../../domain/rules/promotion-rules.ts';
import { currencies } from '../../domain/values/currencies.ts';
import { readProducts, unknownArticles } from './catalogue.ts';
import { day, identifier, listOf, oneOf, price, quantity, text, wholeNumber, yesNo } from './columns.ts';
import { located, type RowProblem, type RowRecord, readRecords, repeatedRows } from './read-records.ts';
import type { RuleTable } from './rule-tables.ts';

export const promotionColumns = z.object({
  code: identifier.describe('what orders give as promotion code, letter for letter'),
  nameZh: text(200).describe('name in Chinese'),
  nameEn: text(200).describe('name in English'),
  benefit: oneOf(['PERCENT', 'UNIT_AMOUNT', 'ORDER_AMOUNT']).describe(
    'PERCENT off each line, UNIT_AMOUNT off each unit, ORDER_AMOUNT off the order, once',
  ),
  value: price.describe('percent, or an amount in the currency'),
  currency: oneOf(currencies).optional().describe('of amounts: CNY, USD …; blank: orders in any currency'),
  validFrom: day.describe('first day'),
  validTo: day.optional().describe('last day; blank: until further notice'),
  tiers: listOf(oneOf(customerTiers))
    .optional()
    .describe('tiers that it is for, separated by semicolons; blank: all'),
  skus: listOf(identifier)
    .optional()
    .describe('articles that it is for, separated by semicolons; blank: all'),
  minimumQuantity: quantity.optional().describe('least quantity over all lines of its articles; blank: none'),
  minimumAmount: price.optional().describe('least amount of those lines at our prices; blank: none'),
  usesPerCustomer: wholeNumber(1)
    .optional()
    .describe('orders of one customer that may use it, over its whole time; blank: any number'),
  combinable: yesNo.default(false).describe('yes when it goes together with others; blank: no'),
});
type PromotionRecord = z.infer<typeof promotionColumns>;

const promotionOf = ({ nameZh, nameEn, benefit: type, value, tiers, skus, ...same }: PromotionRecord) => ({
  ...same,
  name: { 'zh-CN': nameZh, en: nameEn },
  benefit: { type, value },
  ...(tiers && { tiers }),
  ...(skus && { skus }),
});

/** Where a problem of the promotion stands in the file. */
const columnOf = (path: readonly PropertyKey[]): string => {
  const [first = '', second] = path;
  return first === 'benefit' ? (second === 'value' ? 'value' : 'benefit') : String(first);
};

const readPromotion = ({
  row,
  record,
}: RowRecord<PromotionRecord>): { promotion?: Promotion; problems: RowProblem[] } => {
  const parsed = promotionSchema.safeParse(promotionOf(record));
  if (parsed.success) return { promotion: parsed.data, problems: [] };
  return {
    problems: parsed.error.issues.map(({ path, message }) => ({ row, column: columnOf(path), message })),
  };
};

/** All promotions: one that the table does not name is not valid any more. */
export const promotionTable: RuleTable<Promotion> = {
  name: 'promotions',
  read: async (store, table) => {
    const { problems, records, cellOf } = readRecords(table, promotionColumns);
    const read = records.map(readPromotion);
    const named = records.flatMap(({ row, record: { skus = [] } }) => skus.map((sku) => ({ row, sku })));
    const products = await readProducts(
      store,
      named.map(({ sku }) => sku),
    );
    problems.push(
      ...read.flatMap((one) => one.problems),
      ...repeatedRows(records, 'code', ({ code }) => code),
      ...(await unknownArticles(store, named, products, 'skus')),
    );
    return { problems: located(problems, cellOf), rows: read.flatMap(({ promotion }) => promotion ?? []) };
  },
  keyOf: ({ code }) => code,
  contentOf: (promotions) => ({ promotions }),
  rowsOf: (content) => promotionRulesSchema.parse(content).promotions,
};
