import { Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import {
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { acceptRisk } from './accept-risk.ts';
import type { Alarms } from './alarms.ts';
import { BusinessFunction, type Ground } from './business-function.ts';
import { DeadLetters } from './dead-letters.ts';

/** The outbox: rows that ask for a mail, when new and when the sweeper puts them back in line, leave the Orders table's stream for send-mail, the one function that may send. */
export class Mail extends Construct {
  private readonly ground: Ground;

  /** `apiUrl`: where the links of customers lead. */
  constructor(scope: Construct, id: string, ground: Ground, apiUrl: string) {
    super(scope, id);
    this.ground = ground;
    const { senderAddress, companyBankAccount } = ground.settings;
    const configurationSet = new ConfigurationSet(this, 'Set', {
      reputationMetrics: true,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    new EmailIdentity(this, 'Sender', {
      identity: Identity.email(senderAddress),
      configurationSet,
    });
    const sendMail = new BusinessFunction(this, 'send-mail', ground, {
      harm: 'Mails are not sent: customers, partners and departments hear nothing of their orders.',
      tables: { orders: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], partners: ['GetItem'] },
      opens: ['orders/', 'results/'],
      knowsCompany: true,
      environment: {
        MAIL_SENDER: senderAddress,
        MAIL_CONFIGURATION_SET: configurationSet.configurationSetName,
        LINK_BASE_URL: `${apiUrl}t/`,
        ...(companyBankAccount !== '' && { COMPANY_BANK_ACCOUNT: companyBankAccount }),
      },
      timeoutSeconds: 60,
      alarmAfter: 3,
    });
    this.grantSend(sendMail, configurationSet.configurationSetName);
    this.readOutbox(sendMail);
    this.recordFeedback(configurationSet);
    this.watchReputation(ground.alarms);
  }

  private grantSend(sendMail: BusinessFunction, configurationSetName: string): void {
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({ service: 'ses', resource, resourceName });
    sendMail.allow(['ses:SendRawEmail'], [arn('identity', '*')], {
      StringEquals: { 'ses:FromAddress': this.ground.settings.senderAddress },
    });
    sendMail.allow(['ses:SendRawEmail'], [arn('configuration-set', configurationSetName)]);
    acceptRisk(
      sendMail,
      'IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*]',
      'In the sandbox SES also asks for the right to the recipients, verified identities there; a condition holds the sender to one address.',
    );
  }

  private readOutbox(sendMail: BusinessFunction): void {
    const { data, alarms } = this.ground;
    const { queue } = new DeadLetters(this, 'UnsentMails', {
      alarms,
      harm: 'Mails were given up after many tries: somebody waits for word of an order until the sweeper sends it.',
    });
    sendMail.allow(
      ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
      [data.orderStreamArn],
    );
    sendMail.function.addEventSourceMapping('Outbox', {
      eventSourceArn: data.orderStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [
        FilterCriteria.filter({
          dynamodb: {
            NewImage: {
              entity: { S: FilterRule.isEqual('MAIL') },
              state: { S: FilterRule.isEqual('PENDING') },
            },
          },
        }),
      ],
      batchSize: 10,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 10,
      maxRecordAge: Duration.hours(6),
      onFailure: new SqsDlq(queue),
    });
    alarms.watch(this, 'Late', {
      metric: sendMail.function.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(5) }),
      threshold: Duration.minutes(15).toMilliseconds(),
      harm: 'Mails leave more than a quarter of an hour late: customers and departments act on old word.',
    });
  }

  /** What comes back of mails: SES tells the default bus, whose rule hands it to record-mail-feedback. */
  private recordFeedback(configurationSet: ConfigurationSet): void {
    const { ground } = this;
    configurationSet.addEventDestination('Feedback', {
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'Bus', 'default')),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT],
    });
    const record = new BusinessFunction(this, 'record-mail-feedback', ground, {
      harm: 'Mails that came back are not recorded: the desk goes on writing to customers who hear nothing.',
      tables: { orders: ['Query', 'PutItem', 'UpdateItem'] },
      knowsCompany: true,
      alarmAfter: 3,
    });
    const { queue } = new DeadLetters(this, 'LostFeedback', {
      alarms: ground.alarms,
      harm: 'Word of a mail that came back was given up: its order does not say so, and nobody was told.',
    });
    record.function.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(queue),
    });
    new Rule(this, 'CameBack', {
      description: 'A mail bounced, or its reader complained of it',
      eventPattern: {
        source: ['aws.ses'],
        detailType: ['Email Bounced', 'Email Complaint Received'],
        detail: { mail: { tags: { 'ses:configuration-set': [configurationSet.configurationSetName] } } },
      },
      targets: [
        new LambdaFunction(record.function, {
          deadLetterQueue: queue,
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
  }

  /** The rates at which SES puts an account under review. */
  private watchReputation(alarms: Alarms): void {
    const rate = (metricName: string) =>
      new Metric({ namespace: 'AWS/SES', metricName, statistic: 'Maximum', period: Duration.hours(1) });
    alarms.watch(this, 'Bounces', {
      metric: rate('Reputation.BounceRate'),
      threshold: 0.05,
      harm: 'Too many mails bounce: SES may stop all mail of the company, to every customer and department.',
    });
    alarms.watch(this, 'Complaints', {
      metric: rate('Reputation.ComplaintRate'),
      threshold: 0.001,
      harm: 'Too many recipients call our mails spam: SES may stop all mail of the company.',
    });
  }
}
