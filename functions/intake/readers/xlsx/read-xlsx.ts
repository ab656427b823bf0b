import type { Sheet } from '../cell.ts';
import { createCellPool } from '../cell-pool.ts';
import { InvalidFile } from '../invalid-file.ts';
import type { SizeLimits } from '../limits.ts';
import { holdsOrders } from './find-orders.ts';
import { openZip, type Package } from './open-zip.ts';
import { parseWhole } from './parse-xml.ts';
import { readSharedStrings } from './read-shared-strings.ts';
import { readStyles } from './read-styles.ts';
import { readWorkbook } from './read-workbook.ts';
import { readWorksheet } from './read-worksheet.ts';

const refuseOtherKinds = async (zip: Package): Promise<void> => {
  const contentTypes = zip.read('[Content_Types].xml');
  if (!contentTypes) throw new InvalidFile('NOT_A_SPREADSHEET', { value: 'zip' });
  let types = '';
  await parseWhole(contentTypes, {
    open: (_name, { ContentType = '' }) => {
      if (/\.main(\+xml)?$/i.test(ContentType)) types += `${ContentType.toLowerCase()} `;
    },
  });
  if (types.includes('binary')) throw new InvalidFile('XLSB');
  if (types.includes('macroenabled') || zip.has('xl/vbaProject.bin')) throw new InvalidFile('XLSM');
  if (!types.includes('spreadsheetml')) throw new InvalidFile('NOT_A_SPREADSHEET', { value: 'Office' });
};

/** Rows of the order sheet of an .xlsx workbook held in memory, streamed; throws InvalidFile and nothing else. */
export async function* readXlsx(bytes: Buffer, sizes: SizeLimits, signal?: AbortSignal): Sheet {
  const zip = await openZip(bytes, sizes, signal);
  await refuseOtherKinds(zip);
  const { sheetName, sheetPart, hiddenSheet, otherSheets, stringsPart, stylesPart, date1904 } =
    await readWorkbook(zip);
  const sheet = zip.read(sheetPart);
  if (!sheet) throw new InvalidFile('DAMAGED', { technical: sheetPart.slice(0, 200) });
  const budget = { characters: sizes.characters };
  const styles = await readStyles(zip.read(stylesPart));
  const strings = await readSharedStrings(zip.read(stringsPart), budget);
  const context = { strings, styles, date1904, share: createCellPool() };
  const facts = yield* readWorksheet(sheet, context, budget);
  const unreadSheets: string[] = [];
  for (const { name, part } of otherSheets) {
    const other = zip.read(part);
    if (other && (await holdsOrders(readWorksheet(other, context, budget)))) unreadSheets.push(name);
  }
  return {
    ...facts,
    name: sheetName,
    ...(hiddenSheet !== undefined && { hiddenSheet }),
    unreadSheets,
    hasDecimalCommas: false,
  };
}
