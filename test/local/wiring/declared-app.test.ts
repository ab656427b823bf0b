import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { declaredUsagePlans } from '../../../local/apigateway/declared-usage-plans.ts';
import { createRegistry } from '../../../local/assembly/registry.ts';
import { declaredApp } from '../../../local/wiring/declared-app.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'declared-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Resources = Record<string, { Type: string; Properties?: Record<string, unknown> }>;

const registryOf = (Resources: Resources, assets: Record<string, string> = {}) => {
  const described = Object.fromEntries(
    Object.entries(Resources).map(([id, { Type, Properties = {} }]) => [
      id,
      { Type, Properties: JSON.parse(JSON.stringify(Properties)) },
    ]),
  );
  const template = { Resources: described, Parameters: {}, Mappings: {}, Conditions: {}, Outputs: {} };
  return createRegistry({
    assembly: { stacks: [{ name: 'Shop', template }], assets: new Map(Object.entries(assets)) },
    place: { region: 'us-east-1', accountId: '000000000000', sqsUrl: 'http://127.0.0.1:1', cognitoUrl: '' },
  });
};
const read = (resources: Resources, assets?: Record<string, string>) =>
  declaredApp(registryOf(resources, assets), folder);

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:work';

test('a rule keeps its pattern, its transformers and its retry policy', async () => {
  const { rules, notEmulated } = await read({
    OnFile: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.s3'] },
        Targets: [
          {
            Id: 'a',
            Arn: queueArn,
            InputTransformer: {
              InputPathsMap: { key: '$.detail.object.key' },
              InputTemplate: '{"key":<key>}',
            },
            DeadLetterConfig: { Arn: queueArn },
            RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60 },
          },
          { Id: 'b', Arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks' },
        ],
      },
    },
  });
  expect(rules).toEqual([
    {
      name: 'Shop-OnFile',
      arn: 'arn:aws:events:us-east-1:000000000000:rule/Shop-OnFile',
      eventPattern: { source: ['aws.s3'] },
      enabled: true,
      targets: [
        {
          id: 'a',
          arn: queueArn,
          inputTransformer: { inputPathsMap: { key: '$.detail.object.key' }, inputTemplate: '{"key":<key>}' },
          deadLetterArn: queueArn,
          retry: { maximumAttempts: 2, maximumEventAgeSeconds: 60 },
        },
      ],
    },
  ]);
  expect(notEmulated).toEqual([
    'AWS::Events::Rule (OnFile): target arn:aws:kinesis:us-east-1:000000000000:stream/clicks',
  ]);
});

test('a schedule of the Scheduler is a rule; one for a single time is named', async () => {
  const schedule = (ScheduleExpression: string, more: object = {}) => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: { ScheduleExpression, Target: { Arn: queueArn, RoleArn: 'r', Input: '{"a":1}' }, ...more },
  });
  const { rules, notEmulated } = await read({
    Daily: schedule('rate(1 day)', { State: 'DISABLED' }),
    Once: schedule('at(2026-03-01T00:00:00)'),
  });
  expect(rules).toMatchObject([
    {
      name: 'Shop-Daily',
      scheduleExpression: 'rate(1 day)',
      enabled: false,
      targets: [{ arn: queueArn, input: '{"a":1}' }],
    },
  ]);
  expect(notEmulated).toEqual(['AWS::Scheduler::Schedule (Once): at(2026-03-01T00:00:00)']);
});

test('a bucket sends events when its notifications say so; other receivers are named', async () => {
  const { buckets, notEmulated } = await read({
    Inbox: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
    Quiet: { Type: 'AWS::S3::Bucket' },
    Notify: {
      Type: 'Custom::S3BucketNotifications',
      Properties: {
        ServiceToken: 'arn:handler',
        BucketName: { Ref: 'Inbox' },
        NotificationConfiguration: { EventBridgeConfiguration: {}, QueueConfigurations: [] },
      },
    },
  });
  expect(buckets).toEqual([
    { logicalId: 'Inbox', name: 'shop-inbox', versioning: 'Enabled', eventBridge: true },
    { logicalId: 'Quiet', name: 'shop-quiet', eventBridge: false },
  ]);
  expect(notEmulated).toEqual([
    'Custom::S3BucketNotifications (Notify): QueueConfigurations; only EventBridge is served',
  ]);
});

test('a bucket has its versioning, encryption and CORS rules; what it cannot have is named', async () => {
  const { buckets, notEmulated } = await read({
    Photos: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        VersioningConfiguration: { Status: 'Suspended' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'arn:key' },
            },
          ],
        },
        CorsConfiguration: {
          CorsRules: [
            { AllowedOrigins: ['*'], AllowedMethods: ['GET'], ExposedHeaders: ['ETag'], MaxAge: 60 },
          ],
        },
        NotificationConfiguration: { LambdaConfigurations: [] },
        ObjectLockEnabled: true,
      },
    },
  });
  expect(buckets).toEqual([
    {
      logicalId: 'Photos',
      name: 'shop-photos',
      versioning: 'Suspended',
      eventBridge: false,
      encryption: { algorithm: 'aws:kms', keyId: 'arn:key', isByBucketKey: true },
      cors: [{ origins: ['*'], methods: ['GET'], headers: [], exposed: ['ETag'], maxAgeSeconds: 60 }],
    },
  ]);
  expect(notEmulated).toEqual([
    'AWS::S3::Bucket (Photos): LambdaConfigurations; only EventBridge is served',
    'AWS::S3::Bucket (Photos): ObjectLockEnabled',
  ]);
});

test('a definition is read from its asset, and only the substitutions it declares are made', async () => {
  const file = join(folder, 'machine.json');
  writeFileSync(file, '{"Resource":"$' + '{fn}","Kept":"$' + '{other}"}');
  const { machines } = await read(
    {
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          DefinitionS3Location: { Bucket: 'b', Key: 'abc.json' },
          DefinitionSubstitutions: { fn: { Ref: 'Queue' } },
          RoleArn: 'arn:role',
        },
      },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work' } },
    },
    { 'abc.json': file },
  );
  expect(machines).toEqual([
    {
      arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:Shop-Machine',
      name: 'Shop-Machine',
      definition: '{"Resource":"http://127.0.0.1:1/000000000000/work","Kept":"$' + '{other}"}',
      roleArn: 'arn:role',
    },
  ]);
});

test('what a REST API cannot do here is named', async () => {
  const { apis, notEmulated } = await read({
    Api: { Type: 'AWS::ApiGateway::RestApi' },
    Http: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: { Ref: 'Api' },
        ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
        HttpMethod: 'GET',
        AuthorizationType: 'AWS_IAM',
        Integration: { Type: 'HTTP', Uri: 'https://example.com' },
      },
    },
    Imported: { Type: 'AWS::ApiGateway::RestApi', Properties: { Body: { openapi: '3.0.1' } } },
  });
  expect(apis.map(({ logicalId }) => logicalId)).toEqual(['Api', 'Imported']);
  expect(notEmulated).toEqual([
    'AWS::ApiGateway::Method (Http): integration type HTTP',
    'AWS::ApiGateway::Method (Http): IAM authorization; every caller passes',
    'AWS::ApiGateway::RestApi (Imported): its OpenAPI body',
  ]);
});

test('stages, usage plans and keys come with their limits', async () => {
  const resources: Resources = {
    Api: { Type: 'AWS::ApiGateway::RestApi' },
    Live: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: {
        RestApiId: { Ref: 'Api' },
        StageName: 'live',
        MethodSettings: [
          { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 },
          { HttpMethod: 'POST', ResourcePath: '/~1entries', ThrottlingBurstLimit: 5 },
        ],
      },
    },
    Plan: {
      Type: 'AWS::ApiGateway::UsagePlan',
      Properties: {
        ApiStages: [{ ApiId: { Ref: 'Api' }, Stage: { Ref: 'Live' } }],
        Throttle: { RateLimit: 5, BurstLimit: 2 },
        Quota: { Limit: 100, Period: 'DAY' },
      },
    },
    Key: { Type: 'AWS::ApiGateway::ApiKey', Properties: { Enabled: true } },
    PlanKey: {
      Type: 'AWS::ApiGateway::UsagePlanKey',
      Properties: { KeyId: { Ref: 'Key' }, UsagePlanId: { Ref: 'Plan' }, KeyType: 'API_KEY' },
    },
  };
  const { apis } = await read(resources);
  expect(apis[0]?.stages[0]?.throttles).toEqual(
    new Map([
      ['* *', { rateLimit: 200, burstLimit: 400 }],
      ['POST /entries', { rateLimit: Number.POSITIVE_INFINITY, burstLimit: 5 }],
    ]),
  );
  const declared = declaredUsagePlans(registryOf(resources), 0);
  const [plan] = declared.plans;
  expect(plan).toMatchObject({
    apiStages: [{ apiId: apis[0]?.id, stage: 'live' }],
    throttle: { rateLimit: 5, burstLimit: 2 },
    quota: { limit: 100, period: 'DAY', offset: 0 },
  });
  expect(declared.planKeys).toEqual([{ planId: plan?.id, keyId: declared.keys[0]?.id }]);
  expect(declared.keys[0]?.value).toMatch(/^[\w-]{40}$/);
  expect(declaredUsagePlans(registryOf(resources), 0)).toEqual(declared);
});

test('a property of the wrong shape names the resource', async () => {
  const wrong = {
    Type: 'AWS::Lambda::Function',
    Properties: { Runtime: 'nodejs24.x', Code: {}, Timeout: 'soon' },
  };
  await expect(read({ Slow: wrong })).rejects.toThrow('Shop/Slow (AWS::Lambda::Function) is not as expected');
});
