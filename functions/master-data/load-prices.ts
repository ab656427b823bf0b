import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { customerTiers } from '../../domain/partner.ts';
import type { Price, Product } from '../../domain/product.ts';
import { currencies } from '../../domain/values/currencies.ts';
import { transact } from '../shared/dynamodb.ts';
import { articlesOf, productKey, readProducts, unknownArticles } from './catalogue.ts';
import { day, identifier, oneOf, price, quantity } from './columns.ts';
import { type Change, type LoadResult, refused, writeEach } from './load-result.ts';
import { located, type RowProblem, type RowRecord, readRecords, repeatedRows } from './read-records.ts';
import type { Table } from './read-table.ts';
import { type CatalogueStore, ChangedMeanwhile } from './store.ts';

export const priceColumns = z.object({
  sku: identifier.describe('article number, loaded before'),
  tier: oneOf([...customerTiers, 'ALL'])
    .default('ALL')
    .describe(
      "STANDARD, SILVER, GOLD, WHOLESALE or ALL; a tier's own price goes before the one for ALL; blank: ALL",
    ),
  currency: oneOf(currencies).describe('ISO 4217: CNY, USD …'),
  unitPrice: price.describe('price of one unit, with or without tax as the article says'),
  minimumQuantity: quantity.default(0).describe('the quantity from which it holds; blank: 0'),
  validFrom: day.describe('first day it holds'),
  validTo: day.optional().describe('last day it holds; blank: until further notice'),
});
type PriceRecord = z.infer<typeof priceColumns>;

const identityOf = ({ tier, currency, minimumQuantity, validFrom }: Price): string =>
  [tier, currency, minimumQuantity, validFrom].join(' ');

const periodProblems = ({ row, record: { validFrom, validTo } }: RowRecord<PriceRecord>): RowProblem[] =>
  validTo !== undefined && validTo < validFrom
    ? [{ row, column: 'validTo', value: validTo, message: `is before validFrom, ${validFrom}` }]
    : [];

/** The prices of an article as they were in one version: what an audit that names it went by. */
const priceVersionKey = (version: number): string => `PRICES#V#${String(version).padStart(6, '0')}`;

const storePrices = async (
  { dynamodb, tables, now, operator, note }: CatalogueStore,
  product: Product,
  prices: Price[],
): Promise<void> => {
  const priceVersion = product.priceVersion + 1;
  const { pk } = productKey(product.sku);
  const version = {
    pk,
    sk: priceVersionKey(priceVersion),
    entity: 'PRICES',
    sku: product.sku,
    priceVersion,
    prices,
  };
  const { outcome } = await transact(
    [
      {
        Update: {
          TableName: tables.catalogue,
          Key: productKey(product.sku),
          UpdateExpression: 'SET prices = :prices, priceVersion = :version',
          ConditionExpression: 'prices = :old',
          ExpressionAttributeValues: { ':prices': prices, ':version': priceVersion, ':old': product.prices },
        },
      },
      {
        Put: {
          TableName: tables.catalogue,
          Item: { ...version, loadedAt: now().toISOString(), loadedBy: operator, note },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
    ],
    dynamodb,
  );
  if (outcome === 'refused') throw new ChangedMeanwhile(product.sku);
};

const changeOf = (old: Price | undefined, loaded: Price): Change => {
  if (!old) return 'created';
  return isDeepStrictEqual(old, loaded) ? 'unchanged' : 'changed';
};

const mergePrices = async (
  store: CatalogueStore,
  product: Product,
  loaded: readonly Price[],
): Promise<Change[]> => {
  const merged = new Map(product.prices.map((old) => [identityOf(old), old]));
  const changes = loaded.map((one) => changeOf(merged.get(identityOf(one)), one));
  for (const one of loaded) merged.set(identityOf(one), one);
  if (changes.some((change) => change !== 'unchanged'))
    await storePrices(store, product, [...merged.values()]);
  return changes;
};

/**
 * Loads prices. One that agrees in tier, currency, minimum quantity and first day is replaced; every version of an
 * article's prices stays on file. Throws ChangedMeanwhile.
 */
export const loadPriceTable = async (store: CatalogueStore, table: Table): Promise<LoadResult> => {
  const { problems, records, cellOf } = readRecords(table, priceColumns);
  const named = articlesOf(records);
  const products = await readProducts(
    store,
    named.map(({ sku }) => sku),
  );
  problems.push(
    ...records.flatMap(periodProblems),
    ...(await unknownArticles(store, named, products)),
    ...repeatedRows(records, 'sku', (record) => `${record.sku} ${identityOf(record)}`),
  );
  if (problems.length > 0) return refused(located(problems, cellOf));
  const loaded = Map.groupBy(
    records.map(({ record }) => record),
    ({ sku }) => sku,
  );
  return writeEach(products.values(), (product) =>
    mergePrices(
      store,
      product,
      (loaded.get(product.sku) ?? []).map(({ sku: _, ...one }) => one),
    ),
  );
};
