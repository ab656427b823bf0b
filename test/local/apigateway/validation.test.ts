import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import {
  JsonSchemaType,
  JsonSchemaVersion,
  MockIntegration,
  type Model,
  type RequestValidator,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { expect, test } from 'vitest';
import { declaredRestApis } from '../../../local/apigateway/declared-rest-apis.ts';
import { readAssembly } from '../../../local/assembly/read-assembly.ts';
import { createRegistry } from '../../../local/assembly/registry.ts';
import { aMethod, anApi, serveApi } from './a-rest-api.ts';

/** The methods that the CDK makes of a REST API. */
const synthesized = (build: (api: RestApi) => void) => {
  const outdir = mkdtempSync(join(tmpdir(), 'validation-'));
  const app = new App({ outdir });
  build(new RestApi(new Stack(app, 'Shop'), 'Api', { cloudWatchRole: false }));
  app.synth();
  const { apis, skipped } = declaredRestApis(
    createRegistry({
      assembly: readAssembly(outdir),
      place: { region: 'us-east-1', accountId: '000000000000', sqsUrl: '', cognitoUrl: '' },
    }),
  );
  rmSync(outdir, { recursive: true });
  const [declared] = apis;
  const methods = (declared?.methods ?? []).map(({ httpMethod, resourcePath, validation }) =>
    aMethod(resourcePath, { httpMethod, validation }),
  );
  return { methods, skipped };
};

const withValidator = (build: (api: RestApi, validator: RequestValidator, order: Model) => void) =>
  synthesized((api) => {
    const line = api.addModel('Line', {
      modelName: 'Line',
      schema: {
        schema: JsonSchemaVersion.DRAFT4,
        type: JsonSchemaType.OBJECT,
        required: ['sku'],
        properties: {
          sku: { type: JsonSchemaType.STRING, pattern: '^[A-Z]' },
          quantity: { type: JsonSchemaType.INTEGER },
        },
      },
    });
    const order = api.addModel('Order', {
      modelName: 'Order',
      schema: {
        schema: JsonSchemaVersion.DRAFT4,
        type: JsonSchemaType.OBJECT,
        required: ['reference', 'lines'],
        properties: {
          reference: { type: JsonSchemaType.STRING, minLength: 1 },
          lines: {
            type: JsonSchemaType.ARRAY,
            minItems: 1,
            items: {
              ref: `https://apigateway.amazonaws.com/restapis/${api.restApiId}/models/${line.modelId}`,
            },
          },
          discount: { type: JsonSchemaType.NUMBER, minimum: 0, exclusiveMinimum: true },
        },
        additionalProperties: false,
      },
    });
    const validator = api.addRequestValidator('Both', {
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    build(api, validator, order);
  });

const post = (body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) => ({
  path: '/orders',
  method: 'POST',
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const orders = withValidator((api, requestValidator, order) => {
  api.root.addResource('orders').addMethod('POST', new MockIntegration(), {
    requestValidator,
    requestModels: { 'application/json': order },
  });
});

const lines = [{ sku: 'MUG', quantity: 2 }];

test.for([
  { name: 'a body that fits', body: { reference: 'r', lines }, status: 200 },
  { name: 'all that may be there', body: { reference: 'r', lines, discount: 0.5 }, status: 200 },
  { name: 'a missing member', body: { lines }, status: 400 },
  { name: 'a member too many', body: { reference: 'r', lines, more: 1 }, status: 400 },
  { name: 'a wrong type', body: { reference: 1, lines }, status: 400 },
  { name: 'an empty list', body: { reference: 'r', lines: [] }, status: 400 },
  { name: 'a number on an excluded bound', body: { reference: 'r', lines, discount: 0 }, status: 400 },
  {
    name: 'a part that its own model refuses',
    body: { reference: 'r', lines: [{ sku: 'mug' }] },
    status: 400,
  },
  { name: 'no JSON', body: '{', status: 400 },
  { name: 'nothing', body: '', status: 400 },
])('$name: $status', async ({ body, status }) => {
  const { ask, events } = serveApi(anApi({ methods: orders.methods }));
  const answer = await ask(post(body));
  expect(answer.status).toBe(status);
  if (status === 200) return;
  expect(answer.text).toBe('{"message":"Invalid request body"}');
  expect(answer.headers).toMatchObject({ 'x-amzn-errortype': 'BadRequestException' });
  expect(events.api).toBeUndefined();
});

test('a body of another type passes unchecked, and one with parameters does not', async () => {
  const { ask } = serveApi(anApi({ methods: orders.methods }));
  expect((await ask(post('{', { 'content-type': 'text/plain' }))).status).toBe(200);
  expect((await ask(post('{', { 'content-type': 'application/json; charset=utf-8' }))).status).toBe(400);
  expect((await ask(post('{', {}))).status).toBe(400);
});

test('parameters that are required must be there, and not be blank', async () => {
  const found = withValidator((api, requestValidator) => {
    api.root.addResource('orders').addMethod('GET', new MockIntegration(), {
      requestValidator,
      requestParameters: {
        'method.request.querystring.from': true,
        'method.request.querystring.to': false,
        'method.request.header.X-Partner': true,
      },
    });
  });
  const { ask } = serveApi(anApi({ methods: found.methods }));
  const asked = { path: '/orders?from=2026', headers: { 'x-partner': 'p' } };
  expect((await ask(asked)).status).toBe(200);
  const missing = await ask({ path: '/orders?from=%20' });
  expect(missing).toMatchObject({
    status: 400,
    text: '{"message":"Missing required request parameters: [from, X-Partner]"}',
  });
});

test('a method without a validator is not checked', async () => {
  const found = withValidator((api, _, order) => {
    api.root
      .addResource('orders')
      .addMethod('POST', new MockIntegration(), { requestModels: { 'application/json': order } });
  });
  const { ask } = serveApi(anApi({ methods: found.methods }));
  expect((await ask(post('{'))).status).toBe(200);
});

test('a model that cannot be read is named, and its bodies pass', async () => {
  const { methods, skipped } = withValidator((api, requestValidator) => {
    const loop = api.addModel('Loop', {
      modelName: 'Loop',
      schema: { ref: `https://apigateway.amazonaws.com/restapis/${api.restApiId}/models/Loop` },
    });
    api.root.addResource('orders').addMethod('POST', new MockIntegration(), {
      requestValidator,
      requestModels: { 'application/json': loop },
    });
  });
  expect(skipped).toEqual([
    expect.stringMatching(
      /^AWS::ApiGateway::Model \(.*\): it refers to Loop within Loop; bodies pass unchecked$/,
    ),
  ]);
  const { ask } = serveApi(anApi({ methods }));
  expect((await ask(post('{}'))).status).toBe(200);
});
