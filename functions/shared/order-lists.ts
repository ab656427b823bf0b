import { paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { dayPrefix } from '../../domain/orders/order-number.ts';
import { type OrderSummary, orderSummarySchema } from '../../domain/orders/order-summary.ts';
import type { Status } from '../../domain/orders/status.ts';
import { documentClient } from './dynamodb.ts';
import { env } from './env.ts';

const ordersEnv = env({ ORDERS_TABLE: z.string() });

/** A request reads so many times at most; a page that is not full by then says where to go on. */
const maxReads = 40;
/** Rows of a read that follows one whose rows did not fill the page; about 100 kB. */
const rowsPerRead = 250;

/** Orders under one key of an index. All their numbers sort after `from`. */
type Partition = { key: string; from: string };
type List = { index: 'byPartner' | 'byDay'; keyName: 'orderPartnerId' | 'orderDay' };

const partnerList: List = { index: 'byPartner', keyName: 'orderPartnerId' };
const dayList: List = { index: 'byDay', keyName: 'orderDay' };

export type PageQuery = {
  /** Only orders whose number sorts below: the end of the page before. */
  below: string;
  matches: (order: OrderSummary) => boolean;
  limit: number;
};
/** `next` is the `below` of the page that follows, absent at the end. */
export type OrderPage = { orders: OrderSummary[]; next?: string };

/**
 * The indexes of the Orders table: orders by partner and by day, latest number first, and open orders by their age. Pages
 * go by the order number, which never changes: whatever happens to orders meanwhile, none is passed over or comes twice.
 */
export const orderLists = (db = documentClient(), tableName = () => ordersEnv().ORDERS_TABLE) => {
  const read = async ({ index, keyName }: List, { key, from }: Partition, below: string, limit: number) => {
    const { Items, LastEvaluatedKey } = await db.send(
      new QueryCommand({
        TableName: tableName(),
        IndexName: index,
        KeyConditionExpression: '#key = :key AND orderNumber BETWEEN :from AND :below',
        ExpressionAttributeNames: { '#key': keyName },
        ExpressionAttributeValues: { ':key': key, ':from': from, ':below': below },
        ScanIndexForward: false,
        Limit: limit,
      }),
    );
    const orders = z.array(orderSummarySchema).parse(Items ?? []);
    return {
      orders: orders.filter(({ orderNumber }) => orderNumber < below), // BETWEEN has both its ends
      last: orders.at(-1)?.orderNumber,
      isEnd: LastEvaluatedKey === undefined,
    };
  };

  /** Fills a page from partitions, the latest first. */
  const page = async (
    list: List,
    partitions: readonly Partition[],
    { below, matches, limit }: PageQuery,
  ): Promise<OrderPage> => {
    const found: OrderSummary[] = [];
    const open = partitions.filter(({ from }) => from < below);
    let place = below;
    let reads = 0;
    for (const partition of open) {
      for (let isEnd = false; !isEnd; ) {
        if (reads++ === maxReads) return { orders: found, next: place };
        // One row more tells whether this is the end; the range begins with the row before the page.
        const chunk = await read(list, partition, place, reads === 1 ? limit + 2 : rowsPerRead);
        for (const order of chunk.orders) {
          if (!matches(order)) continue;
          if (found.length === limit) return { orders: found, next: found.at(-1)?.orderNumber ?? place };
          found.push(order);
        }
        place = chunk.last ?? place;
        isEnd = chunk.isEnd;
      }
      place = partition.from;
    }
    return { orders: found };
  };

  return {
    /** A page of a partner's orders whose numbers sort after `from`. */
    ofPartner: (partnerId: string, from: string, query: PageQuery): Promise<OrderPage> =>
      page(partnerList, [{ key: partnerId, from }], query),

    /** A page of all orders of some days, the latest day first. */
    ofDays: (days: readonly string[], query: PageQuery): Promise<OrderPage> =>
      page(
        dayList,
        days.map((day) => ({ key: day, from: dayPrefix(day) })),
        query,
      ),

    /** All orders of a day, an answer of the database at a time. */
    eachOfDay: async function* (day: string): AsyncGenerator<OrderSummary[]> {
      const pages = paginateQuery(
        { client: db },
        {
          TableName: tableName(),
          IndexName: dayList.index,
          KeyConditionExpression: 'orderDay = :day',
          ExpressionAttributeValues: { ':day': day },
        },
      );
      for await (const { Items } of pages) yield z.array(orderSummarySchema).parse(Items ?? []);
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
  };
};

export type OrderLists = ReturnType<typeof orderLists>;
