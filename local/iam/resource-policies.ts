import * as z from 'zod';
import type { Registry, Resource } from '../assembly/registry.ts';
import { createRuleSet, noRules, type RuleSet } from './decide.ts';
import { compilePolicy, type Rule } from './rule.ts';

/** One document for one resource. */
type Attached = { resource: string; document: unknown };
type Read = (policy: Resource, registry: Registry) => Attached[];

const version = '2012-10-17';

const bucketPolicySchema = z.object({ Bucket: z.string(), PolicyDocument: z.unknown() });
const bucketPolicy: Read = (policy) => {
  const { Bucket: bucket, PolicyDocument: document } = policy.read(bucketPolicySchema);
  return [{ resource: `arn:aws:s3:::${bucket}`, document }];
};

const queuePolicySchema = z.object({ Queues: z.array(z.string()), PolicyDocument: z.unknown() });
const queuePolicy: Read = (policy, registry) => {
  const { Queues: urls, PolicyDocument: document } = policy.read(queuePolicySchema);
  return registry
    .ofType('AWS::SQS::Queue')
    .filter(({ ref }) => urls.includes(ref))
    .map((queue) => ({ resource: queue.attribute('Arn'), document }));
};

const topicPolicySchema = z.object({ Topics: z.array(z.string()), PolicyDocument: z.unknown() });
const topicPolicy: Read = (policy) => {
  const { Topics: topics, PolicyDocument: document } = policy.read(topicPolicySchema);
  return topics.map((resource) => ({ resource, document }));
};

const permissionSchema = z.object({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
  PrincipalOrgID: z.string().optional(),
  EventSourceToken: z.string().optional(),
  FunctionUrlAuthType: z.string().optional(),
});
type Permission = z.infer<typeof permissionSchema>;

const principalOf = (name: string) => {
  if (name === '*') return '*';
  return name.endsWith('.amazonaws.com') ? { Service: name } : { AWS: name };
};

const conditionOf = (permission: Permission) => {
  const equals = Object.entries({
    'aws:SourceAccount': permission.SourceAccount,
    'aws:PrincipalOrgID': permission.PrincipalOrgID,
    'lambda:EventSourceToken': permission.EventSourceToken,
    'lambda:FunctionUrlAuthType': permission.FunctionUrlAuthType,
  }).filter(([, value]) => value !== undefined);
  const { SourceArn: sourceArn } = permission;
  return {
    ...(equals.length > 0 && { StringEquals: Object.fromEntries(equals) }),
    ...(sourceArn !== undefined && { ArnLike: { 'aws:SourceArn': sourceArn } }),
  };
};

const functionArn = (name: string, registry: Registry): string => {
  if (name.startsWith('arn:')) return name;
  const named = registry.ofType('AWS::Lambda::Function').find(({ ref }) => ref === name);
  return named?.attribute('Arn') ?? name;
};

const permission: Read = (resource, registry) => {
  const declared = resource.read(permissionSchema);
  const arn = functionArn(declared.FunctionName, registry);
  const statement = {
    Effect: 'Allow',
    Principal: principalOf(declared.Principal),
    Action: declared.Action,
    Resource: arn,
    Condition: conditionOf(declared),
  };
  return [{ resource: arn, document: { Version: version, Statement: [statement] } }];
};

const busPolicySchema = z.object({
  EventBusName: z.string().default('default'),
  StatementId: z.string(),
  Statement: z.record(z.string(), z.json()).optional(),
  Action: z.string().optional(),
  Principal: z.string().optional(),
  Condition: z.object({ Type: z.string(), Key: z.string(), Value: z.string() }).optional(),
});
const busPolicy: Read = (resource) => {
  const declared = resource.read(busPolicySchema);
  const { Action: action, Principal: principal, Condition: condition } = declared;
  const short = {
    Effect: 'Allow',
    Action: action,
    Principal: principalOf(principal ?? '*'),
    Resource: '*',
    ...(condition && { Condition: { [condition.Type]: { [condition.Key]: condition.Value } } }),
  };
  const document = { Version: version, Statement: [declared.Statement ?? short] };
  return [{ resource: `event-bus/${declared.EventBusName}`, document }];
};

const readers: Record<string, Read> = {
  'AWS::Events::EventBusPolicy': busPolicy,
  'AWS::Lambda::Permission': permission,
  'AWS::S3::BucketPolicy': bucketPolicy,
  'AWS::SNS::TopicPolicy': topicPolicy,
  'AWS::SQS::QueuePolicy': queuePolicy,
};

/** What a policy is attached to: an object's bucket, a bus of any region, else the resource itself. */
const attachedTo = (arn: string): string => {
  const [, , service, , , ...name] = arn.split(':');
  if (service === 's3') return arn.split('/')[0] ?? arn;
  return service === 'events' ? name.join(':') : arn;
};

export type ResourcePolicies = {
  rules: readonly Rule[];
  /** The rules for a resource, by the ARN that a call names. */
  of(arn: string): RuleSet;
};

/**
 * The policies of buckets, queues, topics, functions and event buses; `report` is told, one line each, what of them does not
 * count here. Throws an Error that names the place of what cannot be read.
 */
export const readResourcePolicies = (
  registry: Registry,
  report: (line: string) => void,
): ResourcePolicies => {
  const rules = Object.entries(readers).flatMap(([type, read]) =>
    registry.ofType(type).flatMap((policy) =>
      read(policy, registry).flatMap(({ resource, document }) =>
        compilePolicy(document, {
          holder: resource,
          policy: `${policy.stackName}/${policy.logicalId}`,
          kind: 'resource',
          report,
        }),
      ),
    ),
  );
  const byResource = new Map(
    [...Map.groupBy(rules, ({ grant }) => attachedTo(grant.holder))].map(
      ([arn, own]) => [arn, createRuleSet(own)] as const,
    ),
  );
  return { rules, of: (arn) => byResource.get(attachedTo(arn)) ?? noRules };
};
