import * as z from 'zod';
import type { Product } from '../../domain/product.ts';
import { allowsDecimals, unitCodes } from '../../domain/values/units.ts';
import { type TransactItem, transact } from '../shared/dynamodb.ts';
import { articlesOf, lostZeros, productKey, readProducts } from './catalogue.ts';
import { fraction, gtin, identifier, oneOf, quantity, text, yesNo } from './columns.ts';
import { type Change, type LoadResult, refused, writeEach } from './load-result.ts';
import { located, type RowProblem, type RowRecord, readRecords, repeatedRows } from './read-records.ts';
import type { Table } from './read-table.ts';
import { differs, readRows, updateOf } from './rows.ts';
import { type CatalogueStore, ChangedMeanwhile } from './store.ts';

export const productColumns = z.object({
  sku: identifier.describe('your article number'),
  gtin: gtin.optional().describe('bar code with its check digit'),
  nameZh: text(200).describe('name in Chinese'),
  nameEn: text(200).describe('name in English'),
  specificationZh: text(200).optional().describe('specification in Chinese, such as 350ml 蓝色'),
  specificationEn: text(200).optional().describe('specification in English; give both or none'),
  hasVariants: yesNo
    .default(false)
    .describe('yes when an order must say which specification it means; blank: no'),
  unitCode: oneOf(unitCodes)
    .default('C62')
    .describe('UN/ECE Rec 20 unit: C62 piece, KGM kilogram …; blank: C62'),
  taxRate: fraction.describe('VAT as a fraction: 0.13'),
  pricesIncludeTax: yesNo.describe('yes when the prices of this article contain the tax'),
  discontinued: yesNo.default(false).describe('yes when it is no longer sold; blank: no'),
  maximumPerOrder: quantity.optional().describe('most of it in one order, in its unit; blank: no limit'),
  maximumPerDay: quantity
    .optional()
    .describe('most of it that one customer may buy in a day; blank: no limit'),
  maximumPerMonth: quantity.optional().describe('… in a calendar month'),
  maximumPerYear: quantity.optional().describe('… in a calendar year'),
  requiredQualification: identifier
    .optional()
    .describe('licence the buyer must hold, such as FOOD or MEDICAL_DEVICE'),
});
type ProductRecord = z.infer<typeof productColumns>;
type ProductFields = Omit<Product, 'prices' | 'priceVersion'>;

const fieldsOf = (record: ProductRecord): ProductFields => {
  const {
    nameZh,
    nameEn,
    specificationZh,
    specificationEn,
    maximumPerDay,
    maximumPerMonth,
    maximumPerYear,
    ...same
  } = record;
  const perCustomer = {
    ...(maximumPerDay !== undefined && { DAY: maximumPerDay }),
    ...(maximumPerMonth !== undefined && { MONTH: maximumPerMonth }),
    ...(maximumPerYear !== undefined && { YEAR: maximumPerYear }),
  };
  const specification =
    specificationZh && specificationEn ? { 'zh-CN': specificationZh, en: specificationEn } : undefined;
  return {
    ...same,
    gtin: record.gtin,
    name: { 'zh-CN': nameZh, en: nameEn },
    specification,
    maximumPerOrder: record.maximumPerOrder,
    maximumPerCustomer: Object.keys(perCustomer).length > 0 ? perCustomer : undefined,
    requiredQualification: record.requiredQualification,
  };
};

const specificationProblems = ({ row, record }: RowRecord<ProductRecord>): RowProblem[] => {
  const { specificationZh, specificationEn, hasVariants } = record;
  if (specificationZh && specificationEn) return [];
  const column = specificationZh ? 'specificationEn' : 'specificationZh';
  if (specificationZh || specificationEn)
    return [{ row, column, message: 'is missing: give the specification in both languages or in none' }];
  return hasVariants
    ? [{ row, column, message: 'is missing: an article with variants needs a specification' }]
    : [];
};

const limits = ['maximumPerOrder', 'maximumPerDay', 'maximumPerMonth', 'maximumPerYear'] as const;

const limitProblems = ({ row, record }: RowRecord<ProductRecord>): RowProblem[] =>
  limits.flatMap((column): RowProblem[] => {
    const limit = record[column];
    if (limit === undefined) return [];
    const problem = (message: string) => [{ row, column, value: String(limit), message }];
    if (limit === 0) return problem('must be more than 0');
    return Number.isInteger(limit) || allowsDecimals(record.unitCode)
      ? []
      : problem(`must be a whole number: ${record.unitCode} is not divided`);
  });

const gtinKey = (code: string) => ({ pk: `GTIN#${code}`, sk: 'GTIN' });

/** A GTIN moves to another article only after its owner gave it up, in a load of its own. */
const takenGtins = async (
  { dynamodb, tables }: CatalogueStore,
  records: readonly RowRecord<ProductRecord>[],
): Promise<RowProblem[]> => {
  const keys = records.flatMap(({ record }) => (record.gtin ? [gtinKey(record.gtin)] : []));
  const rows = await readRows(dynamodb, tables.catalogue, keys, z.object({ sku: z.string() }));
  const owners = new Map(rows.map(({ pk, sku }) => [pk, sku]));
  return records.flatMap(({ row, record: { sku, gtin: value } }): RowProblem[] => {
    const owner = value && owners.get(gtinKey(value).pk);
    return owner && owner !== sku
      ? [{ row, column: 'gtin', value, message: `belongs to ${owner} in the catalogue` }]
      : [];
  });
};

const productItem = (
  tableName: string,
  product: ProductFields,
  existing: Product | undefined,
): TransactItem => {
  const key = productKey(product.sku);
  return existing
    ? {
        Update: {
          TableName: tableName,
          Key: key,
          ...updateOf(product),
          ConditionExpression: 'attribute_exists(pk)',
        },
      }
    : {
        Put: {
          TableName: tableName,
          Item: { ...key, entity: 'PRODUCT', ...product, prices: [], priceVersion: 0 },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      };
};

const gtinItems = (
  tableName: string,
  { sku, gtin: code }: ProductFields,
  existing: Product | undefined,
): TransactItem[] => {
  const owned = {
    ConditionExpression: 'attribute_not_exists(pk) OR sku = :sku',
    ExpressionAttributeValues: { ':sku': sku },
  };
  if (code === existing?.gtin) return [];
  const old = existing?.gtin;
  return [
    ...(code
      ? [{ Put: { TableName: tableName, Item: { ...gtinKey(code), entity: 'GTIN', sku }, ...owned } }]
      : []),
    ...(old ? [{ Delete: { TableName: tableName, Key: gtinKey(old), ...owned } }] : []),
  ];
};

const writeProduct = async (
  store: CatalogueStore,
  product: ProductFields,
  existing: Product | undefined,
): Promise<Change> => {
  if (existing && !differs(existing, product)) return 'unchanged';
  const table = store.tables.catalogue;
  const items = [productItem(table, product, existing), ...gtinItems(table, product, existing)];
  const { outcome } = await transact(items, store.dynamodb);
  if (outcome === 'refused') throw new ChangedMeanwhile(product.sku);
  return existing ? 'changed' : 'created';
};

/** Loads articles; those that the table does not name, and all prices, stay as they are. Throws ChangedMeanwhile. */
export const loadProductTable = async (store: CatalogueStore, table: Table): Promise<LoadResult> => {
  const { problems, records, cellOf } = readRecords(table, productColumns);
  const named = articlesOf(records);
  const existing = await readProducts(
    store,
    named.map(({ sku }) => sku),
  );
  problems.push(
    ...records.flatMap(specificationProblems),
    ...records.flatMap(limitProblems),
    ...repeatedRows(records, 'sku', ({ sku }) => sku),
    ...repeatedRows(records, 'gtin', ({ gtin }) => gtin),
    ...(await takenGtins(store, records)),
    ...(await lostZeros(store, named, existing)),
  );
  if (problems.length > 0) return refused(located(problems, cellOf));
  return writeEach(records, ({ record }) => writeProduct(store, fieldsOf(record), existing.get(record.sku)));
};
