import { readFileSync } from 'node:fs';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acceptRisk } from './accept-risk.ts';
import type { Alarms } from './alarms.ts';
import type { BusinessFunction } from './business-function.ts';

type WorkflowProps = {
  definitionFile: string;
  /** Each is `${ItsConstructId}` in the definition. */
  steps: BusinessFunction[];
  alarms: Alarms;
  /** Who waits when an execution ends badly. */
  harm: string;
};

const substitutions = (definitionFile: string, steps: BusinessFunction[]): Record<string, string> => {
  const given = Object.fromEntries(steps.map((step) => [step.node.id, step.arn]));
  const asked = new Set(
    [...readFileSync(definitionFile, 'utf8').matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name),
  );
  const without = [...asked].filter((name) => !Object.hasOwn(given, name));
  const unused = Object.keys(given).filter((name) => !asked.has(name));
  if (without.length > 0)
    throw new Error(`${definitionFile} asks for steps that the stack lacks: ${without.join(', ')}.`);
  if (unused.length > 0)
    throw new Error(`${definitionFile} never takes these steps of the stack: ${unused.join(', ')}.`);
  return given;
};

/** A Standard state machine written by hand, which may call its own steps and nothing else. */
export class Workflow extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, { definitionFile, steps, alarms, harm }: WorkflowProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: steps.map(({ arn }) => arn) }),
    );
    this.machine = new StateMachine(this, 'Machine', {
      definitionBody: DefinitionBody.fromFile(definitionFile),
      definitionSubstitutions: substitutions(definitionFile, steps),
      role,
      logs: { destination: this.logGroup(), level: LogLevel.ERROR, includeExecutionData: false },
    });
    this.acceptRisks(role);
    this.watch(alarms, harm);
  }

  /** Under this prefix the logs of state machines do not count towards the account's log resource policy. */
  private logGroup(): LogGroup {
    return new LogGroup(this, 'Logs', {
      logGroupName: `/aws/vendedlogs/states/${Stack.of(this).stackName}-${this.node.id}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private acceptRisks(role: Role): void {
    acceptRisk(
      role,
      'IAM5[Resource::*]',
      'Log deliveries have no ARN: AWS asks for these actions on every resource.',
    );
    acceptRisk(
      this.machine,
      'SF1',
      'The history of each execution is kept for 90 days as it is; a second copy of every event would cost more than it tells.',
    );
    acceptRisk(
      this.machine,
      'SF2',
      'An execution waits for days on people, longer than a trace lives; its history shows the same path.',
    );
  }

  private watch(alarms: Alarms, harm: string): void {
    const period = Duration.minutes(5);
    alarms.watch(this, 'Failed', { metric: this.machine.metricFailed({ period }), harm });
    alarms.watch(this, 'TimedOut', { metric: this.machine.metricTimedOut({ period }), harm });
    alarms.watch(this, 'Aborted', { metric: this.machine.metricAborted({ period }), harm });
    alarms.watch(this, 'Throttled', {
      metric: this.machine.metricThrottled({ period }),
      harm,
      threshold: 100,
    });
  }
}
