import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import { BusinessFunction, type Ground } from './business-function.ts';
import { DeadLetters } from './dead-letters.ts';
import type { OrderWorkflow } from './order-workflow.ts';

const everyMinutes = 5;

/** The night watch: every five minutes it moves on what a crash, a lost event or a failed execution left behind. */
export class Watch extends Construct {
  constructor(scope: Construct, id: string, ground: Ground, orders: OrderWorkflow) {
    super(scope, id);
    const sweep = new BusinessFunction(this, 'sweep-orders', ground, {
      harm: 'Stuck orders are not moved on: their customers wait until a person notices.',
      tables: { orders: ['GetItem', 'Query', 'PutItem', 'UpdateItem'] },
      knowsCompany: true,
      timeoutSeconds: 240,
    });
    ground.data.grantQueryIndex(sweep, 'byStatus');
    orders.grantRescue(sweep);
    orders.grantWake(sweep);
    const { queue } = new DeadLetters(this, 'FailedSweeps', {
      alarms: ground.alarms,
      harm: 'A sweep failed twice: orders that were stuck then are still stuck.',
    });
    sweep.function.configureAsyncInvoke({
      retryAttempts: 1,
      maxEventAge: Duration.minutes(everyMinutes),
      onFailure: new SqsDestination(queue),
    });
    new Rule(this, 'EveryFiveMinutes', {
      description: 'Sweeps orders that stand still',
      schedule: Schedule.rate(Duration.minutes(everyMinutes)),
      targets: [new LambdaFunction(sweep.function, { deadLetterQueue: queue, retryAttempts: 2 })],
    });
    ground.alarms.watch(this, 'Asleep', {
      metric: sweep.function.metricInvocations({ period: Duration.minutes(15) }),
      whenBelow: true,
      harm: 'Nobody has looked for stuck orders for a quarter of an hour: their customers wait until a person notices.',
    });
  }
}
