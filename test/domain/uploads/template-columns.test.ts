import { describe, expect, test } from 'vitest';
import { columnFor, columnNames, templateColumns } from '../../../domain/uploads/template-columns.ts';

test.for(columnNames)('every header and alias of %s means it and nothing else', (name) => {
  const { header, aliases } = templateColumns[name];
  for (const text of [header['zh-CN'], header.en, ...aliases]) expect(columnFor(text)).toBe(name);
});

describe('a header is matched', () => {
  test.for([
    { name: 'in any case and width', header: 'ＳＫＵ', column: 'sku' },
    { name: 'without the star of a required column', header: '* 订单号', column: 'orderReference' },
    { name: 'with underscores for spaces', header: 'requested_delivery_date', column: 'requestedDate' },
    { name: 'over two lines', header: '客户\n名称', column: 'customerName' },
    { name: 'with a remark in brackets', header: '数量（必填）', column: 'quantity' },
    { name: 'with its unit in brackets', header: '单价 [CNY]', column: 'unitPrice' },
    { name: 'in two languages', header: '数量 / Quantity', column: 'quantity' },
    { name: 'not in two languages that disagree', header: '数量 Price', column: undefined },
    { name: 'not by a part of it', header: '含税单价合计', column: undefined },
    { name: 'not by a member of objects', header: 'constructor', column: undefined },
    { name: 'not when blank', header: ' ', column: undefined },
  ])('$name', ({ header, column }) => {
    expect(columnFor(header)).toBe(column);
  });
});
