import { createRestApi, type RestApiOptions } from '../../../local/apigateway/rest-api.ts';
import type { AuthorizerSpec, MethodSpec, RestApiSpec } from '../../../local/apigateway/rest-api-spec.ts';
import { createVirtualClock } from '../../../local/clock.ts';
import type { InvokeResult } from '../../../local/lambda/function-runner.ts';

export const aMethod = (resourcePath: string, changes: Partial<MethodSpec> = {}): MethodSpec => ({
  httpMethod: 'GET',
  resourcePath,
  resourceId: 'res123',
  authorizerId: undefined,
  authorizationScopes: [],
  apiKeyRequired: false,
  integration: {
    kind: 'lambda',
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:api',
    timeoutMs: 29_000,
  },
  ...changes,
});

export const anAuthorizer = (changes: Partial<AuthorizerSpec> = {}): AuthorizerSpec => ({
  id: 'auth1',
  type: 'TOKEN',
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:authorize',
  userPoolArns: [],
  identitySources: ['method.request.header.Authorization'],
  validation: undefined,
  ttlMs: 300_000,
  ...changes,
});

export const anApi = (changes: Partial<RestApiSpec> = {}): RestApiSpec => ({
  logicalId: 'Api',
  id: 'abc123',
  apiKeySource: 'AUTHORIZER',
  binaryMediaTypes: [],
  stages: [{ name: 'prod', variables: {}, throttles: new Map() }],
  methods: [aMethod('/entries')],
  authorizers: new Map(),
  gatewayResponses: new Map(),
  ...changes,
});

type Asked = {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  rawHeaders?: [string, string][];
  body?: string | Buffer;
};
type Answer = Partial<InvokeResult> | ((event: Record<string, unknown>) => Partial<InvokeResult>);

export const answering = (value: unknown): Partial<InvokeResult> => ({ payload: JSON.stringify(value) });
export const failing = (errorMessage: string): Partial<InvokeResult> => ({
  payload: JSON.stringify({ errorType: 'Error', errorMessage }),
  functionError: 'Unhandled',
});

/** A REST API over functions that answer as told; `events` holds what each was given. */
export const serveApi = (
  api: RestApiSpec,
  functions: Record<string, Answer> = { api: answering({ statusCode: 200, body: 'ok' }) },
  changes: Partial<RestApiOptions> = {},
) => {
  const clock = createVirtualClock(Date.parse('2026-03-02T08:05:01Z'));
  const events: Record<string, Record<string, unknown>[]> = {};
  const handler = createRestApi({
    api,
    region: 'us-east-1',
    accountId: '000000000000',
    clock,
    checkUsage: () => {},
    issuerOf: () => undefined,
    invoke: async (arn, payload) => {
      const name = arn.split(':').at(-1) ?? '';
      const event: Record<string, unknown> = JSON.parse(payload);
      events[name] = [...(events[name] ?? []), event];
      const answer = functions[name];
      if (answer === undefined) throw new Error(`no function ${name}`);
      return { payload: 'null', requestId: 'r', ...(typeof answer === 'function' ? answer(event) : answer) };
    },
    ...changes,
  });
  const ask = async ({ path, method = 'GET', headers = {}, rawHeaders, body = '' }: Asked) => {
    const url = new URL(path, 'http://127.0.0.1');
    const rawQuery = url.search.slice(1);
    const response = await handler({
      method,
      path: path.split('?')[0] ?? '/',
      query: url.searchParams,
      rawQuery,
      headers: { host: '127.0.0.1:4000', ...headers },
      ...(rawHeaders && { rawHeaders }),
      body: Buffer.from(body),
    });
    return { ...response, text: String(response.body ?? '') };
  };
  return { ask, handler, events, clock };
};
