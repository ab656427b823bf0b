import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** A cell as a workbook stores it: a day is a number with a date format, a formula here has no value. */
export type WorkbookCell =
  | { kind: 'text'; text: string }
  | { kind: 'number'; text: string }
  | { kind: 'day'; day: string }
  | { kind: 'error'; text: string }
  | { kind: 'formula'; formula: string };

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const mediaTypes = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const dayStyle = 1;
/** Equal content makes equal bytes. */
const writtenAt = new Date(2026, 0, 1);

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Days since the 30th of December 1899, as spreadsheets count them. */
const serialOf = (day: string): number =>
  (Date.parse(`${day}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / 86_400_000;

const cellXml = (cell: WorkbookCell): string => {
  switch (cell.kind) {
    case 'text':
      return `<c t="inlineStr"><is><t xml:space="preserve">${escaped(cell.text)}</t></is></c>`;
    case 'number':
      return `<c><v>${escaped(cell.text)}</v></c>`;
    case 'day':
      return `<c s="${dayStyle}"><v>${serialOf(cell.day)}</v></c>`;
    case 'error':
      return `<c t="e"><v>${escaped(cell.text)}</v></c>`;
    case 'formula':
      return `<c><f>${escaped(cell.formula)}</f></c>`;
    default:
      return cell satisfies never;
  }
};

const columnLetters = (column: number): string =>
  (column >= 26 ? columnLetters(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26));

const rowXml = (cells: readonly (WorkbookCell | undefined)[], index: number): string => {
  const row = index + 1;
  const written = cells.flatMap((cell, column) =>
    cell ? [cellXml(cell).replace('<c', `<c r="${columnLetters(column)}${row}"`)] : [],
  );
  return `<row r="${row}">${written.join('')}</row>`;
};

const relationships = (targets: readonly (readonly [type: string, target: string])[]): string =>
  `${xml}<Relationships xmlns="${packages}/relationships">${targets
    .map(
      ([type, target], index) =>
        `<Relationship Id="rId${index + 1}" Type="${office}/${type}" Target="${target}"/>`,
    )
    .join('')}</Relationships>`;

const styles = `${xml}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>
<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="2"><xf numFmtId="0" xfId="0"/><xf numFmtId="164" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`;

const contentTypes = `${xml}<Types xmlns="${packages}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="${mediaTypes}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${mediaTypes}.worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="${mediaTypes}.styles+xml"/></Types>`;

/**
 * An .xlsx of one sheet. Written by hand since sample files need what writers of good files cannot write: error values,
 * and formulas that were never computed.
 */
export const writeWorkbook = async (
  sheetName: string,
  rows: readonly (readonly (WorkbookCell | undefined)[])[],
): Promise<Buffer> => {
  const parts = {
    '[Content_Types].xml': contentTypes,
    '_rels/.rels': relationships([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${escaped(sheetName)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships([
      ['worksheet', 'worksheets/sheet1.xml'],
      ['styles', 'styles.xml'],
    ]),
    'xl/styles.xml': styles,
    'xl/worksheets/sheet1.xml': `${xml}<worksheet xmlns="${main}"><sheetData>${rows.map(rowXml).join('')}</sheetData></worksheet>`,
  };
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(parts))
    zip.addBuffer(Buffer.from(content), name, { mtime: writtenAt });
  zip.end();
  return buffer(zip.outputStream);
};
