import { Duration } from 'aws-cdk-lib';
import {
  ApiKey,
  AuthorizationType,
  LambdaIntegration,
  type RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { acceptRisk } from './accept-risk.ts';
import { type ApiFunctionName, apiFunctions, linkRoutes, routes } from './api-functions.ts';
import { BusinessFunction, businessFunctions, type Ground } from './business-function.ts';
import type { OrderWorkflow } from './order-workflow.ts';
import { createRestApi } from './rest-api.ts';
import type { Staff } from './staff.ts';

const stageName = 'live';

const wakers: ApiFunctionName[] = [
  'cancel-order-request',
  'record-payment',
  'record-outbound-slip',
  'record-shipment',
  'record-carrier-event',
  'resolve-finding',
  'answer-questions',
  'answer-by-link',
];

/** The edge: one REST API; the authorizer names the caller and the usage plan that limits it. */
export class Api extends Construct {
  readonly restApi: RestApi;
  readonly stageName = stageName;
  private readonly ground: Ground;

  constructor(scope: Construct, id: string, ground: Ground, orders: OrderWorkflow, staff: Staff) {
    super(scope, id);
    this.ground = ground;
    this.restApi = createRestApi(
      this,
      `${ground.settings.stackName} orders`,
      stageName,
      linkRoutes.map(([method, path]) => `${path}/${method}`),
    );
    const staffUsageKey = this.addStaffPlan();
    const functions = this.createFunctions(orders);
    const authorizer = this.createAuthorizer(staff, staffUsageKey);
    for (const [method, path, name] of routes) {
      const integration = new LambdaIntegration(functions[name].function, { allowTestInvoke: false });
      this.restApi.root
        .resourceForPath(path)
        .addMethod(method, integration, { authorizer, apiKeyRequired: true });
    }
    this.openLinks(functions);
    ground.alarms.watch(this, 'Errors', {
      metric: this.restApi.metricServerError({ period: Duration.minutes(5) }),
      harm: 'Partners and staff get errors from the API: orders, payments or shipments are not taken.',
    });
  }

  private openLinks(functions: Record<ApiFunctionName, BusinessFunction>): void {
    for (const [method, path, name] of linkRoutes) {
      const integration = new LambdaIntegration(functions[name].function, { allowTestInvoke: false });
      const opened = this.restApi.root
        .resourceForPath(path)
        .addMethod(method, integration, { authorizationType: AuthorizationType.NONE });
      acceptRisk(
        opened,
        'APIG4',
        'A customer answers by a one-time link of 256 random bits, which is the authorization; the function refuses any other.',
      );
    }
  }

  /** The key only meters: it opens nothing, and callers cannot present it, since keys come from the authorizer alone. */
  private addStaffPlan(): string {
    const value = `staff-${this.node.addr}`;
    const plan = this.restApi.addUsagePlan('StaffPlan', {
      description: 'All staff together',
      throttle: { rateLimit: 50, burstLimit: 100 },
      apiStages: [{ stage: this.restApi.deploymentStage }],
    });
    plan.addApiKey(
      new ApiKey(this, 'StaffKey', { value, description: 'Meters the staff; authorizes nothing' }),
    );
    return value;
  }

  private createFunctions(orders: OrderWorkflow): Record<ApiFunctionName, BusinessFunction> {
    const { data, documents } = this.ground;
    const functions = businessFunctions(this, this.ground, apiFunctions(this.ground.settings));
    orders.grantStart(functions['place-order']);
    for (const name of wakers) orders.grantWake(functions[name]);
    data.grantQueryIndex(functions['list-orders'], 'byPartner');
    data.grantQueryIndex(functions['list-all-orders'], 'byPartner');
    for (const name of ['list-all-orders', 'count-orders'] as const)
      data.grantQueryIndex(functions[name], 'byDay');
    for (const name of ['list-inbound-mails', 'list-findings'] as const)
      data.grantQueryIndex(functions[name], 'byStatus');
    documents.grantStoreInbox(functions['request-upload']);
    return functions;
  }

  private createAuthorizer(staff: Staff, staffUsageKey: string): TokenAuthorizer {
    const authorize = new BusinessFunction(this, 'authorize', this.ground, {
      harm: 'Partners and staff are turned away at the door: nobody can post or read an order.',
      tables: { partners: ['GetItem'] },
      timeoutSeconds: 10,
      // A refused key is an error too, the only way to a 401; what truly fails rings the alarm of the API's own errors.
      alarmAfter: 100,
      environment: {
        USER_POOL_ID: staff.userPoolId,
        USER_POOL_CLIENT_ID: staff.userPoolClientId,
        STAFF_USAGE_KEY: staffUsageKey,
      },
    });
    return new TokenAuthorizer(this, 'Authorizer', {
      handler: authorize.function,
      validationRegex: '^[Bb]earer \\S+$',
      resultsCacheTtl: Duration.seconds(60),
    });
  }
}
