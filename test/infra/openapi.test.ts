import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { openApiDocument } from '../../build/openapi.ts';
import { submissionSchema } from '../../domain/submissions/order-schema.ts';
import { readSubmission } from '../../domain/submissions/read-submission.ts';
import { problemTypes } from '../../functions/shared/problem.ts';
import { aSubmission, aSubmittedLine } from '../builders/a-submission.ts';
import { randomSubmission } from '../builders/random-submission.ts';
import { type Answered, type ApiDocument, documentSchema, undescribed } from '../edge/described-api.ts';
import { violations } from '../edge/json-schema.ts';
import { aStack } from './a-stack.ts';

const { template } = aStack();
const resources = template.findResources('AWS::ApiGateway::Resource');

const pathOf = (id: string): string => {
  const { ParentId: parent, PathPart: part } = resources[id]?.Properties ?? {};
  return parent === undefined ? '' : `${pathOf(parent.Ref ?? '')}/${part}`;
};

/** Routes as they are deployed: `POST /v1/orders`, and whether the gateway asks who is calling. */
const deployed = new Map(
  Object.values(template.findResources('AWS::ApiGateway::Method')).map(({ Properties: method }) => [
    `${method.HttpMethod} ${pathOf(method.ResourceId.Ref)}`,
    method.AuthorizationType !== 'NONE',
  ]),
);

const problemJson = 'application/problem+json';
const problemText = (type: string, status: number, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    type: `https://docs.example.com/problems/${type}`,
    title: 'x',
    status,
    instance: '#1',
    requestId: '1',
    ...more,
  });

let document: ApiDocument;
beforeAll(async () => {
  document = documentSchema.parse(JSON.parse(JSON.stringify(await openApiDocument())));
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  );

describe('the description of the API', () => {
  test('has every route that is deployed, and none more, with the credentials that it asks for', () => {
    const described = operations().map(({ route, operation }) => [route, operation.security?.length !== 0]);
    expect(described.sort()).toEqual([...deployed].sort());
  });

  test('names each parameter of a path once, and each operation differently', () => {
    for (const { path, operation } of operations()) {
      const named = operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('names every problem there is at its status, and what any caller may meet at every route', () => {
    const told = operations().flatMap(({ operation }) =>
      Object.entries(operation.responses).flatMap(([status, { content }]) =>
        [...JSON.stringify(content).matchAll(/\/problems\/([a-z-]+)/g)].map(([, type = '']) => [
          type,
          Number(status),
        ]),
      ),
    );
    const statuses = Object.entries(problemTypes).map(([type, { status }]) => [type, status]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(statuses));
    for (const { route, operation } of operations())
      expect(Object.keys(operation.responses), route).toEqual(
        expect.arrayContaining(deployed.get(route) ? ['401', '403', '429', '503'] : ['429', '503']),
      );
  });

  test('describes a success and a body wherever one is posted', () => {
    for (const { route, operation } of operations()) {
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        route,
      ).toBe(true);
      expect(operation.requestBody !== undefined, route).toBe(/^(POST|PUT)/.test(route));
    }
  });

  test('is made of patterns that any reader of JSON Schema can read', () => {
    const patterns = [...JSON.stringify(document).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)];
    expect(patterns.length).toBeGreaterThan(50);
    for (const [, pattern = ''] of patterns) new RegExp(JSON.parse(pattern), 'u');
  });
});

test.for<[fault: RegExp, method: string, path: string | undefined, answer: Partial<Answered>]>([
  [/^status 418 is not described$/, 'GET', '/v1/orders', { status: 418 }],
  [/^media type text\/html/, 'GET', '/v1/orders', { mediaType: 'text/html' }],
  [/^#: no orders$/, 'GET', '/v1/orders', { text: '{}' }],
  [/^#\/partnerId: not described$/, 'GET', '/v1/orders', { text: '{"orders":[],"partnerId":"x"}' }],
  [/^#\/orders: type array$/, 'GET', '/v1/orders', { text: '{"orders":{}}' }],
  [
    /^#\/type: enum/,
    'GET',
    '/v1/orders',
    { status: 400, mediaType: problemJson, text: problemText('conflict', 400) },
  ],
  [
    /^#\/status: const$/,
    'GET',
    '/v1/orders',
    { status: 404, mediaType: problemJson, text: problemText('not-found', 400) },
  ],
  [
    /^#\/stack: not described$/,
    'GET',
    undefined,
    { status: 404, mediaType: problemJson, text: problemText('not-found', 404, { stack: 'x' }) },
  ],
  [/^status 200 of an unknown path$/, 'GET', undefined, {}],
])('an answer that the description does not have is noticed: %s', ([fault, method, path, answer]) => {
  const answered = { status: 200, mediaType: 'application/json', text: '{"orders":[]}', ...answer };
  expect(undescribed(document, method, path, answered)).toEqual([expect.stringMatching(fault)]);
  expect(
    undescribed(document, 'GET', '/v1/orders', {
      ...answered,
      status: 200,
      mediaType: 'application/json',
      text: '{"orders":[]}',
    }),
  ).toEqual([]);
});

describe('the described order', () => {
  const faults = (body: unknown) =>
    violations(
      document.paths['/v1/orders']?.post?.requestBody?.content['application/json']?.schema,
      body,
      document,
    );

  test('is the one that is taken: what the schema lets through, the description does', () => {
    let accepted = 0;
    fc.assert(
      fc.property(randomSubmission, (body) => {
        if (!submissionSchema.safeParse(body).success) return;
        accepted += 1;
        expect(faults(body)).toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  test('takes no field of the answer that is ours to set', () => {
    const propertiesOf = (schema: unknown) =>
      Object.keys(z.object({ properties: z.record(z.string(), z.unknown()) }).parse(schema).properties);
    const taken = Object.keys(submissionSchema.shape);
    const ours = propertiesOf(document.components.schemas.Order).filter((name) => !taken.includes(name));
    expect(ours).toEqual(
      expect.arrayContaining(['orderNumber', 'status', 'paymentStatus', 'customerTier', 'version']),
    );
    const hidden = [
      'partnerId',
      'amounts',
      'source',
      'terms',
      'customerEmail',
      'openFindings',
      'reserved',
      'pk',
      'sk',
    ];
    const body = {
      ...aSubmission(),
      ...Object.fromEntries([...ours, ...hidden].map((name) => [name, 'PAID'])),
    };
    expect(
      readSubmission(body)
        .problems.map(({ code, pointer }) => `${code} ${pointer}`)
        .sort(),
    ).toEqual([...ours, ...hidden].map((name) => `UNKNOWN_FIELD #/${name}`).sort());
  });

  test.for<[place: string, changes: Record<string, unknown>]>([
    ['#/buyer/tier', { buyer: { ...aSubmission().buyer, tier: 'GOLD' } }],
    ['#/buyer/customerTier', { buyer: { ...aSubmission().buyer, customerTier: 'GOLD' } }],
    ['#/payment/status', { payment: { method: 'CARD', status: 'PAID' } }],
    ['#/lines/0/lineAmountMinor', { lines: [{ ...aSubmittedLine(), lineAmountMinor: 1 }] }],
    ['#/lines/0/reserved', { lines: [{ ...aSubmittedLine(), reserved: true }] }],
    ['#/delivery/promisedDate', { delivery: { ...aSubmission().delivery, promisedDate: '2026-03-20' } }],
    ['#/qualifications/0/verified', { qualifications: [{ type: 'FOOD', number: '1', verified: true }] }],
  ])('takes nothing of ours at %s either', ([pointer, changes]) => {
    expect(readSubmission({ ...aSubmission(), ...changes }).problems).toMatchObject([
      { code: 'UNKNOWN_FIELD', pointer },
    ]);
  });

  test.for<[string, Record<string, unknown>]>([
    ['#: no currency', { currency: undefined }],
    ['#/orderNumber: not described', { orderNumber: 'SO-1' }],
    ['#/currency: enum (RMB)', { currency: 'RMB' }],
    ['#/lines: minItems', { lines: [] }],
    ['#/test: type boolean', { test: 'no' }],
    ['#/customerOrderReference: pattern', { customerOrderReference: 'a b' }],
  ])('refuses like the schema: %s', ([fault, changes]) => {
    const body: unknown = JSON.parse(JSON.stringify({ ...aSubmission(), ...changes }));
    expect(submissionSchema.safeParse(body).success).toBe(false);
    expect(faults(body)).toContain(fault);
  });
});
