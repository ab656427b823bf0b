import { Duration } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { defaultUploadRows } from '../domain/uploads/upload-limits.ts';
import { businessFunctions, type FunctionPlan, type Ground } from './business-function.ts';
import { DeadLetters } from './dead-letters.ts';
import type { OrderWorkflow } from './order-workflow.ts';
import { auditEnvironment, type Settings, uploadEnvironment } from './settings.ts';
import { Workflow } from './workflow.ts';

/** A long file is held in memory twice at most: as it was sent, and as its rows. */
const fileMegabytes = ({ uploadMaxRows }: Settings): number =>
  uploadMaxRows > defaultUploadRows ? 2048 : 1024;

const steps = (settings: Settings) =>
  ({
    'read-upload': {
      harm: 'Files in the inbox are not read: their partners get no orders and no result mail.',
      tables: { orders: ['GetItem', 'PutItem', 'UpdateItem'], partners: ['GetItem'] },
      stores: ['uploads/'],
      environment: uploadEnvironment(settings),
      memoryMb: fileMegabytes(settings),
      timeoutSeconds: 120,
      reservedConcurrency: settings.uploadConcurrency > 0 ? settings.uploadConcurrency : undefined,
      alarmAfter: 3,
      knowsCompany: true,
    },
    'submit-batch': {
      harm: 'Orders out of files are not placed: partners believe that they have ordered.',
      tables: {
        orders: ['GetItem', 'Query', 'PutItem', 'UpdateItem'],
        stock: ['BatchGetItem'],
        catalogue: ['BatchGetItem'],
        partners: ['GetItem', 'Query'],
      },
      opens: ['uploads/'],
      stores: ['uploads/', 'orders/'],
      environment: auditEnvironment(settings),
      memoryMb: 1024,
      timeoutSeconds: 240,
      alarmAfter: 3,
      knowsCompany: true,
    },
    'write-upload-result': {
      harm: 'Partners do not learn which rows of their file were refused.',
      tables: { orders: ['GetItem', 'PutItem', 'UpdateItem'], partners: ['GetItem'] },
      opens: ['uploads/'],
      stores: ['results/'],
      memoryMb: fileMegabytes(settings),
      timeoutSeconds: 240,
      alarmAfter: 3,
    },
    'fail-upload': {
      harm: 'A file failed and its partner is not told: the orders in it are lost from sight.',
      tables: { orders: ['GetItem', 'PutItem', 'UpdateItem'], partners: ['GetItem'] },
      alarmAfter: 3,
    },
  }) satisfies Record<string, FunctionPlan>;

/** One file of orders from the inbox to its result mail: the rule that sees it arrive, the machine and its steps. */
export class UploadWorkflow extends Construct {
  readonly stateMachineArn: string;

  constructor(scope: Construct, id: string, ground: Ground, orders: OrderWorkflow, definitionFile: string) {
    super(scope, id);
    const functions = businessFunctions(this, ground, steps(ground.settings));
    ground.documents.grantOpenInbox(functions['read-upload']);
    ground.documents.grantOpenInbox(functions['write-upload-result']);
    orders.grantStart(functions['submit-batch']);
    const { machine } = new Workflow(this, 'Upload', {
      definitionFile,
      steps: Object.values(functions),
      alarms: ground.alarms,
      harm: 'A file of orders was given up: its partner has no orders and perhaps no word of it.',
    });
    this.stateMachineArn = machine.stateMachineArn;
    const { queue } = new DeadLetters(this, 'UnreadFiles', {
      alarms: ground.alarms,
      harm: 'A file arrived in the inbox and its reading never started: its partner waits for orders and result mail.',
    });
    new Rule(this, 'FileArrived', {
      description: 'A file of orders arrived in the inbox',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [ground.documents.inbox.bucketName] },
          object: { key: [{ prefix: 'inbox/' }] },
        },
      },
      targets: [
        new SfnStateMachine(machine, {
          input: RuleTargetInput.fromObject({
            bucket: EventField.fromPath('$.detail.bucket.name'),
            key: EventField.fromPath('$.detail.object.key'),
            versionId: EventField.fromPath('$.detail.object.version-id'),
            size: EventField.fromPath('$.detail.object.size'),
          }),
          deadLetterQueue: queue,
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
  }
}
