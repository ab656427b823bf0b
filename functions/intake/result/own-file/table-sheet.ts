import { cellReference, columnLetters } from '../../readers/cell.ts';
import type { ResultTable } from '../result-tables.ts';
import { escapeXml } from './rewrite-xml.ts';
import { colourFormula } from './sheet-facts.ts';

const maxCellCharacters = 32_767;

const cell = (value: string | number, reference: string): string => {
  if (typeof value === 'number') return `<c r="${reference}"><v>${value}</v></c>`;
  if (value === '') return '';
  return `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(value.slice(0, maxCellCharacters))}</t></is></c>`;
};

/** A worksheet part of one table. Texts are strings whatever they look like: none becomes a formula. */
export const tableSheet = function* (
  { rows, widths, hasHeader }: ResultTable,
  { namespace, headerFormat }: { namespace: string; headerFormat: number },
): Generator<Buffer> {
  const views = hasHeader
    ? '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    : '';
  const columns = widths
    .map((width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`)
    .join('');
  yield Buffer.from(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="${namespace}">${views}<cols>${columns}</cols><sheetData>`,
  );
  for (const [index, values] of rows.entries())
    yield Buffer.from(
      `<row r="${index + 1}">${values.map((value, column) => cell(value, cellReference(column, index + 1))).join('')}</row>`,
    );
  const header = hasHeader ? `A1:${columnLetters(widths.length - 1)}1` : `A1:A${rows.length}`;
  yield Buffer.from(
    `</sheetData><conditionalFormatting sqref="${header}"><cfRule type="expression" dxfId="${headerFormat}" priority="1"><formula>${escapeXml(colourFormula)}</formula></cfRule></conditionalFormatting></worksheet>`,
  );
};
