import * as z from 'zod';
import { type FieldChange, isEditable, partsOf } from '../orders/edit-content.ts';
import type { OrderContent, OrderRecord, StoredFinding } from '../orders/order.ts';
import { valueAt } from '../submissions/schema-problems.ts';
import { text } from '../submissions/text-schema.ts';
import type { FindingCode } from './finding.ts';
import { questionsFor } from './finding-audience.ts';
import { hasOurs, kindOf, mayEdit, resolveByNumber } from './finding-decisions.ts';

/** How a customer or partner answers: our value, a corrected one, or what was ordered, as it was ordered. */
export const answerKinds = ['ACCEPT', 'CORRECT', 'CONFIRM'] as const;
export type AnswerKind = (typeof answerKinds)[number];

/** An answer to one question. `value` with CORRECT; `note` says to our staff what the choice does not. */
export const answerSchema = z.strictObject({
  answer: z.enum(answerKinds),
  value: z.string().trim().max(200).optional(),
  note: text(500).optional(),
});
export type Answer = z.infer<typeof answerSchema>;

/** What is answered by money alone. */
const answeredByMoney: ReadonlySet<FindingCode> = new Set(['PAYMENT_MISMATCH']);

/** Where the customer knows best: that it was meant so is answer enough. Anything else is for our staff to let pass. */
const customersWord: ReadonlySet<FindingCode> = new Set(['ADDRESS_REGION_MISMATCH', 'DUPLICATE_SUSPECTED']);

/** Fields that the customer corrects by itself; prices and terms are for staff. */
const correctable: readonly RegExp[] = [
  /^#\/buyer\/(?:customerId|contact\/(?:telephone|email))$/,
  /^#\/delivery\/(?:telephone|requestedDate)$/,
  /^#\/delivery\/address\/(?:line1|line2|district|city|region|postalCode)$/,
  /^#\/lines\/\d+\/(?:sku|buyerItemId|gtin|specification|quantity|unitCode)$/,
];

const mayCorrect = (pointer: string): boolean =>
  isEditable(pointer) && correctable.some((pattern) => pattern.test(pointer));

/** Questions that are open for an order's customer, and that words can answer. */
export const answerableQuestions = ({ findings }: Pick<OrderRecord, 'findings'>): StoredFinding[] =>
  questionsFor(findings, 'customer').filter(({ code }) => !answeredByMoney.has(code));

/** The answers that a question has. */
export const offeredAnswers = (
  { state, content }: Pick<OrderRecord, 'state' | 'content'>,
  finding: StoredFinding,
): AnswerKind[] => [
  ...(mayEdit(state) && hasOurs(finding, content) ? (['ACCEPT'] as const) : []),
  ...(mayEdit(state) && mayCorrect(finding.pointer) ? (['CORRECT'] as const) : []),
  'CONFIRM',
];

/** The value that a correction starts from, as text. */
export const currentValue = (content: OrderContent, { pointer }: StoredFinding): string => {
  const value = valueAt(content, partsOf(pointer));
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const isQuantity = (pointer: string): boolean => pointer.endsWith('/quantity');
const asNumber = (value: string): number | string => (/^\d+(\.\d+)?$/.test(value) ? Number(value) : value);

/** The field that an answer corrects; undefined when it corrects none. */
export const correctionOf = (
  { pointer }: StoredFinding,
  { answer, value = '' }: Answer,
): FieldChange | undefined =>
  answer === 'CORRECT' ? { pointer, value: isQuantity(pointer) ? asNumber(value) : value } : undefined;

/** Findings after their customer confirmed them: settled where its word is enough, else passed to sales or staff with it. */
export const afterConfirmation = (
  findings: readonly StoredFinding[],
  finding: StoredFinding,
  note: string | undefined,
  by: string,
  now: Date,
): StoredFinding[] => {
  if (customersWord.has(finding.code))
    return resolveByNumber(findings, new Set([finding.number]), {
      action: 'ACCEPT_THEIRS',
      by,
      at: now.toISOString(),
      accepted: true,
    });
  const passed: StoredFinding = {
    ...finding,
    askedOf: kindOf(finding) === 'money' ? 'sales' : 'staff',
    ...(note && { customerNote: note }),
  };
  return findings.map((one) => (one.number === finding.number ? passed : one));
};
