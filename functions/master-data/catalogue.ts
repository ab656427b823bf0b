import { type Product, productSchema } from '../../domain/product.ts';
import { zerosLost } from './cell-flaws.ts';
import type { RowProblem, RowRecord } from './read-records.ts';
import { readRows } from './rows.ts';
import type { CatalogueStore } from './store.ts';

type Catalogue = Pick<CatalogueStore, 'dynamodb' | 'tables'>;

export const productKey = (sku: string) => ({ pk: `SKU#${sku}`, sk: 'PRODUCT' });

/** The articles of the catalogue among these, by SKU, as they are now. */
export const readProducts = async (
  { dynamodb, tables }: Catalogue,
  skus: readonly string[],
): Promise<Map<string, Product>> => {
  const products = await readRows(dynamodb, tables.catalogue, skus.map(productKey), productSchema);
  return new Map(products.map(({ pk: _pk, sk: _sk, ...product }) => [product.sku, product]));
};

/** A spreadsheet takes away so many zeros at most that anybody would notice. */
const mostZeros = 6;

const withZeros = (sku: string): string[] =>
  /^\d+$/.test(sku) ? Array.from({ length: mostZeros }, (_, zeros) => '0'.repeat(zeros + 1) + sku) : [];

/** Article numbers, in a column, that are on file with leading zeros only: a spreadsheet took them for numbers. */
export const lostZeros = async (
  catalogue: Catalogue,
  named: readonly { row: number; sku: string }[],
  known: ReadonlyMap<string, Product>,
  column = 'sku',
): Promise<RowProblem[]> => {
  const unknown = named.filter(({ sku }) => !known.has(sku));
  const meant = await readProducts(
    catalogue,
    unknown.flatMap(({ sku }) => withZeros(sku)),
  );
  return unknown.flatMap(({ row, sku: value }): RowProblem[] => {
    const found = withZeros(value).find((sku) => meant.has(sku));
    return found === undefined ? [] : [{ row, column, value, ...zerosLost(found) }];
  });
};

/** Article numbers that are not in the catalogue, in a column; those that have lost their zeros are told so. */
export const unknownArticles = async (
  catalogue: Catalogue,
  named: readonly { row: number; sku: string }[],
  known: ReadonlyMap<string, Product>,
  column = 'sku',
): Promise<RowProblem[]> => {
  const damaged = await lostZeros(catalogue, named, known, column);
  const isDamaged = (row: number, sku: string) => damaged.some((one) => one.row === row && one.value === sku);
  return [
    ...damaged,
    ...named
      .filter(({ row, sku }) => !known.has(sku) && !isDamaged(row, sku))
      .map(
        ({ row, sku: value }): RowProblem => ({
          row,
          column,
          value,
          code: 'SKU_UNKNOWN',
          message: 'is not in the catalogue',
        }),
      ),
  ];
};

/** The article that each row is about. */
export const articlesOf = (records: readonly RowRecord<{ sku: string }>[]): { row: number; sku: string }[] =>
  records.map(({ row, record: { sku } }) => ({ row, sku }));
