import writeExcelFile, { type Row } from 'write-excel-file/node';
import { findingSentence, suggestionSentence } from '../../../domain/finding-messages.ts';
import type { Language, Text } from '../../../domain/languages.ts';
import type { CellFinding, UploadCounts } from '../../../domain/upload.ts';
import type { Layout } from '../mapping/layout.ts';
import { cellReference } from '../readers/cell.ts';
import { type CellNote, cellNotes } from './cell-notes.ts';
import type { ResultOf } from './result-json.ts';
import type { ResultRow } from './row-results.ts';

export const xlsxMediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const colours = { ERROR: '#F8CBAD', HOLD: '#FFD966', WARNING: '#FFF2CC' } as const;
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

const findingHeaders = [
  '级别 Severity',
  '单元格 Cell',
  '列 Column',
  '原值 Value',
  '代码 Code',
  '原因 Reason',
  '建议 Suggestion',
];
const maxNotes = 10_000;
const maxCellCharacters = 32_767;

/** Always typed as a string, so that a spreadsheet never takes a sender's text for a formula. */
const text = (value: string, backgroundColor?: string) => ({
  value: value.slice(0, maxCellCharacters),
  type: String,
  ...(backgroundColor && { backgroundColor }),
});
const header = (value: string) => ({ ...text(value, '#D9E1F2'), fontWeight: 'bold' as const });

const findingTexts = (finding: CellFinding, language: Language): string[] => [
  severityNames[finding.severity][language],
  finding.cell ?? '',
  finding.column ?? '',
  finding.value ?? '',
  finding.code,
  findingSentence(finding, language),
  suggestionSentence(finding, language) ?? '',
];

const severityOrder = Object.keys(colours);
const worst = (findings: readonly CellFinding[]): CellFinding | undefined =>
  findings.toSorted((a, b) => severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity))[0];

/** The sender's columns as read, then what came of each row; cells with a finding are coloured. */
const resultSheet = (rows: readonly ResultRow[], columns: Layout['columns'], language: Language): Row[] => [
  [
    ...columns.map((column) => column.header),
    '行 Row',
    '结果 Result',
    '系统订单号 Order Number',
    ...findingHeaders,
  ].map(header),
  ...rows.map(({ row, cells, result, orderNumber = '', findings }): Row => {
    const told = findings.map((finding) => findingTexts(finding, language));
    return [
      ...columns.map(({ column }, position) => {
        const marked = worst(findings.filter(({ cell }) => cell === cellReference(column, row)));
        return text(cells[position] ?? '', marked && colours[marked.severity]);
      }),
      row,
      text(result),
      text(orderNumber),
      ...findingHeaders.map((_, index) => text(told.map((texts) => texts[index]).join('\n'))),
    ];
  }),
];

const notesOf = (rows: readonly ResultRow[], columns: Layout['columns'], language: Language): CellNote[] =>
  rows
    .flatMap(({ row, findings }, index) =>
      columns.flatMap(({ column }, position) => {
        const here = findings.filter(({ cell }) => cell === cellReference(column, row));
        const told = here.flatMap((finding) => [
          findingSentence(finding, language),
          suggestionSentence(finding, language),
        ]);
        const note = told.filter((part) => part !== undefined).join('\n');
        return note ? [{ row: index + 1, column: position, text: note }] : [];
      }),
    )
    .slice(0, maxNotes);

const summarySheet = (
  { uploadId, mode, status, counts, fileFindings, fileSha256 = '' }: ResultOf,
  language: Language,
): Row[] => [
  [header('汇总 Summary'), header('')],
  [text('上传编号 Upload'), text(uploadId)],
  [text('状态 Status'), text(status)],
  [text('模式 Mode'), text(mode)],
  [text('SHA-256'), text(fileSha256)],
  ...(Object.keys(counts) as (keyof UploadCounts)[]).map(
    (name): Row => [text(countNames[name]), counts[name]],
  ),
  ...(fileFindings.length > 0 ? [findingHeaders.map(header)] : []),
  ...fileFindings.map((finding) => findingTexts(finding, language).map((value) => text(value))),
];

/** One row for each finding that keeps an order back. */
const toFixSheet = (rows: readonly ResultRow[], language: Language): Row[] => [
  [
    '行 Row',
    '订单号 Order Reference',
    '行号 Line',
    '结果 Result',
    '系统订单号 Order Number',
    ...findingHeaders,
  ].map(header),
  ...rows.flatMap(({ row, orderReference, lineId = '', result, orderNumber = '', findings }) =>
    findings
      .filter(({ severity }) => severity !== 'WARNING')
      .map(
        (finding): Row => [
          row,
          ...[orderReference, lineId, result, orderNumber, ...findingTexts(finding, language)].map((value) =>
            text(value),
          ),
        ],
      ),
  ),
];

/** The result as a workbook, contract §5, with the sentences in the language of the file's headers. */
export const resultWorkbook = async (
  result: ResultOf & { language: Language },
  rows: readonly ResultRow[],
  layout: Layout | undefined,
): Promise<Buffer> => {
  const language = layout?.language ?? result.language;
  const columns = layout?.columns ?? [];
  const sheets = [
    { sheet: '结果 Result', data: resultSheet(rows, columns, language), stickyRowsCount: 1 },
    { sheet: '汇总 Summary', data: summarySheet(result, language), columns: [{ width: 24 }, { width: 60 }] },
    { sheet: '待修正 To fix', data: toFixSheet(rows, language), stickyRowsCount: 1 },
  ];
  const notes = notesOf(rows, columns, language);
  return writeExcelFile(sheets, { features: notes.length > 0 ? [cellNotes(notes)] : [] }).toBuffer();
};
