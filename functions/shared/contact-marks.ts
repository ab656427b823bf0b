import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Contact, type ContactMark, contactMarkSchema } from '../../domain/customers/contacts.ts';
import { isConditionFailure } from './dynamodb.ts';
import type { Row } from './order-rows.ts';

/**
 * Rows of the Orders table that tell which addresses mail does not arrive at, one an address, of whomever it is. No address
 * stands in a key. A mark ends by itself, since a mailbox may be repaired and nobody tells.
 */

const markDays = 90;

const rowSchema = contactMarkSchema.partial({ reason: true }).extend({ expiresAt: z.number() });

const contactKey = (address: string) => ({
  pk: `CONTACT#${createHash('sha256').update(address.trim().toLowerCase()).digest('hex')}`,
  sk: 'CONTACT',
});

const rowOf = (
  address: string,
  { at, ...mark }: Omit<ContactMark, 'reason'> & Partial<ContactMark>,
): Row => ({
  ...contactKey(address),
  entity: 'CONTACT',
  ...mark,
  at,
  expiresAt: Math.floor(Date.parse(at) / 1000) + markDays * 86_400,
});

/** Takes a mark away, by a row that what came back earlier does not undo, however late it is told. */
export const clearedContactRow = (address: string, now: Date): Row =>
  rowOf(address, { at: now.toISOString() });

export const contactMarks = (db: DynamoDBDocumentClient, tableName: () => string) => {
  const readMark = async (address: string, now: Date): Promise<ContactMark | undefined> => {
    const { Item } = await db.send(new GetCommand({ TableName: tableName(), Key: contactKey(address) }));
    const row = Item && rowSchema.parse(Item);
    return row?.reason !== undefined && row.expiresAt * 1000 > now.getTime()
      ? contactMarkSchema.parse(row)
      : undefined;
  };

  return {
    /** Marks of an order's addresses, by address; one read each, eventually consistent: what came back comes late anyway. */
    readContactMarks: async (
      contacts: readonly Pick<Contact, 'email'>[],
      now: Date,
    ): Promise<Map<string, ContactMark>> => {
      const marks = await Promise.all(
        contacts.map(async ({ email }) => [email, await readMark(email, now)] as const),
      );
      return new Map(marks.flatMap(([email, mark]) => (mark ? [[email, mark] as const] : [])));
    },

    /** Remembers the latest that came back of mail to an address; what is told twice or late changes nothing. */
    markContact: async (address: string, mark: ContactMark): Promise<void> => {
      try {
        await db.send(
          new PutCommand({
            TableName: tableName(),
            Item: rowOf(address, mark),
            ConditionExpression: 'attribute_not_exists(pk) OR #at < :at',
            ExpressionAttributeNames: { '#at': 'at' },
            ExpressionAttributeValues: { ':at': mark.at },
          }),
        );
      } catch (error) {
        if (!isConditionFailure(error)) throw error;
      }
    },
  };
};
