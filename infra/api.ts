import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  ApiKey,
  ApiKeySourceType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acceptRisk } from './accept-risk.ts';
import { type ApiFunctionName, apiFunctions, routes } from './api-functions.ts';
import { BusinessFunction, businessFunctions, type Ground } from './business-function.ts';
import { addGatewayProblems } from './gateway-problems.ts';
import type { OrderWorkflow } from './order-workflow.ts';
import type { Staff } from './staff.ts';

const stageName = 'live';

const wakers: ApiFunctionName[] = [
  'cancel-order-request',
  'record-payment',
  'record-outbound-slip',
  'record-shipment',
  'record-carrier-event',
];

/** Says what was asked and how it went, and nothing of who it was about: paths hold order numbers, addresses are personal. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTimeEpoch',
    method: '$context.httpMethod',
    resource: '$context.resourcePath',
    status: '$context.status',
    errorType: '$context.error.responseType',
    latencyMs: '$context.responseLatency',
    bytes: '$context.responseLength',
    usageKeyId: '$context.identity.apiKeyId',
  }),
);

/** The edge: one REST API; the authorizer names the caller and the usage plan that limits it. */
export class Api extends Construct {
  readonly restApi: RestApi;
  readonly stageName = stageName;
  private readonly ground: Ground;

  constructor(scope: Construct, id: string, ground: Ground, orders: OrderWorkflow, staff: Staff) {
    super(scope, id);
    this.ground = ground;
    this.restApi = this.createRestApi();
    const staffUsageKey = this.addStaffPlan();
    const functions = this.createFunctions(orders);
    const authorizer = this.createAuthorizer(staff, staffUsageKey);
    for (const [method, path, name] of routes) {
      const integration = new LambdaIntegration(functions[name].function, { allowTestInvoke: false });
      this.restApi.root
        .resourceForPath(path)
        .addMethod(method, integration, { authorizer, apiKeyRequired: true });
    }
    addGatewayProblems(this.restApi);
    this.acceptRisks();
    ground.alarms.watch(this, 'Errors', {
      metric: this.restApi.metricServerError({ period: Duration.minutes(5) }),
      harm: 'Partners and staff get errors from the API: orders, payments or shipments are not taken.',
    });
  }

  private createRestApi(): RestApi {
    const api = new RestApi(this, 'RestApi', {
      restApiName: `${this.ground.settings.stackName} orders`,
      endpointTypes: [EndpointType.REGIONAL],
      apiKeySourceType: ApiKeySourceType.AUTHORIZER,
      cloudWatchRole: true,
      deployOptions: {
        stageName,
        accessLogDestination: new LogGroupLogDestination(this.logGroup('AccessLogs')),
        accessLogFormat,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        throttlingRateLimit: 200,
        throttlingBurstLimit: 400,
      },
    });
    api.node.tryRemoveChild('Endpoint');
    const errorLogs = this.logGroup('ErrorLogs', `API-Gateway-Execution-Logs_${api.restApiId}/${stageName}`);
    api.deploymentStage.node.addDependency(errorLogs);
    return api;
  }

  private logGroup(id: string, logGroupName?: string): LogGroup {
    return new LogGroup(this, id, {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(logGroupName !== undefined && { logGroupName }),
    });
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
    const functions = businessFunctions(this, this.ground, apiFunctions);
    orders.grantStart(functions['place-order']);
    for (const name of wakers) orders.grantWake(functions[name]);
    data.grantQueryIndex(functions['list-orders'], 'byPartner');
    documents.grantStoreInbox(functions['request-upload']);
    return functions;
  }

  private createAuthorizer(staff: Staff, staffUsageKey: string): TokenAuthorizer {
    const authorize = new BusinessFunction(this, 'authorize', this.ground, {
      harm: 'Partners and staff are turned away at the door: nobody can post or read an order.',
      reads: ['partners'],
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

  private acceptRisks(): void {
    acceptRisk(
      this.restApi,
      'APIG2',
      'Functions check bodies against the published schema and tell all problems at once; the gateway would tell the first.',
    );
    acceptRisk(
      this.restApi,
      'APIG3',
      'Callers are known partners with keys, quotas and rates of their own; a web ACL is a monthly price for the operator to choose.',
    );
    acceptRisk(
      this.restApi,
      'COG4',
      'Partners are machines with API keys; one authorizer knows keys and the tokens of the user pool.',
    );
    acceptRisk(
      this.restApi,
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      'The account-wide role that API Gateway writes logs with, as AWS documents it.',
    );
  }
}
