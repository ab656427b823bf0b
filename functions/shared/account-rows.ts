import { createHash } from 'node:crypto';
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import {
  type AccountLevels,
  type CreditSale,
  creditSale,
  emptyAccount,
  type HeldInAccount,
  type LimitedSale,
  limitedSales,
  type PromotionUse,
  type Sold,
  soldKey,
} from '../../domain/customers/customer-account.ts';
import type { OrderContent } from '../../domain/orders/order.ts';
import type { Customer } from '../../domain/partner.ts';
import { limitedUses } from '../../domain/pricing/promotion-uses.ts';
import type { Product } from '../../domain/product.ts';
import type { Rules } from '../../domain/rules/rules.ts';
import { exactQuantity } from '../../domain/values/quantity.ts';
import { Retryable } from './classify-error.ts';
import type { TransactItem } from './dynamodb.ts';

/**
 * Customers' accounts in the Stock table: what each bought of limited articles, which promotions it used, and what it owes. A row
 * a day, month and year, and one for what has no period, not one an article: so an order of ninety articles needs four actions
 * beside those of its stock, which a transaction has room for.
 */

/** Whose limits an order counts under: the customer on file, else whoever the contact is. No address stands in a key. */
const accountIdOf = (
  partnerId: string,
  { buyer }: Pick<OrderContent, 'buyer'>,
  customer: Pick<Customer, 'customerId'> | undefined,
): string => {
  if (customer) return `${partnerId}#CUSTOMER#${customer.customerId}`;
  const contact = buyer.contact.email?.toLowerCase() ?? buyer.contact.telephone ?? buyer.name;
  return `${partnerId}#CONTACT#${createHash('sha256').update(contact).digest('hex')}`;
};

const soldRow = ({ period }: Pick<Sold, 'period'>): string => `SOLD#${period}`;
const standingRow = 'STANDING';
const owedName = (currency: string): string => `owed@${currency}`;
const usedName = (key: string): string => `used@${key}`;
const accountKey = (accountId: string, sk: string) => ({ pk: `ACCOUNT#${accountId}`, sk });

type Count = { name: string; add: number; most?: number };

/** What is asked of an account: sales under limits, uses of promotions, and credit. */
export type AccountUse = {
  accountId: string;
  sales: readonly LimitedSale[];
  uses: readonly PromotionUse[];
  credit: CreditSale | undefined;
};

type Ordered = {
  partnerId: string;
  order: OrderContent;
  products: ReadonlyMap<string, Product>;
  customer: Customer | undefined;
  rules: Rules;
  /** Today in the company zone. */
  today: string;
};

/** What an order asks of its customer's account; of most orders nothing. */
export const accountUseOf = ({
  partnerId,
  order,
  products,
  customer,
  rules,
  today,
}: Ordered): AccountUse => ({
  accountId: accountIdOf(partnerId, order, customer),
  sales: limitedSales(order.lines, products, today),
  uses: limitedUses(order, rules),
  credit: creditSale(order, customer),
});

/** What the order has in the account once it was counted in; undefined when that is nothing. */
export const heldBy = ({ accountId, sales, uses, credit }: AccountUse): HeldInAccount | undefined =>
  sales.length === 0 && uses.length === 0 && !credit
    ? undefined
    : {
        accountId,
        sold: sales.map(({ sku, period, quantity }) => ({ sku, period, quantity })),
        used: uses.map(({ key }) => key),
        owed: credit?.amount ?? 0,
      };

const rowsSchema = z.array(z.record(z.string(), z.unknown()));
const countSchema = z.number().default(0);

export const accountRows = (db: DynamoDBDocumentClient, tableName: () => string) => {
  /** Adds to counts of one row, all or none. A count that is not there yet is 0, and passes any bound that is not negative. */
  const count = (accountId: string, sk: string, counts: readonly Count[]): TransactItem => {
    const bounds = counts.flatMap(({ most }, index) => {
      if (most === undefined) return [];
      return [most < 0 ? `#c${index} <= :m${index}` : `NOT #c${index} > :m${index}`];
    });
    return {
      Update: {
        TableName: tableName(),
        Key: accountKey(accountId, sk),
        UpdateExpression: `SET entity = :entity ADD ${counts.map((_, index) => `#c${index} :a${index}`).join(', ')}`,
        ...(bounds.length > 0 && { ConditionExpression: bounds.join(' AND ') }),
        ExpressionAttributeNames: Object.fromEntries(counts.map(({ name }, index) => [`#c${index}`, name])),
        ExpressionAttributeValues: {
          ':entity': 'ACCOUNT',
          ...Object.fromEntries(counts.map(({ add }, index) => [`:a${index}`, add])),
          ...Object.fromEntries(
            counts.flatMap(({ most }, index) => (most === undefined ? [] : [[`:m${index}`, most] as const])),
          ),
        },
      },
    };
  };

  const countSold = (accountId: string, sold: readonly (Sold & { most?: number })[], sign: 1 | -1) =>
    [...Map.groupBy(sold, soldRow)].map(([sk, sales]) =>
      count(
        accountId,
        sk,
        sales.map(({ quantity, most, ...sale }) => ({
          name: soldKey(sale),
          add: sign * quantity,
          ...(most !== undefined && { most }),
        })),
      ),
    );

  /** Adds to what has no period, in the one row that it stands in. */
  const countStanding = (accountId: string, counts: readonly Count[]): TransactItem[] =>
    counts.length === 0 ? [] : [count(accountId, standingRow, counts)];

  return {
    /** What stands in an account, as far as the use asks for it; nothing is read for a use that asks for nothing. */
    readAccount: async (
      { accountId, sales, uses, credit }: AccountUse,
      { consistent = false } = {},
    ): Promise<AccountLevels> => {
      const sks = [...new Set(sales.map(soldRow)), ...(credit || uses.length > 0 ? [standingRow] : [])];
      if (sks.length === 0) return emptyAccount;
      const Keys = sks.map((sk) => accountKey(accountId, sk));
      const { Responses, UnprocessedKeys } = await db.send(
        new BatchGetCommand({ RequestItems: { [tableName()]: { Keys, ConsistentRead: consistent } } }),
      );
      if (Object.keys(UnprocessedKeys ?? {}).length > 0)
        throw new Retryable(`account ${accountId} was not read whole`);
      const rows = rowsSchema.parse(Responses?.[tableName()] ?? []);
      const numberAt = (name: string) => countSchema.parse(rows.find((row) => name in row)?.[name]);
      return {
        sold: new Map(sales.map((sale) => [soldKey(sale), numberAt(soldKey(sale))])),
        used: new Map(uses.map(({ key }) => [key, numberAt(usedName(key))])),
        owed: credit ? numberAt(owedName(credit.currency)) : 0,
      };
    },

    /** Counts an order in, each sale and use within its limit; refused when one is not. */
    takeFromAccount: ({ accountId, sales, uses, credit }: AccountUse): TransactItem[] => [
      ...countSold(
        accountId,
        sales.map(({ sku, period, quantity, maximum }) => ({
          sku,
          period,
          quantity,
          most: exactQuantity(maximum - quantity),
        })),
        1,
      ),
      ...countStanding(accountId, [
        ...(credit
          ? [{ name: owedName(credit.currency), add: credit.amount, most: credit.limit - credit.amount }]
          : []),
        ...uses.map(({ key, maximum }) => ({
          name: usedName(key),
          add: 1,
          ...(maximum !== undefined && { most: maximum - 1 }),
        })),
      ]),
    ],

    /** Counts out what an order has in its account, or the part of its debt that was paid. */
    giveBackToAccount: (
      { accountId, sold, used, owed }: HeldInAccount,
      currency: OrderContent['currency'],
    ): TransactItem[] => [
      ...countSold(accountId, sold, -1),
      ...countStanding(accountId, [
        ...(owed > 0 ? [{ name: owedName(currency), add: -owed }] : []),
        ...used.map((key) => ({ name: usedName(key), add: -1 })),
      ]),
    ],
  };
};
