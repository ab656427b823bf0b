import * as z from 'zod';
import { columnNames } from '../uploads/template-columns.ts';
import type { FieldOrigin } from './field-origin.ts';
import type { OriginalDocument } from './received-order-data.ts';

/** A field, a cell it comes from, and the text of that cell as stored. */
const cellOriginSchema = z.tuple([z.string(), z.string(), z.string()]);
export type CellOrigin = z.infer<typeof cellOriginSchema>;

/** The stored provenance of an order out of a file: which cells, and with what in mind the file was read. */
export const sheetProvenanceSchema = z.object({
  sheet: z.string().optional(),
  rows: z.array(z.int()),
  timeZone: z.string(),
  headerAliases: z.record(z.string(), z.enum(columnNames)).optional(),
  cells: z.array(cellOriginSchema),
});
export type SheetProvenance = z.infer<typeof sheetProvenanceSchema>;

type File = Pick<Extract<OriginalDocument, { kind: 'SPREADSHEET' }>, 'objectKey' | 'versionId' | 'mail'>;

/** Origins by field: its cells, and the mail that brought the file. */
export const originsInSheet = (
  { objectKey, versionId }: File,
  { sheet, cells }: Pick<SheetProvenance, 'sheet' | 'cells'>,
): FieldOrigin[] =>
  cells.map(([field, cell, raw]) => ({
    field,
    raw,
    locator: { kind: 'CELL', objectKey, versionId, ...(sheet !== undefined && { sheet }), cell },
  }));
