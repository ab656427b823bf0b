import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Submission, submissionSchema } from '../../domain/submissions/order-schema.ts';
import { uploadBytes } from '../../domain/uploads/upload-limits.ts';
import { openOrderFile, readOrderFile } from '../../functions/intake/read-order-file.ts';
import { aPartner } from '../builders/a-partner.ts';
import { anXlsx, textRows } from './an-xlsx.ts';
import { aLine, columnsOf, csvOf, type Line, now, table, timeZone } from './sample-orders.ts';

const context = { partner: aPartner(), now, timeZone };
const read = (rows: readonly (readonly string[])[]) => readOrderFile(Buffer.from(csvOf(rows)), context);
const readLines = (...lines: Line[]) => read(table(lines));

/** The only order of a file, which must have no error. */
const submission = async (...lines: Line[]): Promise<Submission> => {
  const { orders } = await readLines(...lines);
  expect(orders.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'ERROR')).toEqual(
    [],
  );
  expect(orders).toHaveLength(1);
  return submissionSchema.parse(orders[0]?.body);
};

const errorsOf = async (...lines: Line[]): Promise<string[]> => {
  const { orders } = await readLines(...lines);
  return orders.flatMap(({ findings }) =>
    findings.map(({ code, cell, column, row }) => `${code} ${cell ?? '-'} ${column ?? '-'} ${row}`),
  );
};

describe('a file becomes orders', () => {
  test('as the contract has them', async () => {
    expect(
      await submission(aLine({ lineNumber: '10' }), {
        orderReference: 'PO-1',
        sku: 'TEA',
        itemName: '茶',
        quantity: '2',
        unit: '盒',
        unitPrice: '5',
      }),
    ).toMatchObject({
      customerOrderReference: 'PO-1',
      currency: 'CNY',
      buyer: {
        name: '示例客户',
        contact: { name: '王敏', telephone: '+8613800138000', email: 'wang@example.com' },
      },
      delivery: {
        recipientName: '王敏',
        telephone: '+8613800138000',
        address: { line1: '张江路 100 号', city: '上海市', region: 'CN-SH', countryCode: 'CN' },
        requestedDate: '2025-10-20',
      },
      payment: { method: 'BANK_TRANSFER' },
      lines: [
        { lineId: '10', sku: 'CUP-350-BL', quantity: 24, unitCode: 'C62', unitPrice: '39.9' },
        { lineId: '2', sku: 'TEA', quantity: 2, unitCode: 'XBX', unitPrice: '5' },
      ],
    });
  });

  test('the same from a workbook and from a CSV file, from a buffer and from a stream', async () => {
    const rows = table([aLine(), aLine({ orderReference: 'PO-2', quantity: 'x' })]);
    const fromCsv = await read(rows);
    const { layout, ...fromWorkbook } = await readOrderFile(await anXlsx(textRows(rows)), context);
    expect({ ...fromWorkbook, layout: { ...layout, sheet: undefined } }).toEqual(fromCsv);
    expect(layout.sheet).toBe('Sheet1');
    expect(await readOrderFile(Readable.from([Buffer.from(csvOf(rows))]), context)).toEqual(fromCsv);
  });

  test('with titles above the header, blank rows between and English headers', async () => {
    const [header = [], ...rows] = table([aLine(), aLine({ orderReference: 'PO-2' })]);
    const { orders, layout } = await read([['采购订单'], [], header, ...rows.flatMap((row) => [[], row])]);
    expect(layout).toMatchObject({ headerRow: 3, language: 'zh-CN' });
    expect(orders.map(({ reference, rows: [first] }) => [reference, first?.row])).toEqual([
      ['PO-1', 5],
      ['PO-2', 7],
    ]);
    const english = await read([
      ['Order Reference', 'SKU', 'Item Name', 'Qty', 'Unit Price'],
      ['PO-1', 'A', 'a', '1', '1'],
    ]);
    expect(english.layout.language).toBe('en');
  });

  test('a full address is split when province, city and district are blank', async () => {
    const { province, city, ...rest } = aLine({ address: '广东省深圳市南山区科技园 1 号' });
    expect((await submission(rest)).delivery.address).toMatchObject({
      region: 'CN-GD',
      city: '深圳市',
      district: '南山区',
      line1: '科技园 1 号',
    });
    expect((await submission(aLine({ address: '上海市浦东新区张江路 1 号' }))).delivery.address.line1).toBe(
      '上海市浦东新区张江路 1 号',
    );
  });

  test('shipping fee, totals, invoice, promotion code and licence are where the contract has them', async () => {
    const order = await submission(
      aLine({
        shippingFee: '10',
        orderTotal: '967.60',
        invoiceTitle: '示例公司',
        taxId: '91310115MA1K3XXXXX',
        promotionCode: 'A1, B2',
        qualificationNumber: 'JY-1',
        discountPercent: '9折',
        orderDate: '2025-10-14',
      }),
    );
    expect(order).toMatchObject({
      issueDate: '2025-10-14T00:00:00+08:00',
      allowanceCharges: [{ isCharge: true, amount: '10', reason: '运费' }],
      totals: { payableAmount: '967.6' },
      invoiceRequest: {
        titleType: 'ORGANIZATION',
        title: '示例公司',
        taxpayerId: '91310115MA1K3XXXXX',
        kind: 'NORMAL',
      },
      promotionCodes: ['A1', 'B2'],
      qualifications: [{ type: 'UNSPECIFIED', number: 'JY-1' }],
      lines: [{ discount: { type: 'PERCENT', value: '10' } }],
    });
  });

  test('nought is no discount and no fee', async () => {
    const order = await submission(aLine({ discountPercent: '0', discountAmount: '5.00', shippingFee: '0' }));
    expect(order.lines[0]?.discount).toEqual({ type: 'AMOUNT', value: '5' });
    expect(order.allowanceCharges).toEqual([]);
  });

  test('unknown columns are kept as metadata, with a warning for each', async () => {
    const [header = [], first = [], second = []] = table([aLine(), aLine({ sku: 'B' })]);
    const { orders, findings } = await read([
      [...header, '业务员', 'Quantityy', '__proto__'],
      [...first, '李雷', '', 'x'],
      [...second, '韩梅', '', '', 'loose'],
    ]);
    expect(submissionSchema.parse(orders[0]?.body).metadata).toEqual({ 业务员: '李雷; 韩梅', T: 'loose' });
    expect(findings.map(({ code, cell, column, suggestion }) => [code, cell, column, suggestion])).toEqual([
      ['UNKNOWN_COLUMN', 'Q1', '业务员', undefined],
      ['UNKNOWN_COLUMN', 'R1', 'Quantityy', 'Quantity'],
      ['UNKNOWN_COLUMN', 'S1', '__proto__', undefined],
    ]);
    expect(orders[0]?.findings.map(({ code, cell }) => [code, cell])).toEqual([['RAGGED_ROW', 'T3']]);
  });

  test('examples stand apart', async () => {
    const { orders, examples } = await readLines(aLine({ orderReference: 'EXAMPLE-1' }), aLine());
    expect(orders.map(({ reference }) => reference)).toEqual(['PO-1']);
    expect(examples).toMatchObject([{ reference: 'EXAMPLE-1', rows: [{ row: 2 }] }]);
  });
});

describe('a problem is told at its cell', () => {
  test.for<[string, Line[], string[]]>([
    ['a bad value', [aLine(), aLine({ sku: 'B', quantity: '0' })], ['QUANTITY_NOT_POSITIVE N3 数量 3']],
    ['a missing value', [aLine({ itemName: '' })], ['ITEM_NAME_MISSING L2 商品名称 2']],
    [
      'a missing column',
      [{ ...aLine(), paymentMethod: undefined } as Line],
      ['PAYMENT_METHOD_MISSING - 付款方式 2'],
    ],
    [
      'one finding for a word that is not known',
      [aLine({ paymentMethod: '白条' })],
      ['ENUM_UNKNOWN J2 付款方式 2'],
    ],
    ['a date that has passed', [aLine({ requestedDate: '2025-10-01' })], ['DATE_PAST I2 交付日期 2']],
    [
      'an order value in the row that gives it',
      [aLine({ contactEmail: '' }), aLine({ sku: 'B', contactEmail: 'no' })],
      ['EMAIL_INVALID E3 邮箱 3'],
    ],
    [
      'a conflict in the row that differs',
      [aLine(), aLine({ sku: 'B', customerName: '别的客户' })],
      ['ORDER_FIELD_CONFLICT B3 客户名称 3'],
    ],
    [
      'no conflict between two ways of writing one value',
      [aLine(), aLine({ sku: 'B', requestedDate: '2025/10/20', contactPhone: '+86 138 0013 8000' })],
      [],
    ],
    [
      'two discounts',
      [aLine({ discountPercent: '5', discountAmount: '5' })],
      ['ORDER_FIELD_CONFLICT R2 优惠金额 2'],
    ],
    [
      'two lines of one number',
      [aLine({ lineNumber: '1' }), aLine({ lineNumber: '1' })],
      ['DUPLICATE_LINE_ID K3 行号 3'],
    ],
    ['a line without an article', [aLine({ sku: '' })], ['ITEM_IDENTIFIER_MISSING K2 商品编码 2']],
    ['a wrong line amount', [aLine({ lineAmount: '1' })], ['LINE_AMOUNT_MISMATCH Q2 金额 2']],
    ['rows without any reference', [aLine({ orderReference: '' })], ['REQUIRED_MISSING A2 订单号 2']],
  ])('%s', async ([, lines, findings]) => {
    expect(await errorsOf(...lines)).toEqual(findings);
  });

  test('all problems at once, each with the text as read', async () => {
    const { orders } = await readLines(
      aLine({ quantity: 'x', unitPrice: 'abc', contactPhone: '12', postalCode: '12' }),
    );
    expect(orders[0]?.findings.map(({ code, value }) => [code, value]).toSorted()).toEqual([
      ['FORMAT_INVALID', 'abc'],
      ['PHONE_INVALID', '12'],
      ['POSTCODE_FORMAT', '12'],
      ['TYPE_INVALID', 'x'],
    ]);
  });

  test('hidden rows and formulas are told as warnings', async () => {
    const [header = [], cells = []] = table([aLine()]);
    const row = cells
      .map((text, column) =>
        header[column] === '数量'
          ? '<c><f>A1</f><v>24</v></c>'
          : `<c t="inlineStr"><is><t>${text}</t></is></c>`,
      )
      .join('');
    const { orders } = await readOrderFile(
      await anXlsx(`${textRows([header])}<row r="2" hidden="1">${row}</row>`),
      context,
    );
    expect(orders[0]?.findings.map(({ severity, code, cell }) => [severity, code, cell])).toEqual([
      ['WARNING', 'HIDDEN_ROW', 'A2'],
      ['WARNING', 'FORMULA_VALUE_USED', 'N2'],
    ]);
  });

  test('two discounts wherever their columns stand', async () => {
    const line = aLine({ discountPercent: '5', discountAmount: '5' });
    const { orders } = await read(table([line], columnsOf([line]).toReversed()));
    expect(orders[0]?.findings.map(({ code, column }) => [code, column])).toEqual([
      ['ORDER_FIELD_CONFLICT', '优惠金额'],
    ]);
  });

  test('more lines than an order may have', async () => {
    const { orders } = await readLines(...Array.from({ length: 501 }, () => aLine()));
    expect(orders[0]?.findings.filter(({ code }) => code === 'TOO_MANY')).toHaveLength(1);
  });
});

test('every data row is in exactly one order or example', async () => {
  const line = fc.record({
    orderReference: fc.constantFrom('', 'A', 'B', 'EXAMPLE', '示例'),
    quantity: fc.constantFrom('1', 'x', '#N/A', ''),
    itemName: fc.string({ maxLength: 8 }),
    customerName: fc.constantFrom('', '甲', '乙'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 20 }), async (lines) => {
      const rows = table(lines.map((changes) => aLine(changes)));
      const { orders, examples } = await read(rows);
      const found = [...orders, ...examples].flatMap((group) => group.rows.map(({ row }) => row));
      expect(found.toSorted((a, b) => a - b)).toEqual(lines.map((_, index) => index + 2));
      for (const { rows: own, findings } of orders)
        for (const finding of findings) expect(own.map(({ row }) => row)).toContain(finding.row);
    }),
    { numRuns: 60 },
  );
});

describe('a file is as long as the desk is configured for', () => {
  const fileOf = (rows: number) =>
    Buffer.from(
      csvOf(table(Array.from({ length: rows }, (_, index) => aLine({ orderReference: `PO-${index % 40}` })))),
    );

  test('10,000 rows unless it is told', async () => {
    await expect(readOrderFile(fileOf(10_001), context)).rejects.toMatchObject({
      refusal: 'TOO_MANY_ROWS',
      detail: { expected: '<= 10000' },
    });
  });

  test('more when it is, and refused by that figure', async () => {
    const { orders } = await readOrderFile(fileOf(10_001), { ...context, maxRows: 10_001 });
    expect(orders.reduce((rows, order) => rows + order.rows.length, 0)).toBe(10_001);
    await expect(readOrderFile(fileOf(10_002), { ...context, maxRows: 10_001 })).rejects.toMatchObject({
      refusal: 'TOO_MANY_ROWS',
      detail: { expected: '<= 10001' },
    });
  });

  test.for([
    { maxRows: 100, bytes: 10 * 1024 * 1024 },
    { maxRows: 10_000, bytes: 10 * 1024 * 1024 },
    { maxRows: 20_001, bytes: 11 * 1024 * 1024 },
    { maxRows: 100_000, bytes: 50 * 1024 * 1024 },
  ])('$maxRows rows in $bytes bytes', async ({ maxRows, bytes }) => {
    expect(uploadBytes(maxRows)).toBe(bytes);
    await expect(readOrderFile(Buffer.alloc(bytes + 1), { ...context, maxRows })).rejects.toMatchObject({
      refusal: 'FILE_TOO_LARGE',
      detail: { expected: `<= ${bytes / 1024 / 1024} MB` },
    });
  });
});

test('an open file has its orders made as they are taken, the same as when it is read whole', async () => {
  const bytes = Buffer.from(csvOf(table([aLine(), aLine({ orderReference: 'PO-2' })])));
  const { orders, ...whole } = await readOrderFile(bytes, context);
  const { orders: taken, ...open } = await openOrderFile(bytes, context);
  expect(open).toEqual(whole);
  expect(open.orderCount).toBe(2);
  expect([...taken]).toEqual(orders);
});
