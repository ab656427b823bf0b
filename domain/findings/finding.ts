import * as z from 'zod';
import { findingCauses } from './finding-cause.ts';

/** Stable codes of problems and findings, contract §5. */
export const findingCodes = [
  // structure
  'REQUIRED_MISSING',
  'UNKNOWN_FIELD',
  'TYPE_INVALID',
  'FORMAT_INVALID',
  'DATE_AMBIGUOUS',
  'DATE_PAST',
  'DATE_TOO_FAR',
  'ENUM_UNKNOWN',
  'TOO_LONG',
  'TOO_MANY',
  'ORDER_FIELD_CONFLICT',
  'DUPLICATE_LINE_ID',
  'DUPLICATE_REFERENCE',
  'QUANTITY_NOT_POSITIVE',
  'QUANTITY_TOO_LARGE',
  'QUANTITY_NOT_WHOLE',
  'ITEM_IDENTIFIER_MISSING',
  'ITEM_NAME_MISSING',
  'QUANTITY_MISSING',
  'UNIT_PRICE_MISSING',
  'PAYMENT_METHOD_MISSING',
  'DELIVERY_DATE_MISSING',
  // cells
  'ENCODING_UNREADABLE',
  'NUMBER_PRECISION_LOST',
  'LEADING_ZERO_LOST',
  'FORMULA_NO_VALUE',
  'CELL_ERROR',
  'NUMBER_IN_TEXT_COLUMN',
  'FORMULA_VALUE_USED',
  'FORMULA_TEXT',
  'INVISIBLE_CHARACTERS',
  'DATE_IN_TEXT_COLUMN',
  'DATE_UNLIKELY',
  'NUMBER_AMBIGUOUS',
  'DISCOUNT_AMBIGUOUS',
  'MERGED_CELL',
  'QUOTES_BROKEN',
  // rows, columns and sheets
  'RAGGED_ROW',
  'HIDDEN_ROW',
  'DUPLICATE_ROW',
  'REFERENCE_ASSUMED',
  'TOTALS_ROW',
  'HEADER_REPEATED',
  'TEXT_ABOVE_HEADER',
  'HEADER_REMARK',
  'UNKNOWN_COLUMN',
  'HIDDEN_COLUMN',
  'HIDDEN_SHEET',
  'SHEET_NOT_READ',
  // files
  'FILE_EMPTY',
  'FILE_TOO_LARGE',
  'FILE_CONTENT_TOO_LARGE',
  'FILE_REMOVED',
  'FILE_TYPE_UNSUPPORTED',
  'FILE_ENCRYPTED',
  'FILE_DAMAGED',
  'FILE_TOO_MANY_ROWS',
  'FILE_TOO_MANY_COLUMNS',
  'FILE_TOO_MANY_FINDINGS',
  'MODE_UNKNOWN',
  'SHEET_MISSING',
  'HEADER_MISSING',
  'ROWS_MISSING',
  'DUPLICATE_COLUMN',
  'CELL_TOO_LONG',
  'UPLOAD_FAULT',
  // customer
  'CUSTOMER_NAME_MISSING',
  'CUSTOMER_UNKNOWN',
  'CUSTOMER_AMBIGUOUS',
  'CUSTOMER_MISMATCH',
  'PHONE_INVALID',
  'EMAIL_INVALID',
  'CONTACT_MISSING',
  'CONTACT_BOUNCED',
  'ADDRESS_INCOMPLETE',
  'ADDRESS_REGION_MISMATCH',
  'POSTCODE_FORMAT',
  'AREA_NOT_SERVED',
  // goods
  'SKU_UNKNOWN',
  'SKU_DISCONTINUED',
  'NAME_MISMATCH',
  'SPEC_MISSING',
  'SPEC_MISMATCH',
  'UNIT_MISMATCH',
  'GTIN_CHECK_DIGIT',
  'LIMIT_EXCEEDED',
  'QUALIFICATION_MISSING',
  'QUALIFICATION_EXPIRED',
  'STOCK_SHORT',
  'CUSTOMIZATION_MISSING',
  'MINIMUM_NOT_MET',
  // money
  'PRICE_MISMATCH',
  'PRICE_MISSING',
  'DISCOUNT_NOT_ALLOWED',
  'PROMOTION_INVALID',
  'LINE_AMOUNT_MISMATCH',
  'TOTAL_MISMATCH',
  'CURRENCY_NOT_ALLOWED',
  'CREDIT_EXCEEDED',
  'PAYMENT_METHOD_NOT_ALLOWED',
  'PAYMENT_MISMATCH',
  // order
  'DUPLICATE_SUSPECTED',
  'MORE_FINDINGS',
  // later
  'CLARIFICATION_TIMEOUT',
  'SLIP_MISMATCH',
  'TRACKING_INVALID',
  'DELIVERY_FAILED',
  'PROCESSING_FAULT',
] as const;

export const findingCodeSchema = z.enum(findingCodes);
export type FindingCode = z.infer<typeof findingCodeSchema>;

/** ERROR refuses the order, HOLD needs a person, WARNING is only told. */
export const severitySchema = z.enum(['ERROR', 'HOLD', 'WARNING']);

/** What a check looked at: where it stands, which one, and in which version. Never a person's data. */
const evidenceSources = [
  'PRICE_LIST',
  'PROMOTION',
  'RULE',
  'PARTNER',
  'CUSTOMER',
  'CATALOGUE',
  'STOCK',
  'ORDER',
  'MAIL',
] as const;

const evidenceSchema = z.object({
  source: z.enum(evidenceSources),
  /** Key of it in its source: SKU, promotion code, name of the rules, order number; of a mail, what it was about. */
  id: z.string(),
  version: z.int().optional(),
  detail: z.string().optional(),
});

/**
 * What a check found. `pointer` is an RFC 6901 fragment into the order (`#/lines/0/quantity`), `value` what was sent,
 * `expected` what we have, `suggestion` a concrete fix. `cause` is the reason, where a code has several; `evidence` is
 * for staff. Sentences come from code, values and cause, per language.
 */
export const findingSchema = z.object({
  severity: severitySchema,
  code: findingCodeSchema,
  pointer: z.string(),
  value: z.string().optional(),
  expected: z.string().optional(),
  suggestion: z.string().optional(),
  cause: z.enum(findingCauses).optional(),
  evidence: z.array(evidenceSchema).optional(),
});
export type Finding = z.infer<typeof findingSchema>;

/** A finding that refuses: structure, types and arithmetic answer 422 at once. */
export type Problem = Omit<Finding, 'severity'>;
