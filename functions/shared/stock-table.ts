import { BatchGetCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { accountRows } from './account-rows.ts';
import { documentClient, type TransactItem } from './dynamodb.ts';
import { env } from './env.ts';

const stockEnv = env({ STOCK_TABLE: z.string() });

const levelSchema = z.object({
  sku: z.string(),
  onHand: z.number(),
  reserved: z.number(),
  available: z.number(),
});
export type StockLevel = z.infer<typeof levelSchema>;

const reservationSchema = z.object({ lines: z.record(z.string(), z.number()) });

type Quantities = ReadonlyMap<string, number>;

const levelKey = (sku: string) => ({ pk: `SKU#${sku}`, sk: 'LEVEL' });
const reservationKey = (orderNumber: string) => ({ pk: `RESERVATION#${orderNumber}`, sk: 'RESERVATION' });

/**
 * Stock levels and reservations. Changes are returned as actions for the order's own transaction: the level moves
 * only together with the order, and the reservation row lets each move happen once.
 */
export const stockTable = (db = documentClient(), tableName = () => stockEnv().STOCK_TABLE) => {
  const moveLevel = (sku: string, update: string, quantity: number, condition: string): TransactItem => ({
    Update: {
      TableName: tableName(),
      Key: levelKey(sku),
      UpdateExpression: update,
      ConditionExpression: condition,
      ExpressionAttributeValues: { ':quantity': quantity },
    },
  });

  return {
    ...accountRows(db, tableName),

    /** Levels by SKU; a SKU never received is absent. Eventually consistent: the reservation decides. */
    readLevels: async (skus: readonly string[]): Promise<Map<string, StockLevel>> => {
      const levels = new Map<string, StockLevel>();
      let keys = [...new Set(skus)].map(levelKey);
      while (keys.length > 0) {
        const { Responses, UnprocessedKeys } = await db.send(
          new BatchGetCommand({ RequestItems: { [tableName()]: { Keys: keys.slice(0, 100) } } }),
        );
        for (const item of Responses?.[tableName()] ?? []) {
          const level = levelSchema.parse(item);
          levels.set(level.sku, level);
        }
        const unprocessed = z
          .array(z.object({ pk: z.string(), sk: z.string() }))
          .parse(UnprocessedKeys?.[tableName()]?.Keys ?? []);
        keys = [...unprocessed.map(({ pk }) => ({ pk, sk: 'LEVEL' })), ...keys.slice(100)];
      }
      return levels;
    },

    /** What an order holds, by SKU; empty when it holds nothing. */
    readReservation: async (orderNumber: string): Promise<Map<string, number>> => {
      const { Item } = await db.send(
        new GetCommand({ TableName: tableName(), Key: reservationKey(orderNumber), ConsistentRead: true }),
      );
      return new Map(Item ? Object.entries(reservationSchema.parse(Item).lines) : []);
    },

    /** Free stock becomes reserved, once per order: refused where less is available or the order holds stock already. */
    reserve: (orderNumber: string, quantities: Quantities): TransactItem[] => [
      ...[...quantities].map(([sku, quantity]) =>
        moveLevel(
          sku,
          'SET available = available - :quantity, reserved = reserved + :quantity',
          quantity,
          'available >= :quantity',
        ),
      ),
      {
        Put: {
          TableName: tableName(),
          Item: {
            ...reservationKey(orderNumber),
            entity: 'RESERVATION',
            orderNumber,
            lines: Object.fromEntries(quantities),
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
    ],

    /** Gives back all that the order holds; refused when it holds something else by now. */
    release: (orderNumber: string, held: Quantities): TransactItem[] =>
      held.size === 0
        ? []
        : [
            ...[...held].map(([sku, quantity]) =>
              moveLevel(
                sku,
                'SET available = available + :quantity, reserved = reserved - :quantity',
                quantity,
                'reserved >= :quantity',
              ),
            ),
            {
              Delete: {
                TableName: tableName(),
                Key: reservationKey(orderNumber),
                ConditionExpression: '#lines = :lines',
                ExpressionAttributeNames: { '#lines': 'lines' },
                ExpressionAttributeValues: { ':lines': Object.fromEntries(held) },
              },
            },
          ],

    /** Reserved stock leaves the house; the reservation keeps what is still to be shipped. */
    ship: (orderNumber: string, held: Quantities, shipped: Quantities): TransactItem[] => {
      const left = [...held]
        .map(([sku, quantity]) => [sku, Number((quantity - (shipped.get(sku) ?? 0)).toFixed(3))] as const)
        .filter(([, quantity]) => quantity > 0);
      const unchanged = {
        ConditionExpression: '#lines = :held',
        ExpressionAttributeNames: { '#lines': 'lines' },
        ExpressionAttributeValues: { ':held': Object.fromEntries(held) },
      };
      const key = reservationKey(orderNumber);
      const reservation: TransactItem =
        left.length === 0
          ? { Delete: { TableName: tableName(), Key: key, ...unchanged } }
          : {
              Put: {
                TableName: tableName(),
                Item: { ...key, entity: 'RESERVATION', orderNumber, lines: Object.fromEntries(left) },
                ...unchanged,
              },
            };
      return [
        ...[...shipped].map(([sku, quantity]) =>
          moveLevel(
            sku,
            'SET onHand = onHand - :quantity, reserved = reserved - :quantity',
            quantity,
            'reserved >= :quantity',
          ),
        ),
        reservation,
      ];
    },
  };
};

export type StockTable = ReturnType<typeof stockTable>;
