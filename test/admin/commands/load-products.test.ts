import { expect, test } from 'vitest';
import { loadPrices } from '../../../admin/commands/load-prices.ts';
import { loadProducts } from '../../../admin/commands/load-products.ts';
import { catalogueTable } from '../../../functions/shared/catalogue-table.ts';
import { useLocalTarget } from '../local-target.ts';

const local = useLocalTarget();

const product = async (sku: string) => {
  const catalogue = catalogueTable(local.target.dynamodb, () => local.target.tables.catalogue);
  return (await catalogue.readProducts([sku])).get(sku);
};

const header =
  'sku,gtin,nameZh,nameEn,specificationZh,specificationEn,hasVariants,unitCode,taxRate,pricesIncludeTax,maximumPerOrder';
const mug = 'MUG,2000000000077,杯,Mug,白,white,yes,C62,0.13,yes,';

test('names every problem by row and column, and writes nothing', async () => {
  const path = await local.file(
    header,
    mug,
    'CUP,2000000000077,杯,Cup,,,no,pieces,13%,maybe,',
    ',2000000000078,茶,Tea,绿,,no,XBX,0.13,yes,1.5',
    'MUG,,杯,Mug,,,yes,C62,0.13,yes,0',
  );
  const result = await loadProducts(local.target, path);
  expect(
    result.outcome === 'refused' && result.problems.map(({ row, column, value }) => [row, column, value]),
  ).toEqual([
    [3, 'unitCode', 'pieces'],
    [3, 'taxRate', '13%'],
    [3, 'pricesIncludeTax', 'maybe'],
    [4, 'sku', undefined],
    [4, 'gtin', '2000000000078'],
    [5, 'specificationZh', undefined],
    [5, 'maximumPerOrder', '0'],
    [5, 'sku', 'MUG'],
  ]);
  expect(await local.rowCount('catalogue')).toBe(0);
});

test('names unknown, missing and repeated columns beside the problems of their rows', async () => {
  const path = await local.file('sku,nameZH,nameEn,tax_rate,pricesIncludesTax,sku', 'A,甲,A,13%,yes,B');
  expect(await loadProducts(local.target, path)).toMatchObject({
    outcome: 'refused',
    problems: [
      {
        row: 1,
        column: 'pricesIncludesTax',
        message: 'is not a known column; did you mean pricesIncludeTax?',
      },
      { row: 1, column: 'pricesIncludeTax', message: 'is a column this file must have' },
      { row: 1, column: 'sku', message: 'stands in the header twice' },
      { row: 2, column: 'taxRate', value: '13%', message: 'must be a fraction such as 0.13' },
    ],
  });
});

test('a change leaves the prices alone, and the old GTIN leads nowhere', async () => {
  await loadProducts(local.target, await local.file(header, mug));
  await loadPrices(
    local.target,
    await local.file('sku,currency,unitPrice,validFrom', 'MUG,CNY,19.90,2026-01-01'),
  );
  const changed = await loadProducts(
    local.target,
    await local.file(header, 'MUG,2000000000084,杯,Mug,,,no,C62,0.13,yes,5'),
  );
  expect(changed).toEqual({ outcome: 'loaded', created: 0, changed: 1, unchanged: 0 });
  expect(await product('MUG')).toEqual({
    sku: 'MUG',
    gtin: '2000000000084',
    name: { 'zh-CN': '杯', en: 'Mug' },
    hasVariants: false,
    unitCode: 'C62',
    taxRate: '0.13',
    pricesIncludeTax: true,
    discontinued: false,
    maximumPerOrder: 5,
    priceVersion: 1,
    prices: [
      { tier: 'ALL', currency: 'CNY', unitPrice: '19.90', minimumQuantity: 0, validFrom: '2026-01-01' },
    ],
  });
  const catalogue = catalogueTable(local.target.dynamodb, () => local.target.tables.catalogue);
  expect(await catalogue.resolveSkus('p', [{ gtin: '2000000000077' }, { gtin: '2000000000084' }])).toEqual([
    undefined,
    'MUG',
  ]);
});

test('a GTIN of another article is refused', async () => {
  await loadProducts(local.target, await local.file(header, mug));
  const result = await loadProducts(
    local.target,
    await local.file(header, 'CUP,2000000000077,杯,Cup,,,no,C62,0.13,yes,'),
  );
  expect(result).toEqual({
    outcome: 'refused',
    problems: [
      {
        row: 2,
        column: 'gtin',
        cell: 'B2',
        value: '2000000000077',
        message: 'belongs to MUG in the catalogue',
      },
    ],
  });
  expect(await product('CUP')).toBeUndefined();
});

test('a limit in parts needs a unit that has them', async () => {
  const result = await loadProducts(
    local.target,
    await local.file(header, 'A,,甲,A,,,no,C62,0.13,yes,2.5', 'B,,乙,B,,,no,KGM,0.09,yes,2.5'),
  );
  expect(result).toMatchObject({
    outcome: 'refused',
    problems: [{ row: 2, column: 'maximumPerOrder', value: '2.5' }],
  });
});
