import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { loadAliases } from '../../admin/commands/load-aliases.ts';
import { loadPrices } from '../../admin/commands/load-prices.ts';
import { loadProducts } from '../../admin/commands/load-products.ts';
import { loadStock } from '../../admin/commands/load-stock.ts';
import { catalogueTable } from '../../functions/shared/catalogue-table.ts';
import { useLocalTarget } from './local-target.ts';

const local = useLocalTarget();

const product = async (sku: string) => {
  const catalogue = catalogueTable(local.target.dynamodb, () => local.target.tables.catalogue);
  return (await catalogue.readProducts([sku])).get(sku);
};

test('an xlsx file is read as its csv would be, numbers and dates as they were meant', async () => {
  await loadProducts(
    local.target,
    await local.file('sku,nameZh,nameEn,taxRate,pricesIncludeTax', 'TEA,茶,Tea,0.13,yes'),
  );
  const path = join(local.folder, 'prices.xlsx');
  const buffer = await writeXlsxFile([
    ['sku', 'currency', 'unitPrice', 'validFrom'],
    ['TEA', 'CNY', 0.1 + 0.2, { value: new Date('2026-01-01T00:00:00Z'), type: Date, format: 'yyyy-mm-dd' }],
  ]).toBuffer();
  await writeFile(path, buffer);
  expect(await loadPrices(local.target, path)).toMatchObject({ created: 1 });
  expect((await product('TEA'))?.prices).toMatchObject([{ unitPrice: '0.3', validFrom: '2026-01-01' }]);
});

test('a number that lost digits is refused', async () => {
  const path = join(local.folder, 'products.xlsx');
  const buffer = await writeXlsxFile([
    ['sku', 'nameZh', 'nameEn', 'taxRate', 'pricesIncludeTax'],
    [1234567890123456, '茶', 'Tea', 0.13, true],
  ]).toBuffer();
  await writeFile(path, buffer);
  expect(await loadProducts(local.target, path)).toMatchObject({
    outcome: 'refused',
    problems: [{ row: 2, column: 'sku', message: expect.stringContaining('store it as text') }],
  });
});

test.for([
  {
    name: 'a cell under no header is named',
    lines: ['partnerId,buyerItemId,sku', 'shop,X,TEA,more'],
    problem: { row: 2, value: 'more' },
  },
  {
    name: 'rows are counted as the file shows them',
    lines: ['', 'partnerId,buyerItemId,sku', '', 'shop,,TEA'],
    problem: { row: 4, column: 'buyerItemId', message: 'is missing' },
  },
])('$name', async ({ lines, problem }) => {
  const result = await loadAliases(local.target, await local.file(...lines));
  expect(result.outcome === 'refused' && result.problems).toContainEqual(expect.objectContaining(problem));
});

test.for([
  { name: 'is not there', content: undefined, message: /cannot be read/ },
  { name: 'is empty', content: '', message: /file empty/ },
  {
    name: 'is a picture',
    content: Buffer.from('89504e470d0a1a0a', 'hex'),
    message: /not a spreadsheet \(PNG\)/,
  },
])('a file that $name is refused with its name', async ({ content, message }) => {
  const path = join(local.folder, `${randomUUID()}.csv`);
  if (content !== undefined) await writeFile(path, content);
  await expect(loadStock(local.target, path)).rejects.toThrow(message);
  await expect(loadStock(local.target, path)).rejects.toThrow(path);
});
