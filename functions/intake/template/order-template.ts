import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { type ColumnName, columnNames, templateColumns } from '../../../domain/uploads/template-columns.ts';
import type { Language } from '../../../domain/values/languages.ts';
import { cellReference, columnLetters } from '../readers/cell.ts';
import { addNotes, emptyDrawing, emptyNotes } from '../result/own-file/add-notes.ts';
import { escapeAttribute, escapeXml } from '../result/own-file/rewrite-xml.ts';
import { choices, columnNotes, exampleRow } from './template-texts.ts';

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Indexes of cell formats in `styles` below. */
const formats = { general: 0, required: 1, optional: 2, text: 3, example: 4, wrapped: 5 } as const;

/** The rows that drop-down lists and text formats reach to. */
const lastRow = 10_001;

const styles = `${xml}<styleSheet xmlns="${main}"><fonts count="3"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font><font><i/><sz val="11"/><color rgb="FF808080"/><name val="Calibri"/></font></fonts>
<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFD966"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFD9E1F2"/></patternFill></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="6"><xf xfId="0"/><xf xfId="0" numFmtId="49" fontId="1" fillId="2" applyFont="1" applyFill="1"/><xf xfId="0" numFmtId="49" fontId="1" fillId="3" applyFont="1" applyFill="1"/><xf xfId="0" numFmtId="49" applyNumberFormat="1"/><xf xfId="0" numFmtId="49" fontId="2" applyNumberFormat="1" applyFont="1"/><xf xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs></styleSheet>`;

const textCell = (text: string, reference: string, format: number): string =>
  `<c r="${reference}" s="${format}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;

const rowOf = (row: number, cells: readonly string[]): string => `<row r="${row}">${cells.join('')}</row>`;

/** Columns whose cells a spreadsheet program would spoil if it took them for numbers. */
const isKeptAsText = (name: ColumnName): boolean =>
  ['identifier', 'telephone'].includes(templateColumns[name].format);

const headerOf = (name: ColumnName, language: Language): string =>
  `${templateColumns[name].header[language]}${templateColumns[name].requirement === 'required' ? '*' : ''}`;

const columnElements = columnNames
  .map((name, index) => {
    const style = isKeptAsText(name) ? formats.text : formats.general;
    return `<col min="${index + 1}" max="${index + 1}" width="16" customWidth="1" style="${style}"/>`;
  })
  .join('');

const validations = (language: Language): string => {
  const lists = columnNames.flatMap((name, column) => {
    const words = choices[name]?.[language];
    if (!words) return [];
    const letters = columnLetters(column);
    return `<dataValidation type="list" allowBlank="1" sqref="${letters}2:${letters}${lastRow}"><formula1>${escapeXml(`"${words.join(',')}"`)}</formula1></dataValidation>`;
  });
  return `<dataValidations count="${lists.length}">${lists.join('')}</dataValidations>`;
};

const orderSheet = (language: Language, day: string): string => {
  const example = exampleRow(day);
  const headers = columnNames.map((name, column) => {
    const isRequired = templateColumns[name].requirement === 'required';
    return textCell(
      headerOf(name, language),
      cellReference(column, 1),
      isRequired ? formats.required : formats.optional,
    );
  });
  const filled = columnNames.flatMap((name, column) => {
    const text = example[name]?.[language];
    return text === undefined ? [] : [textCell(text, cellReference(column, 2), formats.example)];
  });
  return `${xml}<worksheet xmlns="${main}" xmlns:r="${office}"><sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews><cols>${columnElements}</cols><sheetData>${rowOf(1, headers)}${rowOf(2, filled)}</sheetData>${validations(language)}<legacyDrawing r:id="rId2"/></worksheet>`;
};

const noteSheet = (language: Language): string => {
  const rows = columnNames.map((name, index) =>
    rowOf(index + 1, [
      textCell(headerOf(name, language), `A${index + 1}`, formats.wrapped),
      textCell(columnNotes(name)[language], `B${index + 1}`, formats.wrapped),
      textCell((choices[name]?.[language] ?? []).join(' / '), `C${index + 1}`, formats.wrapped),
    ]),
  );
  return `${xml}<worksheet xmlns="${main}"><cols><col min="1" max="1" width="24" customWidth="1"/><col min="2" max="2" width="70" customWidth="1"/><col min="3" max="3" width="50" customWidth="1"/></cols><sheetData>${rows.join('')}</sheetData></worksheet>`;
};

const relationships = (targets: readonly (readonly [kind: string, target: string])[]): string =>
  `${xml}<Relationships xmlns="${packages}/relationships">${targets
    .map(
      ([kind, target], index) =>
        `<Relationship Id="rId${index + 1}" Type="${office}/${kind}" Target="${target}"/>`,
    )
    .join('')}</Relationships>`;

const override = (part: string, type: string): string =>
  `<Override PartName="/xl/${part}" ContentType="${spreadsheet}.${type}+xml"/>`;

const sheetNames: Readonly<Record<Language, readonly [string, string]>> = {
  'zh-CN': ['订单', '填写说明'],
  en: ['Orders', 'How to fill in'],
};

/**
 * The workbook that partners fill in, contract §4: required columns marked, drop-down lists, a note on every header, an
 * example row that is skipped, and a sheet of explanations. `day` is the example's delivery date.
 */
export const orderTemplate = async (language: Language, day: string): Promise<Buffer> => {
  const headerNotes = columnNames.map((name, column) => ({
    column,
    row: 1,
    text: columnNotes(name)[language],
  }));
  const notes = await addNotes({ comments: emptyNotes(main), drawing: emptyDrawing }, headerNotes);
  if (!notes) throw new Error('the drawing of a new workbook is understood');
  const parts: Record<string, string | Buffer> = {
    '[Content_Types].xml': `${xml}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>${override('workbook.xml', 'sheet.main')}${override('worksheets/sheet1.xml', 'worksheet')}${override('worksheets/sheet2.xml', 'worksheet')}${override('styles.xml', 'styles')}${override('comments1.xml', 'comments')}</Types>`,
    '_rels/.rels': relationships([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${sheetNames[language]
      .map(
        (name, index) =>
          `<sheet name="${escapeAttribute(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships([
      ['worksheet', 'worksheets/sheet1.xml'],
      ['worksheet', 'worksheets/sheet2.xml'],
      ['styles', 'styles.xml'],
    ]),
    'xl/styles.xml': styles,
    'xl/worksheets/sheet1.xml': orderSheet(language, day),
    'xl/worksheets/sheet2.xml': noteSheet(language),
    'xl/worksheets/_rels/sheet1.xml.rels': relationships([
      ['comments', '../comments1.xml'],
      ['vmlDrawing', '../drawings/vmlDrawing1.vml'],
    ]),
    'xl/comments1.xml': notes.comments,
    'xl/drawings/vmlDrawing1.vml': notes.drawing,
  };
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return buffer(zip.outputStream);
};
