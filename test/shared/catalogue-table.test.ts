import { expect, test } from 'vitest';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';

const at = useOrderDesk();

test('a code that leads nowhere is told with the articles that it may mean', async () => {
  const { addProduct, catalogue, put } = at.desk;
  await addProduct('CUP-350-BL', 1);
  await addProduct('CUP-35', 1, { discontinued: true });
  await addProduct('TEA-I', 1);
  await addProduct('TEA-L', 1);
  const alias = { pk: 'ALIAS#mall#MY-CUP', sk: 'ALIAS', sku: 'CUP-350-BL' };
  await put(tables.catalogue, alias);
  await put(tables.catalogue, { pk: 'GTIN#2000000000015', sk: 'GTIN', sku: 'TEA-I' });
  const codes = ['cup 350 bl', 'MY-CUP', 'my_cup', '2000000000015', 'TEA-1', 'CUP 35', 'NOTHING', '一个杯子'];
  expect([...(await catalogue.articlesLike('mall', codes))]).toEqual([
    ['cup 350 bl', ['CUP-350-BL']],
    ['MY-CUP', ['CUP-350-BL']],
    ['my_cup', ['CUP-350-BL']],
    ['2000000000015', ['TEA-I']],
    ['TEA-1', ['TEA-I', 'TEA-L']],
    ['CUP 35', []],
    ['NOTHING', []],
    ['一个杯子', []],
  ]);
  expect((await catalogue.articlesLike('another', ['MY-CUP'])).get('MY-CUP')).toEqual([]);
});

test('nothing is read when every code is known', async () => {
  expect(await at.desk.catalogue.articlesLike('mall', [])).toEqual(new Map());
});
