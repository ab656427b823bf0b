import type { JsonValue } from '../json.ts';
import { eventHeaders } from './event-headers.ts';
import type { RestApiSpec, StageSpec } from './rest-api-spec.ts';
import type { Route } from './route-table.ts';
import type { RequestValues } from './value-mapping.ts';

/** A request that has found its stage and its method. */
export type GatewayRequest = {
  api: RestApiSpec;
  stage: StageSpec;
  route: Route;
  requestId: string;
  receivedAt: number;
  httpMethod: string;
  /** Raw, without the stage. */
  path: string;
  /** Names in lower case; a repeated header is joined by commas. */
  headers: Record<string, string>;
  /** One by one, as the client sent them. */
  rawHeaders: readonly (readonly [name: string, value: string])[];
  sourceIp: string;
  traceId: string;
  /** The id that x-amz-apigw-id tells. */
  extendedRequestId: string;
  query: URLSearchParams;
  body: Buffer;
  methodArn: string;
  accountId: string;
};

export type AuthorizerContext = { [key: string]: JsonValue };

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 09/Mar/2026:08:05:01 +0000 */
const requestTime = (ms: number): string => {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
};

/** $context, as proxy events and templates show it. */
export const requestContext = (
  request: GatewayRequest,
  authorizer?: AuthorizerContext,
): { [key: string]: JsonValue } => {
  const { api, stage, route, requestId, receivedAt, httpMethod, path, headers, accountId } = request;
  return {
    accountId,
    apiId: api.id,
    ...(authorizer && { authorizer }),
    domainName: headers.host ?? '127.0.0.1',
    domainPrefix: api.id,
    extendedRequestId: request.extendedRequestId,
    httpMethod,
    identity: {
      accessKey: null,
      accountId: null,
      apiKey: headers['x-api-key'] ?? null,
      caller: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: request.sourceIp,
      user: null,
      userAgent: headers['user-agent'] ?? null,
      userArn: null,
    },
    path: `/${stage.name}${path}`,
    protocol: 'HTTP/1.1',
    requestId,
    requestTime: requestTime(receivedAt),
    requestTimeEpoch: receivedAt,
    resourceId: route.method.resourceId,
    resourcePath: route.method.resourcePath,
    stage: stage.name,
  };
};

const multiValues = (query: URLSearchParams): Record<string, string[]> =>
  Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]));

const orNull = <T extends object>(value: T): T | null => (Object.keys(value).length > 0 ? value : null);

/** The fields that proxy events and REQUEST authorizer events share. */
export const sharedEventFields = (request: GatewayRequest, authorizer?: AuthorizerContext) => {
  const { query, route, stage, httpMethod, path } = request;
  return {
    resource: route.method.resourcePath,
    path,
    httpMethod,
    ...eventHeaders(request),
    queryStringParameters: orNull(Object.fromEntries(query)),
    multiValueQueryStringParameters: orNull(multiValues(query)),
    pathParameters: orNull(route.pathParameters),
    stageVariables: orNull(stage.variables),
    requestContext: requestContext(request, authorizer),
  };
};

export const requestValues = (request: GatewayRequest, authorizer?: AuthorizerContext): RequestValues => ({
  context: requestContext(request, authorizer),
  stageVariables: request.stage.variables,
  headers: request.headers,
  query: Object.fromEntries(request.query),
  pathParameters: request.route.pathParameters,
});

const apiArn = ({ methodArn }: GatewayRequest): string => methodArn.split('/')[0] ?? methodArn;

/** As whom a method calls its function: the function's permission names it so. */
export const methodSource = (request: GatewayRequest): string =>
  `${apiArn(request)}/${request.stage.name}/${request.httpMethod}${request.route.method.resourcePath}`;

/** As whom an authorizer calls its function. */
export const authorizerSource = (request: GatewayRequest, authorizerId: string): string =>
  `${apiArn(request)}/authorizers/${authorizerId}`;
