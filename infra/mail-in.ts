import { Duration } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { ReceiptRuleSet, TlsPolicy } from 'aws-cdk-lib/aws-ses';
import { S3 } from 'aws-cdk-lib/aws-ses-actions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BusinessFunction, type Ground } from './business-function.ts';
import { DeadLetters } from './dead-letters.ts';

/** Orders by e-mail: SES puts mails to the order address into the inbox, whose event takes them to receive-mail. */
export class MailIn extends Construct {
  /** What an operator makes the account's active rule set, which no template can. */
  readonly ruleSetName: string;

  constructor(scope: Construct, id: string, ground: Ground, orderAddress: string) {
    super(scope, id);
    const receive = new BusinessFunction(this, 'receive-mail', ground, {
      harm: 'Orders by mail are not taken: their senders hear nothing and believe that they have ordered.',
      tables: { orders: ['GetItem', 'PutItem'], partners: ['GetItem'] },
      memoryMb: 1024,
      timeoutSeconds: 60,
      alarmAfter: 3,
    });
    ground.documents.grantTakeMail(receive);
    const { queue } = new DeadLetters(this, 'LostMails', {
      alarms: ground.alarms,
      harm: 'A mail to the order address was given up: its sender has neither orders nor word of it.',
    });
    receive.function.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(queue),
    });
    this.takeArrivals(receive, ground, queue);
    this.ruleSetName = this.receive(orderAddress, ground);
  }

  private takeArrivals(receive: BusinessFunction, { documents }: Ground, deadLetterQueue: Queue): void {
    new Rule(this, 'MailArrived', {
      description: 'A mail to the order address arrived',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [documents.inbox.bucketName] },
          object: { key: [{ prefix: documents.mailPrefix }] },
        },
      },
      targets: [
        new LambdaFunction(receive.function, {
          event: RuleTargetInput.fromObject({
            bucket: EventField.fromPath('$.detail.bucket.name'),
            key: EventField.fromPath('$.detail.object.key'),
            versionId: EventField.fromPath('$.detail.object.version-id'),
          }),
          deadLetterQueue,
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
  }

  /** Orders hold names and addresses, so that they come encrypted on their way or not at all. */
  private receive(orderAddress: string, { documents }: Ground): string {
    const ruleSet = new ReceiptRuleSet(this, 'RuleSet');
    ruleSet.addRule('Orders', {
      recipients: [orderAddress],
      scanEnabled: true,
      tlsPolicy: TlsPolicy.REQUIRE,
      actions: [new S3({ bucket: documents.inbox, objectKeyPrefix: documents.mailPrefix })],
    });
    return ruleSet.receiptRuleSetName;
  }
}
