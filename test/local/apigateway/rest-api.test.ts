import { expect, onTestFinished, test } from 'vitest';
import { serve } from '../../../local/http/serve.ts';
import { aMethod, anApi, anAuthorizer, answering, failing, serveApi } from './a-rest-api.ts';

test.for([
  { path: '/entries', resource: '/entries', parameters: null },
  { path: '/prod/entries', resource: '/entries', parameters: null },
  { path: '/entries/', resource: '/entries', parameters: null },
  { path: '/entries/42', resource: '/entries/{id}', parameters: { id: '42' } },
  { path: '/entries/latest', resource: '/entries/latest', parameters: null },
  { path: '/entries/a%2Fb%20c', resource: '/entries/{id}', parameters: { id: 'a%2Fb%20c' } },
  { path: '/entries/42/lines', resource: '/entries/{id}/lines', parameters: { id: '42' } },
  { path: '/files/a/b/c', resource: '/files/{proxy+}', parameters: { proxy: 'a/b/c' } },
  { path: '/files/readme', resource: '/files/readme', parameters: null },
])('$path goes to $resource', async ({ path, resource, parameters }) => {
  const paths = [
    '/entries',
    '/entries/{id}',
    '/entries/latest',
    '/entries/{id}/lines',
    '/files/{proxy+}',
    '/files/readme',
  ];
  const { ask, events } = serveApi(anApi({ methods: paths.map((one) => aMethod(one)) }));
  expect((await ask({ path })).status).toBe(200);
  expect(events.api?.[0]).toMatchObject({ resource, pathParameters: parameters });
});

test.for([{ path: '/nothing' }, { path: '/entries', method: 'DELETE' }, { path: '/files' }, { path: '/' }])(
  '$method $path is answered as AWS answers what it does not know',
  async (asked) => {
    const { ask } = serveApi(anApi({ methods: [aMethod('/entries'), aMethod('/files/{proxy+}')] }));
    const { status, text, headers } = await ask(asked);
    expect(status).toBe(403);
    expect(text).toBe('{"message":"Missing Authentication Token"}');
    expect(headers).toMatchObject({ 'x-amzn-errortype': 'MissingAuthenticationTokenException' });
  },
);

test('the function is given the proxy event of payload version 1.0', async () => {
  const api = anApi({ methods: [aMethod('/entries/{id}', { httpMethod: 'ANY' })] });
  const { ask, events } = serveApi(api);
  await ask({
    path: '/prod/entries/7?tag=a&tag=b&q=x%20y',
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'user-agent': 'test' },
    body: '{"n":1}',
  });
  expect(events.api?.[0]).toEqual({
    resource: '/entries/{id}',
    path: '/entries/7',
    httpMethod: 'PUT',
    headers: {
      host: '127.0.0.1:4000',
      'content-type': 'application/json',
      'user-agent': 'test',
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Port': '4000',
      'X-Forwarded-Proto': 'http',
    },
    multiValueHeaders: expect.objectContaining({
      host: ['127.0.0.1:4000'],
      'content-type': ['application/json'],
      'X-Forwarded-Port': ['4000'],
    }),
    queryStringParameters: { tag: 'b', q: 'x y' },
    multiValueQueryStringParameters: { tag: ['a', 'b'], q: ['x y'] },
    pathParameters: { id: '7' },
    stageVariables: null,
    body: '{"n":1}',
    isBase64Encoded: false,
    requestContext: expect.objectContaining({
      accountId: '000000000000',
      apiId: 'abc123',
      httpMethod: 'PUT',
      path: '/prod/entries/7',
      protocol: 'HTTP/1.1',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      requestTime: '02/Mar/2026:08:05:01 +0000',
      requestTimeEpoch: Date.parse('2026-03-02T08:05:01Z'),
      resourcePath: '/entries/{id}',
      stage: 'prod',
      identity: expect.objectContaining({ sourceIp: '127.0.0.1', userAgent: 'test' }),
    }),
  });
});

test('a request without query or body has nulls there', async () => {
  const { ask, events } = serveApi(anApi());
  await ask({ path: '/entries' });
  expect(events.api?.[0]).toMatchObject({
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    body: null,
  });
});

test('bodies of binary media types travel as base64, both ways', async () => {
  const bytes = Buffer.from([0, 255, 1]);
  const { ask, events } = serveApi(anApi({ binaryMediaTypes: ['image/*'] }), {
    api: answering({ statusCode: 200, body: bytes.toString('base64'), isBase64Encoded: true }),
  });
  const asked = { path: '/entries', headers: { 'content-type': 'image/png', accept: 'image/png,*/*' } };
  const { body } = await ask({ ...asked, body: bytes });
  expect(events.api?.[0]).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true });
  expect(body).toEqual(bytes);
});

test('a client that the API has no binary type for gets base64 as it stands', async () => {
  const { ask } = serveApi(anApi(), {
    api: answering({ statusCode: 200, body: 'AP8B', isBase64Encoded: true }),
  });
  expect((await ask({ path: '/entries', headers: { accept: 'image/png' } })).text).toBe('AP8B');
});

test('headers reach the function as the client names them, and repeated ones one by one', async () => {
  const { ask, events } = serveApi(anApi());
  await ask({
    path: '/entries',
    rawHeaders: [
      ['Host', 'api.example.com'],
      ['X-Tag', 'a'],
      ['X-Tag', 'b'],
      ['Accept-Language', 'zh'],
      ['X-Forwarded-For', '198.51.100.1'],
      ['Connection', 'keep-alive'],
      ['Content-Length', '0'],
      ['TE', 'trailers'],
    ],
    headers: { 'x-forwarded-for': '198.51.100.1' },
  });
  expect(events.api?.[0]).toMatchObject({
    headers: { Host: 'api.example.com', 'X-Tag': 'b', 'Accept-Language': 'zh' },
    multiValueHeaders: {
      'X-Tag': ['a', 'b'],
      'X-Forwarded-For': ['198.51.100.1, 127.0.0.1'],
    },
  });
  const names = Object.keys(Object(events.api?.[0]?.headers)).map((name) => name.toLowerCase());
  expect(names).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(connection|content-length|te)$/)]),
  );
});

test('a signature of AWS does not reach the function, another authorization does', async () => {
  const { ask, events } = serveApi(anApi());
  for (const authorization of ['AWS4-HMAC-SHA256 Credential=a', 'Bearer b']) {
    await ask({ path: '/entries', headers: { authorization } });
  }
  expect(events.api?.map(({ headers }) => Object(headers).authorization)).toEqual([undefined, 'Bearer b']);
});

test('headers of the answer are joined with the repeated ones, and some go by another name', async () => {
  const { ask } = serveApi(anApi(), {
    api: answering({
      statusCode: 401,
      headers: {
        'Set-Cookie': 'a=1',
        'X-One': 1,
        'WWW-Authenticate': 'Bearer',
        Date: 'never',
        Server: 'own',
        'Content-Length': '5',
        Via: '1.1 x',
      },
      multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'], 'X-Many': ['x', 'y'], 'X-Single': ['z'] },
      body: '{}',
    }),
  });
  const { headers, repeatedHeaders } = await ask({ path: '/entries' });
  expect(repeatedHeaders).toEqual({ 'set-cookie': ['a=1', 'b=2'], 'x-many': ['x', 'y'] });
  expect(headers).toEqual({
    'content-type': 'application/json',
    'x-one': '1',
    'x-single': 'z',
    'x-amzn-remapped-www-authenticate': 'Bearer',
    'x-amzn-remapped-date': 'never',
    'x-amzn-remapped-server': 'own',
    'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'x-amz-apigw-id': expect.any(String),
    'x-amzn-trace-id': expect.stringMatching(/^Root=1-/),
  });
});

test('several cookies arrive as several lines', async () => {
  const answer = { statusCode: 200, multiValueHeaders: { 'Set-Cookie': ['a=1; Path=/', 'b=2'] } };
  const { handler, events } = serveApi(anApi(), { api: answering(answer) });
  const server = await serve(handler, { port: 0 });
  onTestFinished(server.close);
  const response = await fetch(`${server.url}/entries`);
  expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
  expect(events.api?.[0]).toMatchObject({ multiValueHeaders: { host: [new URL(server.url).host] } });
});

test.for([
  { name: 'a thrown error', answer: failing('broken') },
  { name: 'no status code', answer: answering({ body: 'x' }) },
  { name: 'an unknown member', answer: answering({ statusCode: 200, cookies: [] }) },
  { name: 'an object as body', answer: answering({ statusCode: 200, body: { a: 1 } }) },
])('$name is a 502', async ({ answer }) => {
  const { ask } = serveApi(anApi(), { api: answer });
  expect(await ask({ path: '/entries' })).toMatchObject({
    status: 502,
    text: '{"message":"Internal server error"}',
  });
});

test('a function that is too slow is a 504', async () => {
  const slow = aMethod('/entries', { integration: { kind: 'lambda', functionArn: 'x:api', timeoutMs: 20 } });
  const { ask, clock } = serveApi(anApi({ methods: [slow] }), {}, { invoke: () => new Promise(() => {}) });
  const answer = ask({ path: '/entries' });
  await clock.advance(20);
  expect(await answer).toMatchObject({
    status: 504,
    text: '{"message":"Endpoint request timed out"}',
  });
});

test('a body beyond 10 MB is a 413', async () => {
  const { ask, events } = serveApi(anApi());
  expect((await ask({ path: '/entries', body: Buffer.alloc(10 * 1024 * 1024 + 1) })).status).toBe(413);
  expect(events.api).toBeUndefined();
});

test('a mock integration answers the preflight the template describes', async () => {
  const preflight = aMethod('/entries', {
    httpMethod: 'OPTIONS',
    integration: {
      kind: 'mock',
      requestTemplate: '{ statusCode: 204 }',
      responses: [
        {
          statusCode: '204',
          selectionPattern: undefined,
          parameters: { 'method.response.header.Access-Control-Allow-Origin': "'*'" },
          templates: {},
        },
      ],
    },
  });
  const { ask } = serveApi(anApi({ methods: [preflight] }));
  expect(await ask({ path: '/entries', method: 'OPTIONS' })).toMatchObject({
    status: 204,
    headers: { 'access-control-allow-origin': '*' },
  });
});

test('gateway responses are what the template makes of them', async () => {
  const gatewayResponses = new Map([
    [
      'MISSING_AUTHENTICATION_TOKEN',
      {
        statusCode: '404',
        parameters: {
          'gatewayresponse.header.Cache-Control': "'no-store'",
          'gatewayresponse.header.X-Origin': 'method.request.header.Origin',
        },
        templates: {
          'application/problem+json':
            '{"title":$context.error.messageString,"why":"$context.error.responseType","id":"$context.requestId","none":"$context.nothing"}',
        },
      },
    ],
  ]);
  const { ask } = serveApi(anApi({ gatewayResponses }));
  const { status, headers, text } = await ask({
    path: '/nothing',
    headers: { origin: 'https://example.com' },
  });
  expect(status).toBe(404);
  expect(headers).toMatchObject({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-origin': 'https://example.com',
  });
  expect(JSON.parse(text)).toEqual({
    title: 'Missing Authentication Token',
    why: 'MISSING_AUTHENTICATION_TOKEN',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    none: '',
  });
});

test('DEFAULT_4XX stands in for a type the template does not name', async () => {
  const gatewayResponses = new Map([
    [
      'DEFAULT_4XX',
      { statusCode: undefined, parameters: {}, templates: { 'application/json': '{"own":true}' } },
    ],
  ]);
  const { ask } = serveApi(
    anApi({
      gatewayResponses,
      methods: [aMethod('/entries', { authorizerId: 'auth1' })],
      authorizers: new Map([['auth1', anAuthorizer()]]),
    }),
  );
  expect(await ask({ path: '/entries' })).toMatchObject({ status: 401, text: '{"own":true}' });
});
