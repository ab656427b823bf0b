import { GetCommand, PutCommand, paginateQuery, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Twin } from '../../domain/customers/likeness.ts';
import { fittingFindings } from '../../domain/findings/bounded-findings.ts';
import type { Decision, MailRequest } from '../../domain/findings/decision.ts';
import { changeState, needsOpenGate } from '../../domain/orders/change-state.ts';
import {
  type OrderContent,
  type OrderEvent,
  type OrderRecord,
  type OrderState,
  orderEventSchema,
  orderStateSchema,
} from '../../domain/orders/order.ts';
import { type Wait, waitSchema } from '../../domain/orders/wait.ts';
import { contactMarks } from './contact-marks.ts';
import { documentClient, type TransactItem, transact } from './dynamodb.ts';
import { env } from './env.ts';
import { mailIntentItem } from './mail-outbox.ts';
import {
  contentRows,
  eventId,
  eventRow,
  findingsRow,
  fromRows,
  orderKey,
  type Row,
  stateRow,
} from './order-rows.ts';

const ordersEnv = env({ ORDERS_TABLE: z.string() });

/** A decision with the rows that belong to it, written all or nothing. */
export type OrderChange = Decision & {
  /** Rows of this order that must not exist yet, such as a payment: a repeat is refused as 'stale'. */
  newRows?: Row[];
  rows?: Row[];
  /** Actions on other tables; a failed condition among them is refused as 'condition'. */
  also?: TransactItem[];
};

export type ChangeOutcome =
  | { outcome: 'changed'; state: OrderState; event: OrderEvent }
  | { outcome: 'stale' }
  | { outcome: 'condition'; refused: boolean[] };

/** What a new order is stored with: its own rows, and guards against a second one. */
export type NewOrder = {
  state: OrderState;
  content: OrderContent;
  event: OrderEvent;
  mails: MailRequest[];
  contentHash: string;
  /** Where orders like this one find it, for as long as that matters. */
  likeness: { hash: string; expiresAt: number };
  idempotency?: { key: string; fingerprint: string; response: Buffer; expiresAt: number } | undefined;
};

const twinSchema = z.object({ orderNumber: z.string(), createdAt: z.string() });
const referenceSchema = z.object({
  orderNumber: z.string(),
  contentHash: z.string(),
  uploadId: z.string().optional(),
});
const idempotencySchema = z.object({
  fingerprint: z.string(),
  response: z.instanceof(Uint8Array),
  expiresAt: z.number(),
});

/** One mail a template and recipient: a customer and a department may share an address, a transaction's item not. */
const distinct = (mails: readonly MailRequest[]): MailRequest[] => [
  ...new Map(mails.map((mail) => [`${mail.template} ${mail.recipient}`, mail])).values(),
];

/** The Orders table: orders with their events, findings and waits, their guards, and counters. */
export const ordersTable = (db = documentClient(), tableName = () => ordersEnv().ORDERS_TABLE) => {
  const put = (
    row: Row,
    condition?: Omit<NonNullable<TransactItem['Put']>, 'TableName' | 'Item'>,
  ): TransactItem => ({
    Put: { TableName: tableName(), Item: row, ...condition },
  });
  const putMails = (subject: string, event: OrderEvent, mails: readonly MailRequest[]): TransactItem[] =>
    distinct(mails).map(({ data = {}, ...mail }) =>
      mailIntentItem(
        { ...mail, data, subject, event: eventId(event.sequence), state: 'PENDING', createdAt: event.at },
        tableName(),
      ),
    );
  const putNew = (row: Row): TransactItem => put(row, { ConditionExpression: 'attribute_not_exists(pk)' });

  const get = async (pk: string, sk: string): Promise<Record<string, unknown> | undefined> => {
    const { Item } = await db.send(
      new GetCommand({ TableName: tableName(), Key: { pk, sk }, ConsistentRead: true }),
    );
    return Item;
  };

  /** All rows of a partition whose sort key has the prefix. */
  const rowsOf = async (orderNumber: string, prefix?: string): Promise<unknown[]> => {
    const pages = paginateQuery(
      { client: db },
      {
        TableName: tableName(),
        KeyConditionExpression: `pk = :pk${prefix ? ' AND begins_with(sk, :prefix)' : ''}`,
        ExpressionAttributeValues: { ':pk': orderKey(orderNumber), ...(prefix && { ':prefix': prefix }) },
        ConsistentRead: true,
      },
    );
    const rows: unknown[] = [];
    for await (const { Items } of pages) rows.push(...(Items ?? []));
    return rows;
  };

  return {
    ...contactMarks(db, tableName),

    /** Everything on file about an order. */
    read: async (orderNumber: string): Promise<OrderRecord | undefined> =>
      fromRows(await rowsOf(orderNumber)),

    readState: async (orderNumber: string): Promise<OrderState | undefined> => {
      const row = await get(orderKey(orderNumber), 'STATE');
      return row && orderStateSchema.parse(row);
    },

    readEvents: async (orderNumber: string): Promise<OrderEvent[]> =>
      z.array(orderEventSchema).parse(await rowsOf(orderNumber, 'EVENT#')),

    /** The next `count` numbers of a counter; the first of them is returned. Gaps are allowed, repeats impossible. */
    nextNumbers: async (counter: string, count = 1): Promise<number> => {
      const { Attributes } = await db.send(
        new UpdateCommand({
          TableName: tableName(),
          Key: { pk: `COUNTER#${counter}`, sk: 'COUNTER' },
          UpdateExpression: 'ADD #last :count',
          ExpressionAttributeNames: { '#last': 'last' },
          ExpressionAttributeValues: { ':count': count },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return z.object({ last: z.int() }).parse(Attributes).last - count + 1;
    },

    findReference: async (partnerId: string, reference: string) => {
      const row = await get(`REFERENCE#${partnerId}#${reference}`, 'REFERENCE');
      return row && referenceSchema.parse(row);
    },

    findIdempotency: async (key: string, now: Date) => {
      const row = await get(`IDEMPOTENCY#${key}`, 'IDEMPOTENCY');
      const record = row && idempotencySchema.parse(row);
      return record && record.expiresAt * 1000 > now.getTime() ? record : undefined;
    },

    /** Orders of this likeness that came since, the latest last. */
    findAlike: async (hash: string, since: Date): Promise<Twin[]> => {
      const { Items } = await db.send(
        new QueryCommand({
          TableName: tableName(),
          KeyConditionExpression: 'pk = :pk AND sk >= :since',
          ExpressionAttributeValues: { ':pk': `LIKE#${hash}`, ':since': since.toISOString() },
          ConsistentRead: true,
        }),
      );
      return z.array(twinSchema).parse(Items ?? []);
    },

    /** Order, first event, mails and both guards in one transaction; 'exists' when either guard stands already. */
    create: async (order: NewOrder, now: Date): Promise<'created' | 'exists'> => {
      const { state, content, event, idempotency } = order;
      const guards = [
        putNew({
          pk: `REFERENCE#${state.partnerId}#${state.customerOrderReference}`,
          sk: 'REFERENCE',
          entity: 'REFERENCE',
          orderNumber: state.orderNumber,
          contentHash: order.contentHash,
          ...(content.source.kind === 'SPREADSHEET' && { uploadId: content.source.uploadId }),
        }),
        ...(idempotency
          ? [
              put(
                {
                  pk: `IDEMPOTENCY#${idempotency.key}`,
                  sk: 'IDEMPOTENCY',
                  entity: 'IDEMPOTENCY',
                  fingerprint: idempotency.fingerprint,
                  response: idempotency.response,
                  expiresAt: idempotency.expiresAt,
                },
                {
                  ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now',
                  ExpressionAttributeValues: { ':now': Math.floor(now.getTime() / 1000) },
                },
              ),
            ]
          : []),
      ];
      const mark = {
        pk: `LIKE#${order.likeness.hash}`,
        sk: `${state.createdAt}#${state.orderNumber}`,
        entity: 'LIKENESS',
        orderNumber: state.orderNumber,
        createdAt: state.createdAt,
        expiresAt: order.likeness.expiresAt,
      };
      const rows = [...contentRows(state.orderNumber, content), eventRow(state.orderNumber, event), mark];
      const written = await transact(
        [
          ...guards,
          putNew(stateRow(state)),
          ...rows.map((row) => put(row)),
          ...putMails(state.orderNumber, event, order.mails),
        ],
        db,
      );
      return written.outcome === 'written' ? 'created' : 'exists';
    },

    /** Writes a change if the order is still as `state` says, and nothing open holds it from going on; otherwise 'stale'. */
    change: async (state: OrderState, decided: OrderChange, now: Date): Promise<ChangeOutcome> => {
      const { findings } = decided;
      const change = findings ? { ...decided, findings: fittingFindings(findings) } : decided;
      const next = changeState(state, change, now);
      const isGated = needsOpenGate(state, change);
      const event: OrderEvent = {
        sequence: next.eventCount,
        type: change.event.type,
        at: next.updatedAt,
        actor: change.event.actor,
        data: change.event.data ?? {},
        ...(next.status !== state.status && { from: state.status, to: next.status }),
      };
      const own: TransactItem[] = [
        put(stateRow(next), {
          ConditionExpression: `#version = :version${isGated ? ' AND openFindings = :none' : ''}`,
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':version': state.version, ...(isGated && { ':none': 0 }) },
        }),
        ...(change.newRows ?? []).map(putNew),
      ];
      const items = [
        ...own,
        put(eventRow(state.orderNumber, event)),
        ...(change.findings ? [put(findingsRow(next, change.findings))] : []),
        ...(change.rows ?? []).map((row) => put(row)),
        ...putMails(state.orderNumber, event, change.mails ?? []),
        ...(change.also ?? []),
      ];
      const written = await transact(items, db);
      if (written.outcome === 'written') return { outcome: 'changed', state: next, event };
      const { refused } = written;
      if (refused.slice(0, own.length).includes(true)) return { outcome: 'stale' };
      return { outcome: 'condition', refused: refused.slice(items.length - (change.also?.length ?? 0)) };
    },

    /** Remembers what the order's execution waits for, in place of what it waited for before. */
    openWait: async (orderNumber: string, wait: Wait): Promise<void> => {
      const row = { pk: orderKey(orderNumber), sk: 'WAIT', entity: 'WAIT', ...wait };
      await db.send(new PutCommand({ TableName: tableName(), Item: row }));
    },

    readWait: async (orderNumber: string): Promise<Wait | undefined> => {
      const row = await get(orderKey(orderNumber), 'WAIT');
      return row && waitSchema.parse(row);
    },
  };
};

export type OrdersTable = ReturnType<typeof ordersTable>;
