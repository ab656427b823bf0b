import { paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { differenceText } from '../../domain/provenance/difference.ts';
import { inbox } from '../../functions/intake/inbox.ts';
import { createVerifyOrder, type Verification } from '../../functions/intake/verify-order.ts';
import { documentsBucket } from '../../functions/shared/documents.ts';
import { ordersTable } from '../../functions/shared/orders-table.ts';
import type { Target } from '../targets.ts';
import { showOrder } from './show-order.ts';

/** Orders and fields that were compared, and the orders that are not as their originals say. */
export type Verified = { orders: number; fields: number; differences: number; differing: Verification[] };

/** The numbers of all orders, sorted, so that those of one file come one behind the other. Reads the whole table. */
const allOrderNumbers = async ({ dynamodb, tables }: Target): Promise<string[]> => {
  const pages = paginateScan(
    { client: dynamodb },
    {
      TableName: tables.orders,
      FilterExpression: 'entity = :order',
      ExpressionAttributeValues: { ':order': 'ORDER' },
      ProjectionExpression: 'orderNumber',
    },
  );
  const numbers: string[] = [];
  for await (const { Items } of pages)
    numbers.push(
      ...z
        .array(z.object({ orderNumber: z.string() }))
        .parse(Items ?? [])
        .map(({ orderNumber }) => orderNumber),
    );
  return numbers.sort();
};

/** Compares orders with their originals, all orders when none is named. Throws Refusal for one that does not exist. */
export const verifyProvenance = async (
  target: Target,
  orderNumbers: readonly string[],
): Promise<Verified> => {
  const orders = ordersTable(target.dynamodb, () => target.tables.orders);
  const verify = createVerifyOrder({
    documents: documentsBucket(target.s3, () => target.documents.bucketName),
    inbox: inbox(target.s3),
    inboxBucket: () => target.inbox.bucketName,
  });
  const verified: Verified = { orders: 0, fields: 0, differences: 0, differing: [] };
  const named = orderNumbers.length > 0;
  for (const orderNumber of named ? orderNumbers : await allOrderNumbers(target)) {
    const order = named ? await showOrder(target, orderNumber) : await orders.read(orderNumber);
    if (!order) continue;
    const verification = await verify(order);
    verified.orders += 1;
    verified.fields += verification.fields;
    verified.differences += verification.differences.length;
    if (verification.differences.length > 0) verified.differing.push(verification);
  }
  return verified;
};

/** One line for each difference, and the counts. */
export const verificationText = ({ orders, fields, differences, differing }: Verified): string =>
  [
    ...differing.flatMap((order) =>
      order.differences.map((difference) => `${order.orderNumber}  ${differenceText(difference)}`),
    ),
    `${orders} orders, ${fields} fields compared; ${differences} differences in ${differing.length} orders.`,
  ].join('\n');
