/** Bounds of a file, contract §4: what a sheet of orders needs, and what a hostile one must not take. */
export const limits = {
  fileBytes: 10 * 1024 * 1024,
  dataRows: 10_000,
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
  /** Counted as they inflate, over all parts that are read. */
  inflatedBytes: 200 * 1024 * 1024,
  partBytes: 150 * 1024 * 1024,
  /** Of a part beyond `ratioFromBytes`: deflate reaches 1000, long sheets of repeated rows about 100. */
  inflationRatio: 200,
  ratioFromBytes: 16 * 1024 * 1024,
  zipEntries: 2000,
  xmlDepth: 64,
  /** One tag or text; a full cell written wholly in character references fits. */
  xmlTokenBytes: 1024 * 1024,
  sharedStrings: 1_000_000,
  /** Characters of shared strings and cells together. */
  characters: 32 * 1024 * 1024,
  styles: 65_536,
  sheets: 1000,
} as const;
