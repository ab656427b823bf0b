import { createHash, randomBytes } from 'node:crypto';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { documentClient } from './dynamodb.ts';
import { env } from './env.ts';

const ordersEnv = env({ ORDERS_TABLE: z.string() });

/** 256 bits, as they stand in the link. */
const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

/** Only the hash is on file: who reads the table cannot answer for a customer. */
const linkKey = (token: string) => ({
  pk: `LINK#${createHash('sha256').update(token).digest('hex')}`,
  sk: 'LINK',
});

const answerLinkSchema = z.object({
  orderNumber: z.string(),
  /** Numbers of the findings that it asks about. */
  numbers: z.array(z.int()).min(1),
  issuedAt: z.iso.datetime(),
  /** Seconds since 1970: the row goes by itself some time after. */
  expiresAt: z.int(),
});
export type AnswerLink = z.infer<typeof answerLinkSchema>;

/** Links by which customers answer: each opens the questions of one order, until they are answered or its time is over. */
export const answerLinks = (db = documentClient(), tableName = () => ordersEnv().ORDERS_TABLE) => ({
  /** Remembers a new link and returns its token, which is nowhere else. */
  issue: async ({
    orderNumber,
    numbers,
    issuedAt,
    expiresAt,
  }: {
    orderNumber: string;
    numbers: number[];
    issuedAt: Date;
    expiresAt: Date;
  }): Promise<string> => {
    const token = randomBytes(32).toString('base64url');
    const link: AnswerLink = {
      orderNumber,
      numbers,
      issuedAt: issuedAt.toISOString(),
      expiresAt: Math.floor(expiresAt.getTime() / 1000),
    };
    await db.send(
      new PutCommand({ TableName: tableName(), Item: { ...linkKey(token), entity: 'LINK', ...link } }),
    );
    return token;
  },

  /** What a token opens; undefined when it was never issued or its time is over. */
  find: async (token: string, now: Date): Promise<AnswerLink | undefined> => {
    if (!tokenPattern.test(token)) return undefined;
    const { Item } = await db.send(
      new GetCommand({ TableName: tableName(), Key: linkKey(token), ConsistentRead: true }),
    );
    const link = Item && answerLinkSchema.parse(Item);
    return link && link.expiresAt * 1000 > now.getTime() ? link : undefined;
  },
});

export type AnswerLinks = ReturnType<typeof answerLinks>;
