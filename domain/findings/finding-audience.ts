import type { StoredFinding } from '../orders/order.ts';
import type { FindingCode } from './finding.ts';
import { isOpenQuestion } from './findings.ts';

/** Who can answer: the customer, who ordered; sales, who know prices, terms and the customer; or the staff behind the desk. */
export type Audience = NonNullable<StoredFinding['askedOf']>;

const forSales: ReadonlySet<FindingCode> = new Set(['CONTACT_BOUNCED', 'CREDIT_EXCEEDED', 'PRICE_MISSING']);
const forStaff: ReadonlySet<FindingCode> = new Set([
  'DELIVERY_FAILED',
  'PROCESSING_FAULT',
  'SLIP_MISMATCH',
  'TRACKING_INVALID',
]);

/** Who is asked: whoever staff chose, else the one whose business such a finding is. */
export const audienceOf = ({ code, askedOf }: Pick<StoredFinding, 'code' | 'askedOf'>): Audience => {
  if (askedOf) return askedOf;
  if (forStaff.has(code)) return 'staff';
  return forSales.has(code) ? 'sales' : 'customer';
};

/** The questions that are open for some of those who answer. */
export const questionsFor = (findings: readonly StoredFinding[], ...asked: Audience[]): StoredFinding[] =>
  findings.filter((finding) => isOpenQuestion(finding) && asked.includes(audienceOf(finding)));
