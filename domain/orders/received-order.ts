import type { AuditedWith } from '../audit/audited-with.ts';
import type { CustomerTier } from '../partner.ts';
import type { OrderContent, OrderEvent, OrderRecord, OrderState } from './order.ts';

type Received = {
  orderNumber: string;
  partnerId: string;
  customerOrderReference: string;
  customerTier: CustomerTier;
  /** Of the customer on file that the buyer is. */
  customerId?: string;
  content: OrderContent;
  auditedWith: AuditedWith;
  /** What its first event says of its original. */
  data: OrderEvent['data'];
  now: Date;
};

const receivedState = ({
  content,
  now,
  data: _data,
  auditedWith: { rules },
  ...ids
}: Received): OrderState => {
  const at = now.toISOString();
  const { buyer, delivery } = content;
  const requestedDate = delivery.requestedDate ?? delivery.requestedPeriod?.end;
  return {
    ...ids,
    status: 'RECEIVED',
    statusSince: at,
    version: 1,
    eventCount: 1,
    createdAt: at,
    updatedAt: at,
    language: content.language,
    currency: content.currency,
    payableAmount: content.amounts.payableAmount,
    paymentMethod: content.payment.method,
    orderType: content.orderType,
    sourceChannel: content.sourceChannel,
    ...(buyer.customerId && { customerId: buyer.customerId }),
    ...(requestedDate && { requestedDate }),
    contactBounced: false,
    tags: [],
    test: content.test,
    openFindings: 0,
    auditedWith: { rules },
    rejected: false,
    reserved: false,
    pickRequested: false,
    receivedAmount: 0,
    writtenOffAmount: 0,
    refundDue: false,
    shipped: {},
    parcels: { sent: 0, delivered: 0 },
  };
};

/** A new order: numbered, received, nothing happened to it yet but its first event. */
export const receivedOrder = (received: Received): OrderRecord => ({
  state: receivedState(received),
  content: received.content,
  findings: [],
  payments: [],
  slips: [],
  shipments: [],
  events: [
    {
      sequence: 1,
      type: 'order.received',
      at: received.now.toISOString(),
      actor: `partner:${received.partnerId}`,
      to: 'RECEIVED',
      data: { ...received.data, auditedWith: received.auditedWith },
    },
  ],
  mails: [],
});
