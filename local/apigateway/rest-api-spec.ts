import type { RequestValidation } from './request-validation.ts';

/** What a REST API answers with: a Lambda proxy, a mock, or something the local cloud does not serve. */
export type Integration =
  | { kind: 'lambda'; functionArn: string; timeoutMs: number }
  | { kind: 'mock'; responses: MockResponse[]; requestTemplate: string }
  | { kind: 'unsupported'; type: string };

export type MockResponse = {
  statusCode: string;
  selectionPattern: string | undefined;
  parameters: Record<string, string>;
  templates: Record<string, string>;
};

export type MethodSpec = {
  httpMethod: string;
  /** `/orders/{id}`. */
  resourcePath: string;
  resourceId: string;
  authorizerId: string | undefined;
  authorizationScopes: string[];
  apiKeyRequired: boolean;
  /** Undefined where nothing is checked. */
  validation?: RequestValidation | undefined;
  integration: Integration;
};

export type AuthorizerSpec = {
  id: string;
  type: 'TOKEN' | 'REQUEST' | 'COGNITO_USER_POOLS';
  functionArn: string | undefined;
  userPoolArns: string[];
  /** `method.request.header.Authorization`, `method.request.querystring.q`, `context.…`, `stageVariables.…`. */
  identitySources: string[];
  validation: string | undefined;
  ttlMs: number;
};

export type GatewayResponseSpec = {
  statusCode: string | undefined;
  parameters: Record<string, string>;
  templates: Record<string, string>;
};

export type ThrottleSpec = { rateLimit: number; burstLimit: number };

export type StageSpec = {
  name: string;
  variables: Record<string, string>;
  /** By `{METHOD} {resource path}`, `*` for either. */
  throttles: ReadonlyMap<string, ThrottleSpec>;
};

export type RestApiSpec = {
  logicalId: string;
  id: string;
  apiKeySource: 'HEADER' | 'AUTHORIZER';
  binaryMediaTypes: string[];
  /** The first is served at the root too. */
  stages: StageSpec[];
  methods: MethodSpec[];
  authorizers: ReadonlyMap<string, AuthorizerSpec>;
  gatewayResponses: ReadonlyMap<string, GatewayResponseSpec>;
};
