import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** Parts of a workbook by name; the usual ones are filled in around the given sheet. */
export type Parts = Record<string, string | Buffer>;

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const officeRelations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export const contentTypes = (mainType: string): string =>
  `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="${mainType}"/></Types>`;

export const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml';

export const worksheet = (rows: string): string =>
  `${xml}<worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`;

/** Sheets of a workbook part: name, file, and state when it is not visible. */
export const workbook = (sheets: { name: string; state?: string }[], properties = ''): Parts => ({
  'xl/workbook.xml': `${xml}<workbook xmlns="${main}" xmlns:r="${officeRelations}">${properties}<sheets>${sheets
    .map(
      ({ name, state }, index) =>
        `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"${state ? ` state="${state}"` : ''}/>`,
    )
    .join('')}</sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${xml}<Relationships xmlns="${relations}">${sheets
    .map(
      (_, index) =>
        `<Relationship Id="rId${index + 1}" Type="${officeRelations}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
    )
    .join(
      '',
    )}<Relationship Id="rIdS" Type="${officeRelations}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rIdT" Type="${officeRelations}/styles" Target="styles.xml"/></Relationships>`,
});

/** A zip of the given parts, in memory. */
export const zipOf = (parts: Parts, compress = true): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(parts))
    zip.addBuffer(Buffer.from(content), name, { compress });
  zip.end();
  return buffer(zip.outputStream);
};

/** A workbook of one sheet with these rows (XML) and whatever other parts a test needs. */
export const anXlsx = (rows: string, parts: Parts = {}): Promise<Buffer> =>
  zipOf({
    '[Content_Types].xml': contentTypes(xlsxType),
    '_rels/.rels': `${xml}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${officeRelations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ...workbook([{ name: 'Sheet1' }]),
    'xl/worksheets/sheet1.xml': worksheet(rows),
    ...parts,
  });

/** Rows of inline strings. */
export const textRows = (rows: readonly (readonly string[])[]): string =>
  rows
    .map(
      (cells) =>
        `<row>${cells.map((text) => `<c t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`).join('')}</row>`,
    )
    .join('');

export const styles = (codes: readonly string[]): string =>
  `${xml}<styleSheet xmlns="${main}"><numFmts>${codes.map((code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${escapeXml(code)}"/>`).join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${codes.map((_, index) => `<xf numFmtId="${164 + index}"/>`).join('')}</cellXfs></styleSheet>`;
