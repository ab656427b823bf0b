import { cellReference } from '../../../functions/intake/readers/cell.ts';
import { escapeXml, type Parts, zipOf } from '../an-xlsx.ts';
import type { CellSpec } from './cell-spec.ts';

/** How a writer writes what all mean alike. */
export type Dialect = {
  /** The namespace prefix of every element of a sheet. */
  prefix: string;
  strict: boolean;
  /** Rows and cells say where they are. */
  references: boolean;
  strings: 'shared' | 'inline' | 'str';
  compress: boolean;
};

export const plainDialect: Dialect = {
  prefix: '',
  strict: false,
  references: true,
  strings: 'shared',
  compress: true,
};

export type RowSpec = { cells: readonly (CellSpec | undefined)[]; attributes?: string };
export type SheetSpec = {
  name: string;
  state?: string;
  rows: readonly RowSpec[];
  /** `<col>` elements. */
  columns?: string;
  merged?: readonly string[];
};
export type BookSpec = { sheets: readonly SheetSpec[]; date1904?: boolean; dialect?: Partial<Dialect> };

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const namespaces = {
  transitional: {
    main: 'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
    office: 'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
  },
  strict: {
    main: 'http://purl.oclc.org/ooxml/spreadsheetml/main',
    office: 'http://purl.oclc.org/ooxml/officeDocument/relationships',
  },
};
const packages = 'http://schemas.openxmlformats.org/package/2006';
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const dayMilliseconds = 86_400_000;

/** The serial number of a date, or of a local date and time, in the 1900 or the 1904 system; from March 1900 on. */
export const serialOf = (date: string, date1904 = false): string => {
  const instant = Date.parse(`${date.includes('T') ? date : `${date}T00:00:00`}Z`);
  return String((instant - (date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30))) / dayMilliseconds);
};

/** Shared strings and number formats, collected while the sheets are written. */
const createTables = () => {
  const strings: string[] = [];
  const formats: string[] = [];
  const indexIn = (list: string[], item: string): number => {
    const at = list.indexOf(item);
    return at === -1 ? list.push(item) - 1 : at;
  };
  return {
    strings,
    formats,
    stringIndex: (item: string) => indexIn(strings, item),
    styleIndex: (code: string) => indexIn(formats, code) + 1,
  };
};
type Tables = ReturnType<typeof createTables>;

const textElement = (text: string, tag: string): string =>
  `<${tag} xml:space="preserve">${escapeXml(text)}</${tag}>`;

const itemOf = (cell: CellSpec, p: string): string | undefined => {
  if (typeof cell === 'string') return textElement(cell, `${p}t`);
  if (!('runs' in cell)) return undefined;
  const runs = cell.runs.map((run) => `<${p}r>${textElement(run, `${p}t`)}</${p}r>`).join('');
  return cell.guide === undefined
    ? runs
    : `${runs}<${p}rPh sb="0" eb="1">${textElement(cell.guide, `${p}t`)}</${p}rPh>`;
};

type CellParts = { type?: string; style?: number; content: string };

const createCells = (tables: Tables, { prefix, strings }: Dialect, date1904: boolean) => {
  const p = prefix && `${prefix}:`;
  const value = (text: string): string => `<${p}v>${escapeXml(text)}</${p}v>`;

  const stringCell = (item: string, text: string): CellParts => {
    if (strings === 'inline') return { type: 'inlineStr', content: `<${p}is>${item}</${p}is>` };
    if (strings === 'str') return { type: 'str', content: value(text) };
    return { type: 's', content: value(String(tables.stringIndex(item))) };
  };

  const parts = (cell: Exclude<CellSpec, { xml: string }>): CellParts => {
    if (typeof cell === 'string') return stringCell(itemOf(cell, p) ?? '', cell);
    if ('runs' in cell) return stringCell(itemOf(cell, p) ?? '', cell.runs.join(''));
    if ('error' in cell) return { type: 'e', content: value(cell.error) };
    if ('boolean' in cell) return { type: 'b', content: value(cell.boolean ? '1' : '0') };
    if ('number' in cell)
      return {
        ...(cell.format !== undefined && { style: tables.styleIndex(cell.format) }),
        content: value(cell.number),
      };
    if ('date' in cell)
      return {
        style: tables.styleIndex(cell.format ?? 'yyyy\\-mm\\-dd'),
        content: value(serialOf(cell.date, date1904)),
      };
    const formula = `<${p}f${cell.attributes ? ` ${cell.attributes}` : ''}>${escapeXml(cell.formula)}</${p}f>`;
    if (cell.result === undefined) return { content: formula + (cell.emptyValue ? `<${p}v></${p}v>` : '') };
    if (typeof cell.result === 'string') return { type: 'str', content: formula + value(cell.result) };
    if ('xml' in cell.result) throw new TypeError('a formula has a value for a result');
    const result = parts(cell.result);
    return { ...result, content: formula + result.content };
  };

  return (cell: CellSpec, reference: string | undefined): string => {
    if (typeof cell === 'object' && 'xml' in cell) return cell.xml;
    const { type, style, content } = parts(cell);
    const attributes = [
      ...(reference ? [`r="${reference}"`] : []),
      ...(style === undefined ? [] : [`s="${style}"`]),
      ...(type ? [`t="${type}"`] : []),
    ];
    return `<${[`${p}c`, ...attributes].join(' ')}>${content}</${p}c>`;
  };
};

const sheetXml = (
  { rows, columns = '', merged = [] }: SheetSpec,
  cellXml: ReturnType<typeof createCells>,
  { prefix, strict, references }: Dialect,
): string => {
  const p = prefix && `${prefix}:`;
  const { main } = namespaces[strict ? 'strict' : 'transitional'];
  const data = rows.map(({ cells, attributes = '' }, row) => {
    const written = cells.map((cell, column) => {
      if (cell === undefined) return references ? '' : `<${p}c/>`;
      return cellXml(cell, references ? cellReference(column, row + 1) : undefined);
    });
    return `<${p}row${references ? ` r="${row + 1}"` : ''}${attributes && ` ${attributes}`}>${written.join('')}</${p}row>`;
  });
  return [
    `${xml}<${p}worksheet xmlns${prefix && `:${prefix}`}="${main}">`,
    columns && `<${p}cols>${columns}</${p}cols>`,
    `<${p}sheetData>${data.join('')}</${p}sheetData>`,
    merged.length > 0
      ? `<${p}mergeCells count="${merged.length}">${merged.map((ref) => `<${p}mergeCell ref="${ref}"/>`).join('')}</${p}mergeCells>`
      : '',
    `</${p}worksheet>`,
  ].join('');
};

/** The parts of a workbook, so that a test can spoil them one by one. */
export const workbookParts = ({ sheets, date1904 = false, dialect: some = {} }: BookSpec): Parts => {
  const dialect = { ...plainDialect, ...some };
  const { main, office } = namespaces[dialect.strict ? 'strict' : 'transitional'];
  const p = dialect.prefix && `${dialect.prefix}:`;
  const tables = createTables();
  const cellXml = createCells(tables, dialect, date1904);
  const sheetParts = sheets.map((sheet) => sheetXml(sheet, cellXml, dialect));
  const relationship = (id: string, kind: string, target: string) =>
    `<Relationship Id="${id}" Type="${office}/${kind}" Target="${target}"/>`;
  const relationships = (items: string[]) =>
    `${xml}<Relationships xmlns="${packages}/relationships">${items.join('')}</Relationships>`;
  const formats = tables.formats.map(
    (code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${escapeXml(code)}"/>`,
  );
  return {
    '[Content_Types].xml': `${xml}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${spreadsheet}.sheet.main+xml"/></Types>`,
    '_rels/.rels': relationships([relationship('rId1', 'officeDocument', 'xl/workbook.xml')]),
    'xl/workbook.xml': `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets>${sheets
      .map(
        ({ name, state }, index) =>
          `<sheet name="${escapeXml(name)}" sheetId="${index + 1}"${state ? ` state="${state}"` : ''} r:id="rId${index + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships([
      ...sheets.map((_, index) =>
        relationship(`rId${index + 1}`, 'worksheet', `worksheets/sheet${index + 1}.xml`),
      ),
      relationship('rIdStrings', 'sharedStrings', 'sharedStrings.xml'),
      relationship('rIdStyles', 'styles', 'styles.xml'),
    ]),
    'xl/sharedStrings.xml': `${xml}<${p}sst xmlns${dialect.prefix && `:${dialect.prefix}`}="${main}">${tables.strings
      .map((item) => `<${p}si>${item}</${p}si>`)
      .join('')}</${p}sst>`,
    'xl/styles.xml': `${xml}<styleSheet xmlns="${main}"><numFmts>${formats.join('')}</numFmts><cellXfs><xf numFmtId="0"/>${formats.map((_, index) => `<xf numFmtId="${164 + index}"/>`).join('')}</cellXfs></styleSheet>`,
    ...Object.fromEntries(sheetParts.map((part, index) => [`xl/worksheets/sheet${index + 1}.xml`, part])),
  };
};

/** A workbook in any dialect, also in those that good writers do not speak. */
export const writeWorkbook = (book: BookSpec): Promise<Buffer> =>
  zipOf(workbookParts(book), book.dialect?.compress ?? true);
