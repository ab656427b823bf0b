import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Principal } from '../../domain/permissions.ts';
import type { Language } from '../../domain/values/languages.ts';
import type { HttpRequest } from '../../functions/shared/http-handler.ts';

export const asPartner = (
  partnerId = 'example-mall',
  roles: Extract<Principal, { kind: 'partner' }>['roles'] = [],
): Principal => ({ kind: 'partner', partnerId, roles });

export const asStaff = (...groups: Extract<Principal, { kind: 'staff' }>['groups']): Principal => ({
  kind: 'staff',
  username: 'li.lei',
  groups,
});

type RequestInput = {
  principal?: Principal;
  language?: Language;
  path?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  resource?: string;
  body?: unknown;
  file?: Buffer | undefined;
};

/** A request as handlers get it from httpHandler, with a body that has been parsed already. */
export const aRequest = ({
  principal = asPartner(),
  language = 'en',
  path = {},
  query = {},
  headers = {},
  resource = '/v1/orders',
  body,
  file,
}: RequestInput = {}): HttpRequest => ({
  principal,
  language,
  path,
  query,
  headers,
  resource,
  file: () => file,
  json: () => ({ value: body, text: JSON.stringify(body) }),
});

/** What API Gateway hands to a Lambda behind the REST API. */
export const aProxyEvent = ({
  principal = asPartner(),
  ...changes
}: Partial<APIGatewayProxyEvent> & { principal?: Principal | undefined } = {}): APIGatewayProxyEvent => ({
  body: null,
  headers: { 'Content-Type': 'application/json' },
  multiValueHeaders: {},
  httpMethod: 'POST',
  isBase64Encoded: false,
  path: '/v1/orders',
  pathParameters: null,
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  stageVariables: null,
  resource: '/v1/orders',
  requestContext: {
    accountId: '000000000000',
    apiId: 'api1',
    authorizer: { principal: JSON.stringify(principal) },
    protocol: 'HTTP/1.1',
    httpMethod: 'POST',
    identity: {
      accessKey: null,
      accountId: null,
      apiKey: null,
      apiKeyId: null,
      caller: null,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: '127.0.0.1',
      user: null,
      userAgent: null,
      userArn: null,
    },
    path: '/v1/orders',
    stage: 'live',
    requestId: 'req-8f2c',
    requestTimeEpoch: 0,
    resourceId: 'r1',
    resourcePath: '/v1/orders',
  },
  ...changes,
});
