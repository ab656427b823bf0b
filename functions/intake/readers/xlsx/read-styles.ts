import { InvalidFile } from '../invalid-file.ts';
import { limits } from '../limits.ts';
import { type NumberFormat, numberFormatOf } from './number-format.ts';
import { parseWhole } from './parse-xml.ts';

/** Number formats by cell style index (`s`), from xl/styles.xml. */
export const readStyles = async (part: AsyncIterable<Buffer> | undefined): Promise<NumberFormat[]> => {
  if (!part) return [];
  const codes = new Map<number, string>();
  const formatIds: number[] = [];
  let inCellFormats = false;
  await parseWhole(part, {
    open: (name, attributes) => {
      if (name === 'cellXfs') inCellFormats = true;
      else if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      else if (name === 'xf' && inCellFormats) formatIds.push(Number(attributes.numFmtId ?? 0));
      if (codes.size > limits.styles || formatIds.length > limits.styles)
        throw new InvalidFile('DAMAGED', { technical: 'styles' });
    },
    close: (name) => {
      if (name === 'cellXfs') inCellFormats = false;
    },
  });
  return formatIds.map((id) => numberFormatOf(id, codes));
};
