import { findingSentence, suggestionSentence } from '../../../../domain/findings/finding-messages.ts';
import type { CellFinding } from '../../../../domain/uploads/upload.ts';
import { mostUploadRows } from '../../../../domain/uploads/upload-limits.ts';
import type { Language } from '../../../../domain/values/languages.ts';
import type { Layout } from '../../mapping/layout.ts';
import { sizeLimits } from '../../readers/limits.ts';
import { columnOf } from '../../readers/xlsx/column-of.ts';
import { openZip } from '../../readers/xlsx/open-zip.ts';
import { readWorkbook } from '../../readers/xlsx/read-workbook.ts';
import { resultHeaders } from '../result-headers.ts';
import type { ResultOf } from '../result-json.ts';
import { resultTables, resultTexts } from '../result-tables.ts';
import type { ResultRow } from '../row-results.ts';
import { addFormats } from './add-formats.ts';
import { addNotes, emptyDrawing, emptyNotes, resultNoteMark, type SheetNote } from './add-notes.ts';
import { addContentTypes, type partTypes } from './content-types.ts';
import { markWorksheet, type Severity, type SheetMarks } from './mark-worksheet.ts';
import { type OpenWorkbook, openWorkbook } from './open-workbook.ts';
import { openPackageFile, type PackageFile } from './package-file.ts';
import { openRelationships } from './relationships.ts';
import { rewriteXml } from './rewrite-xml.ts';
import { readSheetFacts, type SheetFacts } from './sheet-facts.ts';
import { tableSheet } from './table-sheet.ts';

type Changes = Map<string, Buffer | AsyncIterable<Buffer>>;
/** Parts that may be new. */
type PartTypes = Map<string, keyof typeof partTypes>;

const maxNotes = 10_000;
const severities = ['ERROR', 'HOLD', 'WARNING'] as const;

/** Findings by the cell they stand in, the worst severity first. */
const findingsByCell = (rows: readonly ResultRow[]): Map<string, CellFinding[]> => {
  const byCell = new Map<string, CellFinding[]>();
  for (const { findings } of rows)
    for (const finding of findings)
      if (finding.cell !== undefined)
        byCell.set(finding.cell, [...(byCell.get(finding.cell) ?? []), finding]);
  return byCell;
};

const colouredCells = (byCell: ReadonlyMap<string, readonly CellFinding[]>): SheetMarks['cells'] => {
  const cells: Record<Severity, string[]> = { ERROR: [], HOLD: [], WARNING: [] };
  for (const [cell, findings] of byCell) {
    const worst = severities.find((severity) => findings.some((finding) => finding.severity === severity));
    if (worst) cells[worst].push(cell);
  }
  return cells;
};

const notesOf = (byCell: ReadonlyMap<string, readonly CellFinding[]>, language: Language): SheetNote[] =>
  [...byCell].slice(0, maxNotes).map(([cell, findings]) => ({
    column: columnOf(cell),
    row: Number(/\d+$/.exec(cell)?.[0]),
    text: `${resultNoteMark}${findings
      .flatMap((finding) => [findingSentence(finding, language), suggestionSentence(finding, language)])
      .filter((part) => part !== undefined)
      .join('\n')}`,
  }));

/** Writes notes and their drawing among the changes; the sheet's new relationship to a drawing where it had none. */
const putNotes = async (
  file: PackageFile,
  workbook: OpenWorkbook,
  sheetPart: string,
  facts: SheetFacts,
  notes: readonly SheetNote[],
  changes: Changes,
  types: PartTypes,
): Promise<SheetMarks['notesDrawing']> => {
  const relationships = await openRelationships(file, sheetPart, workbook.relationshipBase);
  const commentsPart = relationships.targetOf({ kind: 'comments' });
  const drawingPart =
    facts.notesDrawingId === undefined ? undefined : relationships.targetOf({ id: facts.notesDrawingId });
  if (notes.length === 0 && !commentsPart) return undefined;
  const added = await addNotes(
    {
      comments: commentsPart ? await file.read(commentsPart) : emptyNotes(workbook.namespace),
      drawing: drawingPart ? await file.read(drawingPart) : emptyDrawing,
    },
    notes,
  );
  if (!added) return undefined;
  const comments = commentsPart ?? file.newName('xl/comments', '.xml');
  const drawing = drawingPart ?? file.newName('xl/drawings/vmlDrawing', '.vml');
  if (!commentsPart) relationships.add('comments', comments);
  const id = drawingPart ? undefined : relationships.add('vmlDrawing', drawing);
  changes.set(comments, added.comments);
  changes.set(drawing, added.drawing);
  types.set(comments, 'comments');
  if (relationships.isChanged()) changes.set(relationships.name, await relationships.write());
  return id === undefined ? undefined : { id, namespace: workbook.relationshipBase };
};

/** Where the result columns start: where an earlier result's are, else right of everything. */
const firstResultColumn = ({ columns, resultColumns }: Layout): number =>
  resultColumns?.first ?? Math.max(...columns.map(({ column }) => column)) + 1;

/**
 * The sender's own workbook with the result in it: result columns beside each row, findings as coloured cells with notes,
 * and the sheets Result, Summary and To fix. Everything else in it stays as it was. `bytes` have been read before.
 */
export const ownWorkbook = async (
  bytes: Buffer,
  result: ResultOf,
  rows: readonly ResultRow[],
  layout: Layout,
): Promise<Buffer> => {
  const { language } = layout;
  const file = await openPackageFile(bytes);
  const workbook = await openWorkbook(file);
  const { sheetPart } = await readWorkbook(await openZip(bytes, sizeLimits(mostUploadRows)));
  const sheet = file.find(sheetPart) ?? sheetPart;
  const facts = await readSheetFacts(await file.stream(sheet));
  const changes: Changes = new Map();

  const stylesPart = workbook.stylesPart ?? 'xl/styles.xml';
  if (!workbook.stylesPart) workbook.relationships.add('styles', stylesPart);
  const styles = file.find(stylesPart)
    ? await file.read(stylesPart)
    : Buffer.from(`<styleSheet xmlns="${workbook.namespace}"></styleSheet>`);
  const formats = await addFormats(styles);
  changes.set(stylesPart, formats.styles);
  const types: PartTypes = new Map([[stylesPart, 'styles']]);

  const byCell = findingsByCell(rows);
  const notesDrawing = await putNotes(
    file,
    workbook,
    sheet,
    facts,
    notesOf(byCell, language),
    changes,
    types,
  );
  const marks: SheetMarks = {
    headerRow: layout.headerRow,
    firstColumn: firstResultColumn(layout),
    headers: resultHeaders,
    results: new Map(rows.map((row) => [row.row, resultTexts(row, language)])),
    cells: colouredCells(byCell),
    formats: formats.colours,
    notesDrawing,
  };
  changes.set(sheet, rewriteXml(await file.stream(sheet), markWorksheet(marks, facts)));

  for (const table of resultTables(result, rows, language)) {
    const part = workbook.sheetPart(table.name);
    const look = { namespace: workbook.namespace, headerFormat: formats.header };
    changes.set(part, toAsync(tableSheet(table, look)));
    types.set(part, 'worksheet');
  }
  changes.set(workbook.part, await workbook.write());
  changes.set(workbook.relationships.name, await workbook.relationships.write());
  changes.set('[Content_Types].xml', await addContentTypes(await file.read('[Content_Types].xml'), types));
  return file.write(changes);
};

async function* toAsync(pieces: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* pieces;
}
