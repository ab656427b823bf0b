import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../local/json.ts';
import {
  authorizerOf,
  document,
  functionArn,
  machineArn,
  type Resources,
  roleArn,
  roleWith,
  ruleArn,
  trusting,
} from './small-app.ts';

const queue = 'arn:aws:sqs:us-east-1:000000000000:Jobs';
const send = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue };
const need = { action: 'sqs:SendMessage', resource: queue };
const role = (properties: Record<string, JsonValue> = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: trusting('lambda.amazonaws.com'), ...properties },
});
const managedArn = (name: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::aws:policy/${name}`]],
});

describe('a role has the policies', () => {
  test.for<{ name: string; resources: Resources }>([
    { name: 'written in it', resources: { Role: roleWith(send) } },
    {
      name: 'that name it',
      resources: {
        Role: role(),
        Own: {
          Type: 'AWS::IAM::Policy',
          Properties: { PolicyName: 'Own', PolicyDocument: document(send), Roles: [{ Ref: 'Role' }] },
        },
      },
    },
    {
      name: 'managed by the app that name it',
      resources: {
        Role: role(),
        Own: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: { PolicyDocument: document(send), Roles: [{ Ref: 'Role' }] },
        },
      },
    },
    {
      name: 'managed by the app that it names',
      resources: {
        Role: role({ ManagedPolicyArns: [{ Ref: 'Own' }] }),
        Own: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(send) } },
      },
    },
    {
      name: 'managed by AWS that it names',
      resources: { Role: role({ ManagedPolicyArns: [managedArn('AmazonSQSFullAccess')] }) },
    },
  ])('$name', ({ resources }) => {
    const { authorize, notEmulated } = authorizerOf(resources);
    expect(() => authorize(functionArn, [need])).not.toThrow();
    expect(() => authorize(functionArn, [{ action: 's3:GetObject', resource: 'x' }])).toThrow();
    expect(notEmulated).toEqual([]);
  });

  test('and none that names another role', () => {
    const { authorize } = authorizerOf({
      Role: role(),
      Other: role(),
      Own: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'Own', PolicyDocument: document(send), Roles: [{ Ref: 'Other' }] },
      },
    });
    expect(() => authorize(functionArn, [need])).toThrow();
  });
});

test.for([
  {
    name: 'service-role/AWSLambdaSQSQueueExecutionRole',
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'logs:PutLogEvents'],
  },
  {
    name: 'service-role/AWSLambdaDynamoDBExecutionRole',
    actions: [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ],
  },
  { name: 'service-role/AWSLambdaBasicExecutionRole', actions: ['logs:CreateLogStream'] },
  { name: 'service-role/AWSLambdaVPCAccessExecutionRole', actions: ['ec2:CreateNetworkInterface'] },
  { name: 'service-role/AWSLambdaRole', actions: ['lambda:InvokeFunction'] },
  { name: 'AWSXRayDaemonWriteAccess', actions: ['xray:PutTraceSegments'] },
  { name: 'AmazonS3ReadOnlyAccess', actions: ['s3:GetObject', 's3:ListBucket'] },
])('$name allows its actions and no others', ({ name, actions }) => {
  const { authorize } = authorizerOf({ Role: role({ ManagedPolicyArns: [managedArn(name)] }) });
  for (const action of actions) {
    expect(() => authorize(functionArn, [{ action, resource: 'arn:aws:x:::y' }])).not.toThrow();
  }
  expect(() => authorize(functionArn, [{ action: 's3:PutObject', resource: 'arn:aws:s3:::y/z' }])).toThrow();
});

test('what does not count here is said, one line each', () => {
  const boundary = 'arn:aws:iam::000000000000:policy/Boundary';
  const resources = {
    Role: role({
      ManagedPolicyArns: [managedArn('AmazonEC2FullAccess')],
      PermissionsBoundary: boundary,
      Policies: [
        {
          PolicyName: 'Own',
          PolicyDocument: document({
            ...send,
            Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1', 'aws:SourceAccount': '0' } },
          }),
        },
      ],
    }),
  };
  const imported = 'arn:aws:iam::000000000000:role/Imported';
  const callers = new Map([
    [functionArn, { roleArn, sessionName: 'Work' }],
    [machineArn, { roleArn: imported, sessionName: 'Order' }],
  ]);
  const { notEmulated, authorize } = authorizerOf(resources, { callers });
  expect(notEmulated.toSorted()).toEqual([
    'AWS::IAM::Role (Role): its permissions boundary does not limit it',
    'AWS::IAM::Role (Role): policy arn:aws:iam::aws:policy/AmazonEC2FullAccess is not known here and allows nothing',
    'Shop/Role/Policies/Own/Statement/0: condition key aws:PrincipalOrgID; no request carries it here',
    `${machineArn}: its role ${imported} is not in the templates and allows nothing`,
  ]);
  expect(() => authorize(machineArn, [need])).toThrow(
    'User: arn:aws:sts::000000000000:assumed-role/Imported/Order is not authorized',
  );
});

test('roles that nobody acts by are not read', () => {
  const other = {
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: 'none', ManagedPolicyArns: ['arn:aws:iam::aws:policy/Unknown'] },
  };
  expect(authorizerOf({ Role: roleWith(send), Other: other }).notEmulated).toEqual([]);
});

describe('who may not take on its role is told at start', () => {
  const callerOf = (arn: string) => ({ callers: new Map([[arn, { roleArn, sessionName: 'it' }]]) });

  test.for([
    { arn: functionArn, service: 'lambda.amazonaws.com' },
    { arn: machineArn, service: 'states.amazonaws.com' },
    { arn: ruleArn, service: 'events.amazonaws.com' },
    {
      arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/Nightly',
      service: 'scheduler.amazonaws.com',
    },
  ])('$service for $arn', ({ arn, service }) => {
    const trusted = role({ AssumeRolePolicyDocument: trusting(service) });
    expect(() => authorizerOf({ Role: trusted }, callerOf(arn))).not.toThrow();
    const untrusted = role({ AssumeRolePolicyDocument: trusting('ec2.amazonaws.com') });
    expect(() => authorizerOf({ Role: untrusted }, callerOf(arn))).toThrow(
      `Shop/Role (AWS::IAM::Role) does not let ${service} assume it, and ${arn} acts by it.`,
    );
  });

  test('by conditions on the source too', () => {
    const from = (account: string, sourceArn: string) =>
      role({
        AssumeRolePolicyDocument: document({
          Effect: 'Allow',
          Principal: { Service: ['states.amazonaws.com', 'lambda.amazonaws.com'] },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'aws:SourceAccount': account },
            ArnLike: { 'aws:SourceArn': sourceArn },
          },
        }),
      });
    const all = 'arn:aws:states:us-east-1:000000000000:stateMachine:*';
    expect(() => authorizerOf({ Role: from('000000000000', all) }, callerOf(machineArn))).not.toThrow();
    expect(() => authorizerOf({ Role: from('111111111111', all) }, callerOf(machineArn))).toThrow();
    expect(() => authorizerOf({ Role: from('000000000000', functionArn) }, callerOf(machineArn))).toThrow();
  });
});

describe('a policy that cannot be read stops the start with its place', () => {
  test.for<{ name: string; statement: JsonValue; message: string | RegExp }>([
    {
      name: 'an operator',
      statement: { ...send, Condition: { BinaryEquals: { 's3:prefix': 'QQ==' } } },
      message: 'Shop/Role/Policies/Own/Statement/1 has the condition BinaryEquals, which is not read here.',
    },
    {
      name: 'an element',
      statement: { ...send, NotPrincipal: '*' },
      message: /^Shop\/Role\/Policies\/Own is no policy that is read here: .*NotPrincipal/s,
    },
    {
      name: 'no action',
      statement: { Effect: 'Allow', Resource: '*' },
      message: /^Shop\/Role\/Policies\/Own is no policy .*one of Action and NotAction/s,
    },
    {
      name: 'both kinds of resources',
      statement: { ...send, NotResource: '*' },
      message: /^Shop\/Role\/Policies\/Own is no policy .*exclude each other/s,
    },
    {
      name: 'no resource',
      statement: { Effect: 'Allow', Action: '*' },
      message: 'Shop/Role/Policies/Own/Statement/1 needs a Resource.',
    },
    {
      name: 'a principal',
      statement: { ...send, Principal: '*' },
      message: 'Shop/Role/Policies/Own/Statement/1 must have no Principal.',
    },
    {
      name: 'a variable in what is excepted',
      statement: { Effect: 'Allow', Action: '*', NotResource: `arn:aws:s3:::\${aws:userid}` },
      message: 'Shop/Role/Policies/Own/Statement/1 has policy variables in NotResource',
    },
  ])('$name', ({ statement, message }) => {
    expect(() => authorizerOf({ Role: roleWith(send, statement) })).toThrow(message);
  });

  test('a variable in a policy of before 2012', () => {
    const PolicyDocument = { Version: '2008-10-17', Statement: { ...send, Resource: `\${aws:userid}` } };
    const old = role({ Policies: [{ PolicyName: 'Old', PolicyDocument }] });
    expect(() => authorizerOf({ Role: old })).toThrow(
      'Shop/Role/Policies/Old has policy variables, which need Version 2012-10-17.',
    );
  });
});
