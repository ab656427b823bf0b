import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { aStack, resource } from './a-stack.ts';

const { template } = aStack();

const bucket = (name: string) => resource(template, 'AWS::S3::Bucket', `Documents${name}`);

describe.for(['Inbox', 'Bucket', 'AccessLogs'])('the bucket %s', (name) => {
  const { id, ...properties } = bucket(name);

  test('is encrypted and closed to the public', () => {
    expect(properties.BucketEncryption.ServerSideEncryptionConfiguration).toEqual([
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
    ]);
    expect(properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(properties.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
  });

  test('is reached by TLS only', () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: id },
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Action: 's3:*',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });

  test('outlives its stack', () => {
    expect(template.findResources('AWS::S3::Bucket')[id]?.DeletionPolicy).toBe('Retain');
  });
});

describe.for([
  ['Inbox', 'inbox/', { 'mail/': 90 }],
  ['Bucket', 'documents/', { 'uploads/': 30, 'results/': 90 }],
] as const)('the bucket %s', ([name, logPrefix, expirations]) => {
  const properties = bucket(name);

  test('keeps versions and has its accesses logged', () => {
    expect(properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(properties.LoggingConfiguration).toEqual({
      DestinationBucketName: { Ref: bucket('AccessLogs').id },
      LogFilePrefix: logPrefix,
    });
  });

  test('forgets what nobody needs any more', () => {
    const rules: { Prefix?: string; ExpirationInDays?: number }[] = properties.LifecycleConfiguration.Rules;
    const expiring = rules.filter(({ ExpirationInDays }) => ExpirationInDays !== undefined);
    expect(
      Object.fromEntries(expiring.map(({ Prefix, ExpirationInDays }) => [Prefix, ExpirationInDays])),
    ).toEqual(expirations);
    expect(rules).toContainEqual(
      expect.objectContaining({
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      }),
    );
  });
});

test('the originals of orders are kept in every version, and of mails all but the refused', () => {
  const rules: { ExpirationInDays?: number }[] = bucket('Inbox').LifecycleConfiguration.Rules;
  const [refusedMails, ...others] = rules.filter(({ ExpirationInDays }) => ExpirationInDays !== undefined);
  expect(others).toEqual([]);
  expect(refusedMails).toMatchObject({
    Prefix: 'mail/',
    TagFilters: [{ Key: 'outcome', Value: 'refused' }],
  });
  for (const rule of rules.filter((one) => one !== refusedMails))
    expect(rule).not.toHaveProperty('NoncurrentVersionExpiration');
});

test('the inbox alone tells EventBridge of new files, without a function in between', () => {
  expect(bucket('Inbox').NotificationConfiguration).toEqual({
    EventBridgeConfiguration: { EventBridgeEnabled: true },
  });
  expect(bucket('Bucket').NotificationConfiguration).toBeUndefined();
  template.resourceCountIs('Custom::S3BucketNotifications', 0);
});
