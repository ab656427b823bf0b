import type { Company } from '../../domain/findings/decision.ts';
import type { OutboundSlip } from '../../domain/fulfilment/outbound-slip.ts';
import { completeOrder } from '../../domain/orders/complete-order.ts';
import {
  type OrderContent,
  type OrderRecord,
  type OrderState,
  orderContentSchema,
  orderStateSchema,
} from '../../domain/orders/order.ts';
import type { Partner } from '../../domain/partner.ts';
import type { Product } from '../../domain/product.ts';
import { submissionSchema } from '../../domain/submissions/order-schema.ts';
import type { SubmissionInput } from '../../domain/submissions/read-submission.ts';
import { aPartner } from './a-partner.ts';
import { aProduct } from './a-product.ts';
import { aSubmission, orderDay } from './a-submission.ts';

export const aCompany: Company = {
  name: '示例入单贸易有限公司',
  taxId: '91310000EXAMPLE001',
  timeZone: 'Asia/Shanghai',
  deskEmail: 'desk@example.com',
  warehouseEmail: 'warehouse@example.com',
  financeEmail: 'finance@example.com',
  staffLanguage: 'zh-CN',
};

type OrderInput = Partial<Omit<OrderRecord, 'state' | 'content'>> & {
  submission?: Partial<SubmissionInput>;
  partner?: Partner;
  products?: Product[];
  content?: Partial<OrderContent>;
  state?: Partial<OrderState>;
};

/** An order on file as intake stores it: 24 cups for 909.72 CNY, RECEIVED, changed as told. */
export const anOrder = ({
  submission = {},
  partner = aPartner(),
  products = [aProduct()],
  content = {},
  state = {},
  ...record
}: OrderInput = {}): OrderRecord => {
  const submitted = submissionSchema.parse(aSubmission(submission));
  const orderNumber = state.orderNumber ?? 'SO-20260302-000001-0';
  const stored = orderContentSchema.parse({
    ...completeOrder(submitted, {
      partner,
      skus: submitted.lines.map(({ sku }) => sku),
      products: new Map(products.map((product) => [product.sku, product])),
      source: { kind: 'API' },
      now: orderDay,
    }),
    ...content,
  });
  return {
    state: orderStateSchema.parse({
      orderNumber,
      partnerId: partner.partnerId,
      customerOrderReference: submitted.customerOrderReference,
      status: 'RECEIVED',
      statusSince: orderDay.toISOString(),
      version: 1,
      eventCount: 1,
      createdAt: orderDay.toISOString(),
      updatedAt: orderDay.toISOString(),
      language: stored.language,
      currency: stored.currency,
      payableAmount: stored.amounts.payableAmount,
      paymentMethod: stored.payment.method,
      customerTier: 'WHOLESALE',
      test: stored.test,
      openFindings: 0,
      ...state,
    }),
    content: stored,
    findings: [],
    payments: [],
    slips: [],
    shipments: [],
    events: [],
    mails: [],
    ...record,
  };
};

/** The slip of a warehouse that packed exactly what was ordered, for whom it was ordered. */
export const aMatchingSlip = (
  { content }: Pick<OrderRecord, 'content'>,
  slipId = 'SLIP-1',
): OutboundSlip => ({
  slipId,
  recipientName: content.delivery.recipientName ?? content.buyer.contact.name ?? content.buyer.name,
  address: content.delivery.address,
  lines: content.lines.map(({ sku = '', quantity }) => ({ sku, quantity })),
});
