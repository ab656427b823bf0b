import { findingSentence, suggestionSentence } from '../../../domain/findings/finding-messages.ts';
import type { CellFinding, UploadCounts } from '../../../domain/uploads/upload.ts';
import type { Language, Text } from '../../../domain/values/languages.ts';
import { findingHeaders, resultHeaders, resultSheetNames, rowHeader } from './result-headers.ts';
import type { ResultOf } from './result-json.ts';
import type { ResultRow } from './row-results.ts';

/** A sheet of the result before it is written: texts and whole numbers, the header first. */
export type ResultTable = {
  name: string;
  /** In characters, by column. */
  widths: readonly number[];
  /** Whether the first row heads the columns. */
  hasHeader: boolean;
  rows: (string | number)[][];
};

const severityNames: Readonly<Record<CellFinding['severity'], Text>> = {
  ERROR: { 'zh-CN': '错误', en: 'Error' },
  HOLD: { 'zh-CN': '待处理', en: 'On hold' },
  WARNING: { 'zh-CN': '提示', en: 'Warning' },
};
const countNames: Readonly<Record<keyof UploadCounts, string>> = {
  rows: '数据行 Rows',
  orders: '订单 Orders',
  created: '已创建 Created',
  onHold: '已创建待处理 On hold',
  rejected: '未接受 Rejected',
  duplicate: '重复 Duplicate',
  example: '示例 Example',
  valid: '试运行通过 Valid',
};

const rowHeaders = [rowHeader, '订单号 Order Reference', '行号 Line', ...resultHeaders];

const findingTexts = (finding: CellFinding, language: Language): string[] => [
  severityNames[finding.severity][language],
  finding.cell ?? '',
  finding.column ?? '',
  finding.value ?? '',
  finding.code,
  findingSentence(finding, language),
  suggestionSentence(finding, language) ?? '',
];

/** The texts of a row's result columns; several findings stand below each other. */
export const resultTexts = (
  { result, orderNumber = '', findings }: ResultRow,
  language: Language,
): string[] => {
  const told = findings.map((finding) => findingTexts(finding, language));
  return [
    result,
    orderNumber,
    ...findingHeaders.map((_, index) => told.map((texts) => texts[index]).join('\n')),
  ];
};

const rowWidths = [7, 22, 9, 22, 24, 10, 9, 18, 20, 26, 48, 40];

const resultTable = (rows: readonly ResultRow[], language: Language): ResultTable => ({
  name: resultSheetNames[0],
  widths: rowWidths,
  hasHeader: true,
  rows: [
    rowHeaders,
    ...rows.map((row) => [row.row, row.orderReference, row.lineId ?? '', ...resultTexts(row, language)]),
  ],
});

const summaryTable = (
  { uploadId, mode, status, counts, fileFindings, fileSha256 = '' }: ResultOf,
  language: Language,
): ResultTable => ({
  name: resultSheetNames[1],
  widths: [24, 60, 18, 20, 26, 48, 40],
  hasHeader: false,
  rows: [
    ['上传编号 Upload', uploadId],
    ['状态 Status', status],
    ['模式 Mode', mode],
    ['SHA-256', fileSha256],
    ...(Object.keys(counts) as (keyof UploadCounts)[]).map((name) => [countNames[name], counts[name]]),
    ...(fileFindings.length > 0 ? [findingHeaders] : []),
    ...fileFindings.map((finding) => findingTexts(finding, language)),
  ],
});

/** One row for each finding that keeps an order back. */
const toFixTable = (rows: readonly ResultRow[], language: Language): ResultTable => ({
  name: resultSheetNames[2],
  widths: rowWidths,
  hasHeader: true,
  rows: [
    rowHeaders,
    ...rows.flatMap(({ row, orderReference, lineId = '', result, orderNumber = '', findings }) =>
      findings
        .filter(({ severity }) => severity !== 'WARNING')
        .map((finding) => [
          row,
          orderReference,
          lineId,
          result,
          orderNumber,
          ...findingTexts(finding, language),
        ]),
    ),
  ],
});

/** The sheets Result, Summary and To fix, contract §5. */
export const resultTables = (
  result: ResultOf,
  rows: readonly ResultRow[],
  language: Language,
): ResultTable[] => [resultTable(rows, language), summaryTable(result, language), toFixTable(rows, language)];
