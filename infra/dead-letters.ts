import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acceptRisk } from './accept-risk.ts';
import type { Alarms } from './alarms.ts';

/** A queue of what could not be done, kept 14 days for a person to look at; the first message rings the alarm. */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { alarms, harm }: { alarms: Alarms; harm: string }) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acceptRisk(
      this.queue,
      'SQS3',
      'This is itself a dead-letter queue, of an event source, a rule or an asynchronous call.',
    );
    alarms.watch(this, 'NotEmpty', {
      metric: this.queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      harm,
    });
  }
}
