import type { QueryOperation } from '../http/aws-query.ts';
import { ServiceError } from '../http/service-error.ts';
import type { MessageAttribute, NewMessage } from './message.ts';
import type { Sns } from './sns.ts';
import type { Subscription, TopicSpec } from './topic-spec.ts';

const mostInBatch = 10;

const readAttributes = (form: URLSearchParams, prefix: string): Record<string, MessageAttribute> => {
  const attributes: Record<string, MessageAttribute> = {};
  for (let number = 1; form.has(`${prefix}MessageAttributes.entry.${number}.Name`); number += 1) {
    const read = (field: string) => form.get(`${prefix}MessageAttributes.entry.${number}.${field}`);
    const Type = read('Value.DataType') ?? '';
    const Value = read('Value.StringValue') ?? read('Value.BinaryValue') ?? '';
    if (!/^(String|Number|Binary)(\.|$)/.test(Type)) {
      const message = `Invalid parameter: The message attribute '${read('Name')}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`;
      throw new ServiceError('ParameterValueInvalid', message);
    }
    attributes[read('Name') ?? ''] = { Type, Value };
  }
  return attributes;
};

const readNewMessage = (form: URLSearchParams, prefix = ''): NewMessage => ({
  subject: form.get(`${prefix}Subject`) ?? undefined,
  text: form.get(`${prefix}Message`) ?? '',
  structure: form.get(`${prefix}MessageStructure`) ?? undefined,
  attributes: readAttributes(form, prefix),
});

/** The topic that a form names. */
export const topicOf = (form: URLSearchParams): string => form.get('TopicArn') ?? form.get('TargetArn') ?? '';

const describeSubscription = (topicArn: string, { arn, protocol, endpoint }: Subscription) => ({
  TopicArn: topicArn,
  Protocol: protocol,
  SubscriptionArn: arn,
  Owner: topicArn.split(':')[4] ?? '',
  Endpoint: endpoint,
});

const batchEntries = (form: URLSearchParams): string[] => {
  const prefixes: string[] = [];
  const prefixOf = (number: number) => `PublishBatchRequestEntries.member.${number}.`;
  while (form.has(`${prefixOf(prefixes.length + 1)}Id`)) prefixes.push(prefixOf(prefixes.length + 1));
  if (prefixes.length === 0) {
    throw new ServiceError('EmptyBatchRequest', 'The batch request does not contain any entries.');
  }
  if (prefixes.length > mostInBatch) {
    throw new ServiceError(
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible.',
    );
  }
  const ids = new Set(prefixes.map((prefix) => form.get(`${prefix}Id`)));
  if (ids.size < prefixes.length) {
    throw new ServiceError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  }
  return prefixes;
};

/** The operations served: publishing, and looking at what the templates declare. */
export const snsOperations = ({
  topics,
  find,
  publish,
}: {
  topics: readonly TopicSpec[];
  find: (topicArn: string) => TopicSpec;
  publish: Sns['publish'];
}): Record<string, QueryOperation> => ({
  Publish: async (form) => {
    if (form.has('PhoneNumber')) {
      throw new ServiceError('InvalidParameter', 'Invalid parameter: PhoneNumber is not served here.');
    }
    return { MessageId: await publish(topicOf(form), readNewMessage(form)) };
  },
  PublishBatch: async (form) => {
    const { arn } = find(topicOf(form));
    const results = await Promise.all(
      batchEntries(form).map(async (prefix) => {
        const Id = form.get(`${prefix}Id`) ?? '';
        try {
          return { done: { Id, MessageId: await publish(arn, readNewMessage(form, prefix)) } };
        } catch (error) {
          if (!(error instanceof ServiceError)) throw error;
          return { failed: { Id, Code: error.code, Message: error.message, SenderFault: true } };
        }
      }),
    );
    return {
      Successful: { member: results.flatMap(({ done }) => done ?? []) },
      Failed: { member: results.flatMap(({ failed }) => failed ?? []) },
    };
  },
  ListTopics: async () => ({ Topics: { member: topics.map(({ arn }) => ({ TopicArn: arn })) } }),
  ListSubscriptionsByTopic: async (form) => {
    const { arn, subscriptions } = find(topicOf(form));
    return { Subscriptions: { member: subscriptions.map((one) => describeSubscription(arn, one)) } };
  },
  GetTopicAttributes: async (form) => {
    const { arn, displayName = '', subscriptions } = find(topicOf(form));
    const attributes = {
      TopicArn: arn,
      Owner: arn.split(':')[4] ?? '',
      DisplayName: displayName,
      SubscriptionsConfirmed: String(subscriptions.length),
      SubscriptionsPending: '0',
      SubscriptionsDeleted: '0',
    };
    return { Attributes: { entry: Object.entries(attributes).map(([key, value]) => ({ key, value })) } };
  },
});
