import * as z from 'zod';
import { findingCodeSchema, findingSchema, severitySchema } from '../findings/finding.ts';
import { mailLocatorSchema } from '../provenance/field-origin.ts';
import { languages } from '../values/languages.ts';

export const uploadModes = ['REJECT_FAILED_ORDERS', 'REJECT_FILE', 'DRY_RUN'] as const;
export const uploadStatuses = [
  'AWAITING_FILE',
  'PROCESSING',
  'COMPLETED',
  'COMPLETED_WITH_ERRORS',
  'FAILED',
] as const;
export const rowResults = [
  'CREATED',
  'CREATED_ON_HOLD',
  'REJECTED',
  'REJECTED_WITH_ORDER',
  'SKIPPED_DUPLICATE',
  'SKIPPED_EXAMPLE',
  'VALID',
] as const;

/** A finding in a cell of the sender's file: `cell` as `H12`, `column` the sender's own header, `value` as read. */
export const cellFindingSchema = z.object({
  severity: severitySchema,
  code: findingCodeSchema,
  cell: z.string().optional(),
  column: z.string().optional(),
  pointer: z.string().optional(),
  value: z.string().optional(),
  expected: z.string().optional(),
  suggestion: z.string().optional(),
  cause: findingSchema.shape.cause,
});
export type CellFinding = z.infer<typeof cellFindingSchema>;

/** One data row of the file, exactly once in the result. `row` is 1-based, the header counted. */
export const rowResultSchema = z.object({
  row: z.int(),
  orderReference: z.string(),
  lineId: z.string().optional(),
  result: z.enum(rowResults),
  orderNumber: z.string().optional(),
  findings: z.array(cellFindingSchema),
});
export type RowResult = z.infer<typeof rowResultSchema>;

export const uploadCountsSchema = z.object({
  rows: z.int(),
  orders: z.int(),
  created: z.int(),
  onHold: z.int(),
  rejected: z.int(),
  duplicate: z.int(),
  example: z.int(),
  /** Orders that a dry run found valid. */
  valid: z.int(),
});
export type UploadCounts = z.infer<typeof uploadCountsSchema>;

/** An upload as stored and as GET /v1/uploads/{id} shows it. */
export const uploadSchema = z.object({
  uploadId: z.string(),
  partnerId: z.string(),
  objectKey: z.string(),
  versionId: z.string().optional(),
  /** The mail that brought it, which its result answers. */
  mail: z
    .object({
      mailId: z.string(),
      sender: z.email(),
      messageId: z.string().optional(),
      /** The mail itself, and its attachment that the file is. */
      original: mailLocatorSchema.optional(),
    })
    .optional(),
  fileName: z.string(),
  fileSha256: z.string().optional(),
  mode: z.enum(uploadModes),
  language: z.enum(languages),
  status: z.enum(uploadStatuses),
  counts: uploadCountsSchema.optional(),
  /** Why the whole file was refused, or warnings about it: the first of them, the result has them all. */
  fileFindings: z.array(cellFindingSchema).default([]),
  fileFindingsInAll: z.int().optional(),
  /** `csv` for a file of delimited text. */
  resultKeys: z.object({ xlsx: z.string(), csv: z.string().optional(), json: z.string() }).optional(),
  /** The earlier upload that held the same bytes. */
  duplicateOf: z.string().optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Upload = z.infer<typeof uploadSchema>;
