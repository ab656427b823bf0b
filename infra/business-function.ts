import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { type Data, type TableAction, type TableName, tableNames } from './data.ts';
import type { Documents } from './documents.ts';
import { companyEnvironment, type Settings } from './settings.ts';

/** What every function stands on. */
export type Ground = {
  settings: Settings;
  alarms: Alarms;
  data: Data;
  documents: Documents;
  /** Holds one folder per function, as build/bundle.ts leaves them. */
  distFolder: string;
};

export type FunctionPlan = {
  /** Who is hurt when it fails: the text of its alarm. */
  harm: string;
  /** What it does to which table. */
  tables?: Partial<Record<TableName, readonly TableAction[]>>;
  /** Key prefixes in the documents bucket. */
  opens?: string[];
  stores?: string[];
  /** Needs the company's name and the addresses of its departments, as for a mail or an invoice. */
  knowsCompany?: boolean;
  environment?: Record<string, string>;
  memoryMb?: number;
  timeoutSeconds?: number;
  reservedConcurrency?: number | undefined;
  /** Failed calls within five minutes that ring the alarm: 1 where each is felt, more where the caller tries again. */
  alarmAfter?: number;
};

const bundle = (distFolder: string, name: string): Code => {
  const folder = join(distFolder, name);
  if (!existsSync(join(folder, 'index.mjs')))
    throw new Error(`${join(folder, 'index.mjs')} is missing: run \`npm run build\` first.`);
  return Code.fromAsset(folder);
};

const pascalCase = (name: string): string =>
  name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A Lambda function named as its file, with a role of its own, logs that end, and an alarm that says who is hurt. */
export class BusinessFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  /** `plan.harm` becomes its alarm's text; the construct is called in PascalCase, as state machines call the function. */
  constructor(scope: Construct, name: string, ground: Ground, plan: FunctionPlan) {
    super(scope, pascalCase(name));
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    this.function = new LambdaFunction(this, 'Function', {
      description: name,
      code: bundle(ground.distFolder, name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: plan.memoryMb ?? 512,
      timeout: Duration.seconds(plan.timeoutSeconds ?? 30),
      reservedConcurrentExecutions: plan.reservedConcurrency,
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: { ...(plan.knowsCompany && companyEnvironment(ground.settings)), ...plan.environment },
    });
    this.grant(ground, plan);
    ground.alarms.watch(this, 'Fails', {
      metric: this.function.metricErrors({ period: Duration.minutes(5) }),
      threshold: plan.alarmAfter ?? 1,
      harm: plan.harm,
    });
  }

  get arn(): string {
    return this.function.functionArn;
  }

  /** Adds to the function's role; actions and resources are named one by one. */
  allow(actions: string[], resources: string[], conditions?: Record<string, Record<string, string>>): void {
    this.role.addToPolicy(new PolicyStatement({ actions, resources, ...(conditions && { conditions }) }));
  }

  setEnvironment(name: string, value: string): void {
    this.function.addEnvironment(name, value);
  }

  private grant({ data, documents }: Ground, { tables = {}, opens = [], stores = [] }: FunctionPlan): void {
    for (const table of tableNames) {
      const actions = tables[table];
      if (actions) data.grant(this, table, actions);
    }
    for (const prefix of opens) documents.grantOpen(this, prefix);
    for (const prefix of stores) documents.grantStore(this, prefix);
  }
}

/** Makes the functions of a capability out of their plans, by name. */
export const businessFunctions = <Name extends string>(
  scope: Construct,
  ground: Ground,
  plans: Record<Name, FunctionPlan>,
): Record<Name, BusinessFunction> => {
  const made = Object.entries<FunctionPlan>(plans).map(([name, plan]) => [
    name,
    new BusinessFunction(scope, name, ground, plan),
  ]);
  return Object.fromEntries(made);
};
