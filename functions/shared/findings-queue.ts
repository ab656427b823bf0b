import { BatchGetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type StoredFinding, storedFindingSchema } from '../../domain/orders/order.ts';
import { documentClient } from './dynamodb.ts';
import { env } from './env.ts';
import { findingsQueue } from './order-rows.ts';

const ordersEnv = env({ ORDERS_TABLE: z.string() });

/** The findings of one order, as its row has them. */
const findingsOfOrderSchema = z.object({
  orderNumber: z.string(),
  partnerId: z.string(),
  findings: z.array(storedFindingSchema),
});
export type FindingsOfOrder = z.infer<typeof findingsOfOrderSchema>;

/** Where an order stands in the queue. */
export const queueKeySchema = z.strictObject({
  pk: z.string().regex(/^ORDER#[A-Z0-9-]{1,40}$/),
  sk: z.literal('FINDINGS'),
  openStatus: z.enum(findingsQueue),
  statusSince: z.iso.datetime(),
});
export type QueueKey = z.infer<typeof queueKeySchema>;

const batchSize = 25;

/** Orders with findings, oldest order first. The key of an order never changes while it stands in a queue: pages stay put. */
export const findingsQueueTable = (db = documentClient(), tableName = () => ordersEnv().ORDERS_TABLE) => ({
  /** The next orders after `after`; `last` is true when there are no more. */
  next: async (
    queue: keyof typeof findingsQueue,
    after: QueueKey | undefined,
  ): Promise<{ orders: { key: QueueKey; order: FindingsOfOrder }[]; last: boolean }> => {
    const page = await db.send(
      new QueryCommand({
        TableName: tableName(),
        IndexName: 'byStatus',
        KeyConditionExpression: 'openStatus = :status',
        ExpressionAttributeValues: { ':status': findingsQueue[queue] },
        Limit: batchSize,
        ...(after && { ExclusiveStartKey: after }),
      }),
    );
    const keys = (page.Items ?? []).map(({ orderNumber: _number, ...key }) => queueKeySchema.parse(key));
    const found = new Map<string, FindingsOfOrder>();
    let wanted = keys.map(({ pk, sk }) => ({ pk, sk }));
    while (wanted.length > 0) {
      const { Responses, UnprocessedKeys } = await db.send(
        new BatchGetCommand({ RequestItems: { [tableName()]: { Keys: wanted } } }),
      );
      for (const item of Responses?.[tableName()] ?? [])
        found.set(String(item.pk), findingsOfOrderSchema.parse(item));
      wanted = z
        .array(z.object({ pk: z.string(), sk: z.literal('FINDINGS') }))
        .parse(UnprocessedKeys?.[tableName()]?.Keys ?? []);
    }
    return {
      orders: keys.flatMap((key) => {
        const order = found.get(key.pk);
        return order ? [{ key, order }] : [];
      }),
      last: page.LastEvaluatedKey === undefined,
    };
  },
});

export type FindingsQueue = ReturnType<typeof findingsQueueTable>;

/** What a list of findings is narrowed to. */
export type FindingFilter = {
  status: 'open' | 'resolved';
  code?: string | undefined;
  assignee?: string | undefined;
  partner?: string | undefined;
};

/** Whether a finding is listed; WARNINGs are never a matter for the desk. */
export const isListed = (
  { status, code, assignee, partner }: FindingFilter,
  { partnerId }: Pick<FindingsOfOrder, 'partnerId'>,
  finding: StoredFinding,
): boolean =>
  finding.severity !== 'WARNING' &&
  finding.open === (status === 'open') &&
  (code === undefined || finding.code === code) &&
  (assignee === undefined || (finding.assignee ?? 'none') === assignee) &&
  (partner === undefined || partnerId === partner);
