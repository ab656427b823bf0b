import * as z from 'zod';
import { type Operation, pathParameters } from '../functions/shared/operation.ts';
import { orderResourceSchema } from '../functions/shared/order-resource-schema.ts';
import { type ProblemType, problemTypes } from '../functions/shared/problem.ts';
import { linkProblemSchema, problemSchema } from '../functions/shared/problem-schema.ts';
import { linkRoutes, routes } from '../infra/api-functions.ts';

type Json = Record<string, unknown>;

/** Schemas that several operations answer, by the name that they have in the document. */
const components: ReadonlyMap<z.ZodType, string> = new Map<z.ZodType, string>([
  [problemSchema, 'Problem'],
  [linkProblemSchema, 'LinkProblem'],
  [orderResourceSchema, 'Order'],
]);

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

const answered = (schema: z.ZodType): Json => {
  const name = components.get(schema);
  return name === undefined ? jsonSchema(schema, 'output') : { $ref: `#/components/schemas/${name}` };
};

const hasParameters = (path: string): boolean => path.includes('{');

/** What can go wrong with any route of a kind, beside what its operation names. */
const problemsOf = (
  path: string,
  { query, body, files, isLink, problems = [] }: Operation,
): Set<ProblemType> =>
  new Set<ProblemType>([
    ...(isLink ? [] : (['unauthenticated', 'forbidden'] as const)),
    ...(query && !isLink ? (['invalid-parameter'] as const) : []),
    ...(hasParameters(path) ? (['not-found'] as const) : []),
    ...(body ? (['malformed-json'] as const) : []),
    ...(body || files ? (['too-large', 'unsupported-media-type', 'validation-failed'] as const) : []),
    'rate-limited',
    'internal',
    'unavailable',
    ...problems,
  ]);

const page = { 'text/html': {} };

const problemResponse = (status: number, types: readonly ProblemType[], isLink = false): Json => ({
  description: types.map((type) => `\`${type}\`: ${problemTypes[type].title.en}`).join('. '),
  content: {
    ...(isLink && page),
    'application/problem+json': {
      schema: {
        allOf: [
          answered(isLink ? linkProblemSchema : problemSchema),
          {
            type: 'object',
            properties: {
              type: { enum: types.map((type) => `https://docs.example.com/problems/${type}`) },
              status: { const: status },
            },
          },
        ],
      },
    },
  },
});

const problemResponses = (types: ReadonlySet<ProblemType>, isLink?: boolean): Json => {
  const byStatus = Map.groupBy(types, (type) => problemTypes[type].status);
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [status, problemResponse(status, some, isLink)]),
  );
};

const answerResponse = (answer: Operation['answers'][number], isLink = false): Json => ({
  description: answer.description,
  ...(answer.headers && {
    headers: Object.fromEntries(
      Object.entries(answer.headers).map(([name, description]) => [
        name,
        { description, schema: { type: 'string' } },
      ]),
    ),
  }),
  content:
    'schema' in answer
      ? { 'application/json': { schema: answered(answer.schema) }, ...(isLink && page) }
      : { [answer.mediaType]: {} },
});

const objectSchema = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())),
  required: z.array(z.string()).default([]),
});

const queryParameters = (query: z.ZodType | undefined): Json[] => {
  if (!query) return [];
  const { properties, required } = objectSchema.parse(jsonSchema(query, 'input'));
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
};

const parametersOf = (path: string, operation: Operation): Json[] => {
  const named = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name = '']) => {
    const description = operation.path?.[name] ?? pathParameters[name];
    if (description === undefined) throw new Error(`${path}: nothing says what {${name}} names.`);
    return { name, in: 'path', required: true, description, schema: { type: 'string' } };
  });
  const headers = Object.entries(operation.headers ?? {}).map(([name, description]) => ({
    name,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string' },
  }));
  return [...named, ...queryParameters(operation.query), ...headers];
};

const operationObject = (path: string, operationId: string, operation: Operation): Json => {
  const parameters = parametersOf(path, operation);
  return {
    operationId,
    summary: operation.summary,
    ...(operation.isLink && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...((operation.body || operation.files) && {
      requestBody: {
        required: true,
        content: {
          ...(operation.body && { 'application/json': { schema: jsonSchema(operation.body, 'input') } }),
          ...Object.fromEntries((operation.files ?? []).map((mediaType) => [mediaType, {}])),
          ...(operation.isLink && { 'application/x-www-form-urlencoded': {} }),
        },
      },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, answer]) => [
          status,
          answerResponse(answer, operation.isLink),
        ]),
      ),
      ...problemResponses(problemsOf(path, operation), operation.isLink),
    },
  };
};

const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'summary' in value && 'answers' in value;

/** The operation that a function of the API exports. Throws when it describes nothing. */
const operationOf = async (name: string): Promise<Operation> => {
  const { operation }: { operation?: unknown } = await import(`../functions/api/${name}.ts`);
  if (!isOperation(operation))
    throw new Error(`functions/api/${name}.ts exports no operation that says what it takes and answers.`);
  return operation;
};

/** The OpenAPI 3.1 description of every route: GET /v1/openapi.json. */
export const openApiDocument = async () => {
  const paths: Record<string, Json> = {};
  for (const [method, path, name] of [...routes, ...linkRoutes]) {
    const described = operationObject(path, name, await operationOf(name));
    paths[path] = { ...paths[path], [method.toLowerCase()]: described };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Rudan 入单', version: '1', description: 'Orders from receipt to invoice.' },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A partner’s API key (rk_…), or an access token of the staff user pool',
        },
      },
      schemas: Object.fromEntries(
        [...components].map(([schema, name]) => [name, jsonSchema(schema, 'output')]),
      ),
    },
  };
};
