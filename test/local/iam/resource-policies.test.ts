import { describe, expect, test } from 'vitest';
import type { AccessNeed } from '../../../local/iam/access.ts';
import type { JsonValue } from '../../../local/json.ts';
import {
  authorizerOf,
  document,
  functionArn,
  type Resources,
  roleArn,
  roleWith,
  ruleArn,
  sessionArn,
  trusting,
} from './small-app.ts';

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:Shop-Jobs';
const send: AccessNeed = { action: 'sqs:SendMessage', resource: queueArn };
const targetArn = 'arn:aws:lambda:us-east-1:000000000000:function:Shop-Target';
const invoke: AccessNeed = { action: 'lambda:InvokeFunction', resource: targetArn };
const apiArn = 'arn:aws:execute-api:us-east-1:000000000000:abc123';

const queueWith = (...statements: JsonValue[]): Resources => ({
  Jobs: { Type: 'AWS::SQS::Queue' },
  JobsPolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: { Queues: [{ Ref: 'Jobs' }], PolicyDocument: document(...statements) },
  },
});

const functionWith = (permission: Record<string, JsonValue>): Resources => ({
  Target: { Type: 'AWS::Lambda::Function' },
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': ['Target', 'Arn'] },
      ...permission,
    },
  },
});

const refusal = (resources: Resources, caller: string, need: AccessNeed): string | undefined => {
  const { authorize } = authorizerOf({ Role: roleWith(), ...resources });
  try {
    authorize(caller, [need]);
    return undefined;
  } catch (error) {
    return String(error);
  }
};

describe('a role without policies of its own', () => {
  const statement = (Principal: JsonValue) => ({
    Effect: 'Allow',
    Principal,
    Action: 'sqs:SendMessage',
    Resource: queueArn,
  });

  test.for<{ name: string; principal: JsonValue; isAllowed: boolean }>([
    { name: 'everyone', principal: '*', isAllowed: true },
    { name: 'every AWS principal', principal: { AWS: '*' }, isAllowed: true },
    { name: 'the role', principal: { AWS: roleArn }, isAllowed: true },
    { name: 'the session', principal: { AWS: ['x', sessionArn] }, isAllowed: true },
    { name: 'another role', principal: { AWS: `${roleArn}2` }, isAllowed: false },
    {
      name: 'the account, which only delegates',
      principal: { AWS: 'arn:aws:iam::000000000000:root' },
      isAllowed: false,
    },
    { name: 'the account by number', principal: { AWS: '000000000000' }, isAllowed: false },
    { name: 'a service', principal: { Service: 'lambda.amazonaws.com' }, isAllowed: false },
    {
      name: 'a federated user',
      principal: { Federated: 'cognito-identity.amazonaws.com' },
      isAllowed: false,
    },
  ])('may what a queue allows to $name: $isAllowed', ({ principal, isAllowed }) => {
    expect(refusal(queueWith(statement(principal)), functionArn, send) === undefined).toBe(isAllowed);
  });

  test('hears of the identity-based policy it lacks', () => {
    expect(refusal(queueWith(statement({ AWS: 'x' })), functionArn, send)).toMatch(
      /because no identity-based policy allows the sqs:sendmessage action$/,
    );
  });
});

describe('a resource that denies', () => {
  const allowed = roleWith({ Effect: 'Allow', Action: '*', Resource: '*' });
  const deny = (Principal: JsonValue, Condition: JsonValue = {}) => ({
    Effect: 'Deny',
    Principal,
    Action: 'sqs:*',
    Resource: queueArn,
    Condition,
  });

  test.for<JsonValue>(['*', { AWS: '*' }, { AWS: roleArn }, { AWS: 'arn:aws:iam::000000000000:root' }])(
    '%j outweighs what the role is allowed',
    (principal) => {
      expect(refusal({ ...queueWith(deny(principal)), Role: allowed }, functionArn, send)).toMatch(
        /with an explicit deny in a resource-based policy$/,
      );
    },
  );

  test('calls without TLS or with an old one denies nobody here', () => {
    const resources = queueWith(
      deny({ AWS: '*' }, { Bool: { 'aws:SecureTransport': 'false' } }),
      deny('*', { NumericLessThan: { 's3:TlsVersion': 1.2 } }),
    );
    expect(refusal({ ...resources, Role: allowed }, functionArn, send)).toBeUndefined();
  });

  test('another resource denies nothing of this', () => {
    const other = `${queueArn}2`;
    expect(
      refusal({ ...queueWith(deny('*')), Role: allowed }, functionArn, { ...send, resource: other }),
    ).toBeUndefined();
  });
});

describe('a service', () => {
  const fromRule = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
  };

  test('may what the resource allows it for this source', () => {
    expect(refusal(queueWith(fromRule), ruleArn, send)).toBeUndefined();
    expect(refusal(queueWith(fromRule), `${ruleArn}2`, send)).toBe(
      `AccessDenied: User: events.amazonaws.com is not authorized to perform: sqs:sendmessage on resource: ${queueArn} because no resource-based policy allows the sqs:sendmessage action`,
    );
  });

  test('may nothing where a condition wants a source that it does not name', () => {
    expect(refusal(queueWith(fromRule), 'events.amazonaws.com', send)).toBeDefined();
    const fromAnywhere = { ...fromRule, Condition: {} };
    expect(refusal(queueWith(fromAnywhere), 'events.amazonaws.com', send)).toBeUndefined();
  });

  test.for<{ name: string; permission: Record<string, JsonValue>; isAllowed: boolean }>([
    { name: 'any source', permission: {}, isAllowed: true },
    { name: 'this method', permission: { SourceArn: `${apiArn}/live/GET/orders/*` }, isAllowed: true },
    { name: 'another method', permission: { SourceArn: `${apiArn}/live/POST/orders/*` }, isAllowed: false },
    { name: 'another API', permission: { SourceArn: `${apiArn}x/*` }, isAllowed: false },
    { name: 'its account', permission: { SourceAccount: '000000000000' }, isAllowed: true },
    { name: 'another account', permission: { SourceAccount: '111111111111' }, isAllowed: false },
    { name: 'an organisation', permission: { PrincipalOrgID: 'o-1' }, isAllowed: false },
    { name: 'function URLs', permission: { Action: 'lambda:InvokeFunctionUrl' }, isAllowed: false },
    { name: 'another service', permission: { Principal: 'events.amazonaws.com' }, isAllowed: false },
    { name: 'the function by name', permission: { FunctionName: { Ref: 'Target' } }, isAllowed: true },
    { name: 'one version of the function', permission: { FunctionName: `${targetArn}:1` }, isAllowed: false },
  ])('may invoke a function with a permission for $name: $isAllowed', ({ permission, isAllowed }) => {
    const resources = functionWith({ Principal: 'apigateway.amazonaws.com', ...permission });
    const caller = `${apiArn}/live/GET/orders/{orderNumber}`;
    expect(refusal(resources, caller, invoke) === undefined).toBe(isAllowed);
  });
});

test('a permission on one version is for calls of that version', () => {
  const resources = functionWith({ Principal: roleArn, FunctionName: `${targetArn}:1` });
  expect(refusal(resources, functionArn, { ...invoke, resource: `${targetArn}:1` })).toBeUndefined();
  expect(refusal(resources, functionArn, { ...invoke, resource: `${targetArn}:2` })).toBeDefined();
});

test('a permission may name a role, which then needs no policy', () => {
  expect(refusal(functionWith({ Principal: roleArn }), functionArn, invoke)).toBeUndefined();
  expect(refusal(functionWith({ Principal: '000000000000' }), functionArn, invoke)).toBeDefined();
  expect(refusal(functionWith({ Principal: '*' }), functionArn, invoke)).toBeUndefined();
});

test("a bucket's policy is asked about the bucket and its objects", () => {
  const resources: Resources = {
    Files: { Type: 'AWS::S3::Bucket' },
    FilesPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Files' },
        PolicyDocument: document({
          Effect: 'Allow',
          Principal: { AWS: roleArn },
          Action: 's3:*',
          Resource: ['arn:aws:s3:::shop-files', 'arn:aws:s3:::shop-files/inbox/*'],
        }),
      },
    },
  };
  const get = (resource: string) => refusal(resources, functionArn, { action: 's3:GetObject', resource });
  expect(get('arn:aws:s3:::shop-files')).toBeUndefined();
  expect(get('arn:aws:s3:::shop-files/inbox/a/b')).toBeUndefined();
  expect(get('arn:aws:s3:::shop-files/other')).toBeDefined();
  expect(get('arn:aws:s3:::shop-files2/inbox/a')).toBeDefined();
});

test("a topic's policy is asked about the topic", () => {
  const fromRule = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: { Ref: 'Alarms' },
  };
  const resources: Resources = {
    Alarms: { Type: 'AWS::SNS::Topic' },
    Other: { Type: 'AWS::SNS::Topic' },
    AlarmsPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: [{ Ref: 'Alarms' }], PolicyDocument: document(fromRule) },
    },
  };
  const publish = (topic: string) =>
    refusal(resources, ruleArn, {
      action: 'sns:Publish',
      resource: `arn:aws:sns:us-east-1:000000000000:${topic}`,
    });
  expect(publish('Shop-Alarms')).toBeUndefined();
  expect(publish('Shop-Other')).toContain('because no resource-based policy allows the SNS:Publish action');
});

test.for<{ name: string; policy: Record<string, JsonValue>; isAllowed: boolean }>([
  {
    name: 'a statement',
    policy: {
      Statement: { Effect: 'Allow', Principal: { AWS: roleArn }, Action: 'events:PutEvents', Resource: '*' },
    },
    isAllowed: true,
  },
  { name: 'the short form', policy: { Action: 'events:PutEvents', Principal: '*' }, isAllowed: true },
  {
    name: 'the short form for an account',
    policy: { Action: 'events:PutEvents', Principal: '111111111111' },
    isAllowed: false,
  },
  {
    name: 'the short form for an organisation',
    policy: {
      Action: 'events:PutEvents',
      Principal: '*',
      Condition: { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-1' },
    },
    isAllowed: false,
  },
  {
    name: 'another bus',
    policy: { EventBusName: 'other', Action: 'events:PutEvents', Principal: '*' },
    isAllowed: false,
  },
])('an event bus may allow by $name: $isAllowed', ({ policy, isAllowed }) => {
  const resources = {
    BusPolicy: { Type: 'AWS::Events::EventBusPolicy', Properties: { StatementId: 'Own', ...policy } },
  };
  const need = {
    action: 'events:PutEvents',
    resource: 'arn:aws:events:us-east-1:000000000000:event-bus/default',
  };
  expect(refusal(resources, functionArn, need) === undefined).toBe(isAllowed);
});

test("a rule with a role starts machines by it, but sends to queues in EventBridge's name", () => {
  const start = {
    action: 'states:StartExecution',
    resource: 'arn:aws:states:us-east-1:000000000000:stateMachine:M',
  };
  const role = roleWith({ Effect: 'Allow', Action: ['states:*', 'sqs:*'], Resource: '*' });
  const properties = { ...role.Properties, AssumeRolePolicyDocument: trusting('events.amazonaws.com') };
  const { authorize } = authorizerOf(
    { Jobs: { Type: 'AWS::SQS::Queue' }, Role: { ...role, Properties: properties } },
    { callers: new Map([[ruleArn, { roleArn, sessionName: 'rule' }]]) },
  );
  expect(() => authorize(ruleArn, [start])).not.toThrow();
  expect(() => authorize(ruleArn, [send])).toThrow('User: events.amazonaws.com is not authorized');
});

test('a policy of a resource must name principals', () => {
  const nobody = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' };
  expect(() => authorizerOf({ Role: roleWith(), ...queueWith(nobody) })).toThrow(
    'Shop/JobsPolicy/Statement/0 needs a Principal.',
  );
});
