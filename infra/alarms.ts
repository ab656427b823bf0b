import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export type AlarmWhen = {
  metric: IMetric;
  /** Who is hurt, and how: what the woken operator reads. */
  harm: string;
  /** Rings at this value or beyond it; 1 unless told. */
  threshold?: number;
  /** Rings when the metric is below the threshold or silent, for what must keep happening. */
  whenBelow?: boolean;
};

/** Where trouble is told: one topic with the operators' address. */
export class Alarms extends Construct {
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, { email }: { email: string }) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    this.topic.addSubscription(new EmailSubscription(email));
  }

  /** Adds an alarm to the construct that it watches; both its ringing and its end are told. */
  watch(scope: Construct, id: string, { metric, harm, threshold = 1, whenBelow = false }: AlarmWhen): void {
    const alarm = new Alarm(scope, id, {
      metric,
      threshold,
      evaluationPeriods: 1,
      alarmDescription: harm,
      comparisonOperator: whenBelow
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: whenBelow ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}
