import type { AuditContext } from '../../domain/audit/context.ts';
import { emptyAccount } from '../../domain/customers/customer-account.ts';
import type { Product } from '../../domain/product.ts';
import { rulesOf } from '../../domain/rules/rules.ts';
import type { SubmissionInput } from '../../domain/submissions/read-submission.ts';
import { aCustomer, aPartner } from './a-partner.ts';
import { aProduct } from './a-product.ts';
import { aSubmittedLine } from './a-submission.ts';
import { anOrder } from './an-order.ts';

export type AuditGiven = Partial<AuditContext> & {
  submission?: Partial<SubmissionInput>;
  lines?: Parameters<typeof aSubmittedLine>[0][];
  catalogue?: Product[];
};

/** What the audit looks at for the order of aSubmission(): all in stock, its customer on file, changed as told. */
export const anAudit = ({
  submission,
  lines,
  catalogue = [aProduct()],
  ...context
}: AuditGiven = {}): AuditContext => {
  const submitted = lines?.map((line, index) => aSubmittedLine({ lineId: String(index + 1), ...line }));
  const { content } = anOrder({
    submission: { ...submission, totals: undefined, ...(submitted && { lines: submitted }) },
    products: catalogue,
  });
  return {
    order: content,
    partner: aPartner(),
    customer: aCustomer(),
    candidates: [],
    customerTier: 'WHOLESALE',
    products: new Map(catalogue.map((product) => [product.sku, product])),
    articlesLike: new Map(),
    available: new Map(catalogue.map(({ sku }) => [sku, 1000])),
    account: emptyAccount,
    twins: [],
    contactMarks: new Map(),
    deadAddresses: [],
    rules: rulesOf({}),
    today: '2026-03-02',
    orderDay: '2026-03-02',
    ...context,
  };
};
