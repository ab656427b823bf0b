import type { JsonValue } from '../json.ts';

export type Protocol = 'email' | 'email-json' | 'lambda' | 'sqs';

export type Subscription = {
  arn: string;
  protocol: Protocol;
  /** ARN of a function or a queue, or a mail address. */
  endpoint: string;
  filter?: { policy: JsonValue; scope: 'MessageAttributes' | 'MessageBody' } | undefined;
  /** The message alone, without what SNS wraps round it; for queues. */
  isRaw: boolean;
  deadLetterArn?: string | undefined;
};

export type TopicSpec = {
  arn: string;
  displayName?: string | undefined;
  subscriptions: readonly Subscription[];
};
