import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import type { Activity } from '../calls/activity.ts';
import type { CallPort } from '../calls/call-port.ts';
import type { Clock } from '../clock.ts';
import { openRecordLog } from '../durable/record-log.ts';
import { createDeliverer } from '../events/deliverer.ts';
import { type BusRecord, busRecordSchema, createBusState, type Delivery } from '../events/delivery.ts';
import { awsQueryHandler } from '../http/aws-query.ts';
import type { Guard } from '../http/guard.ts';
import type { HttpHandler } from '../http/serve.ts';
import { ServiceError } from '../http/service-error.ts';
import type { JsonValue } from '../json.ts';
import { type NewMessage, readMessage } from './message.ts';
import { mailHead, notificationFor, rawAttributes } from './notification.ts';
import { snsOperations } from './sns-operations.ts';
import { compileFilter } from './subscription-filter.ts';
import type { Subscription, TopicSpec } from './topic-spec.ts';

export type TopicMail = {
  to: string;
  from: { name: string; address: string };
  subject: string;
  text: string;
};

export type Sns = {
  /** Answers the message's id once every delivery that it causes is on disk. Throws NotFound, InvalidParameter. */
  publish(topicArn: string, message: NewMessage): Promise<string>;
  /** The query protocol of SNS. */
  handler: HttpHandler;
  close(): Promise<void>;
};

export type SnsOptions = {
  topics: TopicSpec[];
  stateDir: string;
  clock: Clock;
  activity: Activity;
  /** Hands a function or a queue what it subscribed to, as the topic; rejects to be asked again. */
  deliver: (
    topicArn: string,
    endpoint: string,
    payload: JsonValue,
    attributes?: Record<string, string>,
  ) => Promise<void>;
  sendMail: (mail: TopicMail) => Promise<void>;
  guard?: Guard<URLSearchParams> | undefined;
  reach?: CallPort['reach'] | undefined;
  onError: (error: unknown) => void;
};

/** As SNS tries services of AWS: a hundred thousand times in 23 days. */
const retry = { maximumAttempts: 100_015, maximumEventAgeSeconds: 23 * 24 * 60 * 60 };

/** What is delivered: it stands where the bus has its event, so that a dead letter queue gets it too. */
const detailSchema = z.object({
  payload: z.json(),
  subject: z.string().optional(),
  attributes: z.record(z.string(), z.string()),
});

const deadLetterAttributes = ({ ERROR_CODE = '', ERROR_MESSAGE = '' }: Record<string, string>) => ({
  ErrorCode: ERROR_CODE,
  ErrorMessage: ERROR_MESSAGE,
});

/** SNS: what a topic accepts reaches each of its subscriptions at least once. */
export const createSns = async (options: SnsOptions): Promise<Sns> => {
  const { topics, clock, activity, deliver, sendMail, onError } = options;
  const subscriptionsById = new Map(
    topics.flatMap((topic) => topic.subscriptions.map((one) => [one.arn, { topic, subscription: one }])),
  );
  const filters = new Map(
    [...subscriptionsById.values()].map(({ subscription }) => [
      subscription.arn,
      compileFilter(subscription),
    ]),
  );
  const state = createBusState();
  const log = await openRecordLog<BusRecord>({
    file: join(options.stateDir, 'sns', 'topics.jsonl'),
    name: 'sns',
    reach: options.reach,
    parse: (line) => busRecordSchema.parse(line),
    apply: state.apply,
    snapshot: state.snapshot,
  });

  const deliverer = createDeliverer({
    clock,
    activity,
    note: log.note,
    onError,
    deliver: async ({ id, arn, ruleArn: topicArn }, _, event, failure) => {
      const { payload, subject, attributes } = detailSchema.parse(event);
      if (failure) return deliver(topicArn, arn, payload, deadLetterAttributes(failure));
      const known = subscriptionsById.get(id);
      // Its subscription has gone from the templates.
      if (!known) return;
      if (!known.subscription.protocol.startsWith('email'))
        return deliver(topicArn, arn, payload, attributes);
      await sendMail({ to: arn, ...mailHead({ subject }, known.topic), text: z.string().parse(payload) });
    },
  });
  for (const { delivery, attempts } of state.open.values()) deliverer.start(delivery, attempts);

  const find = (topicArn: string): TopicSpec => {
    const topic = topics.find(({ arn }) => arn === topicArn);
    if (!topic) throw new ServiceError('NotFound', 'Topic does not exist', 404);
    return topic;
  };

  const publish: Sns['publish'] = async (topicArn, given) => {
    const { subscriptions } = find(topicArn);
    const nowMs = clock.now();
    const message = readMessage(given, { id: randomUUID(), topicArn, nowMs });
    const deliveryTo = (subscription: Subscription): Delivery => {
      const { arn, endpoint, deadLetterArn } = subscription;
      return {
        id: randomUUID(),
        ruleArn: topicArn,
        target: { id: arn, arn: endpoint, retry, ...(deadLetterArn === undefined ? {} : { deadLetterArn }) },
        payload: null,
        event: {
          payload: notificationFor(message, subscription),
          ...(message.subject === undefined ? {} : { subject: message.subject }),
          attributes: rawAttributes(message, subscription),
        },
        acceptedMs: nowMs,
      };
    };
    const deliveries = subscriptions.filter(({ arn }) => filters.get(arn)?.(message)).map(deliveryTo);
    if (deliveries.length > 0) await log.append({ op: 'accept', deliveries });
    for (const delivery of deliveries) deliverer.start(delivery, 0);
    return message.id;
  };

  return {
    publish,
    handler: awsQueryHandler(
      snsOperations({ topics, find, publish }),
      'http://sns.amazonaws.com/doc/2010-03-31/',
      options.guard,
    ),
    close: async () => {
      await deliverer.close();
      await log.close();
    },
  };
};
