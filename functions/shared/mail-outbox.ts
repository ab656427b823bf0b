import { GetCommand, paginateQuery, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ContactMark } from '../../domain/customers/contacts.ts';
import { type MailIntent, mailIntentSchema } from '../../domain/mail.ts';
import { Retryable } from './classify-error.ts';
import { documentClient, isConditionFailure, type TransactItem } from './dynamodb.ts';
import { env } from './env.ts';
import { orderKey } from './order-rows.ts';

const ordersEnv = env({ ORDERS_TABLE: z.string() });

const mailKeySchema = z.object({ pk: z.string(), sk: z.string() });
export type MailKey = z.infer<typeof mailKeySchema>;

/** A claim older than this belongs to a mailer that died; send-mail's own timeout must be shorter. */
export const claimSeconds = 120;

/** Unsent mails stand in the byStatus index beside the open orders, so that the sweeper finds them whatever became of their mailer. */
const unsentStatus = 'UNSENT_MAIL';

type MailOf = Pick<MailIntent, 'subject' | 'template' | 'event' | 'recipient'>;

const subjectKey = ({ subject, template }: MailOf): string => {
  if (template === 'upload-result') return `UPLOAD#${subject}`;
  return template === 'mail-refused' ? `INBOUND_MAIL#${subject}` : orderKey(subject);
};

export const mailKey = (intent: MailOf): MailKey => ({
  pk: subjectKey(intent),
  sk: `MAIL#${intent.template}#${intent.event}#${intent.recipient}`,
});

/**
 * The row of a mail to be sent, for the transaction that writes its event. It has no condition of its own: the event's
 * guard refuses the whole transaction when it is repeated, and callers tell refusals apart by position.
 */
export const mailIntentItem = (intent: MailIntent, tableName = ordersEnv().ORDERS_TABLE): TransactItem => ({
  Put: {
    TableName: tableName,
    Item: {
      ...mailKey(intent),
      entity: 'MAIL',
      ...intent,
      openStatus: unsentStatus,
      statusSince: intent.createdAt,
    },
  },
});

type Change = Pick<UpdateCommandInput, 'UpdateExpression' | 'ConditionExpression'> & {
  values: Record<string, string | Omit<ContactMark, 'subject'>>;
};

/** The outbox: mails wait as rows of the Orders table, are claimed before and marked after sending. */
export const mailOutbox = (db = documentClient(), tableName = () => ordersEnv().ORDERS_TABLE) => {
  /** The row after the change, or undefined when its condition does not hold. */
  const update = async (key: MailKey, { values, ...change }: Change): Promise<MailIntent | undefined> => {
    try {
      const { Attributes } = await db.send(
        new UpdateCommand({
          TableName: tableName(),
          Key: key,
          ...change,
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: values,
          ReturnValues: 'ALL_NEW',
        }),
      );
      return mailIntentSchema.parse(Attributes);
    } catch (error) {
      if (isConditionFailure(error)) return undefined;
      throw error;
    }
  };

  const staleBefore = (now: Date): string => new Date(now.getTime() - claimSeconds * 1000).toISOString();
  const isFree =
    '(#state = :pending OR (#state = :sending AND attribute_not_exists(refusal)' +
    ' AND (attribute_not_exists(claimedAt) OR claimedAt < :stale)))';

  const states = { ':pending': 'PENDING', ':sending': 'SENDING' };

  const read = async (key: MailKey): Promise<MailIntent | undefined> => {
    const { Item } = await db.send(
      new GetCommand({ TableName: tableName(), Key: key, ConsistentRead: true }),
    );
    return Item && mailIntentSchema.parse(Item);
  };

  return {
    read,

    /** Takes a mail for sending; undefined when it is sent, refused, or in another mailer's hands. */
    claim: (key: MailKey, now: Date): Promise<MailIntent | undefined> =>
      update(key, {
        UpdateExpression: 'SET #state = :sending, claimedAt = :now',
        ConditionExpression: isFree,
        values: { ...states, ':now': now.toISOString(), ':stale': staleBefore(now) },
      }),

    /** Gives a claim back so that the next try need not wait for it to grow old. Stays SENDING: PENDING would wake the stream. */
    release: async (key: MailKey, claimedAt: Date): Promise<void> => {
      await update(key, {
        UpdateExpression: 'REMOVE claimedAt',
        ConditionExpression: '#state = :sending AND claimedAt = :claimedAt',
        values: { ':sending': 'SENDING', ':claimedAt': claimedAt.toISOString() },
      });
    },

    /** What has left is sent, whatever its row says meanwhile. Throws Retryable when that could not be written. */
    markSent: async (key: MailKey, messageId: string, now: Date): Promise<void> => {
      const marked = await update(key, {
        UpdateExpression:
          'SET #state = :sent, messageId = :messageId, sentAt = :now REMOVE openStatus, statusSince',
        ConditionExpression: 'attribute_exists(pk)',
        values: { ':sent': 'SENT', ':messageId': messageId, ':now': now.toISOString() },
      });
      if (!marked && (await read(key))) throw new Retryable(`the mark of ${key.sk} was refused`);
    },

    /** Closes a mail that will never be accepted, with the reason's code; it is not tried again. */
    markRefused: async (key: MailKey, refusal: string): Promise<void> => {
      await update(key, {
        UpdateExpression: 'SET refusal = :refusal REMOVE openStatus, statusSince',
        ConditionExpression: '#state = :sending',
        values: { ':sending': 'SENDING', ':refusal': refusal },
      });
    },

    /** Stores what came back of a mail, the first that did; its mark as sent may still be on its way. */
    markFeedback: async (mail: MailOf, feedback: Omit<ContactMark, 'subject'>): Promise<void> => {
      await update(mailKey(mail), {
        UpdateExpression: 'SET feedback = :feedback',
        ConditionExpression: '#state IN (:sending, :sent) AND attribute_not_exists(feedback)',
        values: { ':feedback': feedback, ':sending': 'SENDING', ':sent': 'SENT' },
      });
    },

    /** Puts an unsent mail back in line, which wakes send-mail by the stream; false when there is nothing to do. */
    requeue: async (key: MailKey, now: Date): Promise<boolean> => {
      const requeued = await update(key, {
        UpdateExpression: 'SET #state = :pending, requeuedAt = :now REMOVE claimedAt',
        ConditionExpression: isFree,
        values: { ...states, ':now': now.toISOString(), ':stale': staleBefore(now) },
      });
      return requeued !== undefined;
    },

    /** Mails asked for before `before` and neither sent nor refused, oldest first. */
    unsentSince: async function* (before: Date): AsyncGenerator<MailKey> {
      const pages = paginateQuery(
        { client: db },
        {
          TableName: tableName(),
          IndexName: 'byStatus',
          KeyConditionExpression: 'openStatus = :status AND statusSince < :before',
          ExpressionAttributeValues: { ':status': unsentStatus, ':before': before.toISOString() },
        },
      );
      for await (const { Items } of pages) yield* z.array(mailKeySchema).parse(Items ?? []);
    },
  };
};

export type MailOutbox = ReturnType<typeof mailOutbox>;
