import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { FilterOrPolicy, SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SqsSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';
import { readAssembly } from '../../../local/assembly/read-assembly.ts';
import { createRegistry } from '../../../local/assembly/registry.ts';
import { declaredTopics } from '../../../local/sns/declared-topics.ts';

test('the topics of the CDK have their subscriptions; those of other protocols are named', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'declared-topics-'));
  const app = new App({ outdir });
  const stack = new Stack(app, 'Shop');
  const topic = new Topic(stack, 'Orders', { topicName: 'orders', displayName: 'Order desk' });
  const deadLetterQueue = new Queue(stack, 'Dead', { queueName: 'dead' });
  topic.addSubscription(
    new SqsSubscription(new Queue(stack, 'Work', { queueName: 'work' }), {
      rawMessageDelivery: true,
      deadLetterQueue,
      filterPolicy: { kind: SubscriptionFilter.stringFilter({ allowlist: ['order'] }) },
    }),
  );
  topic.addSubscription(
    new EmailSubscription('alarms@example.com', {
      filterPolicyWithMessageBody: {
        total: FilterOrPolicy.filter(SubscriptionFilter.numericFilter({ greaterThan: 5 })),
      },
    }),
  );
  topic.addSubscription(new UrlSubscription('https://example.com/hook'));
  new Topic(stack, 'InOrder', { fifo: true });
  app.synth();
  const registry = createRegistry({
    assembly: readAssembly(outdir),
    place: { region: 'us-east-1', accountId: '000000000000', sqsUrl: 'http://127.0.0.1:1', cognitoUrl: '' },
  });
  rmSync(outdir, { recursive: true });
  const uuid = /^arn:aws:sns:us-east-1:000000000000:orders:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  expect(declaredTopics(registry)).toEqual({
    topics: [
      {
        arn: 'arn:aws:sns:us-east-1:000000000000:orders',
        displayName: 'Order desk',
        subscriptions: expect.arrayContaining([
          {
            arn: expect.stringMatching(uuid),
            protocol: 'sqs',
            endpoint: 'arn:aws:sqs:us-east-1:000000000000:work',
            filter: { policy: { kind: ['order'] }, scope: 'MessageAttributes' },
            isRaw: true,
            deadLetterArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
          },
          {
            arn: expect.stringMatching(uuid),
            protocol: 'email',
            endpoint: 'alarms@example.com',
            filter: { policy: { total: [{ numeric: ['>', 5] }] }, scope: 'MessageBody' },
            isRaw: false,
            deadLetterArn: undefined,
          },
        ]),
      },
    ],
    skipped: [
      expect.stringMatching(/^AWS::SNS::Subscription \(.*\): protocol https$/),
      expect.stringMatching(/^AWS::SNS::Topic \(InOrder.*\): FIFO$/),
    ],
  });
});
