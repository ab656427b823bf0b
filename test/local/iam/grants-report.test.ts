import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccessNeed } from '../../../local/iam/access.ts';
import type { Grant } from '../../../local/iam/grant.ts';
import { grantsReport, isNeeded } from '../../../local/iam/grants-report.ts';
import { whyUnserved } from '../../../local/iam/unserved-grants.ts';
import { mergeUsage, type Usage } from '../../../local/iam/usage.ts';
import { authorizerOf, document, functionArn, roleArn, roleWith } from './small-app.ts';

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:Shop-Jobs';
const allow = (Action: string | string[], Resource: string | string[]) => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const bucket = (name: string) => `arn:aws:s3:::${name}`;

const grants = (holder: string, usage: Usage) =>
  grantsReport(usage).find((one) => one.holder === holder) ?? { used: [], unused: [], unserved: [] };

const named = ({ action, resource }: Grant) => `${action} ${resource}`;

/** Asks whether it is refused or not. */
const ask = ({ authorize }: ReturnType<typeof authorizerOf>, ...needs: AccessNeed[]): boolean => {
  try {
    authorize(functionArn, needs);
    return true;
  } catch {
    return false;
  }
};

const twoStatements = () =>
  authorizerOf({
    Role: roleWith(
      allow(['s3:GetObject', 's3:PutObject'], [bucket('a/*'), bucket('b/*')]),
      allow('s3:*', bucket('b/*')),
      allow('logs:PutLogEvents', '*'),
      { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
    ),
  });

test('a role’s grants are told apart: each action on each resource, used, unused, or of no use here', () => {
  const app = twoStatements();
  ask(app, { action: 's3:GetObject', resource: bucket('a/1') });
  ask(app, { action: 's3:GetObject', resource: bucket('a/2') });
  ask(app, { action: 's3:PutObject', resource: bucket('b/1') });
  const { used, unused, unserved } = grants(roleArn, app.usage());
  expect(used.map(({ grant, ...more }) => ({ grant: named(grant), ...more }))).toEqual([
    { grant: 's3:GetObject arn:aws:s3:::a/*', calls: 2, isNeeded: true },
    { grant: 's3:PutObject arn:aws:s3:::b/*', calls: 1, isNeeded: false },
    { grant: 's3:* arn:aws:s3:::b/*', calls: 1, isNeeded: false },
  ]);
  expect(unused.map(named)).toEqual(['s3:GetObject arn:aws:s3:::b/*', 's3:PutObject arn:aws:s3:::a/*']);
  expect(unserved.map(({ grant, reason }) => [named(grant), reason])).toEqual([
    ['logs:PutLogEvents *', 'log lines go to files here'],
  ]);
});

test('a grant says where it stands', () => {
  const { grants: granted } = twoStatements().usage();
  expect(granted[4]).toEqual({
    holder: roleArn,
    policy: 'Shop/Role/Policies/Own',
    statement: 1,
    action: 's3:*',
    resource: 'arn:aws:s3:::b/*',
  });
});

test('calls of a kind are counted, with the first as example; refused ones use nothing', () => {
  const app = twoStatements();
  for (const key of ['a/1', 'a/2', 'c/1', 'c/2']) ask(app, { action: 's3:GetObject', resource: bucket(key) });
  expect(app.usage().calls).toMatchObject([
    { caller: functionArn, action: 's3:GetObject', resource: bucket('a/1'), isAllowed: true, count: 2 },
    {
      caller: functionArn,
      action: 's3:GetObject',
      resource: bucket('c/1'),
      isAllowed: false,
      grants: [],
      count: 2,
    },
  ]);
});

test('what was told of usage before does not change with later calls', () => {
  const app = twoStatements();
  const need = { action: 's3:GetObject', resource: bucket('a/1') };
  ask(app, need);
  const before = app.usage();
  ask(app, need);
  expect(before.calls[0]?.count).toBe(1);
});

test('the policy of a resource is reported beside the roles', () => {
  const statement = { ...allow('sqs:SendMessage', queueArn), Principal: { AWS: roleArn } };
  const app = authorizerOf({
    Role: roleWith(),
    Jobs: { Type: 'AWS::SQS::Queue' },
    JobsPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { Queues: [{ Ref: 'Jobs' }], PolicyDocument: document(statement) },
    },
  });
  expect(grants(queueArn, app.usage()).unused).toHaveLength(1);
  ask(app, { action: 'sqs:SendMessage', resource: queueArn });
  expect(grants(queueArn, app.usage()).used).toMatchObject([
    { grant: { principal: `{"AWS":["${roleArn}"]}` }, calls: 1, isNeeded: true },
  ]);
});

test('the usage of several clouds is one', () => {
  const [first, second] = [twoStatements(), twoStatements()];
  ask(first, { action: 's3:GetObject', resource: bucket('a/1') });
  ask(second, { action: 's3:GetObject', resource: bucket('a/2') });
  ask(second, { action: 's3:PutObject', resource: bucket('a/2') });
  const merged = mergeUsage([first.usage(), second.usage()]);
  expect(merged.grants).toEqual(first.usage().grants);
  expect(grants(roleArn, merged).used.map(({ grant, calls }) => [named(grant), calls])).toEqual([
    ['s3:GetObject arn:aws:s3:::a/*', 2],
    ['s3:PutObject arn:aws:s3:::a/*', 1],
  ]);
});

test('a grant is needed just when some call would be refused without it', () => {
  const name = fc.constantFrom('a', 'b', '*');
  const statement = fc.record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    Action: name.map((action) => `s3:${action}`),
    Resource: name.map(bucket),
  });
  const need = fc.record({
    action: fc.constantFrom('s3:a', 's3:b'),
    resource: fc.constantFrom('a', 'b').map(bucket),
  });
  fc.assert(
    fc.property(
      fc.array(statement, { maxLength: 5 }),
      fc.array(need, { maxLength: 4 }),
      (statements, needs) => {
        const app = authorizerOf({ Role: roleWith(...statements) });
        const allowed = needs.filter((one) => ask(app, one));
        const { calls, grants: granted } = app.usage();
        for (const grant of granted) {
          const without = authorizerOf({ Role: roleWith(...statements.toSpliced(grant.statement, 1)) });
          expect(isNeeded(calls, grant)).toBe(allowed.some((one) => !ask(without, one)));
        }
      },
    ),
  );
});

describe('why no call here can use a grant', () => {
  const grant = { holder: roleArn, policy: 'Shop/Role', statement: 0, action: 's3:GetObject', resource: '*' };

  test.for<Partial<Grant> & { reason: string | undefined }>([
    { action: 'logs:*', reason: 'log lines go to files here' },
    { action: 'xray:PutTraceSegments', reason: 'there are no traces here' },
    { action: 'cloudwatch:PutMetricData', reason: 'there are no metrics here' },
    { action: 'kms:Decrypt', reason: 'nothing is encrypted here' },
    { action: 'secretsmanager:GetSecretValue', reason: 'secretsmanager is not served here' },
    { action: 'sns:Publish', reason: undefined },
    { action: 'dynamodb:*', reason: undefined },
    { action: '*', reason: undefined },
    { action: 'not iam:*', reason: undefined },
    { principal: '{"Service":["events.amazonaws.com"]}', reason: undefined },
    { principal: '{"Service":["ses.amazonaws.com"]}', reason: undefined },
    { principal: '{"AWS":["arn:aws:iam::000000000000:role/Shop-Role"]}', reason: undefined },
    {
      principal: '{"Service":["logging.s3.amazonaws.com"]}',
      reason: 'logging.s3.amazonaws.com calls nothing here',
    },
    {
      principal: '{"Service":["apigateway.amazonaws.com"]}',
      condition: '{"ArnLike":{"aws:SourceArn":["arn:aws:execute-api:r:0:id/test-invoke-stage/GET/"]}}',
      reason: 'only the console of API Gateway calls by it',
    },
  ])('$action $principal: $reason', ({ reason, ...given }) => {
    expect(whyUnserved({ ...grant, ...given })).toBe(reason);
  });
});
