import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import canonicalize from 'canonicalize';
import * as z from 'zod';
import { IllegalTransition } from '../../domain/orders/change-state.ts';
import { isOrderNumber } from '../../domain/orders/order-number.ts';
import { type Principal, principalSchema } from '../../domain/permissions.ts';
import { schemaProblems } from '../../domain/submissions/schema-problems.ts';
import { type Language, languageOf } from '../../domain/values/languages.ts';
import { tableMediaTypes } from '../intake/media-types.ts';
import { classifyError, Retryable } from './classify-error.ts';
import { logger } from './logger.ts';
import { HttpProblem, illegalTransition, problemBody, validationFailed } from './problem.ts';

/** The largest body of a request, in bytes, unless its handler takes more. */
export const maxBodyBytes = 200 * 1024;

export type HttpRequest = {
  principal: Principal;
  language: Language;
  /** Parameters of the path, such as orderNumber. */
  path: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  headers: Readonly<Record<string, string>>;
  /** The path as called, for scopes and links. */
  resource: string;
  /** The parsed JSON body and its text. Throws HttpProblem: media type, size, syntax. */
  json: (limitBytes?: number) => { value: unknown; text: string };
  /** The bytes of a body that is a spreadsheet by its media type; undefined for any other. Throws HttpProblem: size. */
  file: (limitBytes: number) => Buffer | undefined;
};

/** A body of bytes is a file, and its media type is named in the headers; any other body is JSON. */
export type HttpAnswer = { status: number; body: unknown; headers?: Record<string, string> };

const present = (record: Record<string, string | undefined> | null): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

const principalOf = (event: APIGatewayProxyEvent): Principal => {
  const principal: unknown = event.requestContext.authorizer?.principal;
  if (typeof principal !== 'string') throw new HttpProblem('unauthenticated');
  return principalSchema.parse(JSON.parse(principal));
};

const mediaTypeOf = (headers: Record<string, string>): string | undefined =>
  headers['content-type']?.split(';')[0]?.trim().toLowerCase();

const bytesOf = (event: APIGatewayProxyEvent, limitBytes: number): Buffer => {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > limitBytes) throw new HttpProblem('too-large', { limitBytes });
  return bytes;
};

const readFile = (event: APIGatewayProxyEvent, headers: Record<string, string>, limitBytes: number) =>
  tableMediaTypes.some((one) => one === mediaTypeOf(headers)) ? bytesOf(event, limitBytes) : undefined;

const escapedSurrogate = /\\u[dD][89a-fA-F]/;

const readJson = (event: APIGatewayProxyEvent, headers: Record<string, string>, limitBytes: number) => {
  if (mediaTypeOf(headers) !== 'application/json') throw new HttpProblem('unsupported-media-type');
  const bytes = bytesOf(event, limitBytes);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // The gateway hands over text: bytes that were not UTF-8 have become replacement characters on the way.
    if (text.includes('\ufffd')) throw new SyntaxError('The body is not UTF-8');
    const value: unknown = JSON.parse(text);
    if (escapedSurrogate.test(text)) canonicalize(value); // throws for half a character, which no table takes
    return { value, text };
  } catch (error) {
    throw new HttpProblem('malformed-json', {
      detail: error instanceof Error ? error.message.slice(0, 200) : '',
    });
  }
};

const answeredSchema = z.object({ orderNumber: z.string() });

/** The order that a request is about, by its path or by its answer; another text in the path is not ours to log. */
const orderOf = (event: APIGatewayProxyEvent, body?: unknown): { orderNumber?: string } => {
  const orderNumber = event.pathParameters?.orderNumber ?? answeredSchema.safeParse(body).data?.orderNumber;
  return orderNumber !== undefined && isOrderNumber(orderNumber) ? { orderNumber } : {};
};

const toHttpProblem = (error: unknown, event: APIGatewayProxyEvent): HttpProblem => {
  if (error instanceof HttpProblem) return error;
  if (error instanceof IllegalTransition) return illegalTransition(error.from);
  const fault = classifyError(error);
  logger.error('request failed', { ...orderOf(event), fault: fault.name, reason: fault.message });
  return new HttpProblem(fault instanceof Retryable ? 'unavailable' : 'internal');
};

const json = (status: number, body: unknown, headers: Record<string, string>): APIGatewayProxyResult => ({
  statusCode: status,
  headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
  ...(Buffer.isBuffer(body)
    ? { body: body.toString('base64'), isBase64Encoded: true }
    : { body: JSON.stringify(body) }),
});

const languageFrom = (headers: Record<string, string>): Language => languageOf(headers['accept-language']);

/** A Lambda behind the REST API: who asks, in what language, the body read within bounds, every error as RFC 9457. */
export const httpHandler = (handle: (request: HttpRequest) => Promise<HttpAnswer>) =>
  middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context>()
    .use(httpHeaderNormalizer())
    .onError((request) => {
      const { event, error } = request;
      const problem = toHttpProblem(error, event);
      request.response = json(
        problem.status,
        problemBody(problem, {
          path: event.path,
          requestId: event.requestContext.requestId,
          language: languageFrom(present(event.headers)),
        }),
        { 'Content-Type': 'application/problem+json', ...(problem.status === 503 && { 'Retry-After': '2' }) },
      );
    })
    .handler(async (event) => {
      const headers = present(event.headers);
      const answer = await handle({
        principal: principalOf(event),
        language: languageFrom(headers),
        path: present(event.pathParameters),
        query: present(event.queryStringParameters),
        headers,
        resource: event.path,
        file: (limitBytes) => readFile(event, headers, limitBytes),
        json: (limitBytes = maxBodyBytes) => readJson(event, headers, limitBytes),
      });
      logger.info('request done', {
        resource: event.resource,
        method: event.httpMethod,
        status: answer.status,
        ...orderOf(event, answer.body),
      });
      return json(answer.status, answer.body, answer.headers ?? {});
    });

/** Reads a small body by its schema; every problem at once. For orders see domain/submissions/read-submission.ts. */
export const parseBody = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw validationFailed(schemaProblems(schema, parsed.error.issues, value));
};
