import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acceptRisk, logicalIdOf } from './accept-risk.ts';
import {
  type BusinessFunction,
  businessFunctions,
  type FunctionPlan,
  type Ground,
} from './business-function.ts';
import { auditEnvironment } from './settings.ts';
import { Workflow } from './workflow.ts';

/** A state machine tries its steps again, and an execution that gives up has an alarm of its own. */
const step = (plan: FunctionPlan): FunctionPlan => ({ alarmAfter: 3, ...plan });

const steps = {
  'audit-order': step({
    harm: 'New orders are not checked: their customers get no confirmation, and nothing is reserved for them.',
    tables: {
      orders: ['GetItem', 'Query', 'PutItem'],
      stock: ['GetItem', 'BatchGetItem'],
      catalogue: ['BatchGetItem'],
      partners: ['GetItem', 'Query'],
    },
    knowsCompany: true,
  }),
  'reserve-stock': step({
    harm: 'Checked orders get no stock: another order may take the goods that a customer was counting on.',
    tables: {
      orders: ['Query', 'PutItem'],
      stock: ['BatchGetItem', 'PutItem', 'UpdateItem'],
      catalogue: ['BatchGetItem'],
      partners: ['GetItem', 'Query'],
    },
    knowsCompany: true,
  }),
  'hold-order': step({
    harm: 'Problem orders are not put to anyone: customers wait for an answer that nobody was asked for.',
    tables: { orders: ['GetItem', 'Query', 'PutItem'] },
    knowsCompany: true,
  }),
  'await-payment': step({
    harm: 'Orders do not wait for their payment: customers who have paid see their orders stand still.',
    tables: { orders: ['GetItem', 'PutItem'] },
  }),
  'await-outbound-slip': step({
    harm: 'The warehouse is not told to pick: paid orders stay on the shelf.',
    tables: { orders: ['GetItem', 'Query', 'PutItem'] },
    knowsCompany: true,
  }),
  'await-shipment': step({
    harm: 'Parcels leave without their orders knowing: customers get no tracking number.',
    tables: { orders: ['GetItem', 'PutItem'] },
  }),
  'issue-invoice': step({
    harm: 'Shipped orders get no invoice: customers cannot book them, and finance cannot collect.',
    tables: { orders: ['Query', 'PutItem'] },
    stores: ['orders/'],
    knowsCompany: true,
    memoryMb: 1024,
    timeoutSeconds: 60,
  }),
  'await-delivery': step({
    harm: 'Deliveries are not followed: a lost parcel stays unseen by the desk and by its customer.',
    tables: { orders: ['GetItem', 'PutItem'] },
  }),
  'complete-order': step({
    harm: 'Delivered orders stay open: customers get no completion mail, and figures are wrong.',
    tables: { orders: ['Query', 'PutItem'] },
  }),
  'cancel-order': step({
    harm: 'Cancelled orders keep their stock: other customers are refused goods that are free.',
    tables: { orders: ['Query', 'PutItem'], stock: ['GetItem', 'UpdateItem', 'DeleteItem'] },
    knowsCompany: true,
  }),
  'reject-order': step({
    harm: 'Partners are not told that their orders were rejected: they wait for goods that will not come.',
    tables: { orders: ['Query', 'PutItem'] },
  }),
  'report-stuck-order': step({
    harm: 'Orders past their deadline are not reported to the desk: their customers wait unseen.',
    tables: { orders: ['Query', 'PutItem'] },
    knowsCompany: true,
  }),
} satisfies Record<string, FunctionPlan>;

/** Steps whose wait may already have its answer on file, so that they wake it themselves. */
const wakeThemselves = [
  'hold-order',
  'await-payment',
  'await-outbound-slip',
  'await-shipment',
  'await-delivery',
] as const;

/** One order from received to a terminal status: the machine, its steps, and who may start or wake it. */
export class OrderWorkflow extends Construct {
  readonly stateMachineArn: string;
  private readonly workflow: Workflow;
  private readonly wakePolicy: Policy;

  constructor(scope: Construct, id: string, ground: Ground, definitionFile: string) {
    super(scope, id);
    const functions = businessFunctions(this, ground, {
      ...steps,
      'audit-order': { ...steps['audit-order'], environment: auditEnvironment(ground.settings) },
    });
    this.workflow = new Workflow(this, 'Order', {
      definitionFile,
      steps: Object.values(functions),
      alarms: ground.alarms,
      harm: 'An order stands still: its customer gets neither goods nor word until the sweeper or a person moves it.',
    });
    this.stateMachineArn = this.workflow.machine.stateMachineArn;
    this.wakePolicy = this.makeWakePolicy();
    for (const name of wakeThemselves) this.grantWake(functions[name]);
  }

  grantStart(to: BusinessFunction): void {
    to.setEnvironment('ORDER_STATE_MACHINE_ARN', this.stateMachineArn);
    to.allow(['states:StartExecution'], [this.stateMachineArn]);
  }

  /** Lets a function answer the waits of the machine's executions by their task tokens. */
  grantWake(to: BusinessFunction): void {
    this.wakePolicy.attachToRole(to.role);
  }

  /** Lets a function look after executions: start what never started, redrive what failed. */
  grantRescue(to: BusinessFunction): void {
    this.grantStart(to);
    const { machine } = this.workflow;
    const stack = Stack.of(this);
    const executions = stack.formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${machine.stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    to.allow(['states:DescribeExecution', 'states:RedriveExecution'], [executions]);
    acceptRisk(
      to,
      `IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<${logicalIdOf(machine)}.Name>:*]`,
      'Executions of this one machine: their names are the order numbers.',
    );
  }

  /**
   * A policy apart from the roles' own: the machine depends on its steps and they on their own policies, so that a
   * grant on the machine in those would close a circle.
   */
  private makeWakePolicy(): Policy {
    return new Policy(this, 'WakeOrders', {
      statements: [
        new PolicyStatement({
          actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
          resources: [this.stateMachineArn],
        }),
      ],
    });
  }
}
