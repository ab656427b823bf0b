import * as z from 'zod';
import type { RowProblem, RowRecord } from '../functions/master-data/read-records.ts';
import { readRows } from '../functions/master-data/rows.ts';
import type { TransactItem } from '../functions/shared/dynamodb.ts';
import type { Target } from './targets.ts';

/** Rows that lead from an address to the one partner that may order from it. */

export type Ordering = { partnerId: string; orderSenders: readonly string[] };

const senderKey = (address: string) => ({ pk: `SENDER#${address}`, sk: 'SENDER' });

/** An address moves to another partner only after its owner gave it up, in a load of its own. */
export const takenSenders = async (
  { dynamodb, tables }: Target,
  records: readonly RowRecord<Ordering>[],
): Promise<RowProblem[]> => {
  const wanted = records.flatMap(({ record }) => record.orderSenders);
  const rows = await readRows(
    dynamodb,
    tables.partners,
    wanted.map(senderKey),
    z.object({ partnerId: z.string() }),
  );
  const owners = new Map(rows.map(({ pk, partnerId }) => [pk, partnerId]));
  return records.flatMap(({ row, record: { partnerId, orderSenders } }) =>
    orderSenders.flatMap((value): RowProblem[] => {
      const owner = owners.get(senderKey(value).pk);
      return owner && owner !== partnerId
        ? [{ row, column: 'orderSenders', value, message: `belongs to ${owner}` }]
        : [];
    }),
  );
};

/** Addresses that stand in the rows of two partners. */
export const sharedSenders = (records: readonly RowRecord<Ordering>[]): RowProblem[] => {
  const first = new Map<string, number>();
  return records.flatMap(({ row, record }) =>
    [...new Set(record.orderSenders)].flatMap((value): RowProblem[] => {
      const earlier = first.get(value);
      if (earlier === undefined) first.set(value, row);
      return earlier === undefined
        ? []
        : [{ row, column: 'orderSenders', value, message: `stands in row ${earlier} already` }];
    }),
  );
};

/** What turns a partner's addresses of before into those of now; refused when another partner has one meanwhile. */
export const senderItems = (
  tableName: string,
  { partnerId, orderSenders }: Ordering,
  before: readonly string[],
): TransactItem[] => {
  const own = {
    ConditionExpression: 'attribute_not_exists(pk) OR partnerId = :partner',
    ExpressionAttributeValues: { ':partner': partnerId },
  };
  const added = orderSenders.filter((address) => !before.includes(address));
  const removed = before.filter((address) => !orderSenders.includes(address));
  return [
    ...added.map((address) => ({
      Put: {
        TableName: tableName,
        Item: { ...senderKey(address), entity: 'SENDER', partnerId },
        ...own,
      },
    })),
    ...removed.map((address) => ({ Delete: { TableName: tableName, Key: senderKey(address), ...own } })),
  ];
};
