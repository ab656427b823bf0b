import { join } from 'node:path';
import { type App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Alarms } from './alarms.ts';
import { Api } from './api.ts';
import type { Ground } from './business-function.ts';
import { Data } from './data.ts';
import { Documents } from './documents.ts';
import { Mail } from './mail.ts';
import { MailIn } from './mail-in.ts';
import { OrderWorkflow } from './order-workflow.ts';
import { PartnerDrop } from './partner-drop.ts';
import type { Settings } from './settings.ts';
import { Staff } from './staff.ts';
import { UploadWorkflow } from './upload-workflow.ts';
import { Watch } from './watch.ts';

export type RudanProps = {
  settings: Settings;
  /** The bundles, one folder per function. */
  distFolder: string;
  /** Holds order.asl.json and upload.asl.json. */
  stateMachinesFolder: string;
};

/** The order-entry desk in one AWS account and region. */
export class RudanStack extends Stack {
  constructor(app: App, { settings, distFolder, stateMachinesFolder }: RudanProps) {
    super(app, settings.stackName, { description: 'Rudan: the order-entry desk' });
    const retain = settings.retainData;
    const alarms = new Alarms(this, 'Alarms', { email: settings.alarmEmail });
    const data = new Data(this, 'Data', { retain });
    const documents = new Documents(this, 'Documents', { retain });
    const ground: Ground = { settings, alarms, data, documents, distFolder };

    const staff = new Staff(this, 'Staff', { retain });
    const orders = new OrderWorkflow(this, 'Orders', ground, join(stateMachinesFolder, 'order.asl.json'));
    const uploads = new UploadWorkflow(
      this,
      'Uploads',
      ground,
      orders,
      join(stateMachinesFolder, 'upload.asl.json'),
    );
    const api = new Api(this, 'Api', ground, orders, staff);
    new Mail(this, 'Mail', ground, api.restApi.url);
    this.takeMail(ground);
    new Watch(this, 'Watch', ground, orders);
    const drop = new PartnerDrop(this, 'PartnerDrop', documents);

    this.output({
      ApiUrl: api.restApi.url,
      RestApiId: api.restApi.restApiId,
      StageName: api.stageName,
      OrdersTableName: data.tableName('orders'),
      StockTableName: data.tableName('stock'),
      CatalogueTableName: data.tableName('catalogue'),
      PartnersTableName: data.tableName('partners'),
      InboxBucketName: documents.inbox.bucketName,
      DocumentsBucketName: documents.bucket.bucketName,
      PartnerDropRoleArn: drop.roleArn,
      PartnerDropPolicyArn: drop.policyArn,
      OrderStateMachineArn: orders.stateMachineArn,
      UploadStateMachineArn: uploads.stateMachineArn,
      UserPoolId: staff.userPoolId,
      UserPoolClientId: staff.userPoolClientId,
      CompanyTimeZone: settings.companyTimeZone,
    });
  }

  private takeMail(ground: Ground): void {
    const { orderAddress } = ground.settings;
    if (orderAddress === '') return;
    const { ruleSetName } = new MailIn(this, 'MailIn', ground, orderAddress);
    this.output({ OrderAddress: orderAddress, MailRuleSetName: ruleSetName });
  }

  /** What the operator's command and the console ask the stack for. */
  private output(values: Record<string, string>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}
