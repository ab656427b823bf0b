import * as z from 'zod';
import { isBlocking } from '../../domain/audit/audit-order.ts';
import { openFindings } from '../../domain/findings/findings.ts';
import { storedSlipSchema } from '../../domain/fulfilment/outbound-slip.ts';
import { shipmentSchema } from '../../domain/fulfilment/shipment.ts';
import { type MailIntent, mailIntentSchema } from '../../domain/mail.ts';
import {
  type OrderContent,
  type OrderEvent,
  type OrderLine,
  type OrderRecord,
  type OrderState,
  orderContentSchema,
  orderEventSchema,
  orderLineSchema,
  orderStateSchema,
  type StoredFinding,
  type StoredPriceDifference,
  storedFindingSchema,
  storedPriceDifferenceSchema,
} from '../../domain/orders/order.ts';
import { dayOfOrder } from '../../domain/orders/order-number.ts';
import { isTerminal } from '../../domain/orders/status.ts';
import { paymentSchema } from '../../domain/payments/payment.ts';

/** Keys and shapes of the rows that an order consists of; orders-table.ts reads and writes them. */

export type Row = Record<string, unknown> & { pk: string; sk: string };

export const orderKey = (orderNumber: string): string => `ORDER#${orderNumber}`;
export const padded = (sequence: number): string => String(sequence).padStart(6, '0');
export const eventId = (sequence: number): string => `EVENT-${padded(sequence)}`;

/** Index keys stand only on this row: `orderPartnerId` and `orderDay` for lists, `openStatus` while the order is not ended. */
export const stateRow = (state: OrderState): Row => ({
  ...state,
  pk: orderKey(state.orderNumber),
  sk: 'STATE',
  entity: 'ORDER',
  orderPartnerId: state.partnerId,
  orderDay: dayOfOrder(state.orderNumber),
  ...(!isTerminal(state.status) && { openStatus: state.status }),
});

/** An item may have 400 KB; a chunk of lines stays well below it whatever the script. */
const chunkBytes = 100_000;

const chunked = (lines: readonly OrderLine[]): OrderLine[][] => {
  const chunks: OrderLine[][] = [[]];
  let size = 0;
  for (const line of lines) {
    const bytes = Buffer.byteLength(JSON.stringify(line));
    if (size > 0 && size + bytes > chunkBytes) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(line);
    size += bytes;
  }
  return chunks;
};

/** The content as one row, lines beyond the first 100 kB in rows of their own. */
export const contentRows = (orderNumber: string, content: OrderContent): Row[] => {
  const [first = [], ...rest] = chunked(content.lines);
  const pk = orderKey(orderNumber);
  return [
    { pk, sk: 'CONTENT', entity: 'CONTENT', content: { ...content, lines: first } },
    ...rest.map((lines, index) => ({ pk, sk: `CONTENT#LINES#${padded(index + 1)}`, entity: 'LINES', lines })),
  ];
};

/** The rows of a content that takes the place of another: rows of lines that it no longer needs are emptied. */
export const contentRowsInPlaceOf = (
  orderNumber: string,
  before: OrderContent,
  after: OrderContent,
): Row[] => {
  const rows = contentRows(orderNumber, after);
  const idle = contentRows(orderNumber, before).slice(rows.length);
  return [...rows, ...idle.map((row) => ({ ...row, lines: [] }))];
};

export const eventRow = (orderNumber: string, event: OrderEvent): Row => ({
  pk: orderKey(orderNumber),
  sk: `EVENT#${padded(event.sequence)}`,
  entity: 'EVENT',
  ...event,
});

/** Index values of the desk's queue beside the open orders. By the age of the order, which never changes: so pages stay put. */
export const findingsQueue = { open: 'OPEN_FINDINGS', resolved: 'RESOLVED_FINDINGS' } as const;

/** All findings of an order in one row: a hold of 500 lines is one write, and stands in the queue once. bounded-findings.ts keeps it small enough. */
export const findingsRow = (
  { orderNumber, partnerId, createdAt }: OrderState,
  findings: readonly StoredFinding[],
): Row => ({
  pk: orderKey(orderNumber),
  sk: 'FINDINGS',
  entity: 'FINDINGS',
  orderNumber,
  partnerId,
  findings,
  ...(findings.some(isBlocking) && {
    openStatus: findingsQueue[openFindings(findings) > 0 ? 'open' : 'resolved'],
    statusSince: createdAt,
  }),
});

export const priceDifferenceRow = (orderNumber: string, difference: StoredPriceDifference): Row => ({
  pk: orderKey(orderNumber),
  sk: 'PRICE_DIFFERENCE',
  entity: 'PRICE_DIFFERENCE',
  difference,
});

const rowSchema = z.looseObject({ sk: z.string(), entity: z.string() });

/** Puts an order together from the rows of its partition, in sort-key order; undefined when there is no order. */
export const fromRows = (rows: readonly unknown[]): OrderRecord | undefined => {
  let state: OrderState | undefined;
  let content: OrderContent | undefined;
  const lines: OrderLine[] = [];
  const record: Omit<OrderRecord, 'state' | 'content'> = {
    findings: [],
    payments: [],
    slips: [],
    shipments: [],
    events: [],
    mails: [],
  };
  for (const row of rows.map((item) => rowSchema.parse(item))) {
    if (row.entity === 'ORDER') state = orderStateSchema.parse(row);
    else if (row.entity === 'CONTENT') content = orderContentSchema.parse(row.content);
    else if (row.entity === 'LINES') lines.push(...z.array(orderLineSchema).parse(row.lines));
    else if (row.entity === 'FINDINGS') record.findings = z.array(storedFindingSchema).parse(row.findings);
    else if (row.entity === 'PRICE_DIFFERENCE')
      record.priceDifference = storedPriceDifferenceSchema.parse(row.difference);
    else if (row.entity === 'EVENT') record.events.push(orderEventSchema.parse(row));
    else if (row.entity === 'PAYMENT') record.payments.push(paymentSchema.parse(row));
    else if (row.entity === 'SLIP') record.slips.push(storedSlipSchema.parse(row));
    else if (row.entity === 'SHIPMENT') record.shipments.push(shipmentSchema.parse(row));
    else if (row.entity === 'MAIL') record.mails.push(mailIntentSchema.parse(row) satisfies MailIntent);
  }
  if (!state || !content) return undefined;
  return { ...record, state, content: { ...content, lines: [...content.lines, ...lines] } };
};
