import { describe, expect, test } from 'vitest';
import type { Cell } from '../../../functions/intake/readers/cell.ts';
import { readSheet } from '../../../functions/intake/readers/read-sheet.ts';
import { anXlsx, styles, textRows, workbook, worksheet, zipOf } from '../an-xlsx.ts';
import { rowsOf } from '../rows-of.ts';

const cellOf = async (cell: string, parts = {}): Promise<Cell | undefined> =>
  (await rowsOf(await anXlsx(`<row r="1">${cell}</row>`, parts)))[0]?.cells[0];

const strings = (items: string) => ({
  'xl/sharedStrings.xml': `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${items}</sst>`,
});

describe('a cell', () => {
  test.for([
    {
      name: 'keeps leading zeros of a text',
      cell: '<c r="A1" t="inlineStr"><is><t>00012345</t></is></c>',
      kind: 'text',
      text: '00012345',
    },
    {
      name: 'keeps the exact digits of a number',
      cell: '<c r="A1"><v>69000000000001234567</v></c>',
      kind: 'number',
      text: '69000000000001234567',
    },
    { name: 'reads a boolean', cell: '<c r="A1" t="b"><v>1</v></c>', kind: 'boolean', text: 'TRUE' },
    { name: 'reads an error', cell: '<c r="A1" t="e"><v>#N/A</v></c>', kind: 'error', text: '#N/A' },
    {
      name: 'reads an ISO date',
      cell: '<c r="A1" t="d"><v>2025-10-20T00:00:00</v></c>',
      kind: 'date',
      text: '2025-10-20',
    },
    {
      name: 'reads a formula text',
      cell: '<c r="A1" t="str"><f>A2</f><v>x</v></c>',
      kind: 'text',
      text: 'x',
      formula: 'cached',
    },
    {
      name: 'sees a formula with an empty value',
      cell: '<c r="A1"><f>A2*2</f><v></v></c>',
      kind: 'text',
      text: '',
      formula: 'without-value',
    },
    {
      name: 'sees a formula without a value',
      cell: '<c r="A1"><f>A2*2</f></c>',
      kind: 'text',
      text: '',
      formula: 'without-value',
    },
    {
      name: 'decodes escaped characters',
      cell: '<c r="A1" t="inlineStr"><is><t>a_x000D_b_x005F_x000D_</t></is></c>',
      kind: 'text',
      text: 'a\rb_x000D_',
    },
    {
      name: 'reads CDATA',
      cell: '<c r="A1" t="inlineStr"><is><t><![CDATA[a<b]]></t></is></c>',
      kind: 'text',
      text: 'a<b',
    },
  ])('$name', async ({ cell, kind, text, formula }) => {
    const { kind: readKind, text: readText, formula: readFormula } = (await cellOf(cell)) ?? {};
    expect({ kind: readKind, text: readText, formula: readFormula }).toEqual({ kind, text, formula });
  });

  test('joins the runs of rich text and leaves its phonetic guide out', async () => {
    const item =
      '<si><r><t>东</t></r><r><rPr><b/></rPr><t xml:space="preserve">京 </t></r><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>';
    expect(await cellOf('<c r="A1" t="s"><v>0</v></c>', strings(item))).toMatchObject({
      kind: 'text',
      text: '东京 ',
    });
  });

  test.for([
    '<c r="A1" s="1"/>',
    '<c r="A1" t="s"><v></v></c>',
    '<c r="A1"><v/></c>',
    '<c r="A1" t="str"><f>A2</f><v></v></c>',
  ])('is nothing when it is written as %s', async (cell) => {
    expect(await cellOf(cell, strings('<si><t>not this</t></si>'))).toBeUndefined();
  });

  test.for([
    { name: 'a custom date', code: 'yyyy"年"m"月"d"日"', value: '45950', kind: 'date', text: '2025-10-20' },
    {
      name: 'a date with a time',
      code: '[$-804]yyyy/m/d\\ h:mm',
      value: '45950.5',
      kind: 'date',
      text: '2025-10-20T12:00:00',
    },
    { name: 'a quoted letter is no date', code: '0.00" m"', value: '45950', kind: 'number', text: '45950' },
    { name: 'a colour is no date', code: '[Red]0.00', value: '5', kind: 'number', text: '5' },
    { name: 'a time of day is no date', code: 'h:mm', value: '0.5', kind: 'number', text: '0.5' },
    {
      name: 'a percentage',
      code: '0.0%',
      value: '0.05',
      kind: 'number',
      text: '0.05',
      shownAs: { percent: true },
    },
    {
      name: 'a month alone',
      code: 'mmm\\-yy',
      value: '45962',
      kind: 'date',
      text: '2025-11-01',
      shownAs: { month: true },
    },
    {
      name: 'a currency',
      code: '[$€-2]\\ #,##0.00',
      value: '5',
      kind: 'number',
      text: '5',
      shownAs: { currency: '€' },
    },
    { name: 'a language is no currency', code: '[$-804]#,##0', value: '5', kind: 'number', text: '5' },
    {
      name: 'zeros of a width',
      code: '00000000',
      value: '12345',
      kind: 'number',
      text: '12345',
      shownAs: { digits: 8 },
    },
  ])('with a number format: $name', async ({ code, value, kind, text, shownAs }) => {
    const cell = await cellOf(`<c r="A1" s="1"><v>${value}</v></c>`, { 'xl/styles.xml': styles([code]) });
    expect(cell).toEqual({ column: 0, kind, text, ...(shownAs && { shownAs }) });
  });

  test.for([
    { serial: '1', date1904: false, text: '1900-01-01' },
    { serial: '59', date1904: false, text: '1900-02-28' },
    { serial: '61', date1904: false, text: '1900-03-01' },
    { serial: '44488', date1904: true, text: '2025-10-20' },
  ])('reads day $serial of the calendar from 1904: $date1904', async ({ serial, date1904, text }) => {
    const book = workbook([{ name: 'Sheet1' }], `<workbookPr date1904="${date1904 ? 1 : 0}"/>`);
    const parts = { ...book, 'xl/styles.xml': styles(['yyyy-mm-dd']) };
    expect((await cellOf(`<c r="A1" s="1"><v>${serial}</v></c>`, parts))?.text).toBe(text);
  });
});

describe('a sheet', () => {
  test('counts rows and cells that say no number of their own', async () => {
    const rows = await rowsOf(await anXlsx(textRows([['a', 'b'], [], ['c']])));
    expect(rows.map(({ row, cells }) => [row, cells.map(({ column, text }) => `${column}${text}`)])).toEqual([
      [1, ['0a', '1b']],
      [3, ['0c']],
    ]);
  });

  test('says which rows are hidden', async () => {
    const rows = await rowsOf(
      await anXlsx(
        '<row r="4" hidden="1"><c r="C4"><v>1</v></c></row><row r="9"><c r="A9"><v>2</v></c></row>',
      ),
    );
    expect(rows).toEqual([
      { row: 4, hidden: true, cells: [{ column: 2, kind: 'number', text: '1' }] },
      { row: 9, hidden: false, cells: [{ column: 0, kind: 'number', text: '2' }] },
    ]);
  });

  test('may have prefixed tags in the strict namespace', async () => {
    const strict =
      '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>好</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>';
    const rows = await rowsOf(await anXlsx('', { 'xl/worksheets/sheet1.xml': strict }));
    expect(rows[0]?.cells[0]?.text).toBe('好');
  });

  test('may be UTF-16', async () => {
    const sheet = Buffer.from(`\ufeff${worksheet(textRows([['宽']])).replace('UTF-8', 'UTF-16')}`, 'utf16le');
    expect((await rowsOf(await anXlsx('', { 'xl/worksheets/sheet1.xml': sheet })))[0]?.cells[0]?.text).toBe(
      '宽',
    );
  });

  test.for([
    { name: 'the one named 订单', sheets: [{ name: 'Sheet1' }, { name: ' 订单' }], chosen: 'two' },
    {
      name: 'the one named Orders in any case',
      sheets: [{ name: 'Sheet1' }, { name: 'ORDERS' }],
      chosen: 'two',
    },
    {
      name: 'else the first visible one',
      sheets: [{ name: 'Lists', state: 'hidden' }, { name: 'Sheet1' }],
      chosen: 'two',
    },
    { name: 'the first of two plain ones', sheets: [{ name: 'A' }, { name: 'B' }], chosen: 'one' },
    {
      name: 'a hidden one only by its name',
      sheets: [{ name: 'Orders', state: 'veryHidden' }, { name: 'Sheet1' }],
      chosen: 'one',
    },
  ])('is $name', async ({ sheets, chosen }) => {
    const parts = { ...workbook(sheets), 'xl/worksheets/sheet2.xml': worksheet(textRows([['two']])) };
    expect((await rowsOf(await anXlsx(textRows([['one']]), parts)))[0]?.cells[0]?.text).toBe(chosen);
  });

  test('may be styled to the last column of the last row', async () => {
    const rows =
      '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="1048576"><c r="XFD1048576" s="1"/></row>';
    expect(await rowsOf(await anXlsx(rows))).toHaveLength(1);
  });

  test('says at its end what is merged, what is hidden, and where else orders stand', async () => {
    const headers = ['订单号', '客户名称', '数量', '单价', '商品编码'];
    const sheet = worksheet(textRows([headers, ['PO-1']]))
      .replace(
        '<sheetData>',
        '<cols><col min="2" max="3" hidden="1"/><col min="5" max="5" width="9"/></cols><sheetData>',
      )
      .replace('</sheetData>', '</sheetData><mergeCells><mergeCell ref="A2:B4"/></mergeCells>');
    const bytes = await anXlsx('', {
      ...workbook([
        { name: 'Orders', state: 'hidden' },
        { name: '十一月' },
        { name: '说明' },
        { name: 'H', state: 'hidden' },
      ]),
      'xl/worksheets/sheet1.xml': sheet,
      'xl/worksheets/sheet2.xml': worksheet(textRows([['标题'], headers, ['PO-2']])),
      'xl/worksheets/sheet3.xml': worksheet(textRows([['数量'], ['单价']])),
      'xl/worksheets/sheet4.xml': sheet,
    });
    const rows = readSheet(bytes);
    let next = await rows.next();
    while (!next.done) next = await rows.next();
    expect(next.value).toEqual({
      merged: [{ firstRow: 2, lastRow: 4, firstColumn: 0, lastColumn: 1 }],
      hiddenColumns: [{ first: 1, last: 2 }],
      name: 'Orders',
      hiddenSheet: 'Orders',
      unreadSheets: ['十一月'],
      hasDecimalCommas: false,
    });
  });

  test('is read from a zip without compression', async () => {
    const parts = { ...workbook([{ name: 'S' }]), 'xl/worksheets/sheet1.xml': worksheet(textRows([['a']])) };
    const bytes = await zipOf(
      {
        '[Content_Types].xml':
          '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        ...parts,
      },
      false,
    );
    expect(await rowsOf(bytes)).toHaveLength(1);
  });
});
