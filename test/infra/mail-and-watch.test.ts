import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { aStack, functionResource, resource } from './a-stack.ts';

const { template } = aStack();

describe('the outbox', () => {
  const mapping = resource(template, 'AWS::Lambda::EventSourceMapping', 'Outbox');

  test('hands send-mail the mails that wait to be sent, new or put back in line, and nothing else', () => {
    expect(mapping.EventSourceArn['Fn::GetAtt']).toEqual([
      resource(template, 'AWS::DynamoDB::GlobalTable', 'DataOrders').id,
      'StreamArn',
    ]);
    expect(mapping.FunctionName).toEqual({ Ref: functionResource(template, 'send-mail').id });
    expect(
      mapping.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern)),
    ).toEqual([{ dynamodb: { NewImage: { entity: { S: ['MAIL'] }, state: { S: ['PENDING'] } } } }]);
  });

  test('tries what failed again, alone, and keeps what it gives up', () => {
    expect(mapping).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 6 * 3600,
      DestinationConfig: {
        OnFailure: {
          Destination: { 'Fn::GetAtt': [resource(template, 'AWS::SQS::Queue', 'UnsentMails').id, 'Arn'] },
        },
      },
    });
  });

  test('does not write to who bounced or complained, and watches its good name', () => {
    template.hasResourceProperties('AWS::SES::ConfigurationSet', {
      SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
      ReputationOptions: { ReputationMetricsEnabled: true },
    });
    template.hasResourceProperties('AWS::SES::EmailIdentity', { EmailIdentity: 'orders@example.com' });
    for (const [metric, threshold] of [
      ['Reputation.BounceRate', 0.05],
      ['Reputation.ComplaintRate', 0.001],
    ])
      template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: metric, Threshold: threshold });
  });
});

describe('what comes back of mails', () => {
  const { id } = functionResource(template, 'record-mail-feedback');
  const set = { Ref: resource(template, 'AWS::SES::ConfigurationSet', 'Mail').id };

  test('is told to the default bus, bounces and complaints alone', () => {
    expect(resource(template, 'AWS::SES::ConfigurationSetEventDestination', 'Feedback')).toMatchObject({
      ConfigurationSetName: set,
      EventDestination: { Enabled: true, MatchingEventTypes: ['bounce', 'complaint'] },
    });
  });

  test('is handed to the one function that records it, of our own mails alone', () => {
    const rule = resource(template, 'AWS::Events::Rule', 'CameBack');
    expect(rule.EventPattern).toEqual({
      source: ['aws.ses'],
      'detail-type': ['Email Bounced', 'Email Complaint Received'],
      detail: { mail: { tags: { 'ses:configuration-set': [set] } } },
    });
    expect(rule.Targets[0].Arn['Fn::GetAtt']).toEqual([id, 'Arn']);
  });

  test('is kept when it is given up', () => {
    const queueArn = { 'Fn::GetAtt': [resource(template, 'AWS::SQS::Queue', 'LostFeedback').id, 'Arn'] };
    expect(resource(template, 'AWS::Lambda::EventInvokeConfig', 'RecordMailFeedback')).toMatchObject({
      FunctionName: { Ref: id },
      DestinationConfig: { OnFailure: { Destination: queueArn } },
    });
    expect(resource(template, 'AWS::Events::Rule', 'CameBack').Targets[0].DeadLetterConfig).toEqual({
      Arn: queueArn,
    });
  });
});

describe('the sweeper', () => {
  const { id, Timeout: timeoutSeconds } = functionResource(template, 'sweep-orders');

  test('runs every five minutes and ends before the next', () => {
    const rule = resource(template, 'AWS::Events::Rule', 'EveryFiveMinutes');
    expect(rule.ScheduleExpression).toBe('rate(5 minutes)');
    expect(rule.Targets[0].Arn['Fn::GetAtt']).toEqual([id, 'Arn']);
    expect(timeoutSeconds).toBeLessThan(300);
  });

  test('leaves a failed sweep in a queue', () => {
    const queueArn = { 'Fn::GetAtt': [resource(template, 'AWS::SQS::Queue', 'FailedSweeps').id, 'Arn'] };
    expect(resource(template, 'AWS::Lambda::EventInvokeConfig', 'SweepOrders')).toMatchObject({
      FunctionName: { Ref: id },
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: queueArn } },
    });
    expect(resource(template, 'AWS::Events::Rule', 'EveryFiveMinutes').Targets[0].DeadLetterConfig).toEqual({
      Arn: queueArn,
    });
  });

  test('rings an alarm when it sleeps', () => {
    expect(resource(template, 'AWS::CloudWatch::Alarm', 'Asleep')).toMatchObject({
      MetricName: 'Invocations',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: id } }],
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
  });
});

describe.for(['UnreadFiles', 'UnsentMails', 'LostMails', 'LostFeedback', 'FailedSweeps'])(
  'the queue %s',
  (name) => {
    const queue = resource(template, 'AWS::SQS::Queue', name);

    test('is encrypted, reached by TLS only, and keeps messages for 14 days', () => {
      expect(queue).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86400 });
      template.hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [{ Ref: queue.id }],
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          ]),
        },
      });
    });

    test('rings an alarm at its first message', () => {
      expect(resource(template, 'AWS::CloudWatch::Alarm', `${name}NotEmpty`)).toMatchObject({
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue.id, 'QueueName'] } }],
        Threshold: 1,
      });
    });
  },
);

test('every alarm tells the operators of its ringing and of its end', () => {
  const topic = { Ref: resource(template, 'AWS::SNS::Topic', 'Alarms').id };
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties,
  );
  expect(alarms.length).toBeGreaterThan(40);
  for (const { AlarmActions, OKActions, AlarmDescription } of alarms) {
    expect([AlarmActions, OKActions]).toEqual([[topic], [topic]]);
    expect(AlarmDescription).toMatch(/\.$/);
  }
  template.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'email',
    Endpoint: 'alarms@example.com',
    TopicArn: topic,
  });
});
