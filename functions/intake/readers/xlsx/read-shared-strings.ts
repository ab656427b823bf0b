import { InvalidFile } from '../invalid-file.ts';
import { limits } from '../limits.ts';
import { parseWhole } from './parse-xml.ts';
import { createStringItem } from './string-item.ts';

/** The shared strings of a workbook by their index. */
export const readSharedStrings = async (
  part: AsyncIterable<Buffer> | undefined,
  budget: { characters: number },
): Promise<string[]> => {
  if (!part) return [];
  const strings: string[] = [];
  const item = createStringItem(budget);
  await parseWhole(part, {
    open: item.open,
    text: item.text,
    close: (name) => {
      item.close(name);
      if (name !== 'si') return;
      strings.push(item.take());
      if (strings.length > limits.sharedStrings) throw new InvalidFile('INFLATES_TOO_MUCH');
    },
  });
  return strings;
};
