import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from '../http/serve.ts';
import { createCognitoAuthorizers, type PoolIssuer } from './cognito-authorizer.ts';
import { GatewayError } from './gateway-error.ts';
import { type GatewayRequest, requestValues } from './gateway-request.ts';
import { gatewayResponse } from './gateway-response.ts';
import { type Authorization, createLambdaAuthorizers } from './lambda-authorizer.ts';
import { callLambdaProxy, type InvokeFunction } from './lambda-proxy.ts';
import { answerMock } from './mock-integration.ts';
import { validateRequest } from './request-validation.ts';
import type { RestApiSpec, StageSpec } from './rest-api-spec.ts';
import { createRouteTable, type Route } from './route-table.ts';

export type RestApiOptions = {
  api: RestApiSpec;
  region: string;
  accountId: string;
  clock: Clock;
  invoke: InvokeFunction;
  /** Throws a GatewayError when the request may not pass now. */
  checkUsage: (request: GatewayRequest, apiKey: string | undefined) => void;
  issuerOf: (poolArn: string) => PoolIssuer | undefined;
};

const longestBodyBytes = 10 * 1024 * 1024;

const theStageless: StageSpec = { name: 'local', variables: {}, throttles: new Map() };

/** `/{stage}/…` names a stage; any other path is served by the first, as behind a custom domain. */
const splitStage = ({ stages }: RestApiSpec, rawPath: string): { stage: StageSpec; path: string } => {
  const [, first = '', rest = ''] = /^\/([^/]*)(\/.*)?$/.exec(rawPath) ?? [];
  const named = stages.find(({ name }) => name === first);
  return named ? { stage: named, path: rest || '/' } : { stage: stages[0] ?? theStageless, path: rawPath };
};

/** The route of a request that fits no method. */
const nowhere: Route = {
  pathParameters: {},
  method: {
    httpMethod: '',
    resourcePath: '',
    resourceId: '',
    authorizerId: undefined,
    authorizationScopes: [],
    apiKeyRequired: false,
    integration: { kind: 'unsupported', type: 'none' },
  },
};

const withoutTrailingSlash = (path: string): string => (path.length > 1 ? path.replace(/\/$/, '') : path);

const newTraceId = (nowMs: number): string =>
  `1-${Math.floor(nowMs / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;

const idHeaders = ({ requestId, extendedRequestId, traceId }: GatewayRequest) => ({
  'x-amzn-requestid': requestId,
  'x-amz-apigw-id': extendedRequestId,
  'x-amzn-trace-id': `Root=${traceId}`,
});

/** Serves one REST API: route, authorizer, API key and throttle, integration; refusals as its gateway responses say. */
export const createRestApi = ({
  api,
  region,
  accountId,
  clock,
  invoke,
  checkUsage,
  issuerOf,
}: RestApiOptions): HttpHandler => {
  const routes = createRouteTable(api);
  const lambdaAuthorizer = createLambdaAuthorizers({ invoke, clock });
  const cognitoAuthorizer = createCognitoAuthorizers({ issuerOf, clock });

  const authorize = async (request: GatewayRequest): Promise<Authorization | undefined> => {
    const authorizer = api.authorizers.get(request.route.method.authorizerId ?? '');
    if (authorizer === undefined) return undefined;
    return authorizer.type === 'COGNITO_USER_POOLS'
      ? cognitoAuthorizer(request, authorizer)
      : lambdaAuthorizer(request, authorizer);
  };
  const integrate = async (
    request: GatewayRequest,
    authorization: Authorization | undefined,
  ): Promise<HttpResponse> => {
    const { integration } = request.route.method;
    if (integration.kind === 'lambda')
      return callLambdaProxy(request, authorization?.context, integration, { invoke, clock });
    if (integration.kind === 'mock')
      return answerMock(integration, requestValues(request, authorization?.context));
    throw new GatewayError('API_CONFIGURATION_ERROR');
  };
  const receive = ({
    method,
    path: rawPath,
    query,
    headers,
    rawHeaders,
    body,
  }: HttpRequest): GatewayRequest => {
    const { stage, path } = splitStage(api, rawPath);
    const route = routes.match(method, withoutTrailingSlash(path)) ?? nowhere;
    const methodArn = `arn:aws:execute-api:${region}:${accountId}:${api.id}/${stage.name}/${method}${path}`;
    const receivedAt = clock.now();
    return {
      api,
      stage,
      route,
      requestId: randomUUID(),
      extendedRequestId: randomBytes(11).toString('base64'),
      traceId: newTraceId(receivedAt),
      receivedAt,
      httpMethod: method,
      path,
      headers,
      rawHeaders: rawHeaders ?? Object.entries(headers),
      sourceIp: '127.0.0.1',
      query,
      body,
      methodArn,
      accountId,
    };
  };

  return async (incoming) => {
    const request = receive(incoming);
    let authorization: Authorization | undefined;
    try {
      if (incoming.body.length > longestBodyBytes) throw new GatewayError('REQUEST_TOO_LARGE');
      if (request.route === nowhere) throw new GatewayError('MISSING_AUTHENTICATION_TOKEN');
      authorization = await authorize(request);
      const apiKey =
        api.apiKeySource === 'HEADER' ? request.headers['x-api-key'] : authorization?.usageIdentifierKey;
      checkUsage(request, apiKey);
      validateRequest(request);
      const response = await integrate(request, authorization);
      return { ...response, headers: { ...idHeaders(request), ...response.headers } };
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return gatewayResponse(error, api, requestValues(request, authorization?.context));
    }
  };
};
