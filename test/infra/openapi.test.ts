import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { openApiDocument } from '../../build/openapi.ts';
import { submissionSchema } from '../../domain/order-schema.ts';
import { problemTypes } from '../../functions/shared/problem.ts';
import { aSubmission } from '../builders/a-submission.ts';
import { randomSubmission } from '../builders/random-submission.ts';
import { type ApiDocument, documentSchema } from '../edge/described-api.ts';
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
      expect(operation.requestBody !== undefined, route).toBe(route.startsWith('POST'));
    }
  });

  test('is made of patterns that any reader of JSON Schema can read', () => {
    const patterns = [...JSON.stringify(document).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)];
    expect(patterns.length).toBeGreaterThan(50);
    for (const [, pattern = ''] of patterns) new RegExp(JSON.parse(pattern), 'u');
  });
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
