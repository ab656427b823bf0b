import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Registry } from '../assembly/registry.ts';
import { compileFilter } from './subscription-filter.ts';
import type { Protocol, Subscription, TopicSpec } from './topic-spec.ts';

const flag = z.union([z.boolean(), z.stringbool()]);
const inlineSchema = z.object({ Protocol: z.string(), Endpoint: z.string() });
const topicSchema = z.object({
  DisplayName: z.string().optional(),
  FifoTopic: flag.default(false),
  Subscription: z.array(inlineSchema).default([]),
});
const policySchema = z.union([
  z.json(),
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.json()),
]);
const subscriptionSchema = inlineSchema.extend({
  TopicArn: z.string(),
  FilterPolicy: policySchema.optional(),
  FilterPolicyScope: z.enum(['MessageAttributes', 'MessageBody']).default('MessageAttributes'),
  RawMessageDelivery: flag.default(false),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string() }).optional(),
});
type Declared = Omit<z.infer<typeof subscriptionSchema>, 'TopicArn'>;

const served: readonly Protocol[] = ['email', 'email-json', 'lambda', 'sqs'];
const servedProtocol = (name: string): Protocol | undefined => served.find((one) => one === name);

/** A subscription's ARN ends in a UUID, the same at every start. */
const subscriptionArn = (topicArn: string, name: string): string => {
  const digest = createHash('sha256').update(`${topicArn}/${name}`).digest('hex');
  return `${topicArn}:${digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
};

const readSubscription = (topicArn: string, declared: Declared, protocol: Protocol): Subscription => {
  const { Endpoint: endpoint, FilterPolicy: policy, FilterPolicyScope: scope } = declared;
  return {
    arn: subscriptionArn(topicArn, `${protocol}/${endpoint}`),
    protocol,
    endpoint,
    filter: policy === undefined ? undefined : { policy, scope },
    isRaw: declared.RawMessageDelivery,
    deadLetterArn: declared.RedrivePolicy?.deadLetterTargetArn,
  };
};

/** The topics of the templates with their subscriptions, all confirmed; `skipped` names those not served. */
export const declaredTopics = (registry: Registry): { topics: TopicSpec[]; skipped: string[] } => {
  const skipped: string[] = [];
  const subscribed = new Map<string, Subscription[]>();
  const subscribe = (topicArn: string, declared: Declared, name: string) => {
    const protocol = servedProtocol(declared.Protocol);
    if (protocol === undefined) {
      skipped.push(`${name}: protocol ${declared.Protocol}`);
      return;
    }
    const subscription = readSubscription(topicArn, declared, protocol);
    try {
      compileFilter(subscription);
    } catch (error) {
      skipped.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    subscribed.set(topicArn, [...(subscribed.get(topicArn) ?? []), subscription]);
  };
  for (const resource of registry.ofType('AWS::SNS::Subscription')) {
    const { TopicArn: topicArn, ...declared } = resource.read(subscriptionSchema);
    subscribe(topicArn, declared, `AWS::SNS::Subscription (${resource.logicalId})`);
  }
  const topics = registry.ofType('AWS::SNS::Topic').flatMap((resource) => {
    const { DisplayName: displayName, FifoTopic: isFifo, Subscription: inline } = resource.read(topicSchema);
    const name = `AWS::SNS::Topic (${resource.logicalId})`;
    if (isFifo) {
      skipped.push(`${name}: FIFO`);
      return [];
    }
    for (const one of inline)
      subscribe(resource.ref, subscriptionSchema.omit({ TopicArn: true }).parse(one), name);
    return [{ arn: resource.ref, displayName, subscriptions: subscribed.get(resource.ref) ?? [] }];
  });
  return { topics, skipped };
};
