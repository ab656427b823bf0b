import { BatchGetCommand, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type InboundMail, inboundMailSchema } from '../../domain/uploads/inbound-mail.ts';
import type { Language } from '../../domain/values/languages.ts';
import { documentClient, transact } from './dynamodb.ts';
import { env } from './env.ts';
import { mailIntentItem } from './mail-outbox.ts';

const ordersEnv = env({ ORDERS_TABLE: z.string() });

const mailKey = (mailId: string) => ({ pk: `INBOUND_MAIL#${mailId}`, sk: 'INBOUND_MAIL' });

/** Refused mails stand in the byStatus index beside the open orders, the latest to be listed first. */
const refusedStatus = 'REFUSED_MAIL';

/** As long as the bucket keeps a refused mail. */
const refusedDays = 90;

const keysSchema = z.array(z.object({ pk: z.string(), sk: z.string() }));

type Answer = { recipient: string; language: Language };

/** Mails to the order address and what was made of them; rows of the Orders table. */
export const inboundMailsTable = (db = documentClient(), tableName = () => ordersEnv().ORDERS_TABLE) => {
  const read = async (mailId: string): Promise<InboundMail | undefined> => {
    const { Item } = await db.send(
      new GetCommand({ TableName: tableName(), Key: mailKey(mailId), ConsistentRead: true }),
    );
    return Item && inboundMailSchema.parse(Item);
  };

  const rowOf = (mail: InboundMail) => ({
    ...mailKey(mail.mailId),
    entity: 'INBOUND_MAIL',
    ...mail,
    ...(mail.status === 'REFUSED' && {
      openStatus: refusedStatus,
      statusSince: mail.receivedAt,
      expiresAt: Math.floor(Date.parse(mail.receivedAt) / 1000) + refusedDays * 86_400,
    }),
  });

  return {
    read,

    /** Remembers a mail and asks for its answer, once: what was decided when it came first stays, and is returned. */
    store: async (mail: InboundMail, answer?: Answer): Promise<InboundMail> => {
      const { outcome } = await transact(
        [
          {
            Put: {
              TableName: tableName(),
              Item: rowOf(mail),
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
          ...(answer
            ? [
                mailIntentItem(
                  {
                    ...answer,
                    subject: mail.mailId,
                    template: 'mail-refused',
                    event: 'REFUSED',
                    data: {},
                    state: 'PENDING',
                    createdAt: mail.receivedAt,
                  },
                  tableName(),
                ),
              ]
            : []),
        ],
        db,
      );
      const stored = outcome === 'written' ? mail : await read(mail.mailId);
      if (!stored) throw new Error(`mail ${mail.mailId} was forgotten meanwhile`);
      return stored;
    },

    /** A page of refused mails, the latest first. */
    listRefused: async (
      limit: number,
      start?: Record<string, unknown>,
    ): Promise<{ mails: InboundMail[]; next: Record<string, unknown> | undefined }> => {
      const { Items, LastEvaluatedKey: next } = await db.send(
        new QueryCommand({
          TableName: tableName(),
          IndexName: 'byStatus',
          KeyConditionExpression: 'openStatus = :status',
          ExpressionAttributeValues: { ':status': refusedStatus },
          ScanIndexForward: false,
          Limit: limit,
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      const found = new Map<string, InboundMail>();
      let keys = keysSchema.parse(Items ?? []);
      const order = keys.map(({ pk }) => pk);
      while (keys.length > 0) {
        const { Responses, UnprocessedKeys } = await db.send(
          new BatchGetCommand({ RequestItems: { [tableName()]: { Keys: keys } } }),
        );
        for (const item of Responses?.[tableName()] ?? [])
          found.set(String(item.pk), inboundMailSchema.parse(item));
        keys = keysSchema.parse(UnprocessedKeys?.[tableName()]?.Keys ?? []);
      }
      return { mails: order.flatMap((pk) => found.get(pk) ?? []), next };
    },
  };
};

export type InboundMailsTable = ReturnType<typeof inboundMailsTable>;
