import { type FieldChange, isEditable, partsOf } from '../orders/edit-content.ts';
import type {
  OrderContent,
  OrderRecord,
  OrderState,
  ResolutionAction,
  StoredFinding,
} from '../orders/order.ts';
import type { Partner } from '../partner.ts';
import { mayWriteOff } from '../payments/write-off.ts';
import { valueAt } from '../submissions/schema-problems.ts';
import type { FindingCode } from './finding.ts';
import { isOpenQuestion } from './findings.ts';

const moneyCodes: ReadonlySet<FindingCode> = new Set([
  'CREDIT_EXCEEDED',
  'CURRENCY_NOT_ALLOWED',
  'DISCOUNT_NOT_ALLOWED',
  'LINE_AMOUNT_MISMATCH',
  'PAYMENT_METHOD_MISSING',
  'PAYMENT_METHOD_NOT_ALLOWED',
  'PAYMENT_MISMATCH',
  'PRICE_MISMATCH',
  'PRICE_MISSING',
  'PROMOTION_INVALID',
  'TOTAL_MISMATCH',
]);

export type FindingKind = 'money' | 'other';
export const kindOf = ({ code }: Pick<StoredFinding, 'code'>): FindingKind =>
  moneyCodes.has(code) ? 'money' : 'other';

/** What happened, which no decision undoes: money, a slip or a repair answers it, or what is missing is written off. */
const happenings: ReadonlySet<FindingCode> = new Set([
  'DELIVERY_FAILED',
  'PAYMENT_MISMATCH',
  'PROCESSING_FAULT',
  'SLIP_MISMATCH',
  'TRACKING_INVALID',
]);

/** Without these nothing can be reserved or shipped, whoever lets it pass; a credit is raised at the customer, not at an order. */
const indispensable: ReadonlySet<FindingCode> = new Set(['CREDIT_EXCEEDED', 'SKU_UNKNOWN', 'STOCK_SHORT']);

const mayPass = ({ code }: StoredFinding): boolean => !happenings.has(code) && !indispensable.has(code);

/** Specifications are suggested in both languages, Chinese first. */
const inLanguage = (suggestion: string, pointer: string, { language }: OrderContent): string => {
  const [first = suggestion, second = first] = pointer.endsWith('/specification')
    ? suggestion.split(' / ')
    : [suggestion];
  return language === 'en' ? second : first;
};

const pricedCodes: ReadonlySet<FindingCode> = new Set([
  'DISCOUNT_NOT_ALLOWED',
  'PRICE_MISMATCH',
  'PROMOTION_INVALID',
]);

/** True of a question about what is charged: our answer is what price list, promotions and limits make of it, not one value. */
export const isPriced = ({ code }: Pick<StoredFinding, 'code'>): boolean => pricedCodes.has(code);

/** What to change so that the order has the value that a finding suggests; undefined when it suggests none. */
export const suggestedChange = (finding: StoredFinding, content: OrderContent): FieldChange | undefined => {
  const { pointer, suggestion } = finding;
  if (suggestion === undefined || !isEditable(pointer)) return undefined;
  const isNumber = typeof valueAt(content, partsOf(pointer)) === 'number';
  return { pointer, value: isNumber ? Number(suggestion) : inLanguage(suggestion, pointer, content) };
};

/** True when we have an answer of our own to a finding. */
export const hasOurs = (finding: StoredFinding, content: OrderContent): boolean =>
  isPriced(finding) || suggestedChange(finding, content) !== undefined;

/** Our answer to a finding in words, where it is one value. */
export const ourValue = (finding: StoredFinding, content: OrderContent): string | undefined => {
  if (finding.code === 'PRICE_MISMATCH') return finding.expected;
  const change = suggestedChange(finding, content);
  return change && String(change.value);
};

/** True while an order's lines may still change: nothing is reserved by them. */
export const mayEdit = ({ reserved }: OrderState): boolean => !reserved;

/** What staff may do about an open finding of an order; who may, `mayResolve` says. */
export const offeredActions = (
  { state, content }: Pick<OrderRecord, 'state' | 'content'>,
  finding: StoredFinding,
  partner: Pick<Partner, 'writeOffMinor'>,
): ResolutionAction[] => {
  const isAnswerable = !happenings.has(finding.code);
  const hasTwoValues = finding.value !== undefined && finding.expected !== undefined;
  return [
    ...(mayEdit(state) && hasOurs(finding, content) ? (['ACCEPT_OURS'] as const) : []),
    ...((mayPass(finding) && hasTwoValues) || mayWriteOff(state, finding, partner)
      ? (['ACCEPT_THEIRS'] as const)
      : []),
    ...(isAnswerable ? (['ASK_CUSTOMER'] as const) : []),
    ...(isAnswerable && mayEdit(state) ? (['EDIT'] as const) : []),
    ...(mayPass(finding) ? (['OVERRIDE'] as const) : []),
    'REJECT',
  ];
};

/** How findings on file are answered, by their numbers. */
export const resolveByNumber = (
  findings: readonly StoredFinding[],
  numbers: ReadonlySet<number>,
  resolution: NonNullable<StoredFinding['resolution']>,
): StoredFinding[] =>
  findings.map((finding) =>
    numbers.has(finding.number) && finding.open ? { ...finding, open: false, resolution } : finding,
  );

const isWithin = (pointer: string, outer: string): boolean =>
  pointer === outer || pointer.startsWith(`${outer}/`);

/** Open questions about the very fields that are changed: they are answered with them. */
export const questionsAbout = (
  findings: readonly StoredFinding[],
  changes: readonly FieldChange[],
): StoredFinding[] =>
  findings.filter(
    (finding) =>
      isOpenQuestion(finding) &&
      !happenings.has(finding.code) &&
      changes.some(({ pointer }) => isWithin(finding.pointer, pointer)),
  );

const lineOf = (pointer: string): string | undefined => /^#\/lines\/\d+/.exec(pointer)?.[0];

/**
 * What was let pass was a line as it stood, or the order as a whole: after an edit of it nothing is let pass unseen, be the
 * finding the same to the letter.
 */
export const withoutLapsed = (
  findings: readonly StoredFinding[],
  editedFields: readonly string[],
): StoredFinding[] =>
  findings.map((finding) => {
    const { resolution } = finding;
    if (!resolution?.accepted || editedFields.length === 0) return finding;
    const line = lineOf(finding.pointer);
    const lapses = line === undefined || editedFields.some((field) => isWithin(field, line));
    return lapses ? { ...finding, resolution: { ...resolution, accepted: false } } : finding;
  });
