import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { type MailIntent, mailIntentSchema } from '../../../domain/mail.ts';
import type { OrderRecord } from '../../../domain/orders/order.ts';
import { type Wait, waitSchema } from '../../../domain/orders/wait.ts';
import { uploadSchema } from '../../../domain/uploads/upload.ts';
import { fromRows, type Row } from '../../../functions/shared/order-rows.ts';

/** A mail as it left the desk. */
export type MailFile = {
  /** What SES answered. */
  messageId: string;
  /** X-Entity-Ref-ID: the same for every copy of one mail. */
  reference: string;
  at: Date;
};

/** What a caller was told: the same key must always name the same order. */
export type Answer = { partnerId: string; key: string; orderNumber: string };

/** Everything there is to see of a desk that has come to rest. */
export type DeskView = {
  orderRows: Row[];
  stockRows: Row[];
  executions: { machine: 'order' | 'upload'; name: string; status: string }[];
  mailFiles: MailFile[];
  /** Keys in the documents bucket. */
  documents: string[];
  /** The orders that each partner is shown by GET /v1/orders. */
  lists: { partnerId: string; orderNumbers: string[] }[];
  answers: Answer[];
  /** When a mailer may have died, or failed, between a mail's acceptance and its mark. */
  interruptions: Date[];
};

const referenceSchema = z.object({ pk: z.string(), orderNumber: z.string() });
const idempotencySchema = z.object({ pk: z.string(), response: z.instanceof(Uint8Array) });
const responseSchema = z.object({ orderNumber: z.string() });
const mailRowSchema = mailIntentSchema.extend({
  pk: z.string(),
  sk: z.string(),
  refusal: z.string().optional(),
  openStatus: z.string().optional(),
});
const stateRowSchema = z.object({
  orderNumber: z.string(),
  orderPartnerId: z.string(),
  openStatus: z.string().optional(),
});
const levelSchema = z.object({
  sku: z.string(),
  onHand: z.number(),
  reserved: z.number(),
  available: z.number(),
});
const reservationSchema = z.object({ orderNumber: z.string(), lines: z.record(z.string(), z.number()) });
const receiptSchema = z.object({ sku: z.string(), quantity: z.number() });

export type MailRow = MailIntent & z.infer<typeof mailRowSchema>;

const ofEntity = <Schema extends z.ZodType>(
  rows: readonly Row[],
  entity: string,
  schema: Schema,
): z.infer<Schema>[] => z.array(schema).parse(rows.filter((row) => row.entity === entity));

const orderPartition = /^ORDER#/;

/** The rows of a view by what they are. */
export const readDesk = (view: DeskView) => {
  const { orderRows, stockRows } = view;
  const orders: OrderRecord[] = [];
  const fragments: string[] = [];
  const waits = new Map<string, Wait>();
  for (const [pk, rows] of Map.groupBy(orderRows, (row) => row.pk)) {
    if (!orderPartition.test(pk)) continue;
    const order = fromRows(rows);
    if (order) orders.push(order);
    else fragments.push(...rows.map(nameOf));
    const wait = rows.find((row) => row.entity === 'WAIT');
    if (wait) waits.set(pk.replace(orderPartition, ''), waitSchema.parse(wait));
  }
  return {
    ...view,
    orders,
    /** Rows of orders that have no state or no content. */
    fragments,
    waits,
    states: new Map(ofEntity(orderRows, 'ORDER', stateRowSchema).map((row) => [row.orderNumber, row])),
    references: ofEntity(orderRows, 'REFERENCE', referenceSchema),
    results: ofEntity(orderRows, 'IDEMPOTENCY', idempotencySchema).map(({ pk, response }) => ({
      pk,
      orderNumber: responseSchema.parse(JSON.parse(gunzipSync(response).toString())).orderNumber,
    })),
    mails: ofEntity(orderRows, 'MAIL', mailRowSchema),
    uploads: ofEntity(orderRows, 'UPLOAD', uploadSchema),
    levels: ofEntity(stockRows, 'LEVEL', levelSchema),
    reservations: ofEntity(stockRows, 'RESERVATION', reservationSchema),
    receipts: ofEntity(stockRows, 'RECEIPT', receiptSchema),
  };
};

export type Desk = ReturnType<typeof readDesk>;

/** A row as it is to be found in its table. */
export const nameOf = ({ pk, sk }: { pk: string; sk: string }): string => `${pk} ${sk}`;

/** The values that stand more than once, by what makes them the same. */
export const repeated = <Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string,
): [string, Value[]][] => [...Map.groupBy(values, keyOf)].filter(([, same]) => same.length > 1);
