import { beforeEach, expect, test } from 'vitest';
import { loadProducts } from '../../../admin/commands/load-products.ts';
import { loadStock } from '../../../admin/commands/load-stock.ts';
import { transact } from '../../../functions/shared/dynamodb.ts';
import { stockTable } from '../../../functions/shared/stock-table.ts';
import { useLocalTarget } from '../local-target.ts';

const local = useLocalTarget();

const level = async (sku: string) =>
  (await stockTable(local.target.dynamodb, () => local.target.tables.stock).readLevels([sku])).get(sku);

const nothing = { outcome: 'loaded', created: 0, changed: 0 };

beforeEach(async () => {
  await loadProducts(
    local.target,
    await local.file(
      'sku,nameZh,nameEn,unitCode,taxRate,pricesIncludeTax',
      'TEA,茶,Tea,C62,0.13,yes',
      'RICE,米,Rice,KGM,0.09,yes',
    ),
  );
});

test('a receipt counts once for each article, however often and in whichever file it comes', async () => {
  const first = await local.file('sku,quantity,receiptId', 'TEA,100,GR-1', 'RICE,2.5,GR-1');
  expect(await loadStock(local.target, first)).toEqual({
    outcome: 'loaded',
    created: 2,
    changed: 0,
    unchanged: 0,
  });
  expect(await loadStock(local.target, first)).toEqual({ ...nothing, unchanged: 2 });
  const next = await local.file('receiptId,sku,quantity', 'GR-2,TEA,20', 'GR-1,TEA,100');
  expect(await loadStock(local.target, next)).toEqual({
    outcome: 'loaded',
    created: 1,
    changed: 0,
    unchanged: 1,
  });
  expect(await level('TEA')).toEqual({ sku: 'TEA', onHand: 120, reserved: 0, available: 120 });
  expect(await level('RICE')).toEqual({ sku: 'RICE', onHand: 2.5, reserved: 0, available: 2.5 });
});

test('without a receipt number, the same file counts once and another file counts again', async () => {
  const lines = ['sku,quantity', 'TEA,5', 'TEA,5'];
  expect(await loadStock(local.target, await local.file(...lines))).toMatchObject({ created: 2 });
  expect(await loadStock(local.target, await local.file(...lines))).toEqual({ ...nothing, unchanged: 2 });
  expect(await level('TEA')).toMatchObject({ onHand: 10 });
  expect(await loadStock(local.target, await local.file('sku,quantity', 'TEA,6'))).toMatchObject({
    created: 1,
  });
  expect(await level('TEA')).toMatchObject({ onHand: 16 });
});

test('two loads of one file at once count once', async () => {
  const path = await local.file('sku,quantity,receiptId', 'TEA,7,GR-9');
  await Promise.all([loadStock(local.target, path), loadStock(local.target, path)]);
  expect(await level('TEA')).toMatchObject({ onHand: 7, available: 7 });
});

test('keeps what orders have reserved', async () => {
  await loadStock(local.target, await local.file('sku,quantity', 'TEA,5'));
  const stock = stockTable(local.target.dynamodb, () => local.target.tables.stock);
  await transact(stock.reserve('SO-1', new Map([['TEA', 4]])), local.target.dynamodb);
  await loadStock(local.target, await local.file('sku,quantity', 'TEA,3'));
  expect(await level('TEA')).toEqual({ sku: 'TEA', onHand: 8, reserved: 4, available: 4 });
});

test('names every problem by row, and counts nothing', async () => {
  await loadStock(local.target, await local.file('sku,quantity,receiptId', 'TEA,100,GR-1'));
  const path = await local.file(
    'sku,quantity,receiptId',
    'TEA,90,GR-1',
    'COFFEE,1,GR-2',
    'TEA,1.5,GR-3',
    'TEA,-1,GR-4',
    'RICE,1,GR-5',
    'RICE,2,GR-5',
  );
  expect(await loadStock(local.target, path)).toMatchObject({
    outcome: 'refused',
    problems: [
      { row: 2, column: 'quantity', message: expect.stringContaining('was 100') },
      { row: 3, column: 'sku', message: 'is not in the catalogue' },
      { row: 4, column: 'quantity', message: expect.stringContaining('whole number') },
      { row: 5, column: 'quantity', value: '-1' },
      { row: 7, column: 'receiptId', message: 'stands in row 6 already' },
    ],
  });
  expect(await level('TEA')).toMatchObject({ onHand: 100 });
  expect(await level('RICE')).toBeUndefined();
});
