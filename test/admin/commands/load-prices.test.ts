import { beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { loadPrices } from '../../../admin/commands/load-prices.ts';
import { loadProducts } from '../../../admin/commands/load-products.ts';
import { readRows } from '../../../functions/master-data/rows.ts';
import { catalogueTable } from '../../../functions/shared/catalogue-table.ts';
import { useLocalTarget } from '../local-target.ts';

const local = useLocalTarget();

const product = async (sku: string) => {
  const catalogue = catalogueTable(local.target.dynamodb, () => local.target.tables.catalogue);
  return (await catalogue.readProducts([sku])).get(sku);
};

const nothing = { outcome: 'loaded', created: 0, changed: 0 };

const header = 'sku,tier,currency,unitPrice,minimumQuantity,validFrom,validTo';
beforeEach(async () => {
  await loadProducts(
    local.target,
    await local.file(
      'sku,nameZh,nameEn,taxRate,pricesIncludeTax',
      'TEA,茶,Tea,0.13,yes',
      'PEN,笔,Pen,0.13,no',
    ),
  );
});

test('replace those of the same tier, currency, quantity and first day, and join the others', async () => {
  await loadPrices(
    local.target,
    await local.file(header, 'TEA,ALL,CNY,10.00,0,2026-01-01,', 'TEA,GOLD,CNY,9.00,0,2026-01-01,'),
  );
  const second = await local.file(
    header,
    'TEA,GOLD,CNY,8.80,0,2026-01-01,2026-12-31',
    'TEA,ALL,CNY,9.50,50,2026-01-01,',
    'TEA,ALL,CNY,10.00,0,2026-01-01,',
    'PEN,,USD,1.2345,0,2026-01-01,',
  );
  expect(await loadPrices(local.target, second)).toEqual({
    outcome: 'loaded',
    created: 2,
    changed: 1,
    unchanged: 1,
  });
  expect((await product('TEA'))?.prices).toEqual([
    { tier: 'ALL', currency: 'CNY', unitPrice: '10.00', minimumQuantity: 0, validFrom: '2026-01-01' },
    {
      tier: 'GOLD',
      currency: 'CNY',
      unitPrice: '8.80',
      minimumQuantity: 0,
      validFrom: '2026-01-01',
      validTo: '2026-12-31',
    },
    { tier: 'ALL', currency: 'CNY', unitPrice: '9.50', minimumQuantity: 50, validFrom: '2026-01-01' },
  ]);
  expect(await loadPrices(local.target, second)).toEqual({ ...nothing, unchanged: 4 });
});

test('stay on file in every version', async () => {
  const load = async (unitPrice: string) =>
    loadPrices(local.target, await local.file(header, `TEA,ALL,CNY,${unitPrice},0,2026-01-01,`));
  await load('10.00');
  await load('10.00');
  await load('11.00');
  expect(await product('TEA')).toMatchObject({ priceVersion: 2, prices: [{ unitPrice: '11.00' }] });
  const { dynamodb, tables } = local.target;
  const versions = await readRows(
    dynamodb,
    tables.catalogue,
    [1, 2, 3].map((version) => ({ pk: 'SKU#TEA', sk: `PRICES#V#00000${version}` })),
    z.object({ priceVersion: z.int(), prices: z.array(z.object({ unitPrice: z.string() })) }),
  );
  expect(versions.map(({ priceVersion, prices }) => [priceVersion, prices[0]?.unitPrice]).sort()).toEqual([
    [1, '10.00'],
    [2, '11.00'],
  ]);
});

test('name every problem by row, and write nothing', async () => {
  const path = await local.file(
    header,
    'TEA,ALL,CNY,10.00,0,2026-01-01,',
    'COFFEE,ALL,CNY,10.00,0,2026-01-01,',
    'TEA,ALL,CNY,11.00,0,2026-01-01,',
    'TEA,SILVR,RMB,"1,5",0,2026-13-01,',
    'PEN,ALL,CNY,1.00,0,2026-06-01,2026-05-01',
  );
  expect(await loadPrices(local.target, path)).toMatchObject({
    outcome: 'refused',
    problems: [
      { row: 3, column: 'sku', message: 'is not in the catalogue' },
      { row: 4, column: 'sku', message: 'stands in row 2 already' },
      { row: 5, column: 'tier', message: 'must be one of STANDARD, SILVER, GOLD, WHOLESALE, ALL' },
      { row: 5, column: 'currency' },
      { row: 5, column: 'unitPrice', value: '1,5' },
      { row: 5, column: 'validFrom', message: 'must be a day such as 2026-03-09' },
      { row: 6, column: 'validTo', message: 'is before validFrom, 2026-06-01' },
    ],
  });
  expect((await product('TEA'))?.prices).toEqual([]);
});

test('of loads at once, none is lost unsaid', async () => {
  const files = await Promise.all(
    ['CNY', 'USD', 'EUR', 'JPY'].map((currency) =>
      local.file(header, `TEA,ALL,${currency},10,0,2026-01-01,`),
    ),
  );
  const loads = await Promise.allSettled(files.map((path) => loadPrices(local.target, path)));
  const written = loads.filter(({ status }) => status === 'fulfilled').length;
  expect((await product('TEA'))?.prices).toHaveLength(written);
  expect(
    loads
      .flatMap((load) => (load.status === 'rejected' ? [String(load.reason)] : []))
      .every((text) => text.includes('changed by someone else')),
  ).toBe(true);
});
