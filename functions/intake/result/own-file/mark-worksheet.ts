import { cellReference } from '../../readers/cell.ts';
import { columnOf } from '../../readers/xlsx/column-of.ts';
import { escapeXml, localName, prefixOf, type XmlEdits, type XmlTag } from './rewrite-xml.ts';
import { colourFormula, type SheetFacts } from './sheet-facts.ts';
import { standsBehind } from './worksheet-order.ts';

export type Severity = 'ERROR' | 'HOLD' | 'WARNING';

/** What is written into the sender's sheet. Rows are 1-based, columns count from 0. */
export type SheetMarks = {
  headerRow: number;
  /** The first of the result columns, right of all that the sender used. */
  firstColumn: number;
  headers: readonly string[];
  /** By row: the texts of its result columns. */
  results: ReadonlyMap<number, readonly string[]>;
  /** Cells to colour, such as H12. */
  cells: Readonly<Record<Severity, readonly string[]>>;
  /** The differential format of each colour. */
  formats: Readonly<Record<Severity, number>>;
  /** Relationship to the drawing of the notes, where the sheet has none yet. */
  notesDrawing: { id: string; namespace: string } | undefined;
};

const columnWidths = [18, 24, 10, 9, 18, 20, 26, 48, 40];
const cellsPerRule = 500;
const textCell = (prefix: string, reference: string, text: string, style: string | undefined): string =>
  `<${prefix}c r="${reference}"${style === undefined ? '' : ` s="${style}"`} t="inlineStr"><${prefix}is><${prefix}t xml:space="preserve">${escapeXml(text)}</${prefix}t></${prefix}is></${prefix}c>`;

/** The cells of one row: the sender's, with ours put in at their columns in place of what stood there. */
const createRowWriter = (marks: SheetMarks) => {
  const { headerRow, firstColumn, headers, results } = marks;
  const afterLast = firstColumn + headers.length;
  let row = 0;
  let nextColumn = 0;
  let headerStyle: string | undefined;
  let isWritten = false;

  const ours = (prefix: string): string => {
    isWritten = true;
    const isHeader = row === headerRow;
    if (row < headerRow) return '';
    const texts = isHeader ? headers : (results.get(row) ?? []);
    return texts
      .map((text, index) =>
        text === ''
          ? ''
          : textCell(
              prefix,
              cellReference(firstColumn + index, row),
              text,
              isHeader ? headerStyle : undefined,
            ),
      )
      .join('');
  };

  return {
    openRow: ({ attributes }: XmlTag): void => {
      row = attributes.r === undefined ? row + 1 : Number(attributes.r);
      nextColumn = 0;
      isWritten = false;
      delete attributes.spans;
    },
    openCell: ({ name, attributes }: XmlTag): { before?: string; drop?: boolean } | undefined => {
      const column = attributes.r === undefined ? nextColumn : columnOf(attributes.r);
      nextColumn = column + 1;
      if (column < firstColumn || row < headerRow) {
        if (row === headerRow) headerStyle = attributes.s;
        return undefined;
      }
      // A cell without a reference counts from the one before it, which may now be ours.
      attributes.r ??= cellReference(column, row);
      const before = isWritten ? '' : ours(prefixOf(name));
      return column < afterLast ? { before, drop: true } : { before };
    },
    closeRow: (name: string): string => (isWritten ? '' : ours(prefixOf(name))),
  };
};

const colourRules = (prefix: string, { cells, formats }: SheetMarks, firstPriority: number): string => {
  let priority = firstPriority;
  const rules: string[] = [];
  for (const severity of ['ERROR', 'HOLD', 'WARNING'] as const)
    for (let start = 0; start < cells[severity].length; start += cellsPerRule) {
      const sqref = cells[severity].slice(start, start + cellsPerRule).join(' ');
      rules.push(
        `<${prefix}conditionalFormatting sqref="${sqref}"><${prefix}cfRule type="expression" dxfId="${formats[severity]}" priority="${priority}"><${prefix}formula>${escapeXml(colourFormula)}</${prefix}formula></${prefix}cfRule></${prefix}conditionalFormatting>`,
      );
      priority += 1;
    }
  return rules.join('');
};

const columnElement = (prefix: string, column: number, width: number): string =>
  `<${prefix}col min="${column + 1}" max="${column + 1}" width="${width}" customWidth="1"/>`;

/** The edits that put a result into the sender's sheet, and take out what an earlier one left there. */
export const markWorksheet = (marks: SheetMarks, facts: SheetFacts): XmlEdits => {
  const { firstColumn, headers, notesDrawing } = marks;
  const rows = createRowWriter(marks);
  const mayWiden = facts.lastWidth < firstColumn;
  const widths = (prefix: string): string =>
    headers.map((_, index) => columnElement(prefix, firstColumn + index, columnWidths[index] ?? 12)).join('');
  const insertionsFor = (prefix: string) => [
    {
      element: 'cols',
      text: mayWiden && !facts.hasWidths ? `<${prefix}cols>${widths(prefix)}</${prefix}cols>` : '',
    },
    { element: 'conditionalFormatting', text: colourRules(prefix, marks, facts.lastPriority + 1) },
    {
      element: 'legacyDrawing',
      text: notesDrawing
        ? `<${prefix}legacyDrawing xmlns:r="${notesDrawing.namespace}" r:id="${notesDrawing.id}"/>`
        : '',
    },
  ];
  let insertions: ReturnType<typeof insertionsFor> = [];
  /** What belongs before a child of the worksheet and is not there yet. */
  const before = (child: string): string => {
    let text = '';
    while (insertions[0] && standsBehind(child, insertions[0].element)) text += insertions.shift()?.text;
    return text;
  };
  let rulesSeen = 0;

  const openChild = (name: string): { before: string; drop: boolean } => {
    const isEarlierColour = name === 'conditionalFormatting' && facts.ownRules.has(rulesSeen++);
    return { before: before(name), drop: name === 'dimension' || isEarlierColour };
  };

  return {
    open: (tag, depth) => {
      const name = localName(tag.name);
      if (depth === 1) insertions = insertionsFor(prefixOf(tag.name));
      if (depth === 2) return openChild(name);
      if (depth === 3 && name === 'row') rows.openRow(tag);
      return depth === 4 && name === 'c' ? rows.openCell(tag) : undefined;
    },
    close: (tagName, depth) => {
      const name = localName(tagName);
      if (depth === 3 && name === 'row') return rows.closeRow(tagName);
      if (depth === 2 && name === 'cols' && mayWiden) return widths(prefixOf(tagName));
      return depth === 1 ? insertions.map(({ text }) => text).join('') : undefined;
    },
  };
};
