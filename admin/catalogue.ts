import { type Product, productSchema } from '../domain/product.ts';
import type { RowProblem, RowRecord } from './read-records.ts';
import { readRows } from './rows.ts';
import type { Target } from './targets.ts';

export const productKey = (sku: string) => ({ pk: `SKU#${sku}`, sk: 'PRODUCT' });

/** The articles of the catalogue among these, by SKU, as they are now. */
export const readProducts = async (
  { dynamodb, tables }: Target,
  skus: readonly string[],
): Promise<Map<string, Product>> => {
  const products = await readRows(dynamodb, tables.catalogue, skus.map(productKey), productSchema);
  return new Map(products.map(({ pk: _pk, sk: _sk, ...product }) => [product.sku, product]));
};

/** Rows whose SKU is not in the catalogue. */
export const unknownArticles = (
  records: readonly RowRecord<{ sku: string }>[],
  products: ReadonlyMap<string, Product>,
): RowProblem[] =>
  records
    .filter(({ record }) => !products.has(record.sku))
    .map(({ row, record }) => ({
      row,
      column: 'sku',
      value: record.sku,
      message: 'is not in the catalogue',
    }));
