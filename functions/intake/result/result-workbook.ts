import writeExcelFile, { type Row } from 'write-excel-file/node';
import { findingSentence, suggestionSentence } from '../../../domain/findings/finding-messages.ts';
import type { CellFinding } from '../../../domain/uploads/upload.ts';
import type { Language } from '../../../domain/values/languages.ts';
import type { Layout } from '../mapping/layout.ts';
import { cellReference } from '../readers/cell.ts';
import { type CellNote, cellNotes } from './cell-notes.ts';
import { resultHeaders, resultSheetNames, rowHeader } from './result-headers.ts';
import type { ResultOf } from './result-json.ts';
import { type ResultTable, resultTables, resultTexts } from './result-tables.ts';
import type { ResultRow } from './row-results.ts';

const colours = { ERROR: '#F8CBAD', HOLD: '#FFD966', WARNING: '#FFF2CC' } as const;
const maxNotes = 10_000;
const maxCellCharacters = 32_767;

/** Always typed as a string, so that a spreadsheet never takes a sender's text for a formula. */
const text = (value: string, backgroundColor?: string) => ({
  value: value.slice(0, maxCellCharacters),
  type: String,
  ...(backgroundColor && { backgroundColor }),
});
const header = (value: string) => ({ ...text(value, '#D9E1F2'), fontWeight: 'bold' as const });

const severityOrder = Object.keys(colours);
const worst = (findings: readonly CellFinding[]): CellFinding | undefined =>
  findings.toSorted((a, b) => severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity))[0];

/** The sender's columns as read, then what came of each row; cells with a finding are coloured. */
const resultSheet = (rows: readonly ResultRow[], columns: Layout['columns'], language: Language): Row[] => [
  [...columns.map((column) => column.header), ...resultHeaders, rowHeader].map(header),
  ...rows.map(
    (one): Row => [
      ...columns.map(({ column }, position) => {
        const marked = worst(one.findings.filter(({ cell }) => cell === cellReference(column, one.row)));
        return text(one.cells[position] ?? '', marked && colours[marked.severity]);
      }),
      ...resultTexts(one, language).map((value) => text(value)),
      one.row,
    ],
  ),
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

/** A table as a sheet of this writer's. */
const tableSheet = ({ name, widths, hasHeader, rows }: ResultTable) => ({
  sheet: name,
  columns: widths.map((width) => ({ width })),
  ...(hasHeader && { stickyRowsCount: 1 }),
  data: rows.map(
    (values, index): Row =>
      values.map((value) => {
        if (hasHeader && index === 0) return header(String(value));
        return typeof value === 'number' ? value : text(value);
      }),
  ),
});

/** The result as a workbook written anew, contract §5, with the sentences in the language of the file's headers. */
export const resultWorkbook = async (
  result: ResultOf & { language: Language },
  rows: readonly ResultRow[],
  layout: Layout | undefined,
): Promise<Buffer> => {
  const language = layout?.language ?? result.language;
  const columns = layout?.columns ?? [];
  const [, ...tables] = resultTables(result, rows, language);
  const sheets = [
    { sheet: resultSheetNames[0], data: resultSheet(rows, columns, language), stickyRowsCount: 1 },
    ...tables.map(tableSheet),
  ];
  const notes = notesOf(rows, columns, language);
  return writeExcelFile(sheets, { features: notes.length > 0 ? [cellNotes(notes)] : [] }).toBuffer();
};
