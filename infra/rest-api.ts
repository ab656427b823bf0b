import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  ApiKeySourceType,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acceptRisk } from './accept-risk.ts';
import { addGatewayProblems } from './gateway-problems.ts';

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

const createLogGroup = (scope: Construct, id: string, logGroupName?: string): LogGroup =>
  new LogGroup(scope, id, {
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(logGroupName !== undefined && { logGroupName }),
  });

const acceptRisks = (api: RestApi): void => {
  acceptRisk(
    api,
    'APIG2',
    'Functions check bodies against the published schema and tell all problems at once; the gateway would tell the first.',
  );
  acceptRisk(
    api,
    'APIG3',
    'Callers are known partners with keys, quotas and rates of their own; a web ACL is a monthly price for the operator to choose.',
  );
  acceptRisk(
    api,
    'COG4',
    'Partners are machines with API keys; one authorizer knows keys and the tokens of the user pool.',
  );
  acceptRisk(
    api,
    'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    'The account-wide role that API Gateway writes logs with, as AWS documents it.',
  );
};

/** A REST API without methods yet: throttled, `openPaths` (`/path/METHOD`) more than the rest, metered by the authorizer's usage keys, logged without personal data. */
export const createRestApi = (
  scope: Construct,
  restApiName: string,
  stageName: string,
  openPaths: readonly string[],
): RestApi => {
  const api = new RestApi(scope, 'RestApi', {
    restApiName,
    endpointTypes: [EndpointType.REGIONAL],
    apiKeySourceType: ApiKeySourceType.AUTHORIZER,
    // A workbook goes out as bytes to whoever asks for one by its media type (Accept); a table comes in as bytes, for it may be GB18030.
    binaryMediaTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'text/csv'],
    cloudWatchRole: true,
    deployOptions: {
      stageName,
      accessLogDestination: new LogGroupLogDestination(createLogGroup(scope, 'AccessLogs')),
      accessLogFormat,
      loggingLevel: MethodLoggingLevel.ERROR,
      dataTraceEnabled: false,
      throttlingRateLimit: 200,
      throttlingBurstLimit: 400,
      // Nobody meters a caller without a key: what guesses at links must not use up what partners need.
      methodOptions: Object.fromEntries(
        openPaths.map((path) => [path, { throttlingRateLimit: 10, throttlingBurstLimit: 20 }]),
      ),
    },
  });
  api.node.tryRemoveChild('Endpoint'); // an output of its own making, beside ApiUrl
  const errorLogs = createLogGroup(
    scope,
    'ErrorLogs',
    `API-Gateway-Execution-Logs_${api.restApiId}/${stageName}`,
  );
  api.deploymentStage.node.addDependency(errorLogs); // else the gateway makes that group itself, to be kept for ever
  addGatewayProblems(api);
  acceptRisks(api);
  return api;
};
