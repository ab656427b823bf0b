import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

let font: Promise<Buffer> | undefined;

/** The font that build/convert-font.ts puts beside the bundle, read once per sandbox. */
export const invoiceFont = (): Promise<Buffer> => {
  font ??= readFile(join(import.meta.dirname, 'noto-sans-sc.ttf'));
  return font;
};
