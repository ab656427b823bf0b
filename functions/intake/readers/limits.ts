import { defaultUploadRows, uploadBytes } from '../../../domain/uploads/upload-limits.ts';

/** Bounds of a file, contract §4: what a sheet of orders needs, and what a hostile one must not take. */
export const limits = {
  /** The header is the first of so many rows that has so many known headers. */
  headerRow: 10,
  knownHeaders: 5,
  columns: 200,
  /** Of a record of delimited text, blank ones too: as many as the widest sheet has columns. */
  fields: 16_384,
  /** Merged ranges of a sheet. */
  mergedRanges: 65_536,
  /** Formulas whose one result stands in many cells; each is looked up for every cell below. */
  spiltFormulas: 100,
  cellCharacters: 32_767,
  /** Of a part beyond `ratioFromBytes`: deflate reaches 1000, long sheets of repeated rows about 100. */
  inflationRatio: 200,
  ratioFromBytes: 16 * 1024 * 1024,
  zipEntries: 2000,
  xmlDepth: 64,
  /** One tag or text; a full cell written wholly in character references fits. */
  xmlTokenBytes: 1024 * 1024,
  sharedStrings: 1_000_000,
  styles: 65_536,
  sheets: 1000,
} as const;

const mebibyte = 1024 * 1024;

/** Bounds that follow from how many rows a file may have, as configured. */
export const sizeLimits = (dataRows: number = defaultUploadRows) => ({
  fileBytes: uploadBytes(dataRows),
  dataRows,
  findings: 10 * dataRows,
  /** Counted as they inflate, over all parts that are read. */
  inflatedBytes: Math.max(200 * mebibyte, dataRows * 4096),
  partBytes: Math.max(150 * mebibyte, dataRows * 3072),
  /** Characters of shared strings and cells together. */
  characters: Math.max(32 * mebibyte, dataRows * 640),
});
export type SizeLimits = ReturnType<typeof sizeLimits>;
