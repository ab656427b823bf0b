/** Why a whole file is refused; file-finding.ts gives it a code. */
export const refusals = [
  'FILE_EMPTY',
  'FILE_TOO_LARGE',
  'FILE_GONE',
  'MODE_UNKNOWN',
  'XLS',
  'XLSM',
  'XLSB',
  'ENCRYPTED',
  'NOT_A_SPREADSHEET',
  'DAMAGED',
  'UNSAFE_XML',
  'INFLATES_TOO_MUCH',
  'NO_SHEET',
  'TOO_MANY_ROWS',
  'TOO_MANY_COLUMNS',
  'CELL_TOO_LONG',
  'ENCODING_UNREADABLE',
  'HEADER_MISSING',
  'DUPLICATE_COLUMN',
  'HEADER_CHANGES',
  'NO_ROWS',
  'TOO_MANY_FINDINGS',
  'TOO_SLOW',
] as const;
export type Refusal = (typeof refusals)[number];

/** `value` is what was sent and `expected` the bound it breaks, in no language; `technical` is for our log alone. */
export type RefusalDetail = { value?: string; expected?: string; cell?: string; technical?: string };

/** The one outcome of a file that cannot be read; everything else that readers meet is a cell's problem. */
export class InvalidFile extends Error {
  override readonly name = 'InvalidFile';
  readonly refusal: Refusal;
  readonly detail: RefusalDetail;
  constructor(refusal: Refusal, detail: RefusalDetail = {}, options?: ErrorOptions) {
    super(`${refusal} ${JSON.stringify(detail)}`, options);
    this.refusal = refusal;
    this.detail = detail;
  }
}

/** What a parser of foreign bytes threw, as a file that is damaged. */
export const asDamaged = (thrown: unknown): InvalidFile =>
  thrown instanceof InvalidFile
    ? thrown
    : new InvalidFile(
        'DAMAGED',
        { technical: (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 200) },
        { cause: thrown },
      );

export const tooLarge = (bytes: number, mostBytes: number): InvalidFile =>
  new InvalidFile('FILE_TOO_LARGE', {
    value: `${(bytes / 1024 / 1024).toFixed(1)} MB`,
    expected: `<= ${mostBytes / 1024 / 1024} MB`,
  });
