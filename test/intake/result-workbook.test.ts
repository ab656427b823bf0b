import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { layoutOf } from '../../functions/intake/mapping/layout.ts';
import { resultWorkbook } from '../../functions/intake/result/result-workbook.ts';
import type { ResultRow } from '../../functions/intake/result/row-results.ts';
import { rowsOf } from './rows-of.ts';

const headers = ['订单号', '客户名称', '商品编码', '数量', '单价'];
const layout = layoutOf({
  row: 3,
  hidden: false,
  cells: headers.map((header, column) => ({ column, kind: 'text', text: header })),
});
const counts = { rows: 2, orders: 1, created: 0, onHold: 0, rejected: 1, duplicate: 0, example: 0, valid: 0 };
const result: Parameters<typeof resultWorkbook>[0] = {
  uploadId: 'u1',
  versionId: 'v1',
  mode: 'REJECT_FILE',
  status: 'COMPLETED_WITH_ERRORS',
  fileSha256: 'ab',
  fileFindings: [],
  counts,
  language: 'en',
};

const rows: ResultRow[] = [
  {
    row: 4,
    orderReference: 'A',
    lineId: '1',
    result: 'REJECTED',
    cells: ['A', '=1+1', '@sku', 'x', '1'],
    findings: [
      { severity: 'WARNING', code: 'FORMULA_VALUE_USED', cell: 'D4', column: '数量', value: 'x' },
      { severity: 'ERROR', code: 'TYPE_INVALID', cell: 'D4', column: '数量', value: '<x>' },
    ],
  },
  {
    row: 5,
    orderReference: 'A',
    lineId: '2',
    result: 'REJECTED_WITH_ORDER',
    cells: ['A', '+1', '-1', '\tx', '1'],
    findings: [],
  },
];

const partsOf = async (bytes: Buffer): Promise<Map<string, string>> => {
  const zip = await fromBufferPromise(bytes);
  const parts = new Map<string, string>();
  for await (const entry of zip.eachEntry())
    parts.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
  return parts;
};

test('holds the sender’s columns in their place, then what came of each row', async () => {
  const read = await rowsOf(await resultWorkbook(result, rows, layout));
  expect(read.map(({ cells }) => cells.map(({ text: content }) => content))).toEqual([
    [
      ...headers,
      '结果 Result',
      '系统订单号 Order Number',
      '级别 Severity',
      '单元格 Cell',
      '列 Column',
      '原值 Value',
      '代码 Code',
      '原因 Reason',
      '建议 Suggestion',
      '行 Row',
    ],
    [
      'A',
      '=1+1',
      '@sku',
      'x',
      '1',
      'REJECTED',
      '提示\n错误',
      'D4\nD4',
      '数量\n数量',
      'x\n<x>',
      'FORMULA_VALUE_USED\nTYPE_INVALID',
      expect.stringContaining('类型不正确'),
      expect.any(String),
      '4',
    ],
    ['A', '+1', '-1', '\tx', '1', 'REJECTED_WITH_ORDER', '5'],
  ]);
});

test('never has a formula, whatever a sender wrote', async () => {
  const read = await rowsOf(await resultWorkbook(result, rows, layout));
  expect(read.flatMap(({ cells }) => cells).filter(({ formula }) => formula !== undefined)).toEqual([]);
  const parts = await partsOf(await resultWorkbook(result, rows, layout));
  for (const [name, content] of parts)
    if (name.startsWith('xl/worksheets/sheet')) expect(content).not.toContain('<f');
});

test('colours a cell by its worst finding and notes what is wrong with it', async () => {
  const parts = await partsOf(await resultWorkbook(result, rows, layout));
  expect(parts.get('xl/styles.xml')).toMatch(/F8CBAD/i);
  expect(parts.get('xl/styles.xml')).not.toMatch(/FFF2CC/i);
  const comments = parts.get('xl/comments1.xml') ?? '';
  expect(comments.match(/<comment /g)).toHaveLength(1);
  expect(comments).toContain('<comment ref="D2"');
  expect(comments).toContain('&lt;x&gt;');
  expect(parts.get('xl/worksheets/_rels/sheet1.xml.rels')).toContain('../comments1.xml');
  expect(parts.get('xl/worksheets/sheet1.xml')).toMatch(/<legacyDrawing [^>]*\/><\/worksheet>$/);
  expect(parts.get('[Content_Types].xml')).toContain('/xl/comments1.xml');
  expect(parts.get('xl/worksheets/sheet2.xml')).not.toContain('legacyDrawing');
});

test('has no notes where nothing is wrong, and a sheet for a file without a layout', async () => {
  const parts = await partsOf(await resultWorkbook(result, [], undefined));
  expect(parts.has('xl/comments1.xml')).toBe(false);
  expect(parts.get('xl/workbook.xml')).toMatch(/结果 Result.*汇总 Summary.*待修正 To fix/s);
});
