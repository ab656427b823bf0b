import { describe, expect, test } from 'vitest';
import { submissionSchema } from '../../../domain/submissions/order-schema.ts';
import type { HeaderAliases } from '../../../domain/uploads/template-columns.ts';
import { headerHints, taxOfHeader } from '../../../functions/intake/mapping/header-remark.ts';
import { readOrderFile } from '../../../functions/intake/read-order-file.ts';
import { aPartner } from '../../builders/a-partner.ts';
import { aLine, csvOf, now, table, timeZone } from '../sample-orders.ts';

const read = (rows: string[][], headerAliases?: HeaderAliases, delimiter = ',') =>
  readOrderFile(Buffer.from(csvOf(rows, delimiter)), {
    partner: aPartner(headerAliases ? { headerAliases } : {}),
    now,
    timeZone,
  });

const [header = [], first = []] = table([aLine()]);
const renamed = (names: Readonly<Record<string, string>>) => header.map((text) => names[text] ?? text);

describe("a partner's own headers", () => {
  test('mean the columns that its profile says, however they are written', async () => {
    const rows = [renamed({ 数量: 'Menge  (ST)', 单价: 'preis' }), first];
    const { orders, findings, layout } = await read(rows, { 'menge (st)': 'quantity', PREIS: 'unitPrice' });
    expect([findings, orders.flatMap((order) => order.findings)]).toEqual([[], []]);
    expect(submissionSchema.parse(orders[0]?.body).lines[0]).toMatchObject({
      quantity: 24,
      unitPrice: '39.9',
    });
    expect(layout.columns.find(({ name }) => name === 'unitPrice')?.header).toBe('preis');
  });

  test('come before those of the template', async () => {
    const rows = [
      [...header, '金额'],
      [...first, '10'],
    ];
    const { orders } = await read(rows, { 金额: 'shippingFee' });
    expect(submissionSchema.parse(orders[0]?.body).allowanceCharges).toMatchObject([{ amount: '10' }]);
  });

  test('are not known to others', async () => {
    const { findings } = await read([renamed({ 规格型号: 'Ausführung' }), first]);
    expect(findings).toMatchObject([{ code: 'UNKNOWN_COLUMN', value: 'Ausführung' }]);
  });

  test('are found whatever the separator, even when no other header is known', async () => {
    const own = Object.fromEntries(
      (await read([header, first])).layout.columns.map(({ name }, index) => [`K${index}`, name]),
    ) as HeaderAliases;
    const { orders } = await read([Object.keys(own), first], own, ';');
    expect(orders[0]?.findings).toEqual([]);
  });
});

describe('a header says', () => {
  test.for([
    ['含税单价', true],
    ['单价（含税）', true],
    ['Unit Price (incl. tax)', true],
    ['不含税单价', false],
    ['单价(未税)', false],
    ['Unit Price (net)', false],
    ['单价', undefined],
  ] as const)('%s: with tax %s', async ([price, isIncluded]) => {
    expect(taxOfHeader(price)).toBe(isIncluded);
    const { orders, findings } = await read([renamed({ 单价: price }), first]);
    expect(findings).toEqual([]);
    expect(orders[0]?.body).toMatchObject({ pricesIncludeTax: isIncluded });
  });

  test.for([
    ['quantity', '数量(箱)', { unit: 'XCT', isUnread: false }],
    ['quantity', '数量（必填）', { isUnread: false }],
    ['unitPrice', '单价(USD)', { currency: 'USD', isUnread: false }],
    ['unitPrice', '单价（元/箱）', { currency: '元', unit: 'XCT', isUnread: false }],
    ['unitPrice', '单价(万元)', { isUnread: true }],
    ['discountPercent', '折扣(%)', { isUnread: false }],
    ['itemName', '商品名称(中文)', { isUnread: false }],
  ] as const)('of %s: %s', ([name, text, hints]) => {
    expect(headerHints(name, text)).toEqual(hints);
  });
});
