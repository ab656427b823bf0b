import type { FindingCode } from '../../domain/findings/finding.ts';
import { type CellFinding, uploadModes } from '../../domain/uploads/upload.ts';
import type { InvalidFile, Refusal } from './readers/invalid-file.ts';

type Told = { code: FindingCode; value?: string; expected?: string };

const unsupported = (value?: string): Told => ({
  code: 'FILE_TYPE_UNSUPPORTED',
  ...(value && { value }),
  expected: '.xlsx, .csv, .tsv',
});

const findings: Readonly<Record<Refusal, Told>> = {
  FILE_EMPTY: { code: 'FILE_EMPTY' },
  FILE_TOO_LARGE: { code: 'FILE_TOO_LARGE' },
  FILE_GONE: { code: 'FILE_REMOVED' },
  MODE_UNKNOWN: { code: 'MODE_UNKNOWN', expected: uploadModes.join(', ') },
  XLS: unsupported('.xls'),
  XLSM: unsupported('.xlsm'),
  XLSB: unsupported('.xlsb'),
  ENCRYPTED: { code: 'FILE_ENCRYPTED' },
  NOT_A_SPREADSHEET: unsupported(),
  DAMAGED: { code: 'FILE_DAMAGED' },
  UNSAFE_XML: { code: 'FILE_DAMAGED' },
  INFLATES_TOO_MUCH: { code: 'FILE_CONTENT_TOO_LARGE' },
  NO_SHEET: { code: 'SHEET_MISSING' },
  TOO_MANY_ROWS: { code: 'FILE_TOO_MANY_ROWS' },
  TOO_MANY_COLUMNS: { code: 'FILE_TOO_MANY_COLUMNS' },
  CELL_TOO_LONG: { code: 'CELL_TOO_LONG' },
  ENCODING_UNREADABLE: { code: 'ENCODING_UNREADABLE' },
  HEADER_MISSING: { code: 'HEADER_MISSING' },
  DUPLICATE_COLUMN: { code: 'DUPLICATE_COLUMN' },
  HEADER_CHANGES: { code: 'HEADER_REPEATED' },
  NO_ROWS: { code: 'ROWS_MISSING' },
  TOO_MANY_FINDINGS: { code: 'FILE_TOO_MANY_FINDINGS' },
  TOO_SLOW: { code: 'FILE_CONTENT_TOO_LARGE' },
};

const maxCharacters = 200;

/** A refused file as the finding that tells its sender why; in no language, for the sentence comes from its code. */
export const fileFinding = ({
  refusal,
  detail: { technical: _technical, value, ...bounds },
}: Pick<InvalidFile, 'refusal' | 'detail'>): CellFinding => ({
  severity: 'ERROR',
  ...findings[refusal],
  ...(value && { value: value.slice(0, maxCharacters) }),
  ...bounds,
});

/** A fault of ours; sending the file again is safe. */
export const faultFinding: CellFinding = { severity: 'ERROR', code: 'UPLOAD_FAULT' };
