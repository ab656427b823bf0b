import { paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { orderStateSchema } from '../../domain/order.ts';
import type { Status } from '../../domain/status.ts';
import { documentClient } from './dynamodb.ts';
import { env } from './env.ts';

const ordersEnv = env({ ORDERS_TABLE: z.string() });

export const orderSummarySchema = orderStateSchema.pick({
  orderNumber: true,
  customerOrderReference: true,
  status: true,
  currency: true,
  payableAmount: true,
  createdAt: true,
  updatedAt: true,
});
export type OrderSummary = z.infer<typeof orderSummarySchema>;

/** A status filter is applied after reading: a page may be read in several goes, each well below 1 MB. */
const maxReads = 10;

type ListQuery = {
  partnerId: string;
  status?: Status;
  updatedSince?: string;
  limit: number;
  /** The `next` of the page before. */
  start?: Record<string, unknown>;
};

/** The indexes of the Orders table: a partner's orders by their last change, and open orders by their age. */
export const orderLists = (db = documentClient(), tableName = () => ordersEnv().ORDERS_TABLE) => ({
  /** A page of a partner's orders, latest change first; a filter reads on until the page is full or enough was read. */
  list: async ({ partnerId, status, updatedSince, limit, start }: ListQuery) => {
    const orders: OrderSummary[] = [];
    let next = start;
    for (let reads = 1; reads <= maxReads; reads++) {
      const page = await db.send(
        new QueryCommand({
          TableName: tableName(),
          IndexName: 'byPartner',
          KeyConditionExpression: `orderPartnerId = :partner${updatedSince ? ' AND updatedAt >= :since' : ''}`,
          ...(status && {
            FilterExpression: '#status = :status',
            ExpressionAttributeNames: { '#status': 'status' },
          }),
          ExpressionAttributeValues: {
            ':partner': partnerId,
            ...(updatedSince && { ':since': updatedSince }),
            ...(status && { ':status': status }),
          },
          ScanIndexForward: false,
          Limit: limit,
          ...(next && { ExclusiveStartKey: next }),
        }),
      );
      orders.push(...z.array(orderSummarySchema).parse(page.Items ?? []));
      next = page.LastEvaluatedKey;
      if (!next || !status || orders.length >= limit) break;
    }
    return { orders, next };
  },

  /** Orders that have been in one of these statuses since before `before`, oldest first by status. */
  openSince: async function* (openStatuses: readonly Status[], before: Date): AsyncGenerator<string> {
    for (const status of openStatuses) {
      const pages = paginateQuery(
        { client: db },
        {
          TableName: tableName(),
          IndexName: 'byStatus',
          KeyConditionExpression: 'openStatus = :status AND statusSince < :before',
          ExpressionAttributeValues: { ':status': status, ':before': before.toISOString() },
        },
      );
      for await (const { Items } of pages) {
        for (const { orderNumber } of z.array(z.object({ orderNumber: z.string() })).parse(Items ?? []))
          yield orderNumber;
      }
    }
  },
});

export type OrderLists = ReturnType<typeof orderLists>;
