import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { IllegalTransition } from '../../domain/orders/change-state.ts';
import { Retryable } from '../../functions/shared/classify-error.ts';
import {
  type HttpRequest,
  httpHandler,
  maxBodyBytes,
  parseBody,
} from '../../functions/shared/http-handler.ts';
import { HttpProblem, validationFailed } from '../../functions/shared/problem.ts';
import { aProxyEvent, asStaff } from '../builders/a-request.ts';

type Handle = Parameters<typeof httpHandler>[0];

const call = async (
  event: Partial<APIGatewayProxyEvent>,
  handle: Handle = async (request) => ({ status: 200, body: request.json().value }),
) => {
  const answer: APIGatewayProxyResult = await httpHandler(handle)(aProxyEvent(event), {} as Context);
  return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body) };
};
const failing = (error: unknown, event: Partial<APIGatewayProxyEvent> = {}) =>
  call(event, async () => {
    throw error;
  });
const json = { 'Content-Type': 'application/json' };

test('a handler learns who asks, in what language and for what', async () => {
  let seen: HttpRequest | undefined;
  await call(
    {
      ...aProxyEvent({ principal: asStaff('finance') }),
      headers: { ...json, 'Accept-Language': 'zh-CN,zh;q=0.9', 'Idempotency-Key': 'k1' },
      pathParameters: { orderNumber: 'SO-1' },
      queryStringParameters: { limit: '5' },
    },
    async (request) => {
      seen = request;
      return { status: 204, body: null };
    },
  );
  expect(seen).toMatchObject({
    principal: { kind: 'staff', groups: ['finance'] },
    language: 'zh-CN',
    path: { orderNumber: 'SO-1' },
    query: { limit: '5' },
    resource: '/v1/orders',
    headers: { 'idempotency-key': 'k1' },
  });
});

test('an answer is JSON that nobody keeps', async () => {
  const answer = await call({ body: '{"a":1}' });
  expect(answer).toEqual({
    status: 200,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    body: { a: 1 },
  });
});

test('a body may come in base64, and with a byte order mark', async () => {
  const body = Buffer.from('\ufeff{"name":"保温杯"}').toString('base64');
  expect((await call({ body, isBase64Encoded: true })).body).toEqual({ name: '保温杯' });
});

describe('a body is refused', () => {
  test.for([
    ['that is no JSON', { body: '{"a":' }, 400, 'malformed-json'],
    ['that is empty', { body: '' }, 400, 'malformed-json'],
    ['that is missing', { body: null }, 400, 'malformed-json'],
    [
      'that is no UTF-8',
      { body: Buffer.from([0x22, 0xff, 0x22]).toString('base64'), isBase64Encoded: true },
      400,
      'malformed-json',
    ],
    ['with half a character', { body: '{"note":"\\ud83d"}' }, 400, 'malformed-json'],
    ['with bytes that the gateway could not read', { body: '{"note":"\ufffd"}' }, 400, 'malformed-json'],
    [
      'of another media type',
      { headers: { 'Content-Type': 'text/csv' }, body: '{}' },
      415,
      'unsupported-media-type',
    ],
    ['of no media type', { headers: {}, body: '{}' }, 415, 'unsupported-media-type'],
    ['of one byte too many', { body: `"${'x'.repeat(maxBodyBytes - 1)}"` }, 413, 'too-large'],
    [
      'of too many bytes in few characters',
      { body: `"${'杯'.repeat(Math.ceil(maxBodyBytes / 3))}"` },
      413,
      'too-large',
    ],
  ] as const)('%s', async ([, event, status, type]) => {
    const answer = await call(event);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({ 'Content-Type': 'application/problem+json' });
    expect(answer.body).toMatchObject({ status, type: `https://docs.example.com/problems/${type}` });
  });

  test('but not for a whole character written as two escapes', async () => {
    expect((await call({ body: '{"note":"\\ud83d\\ude00"}' })).body).toEqual({ note: '😀' });
  });

  test('but not of exactly the limit', async () => {
    expect((await call({ body: `"${'x'.repeat(maxBodyBytes - 2)}"` })).status).toBe(200);
  });

  test('not for the parameters of its media type', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect((await call({ headers, body: '{}' })).status).toBe(200);
  });
});

describe('a problem', () => {
  const twoProblems = validationFailed([
    { code: 'QUANTITY_NOT_POSITIVE', pointer: '#/lines/0/quantity', value: '-2' },
    { code: 'UNKNOWN_FIELD', pointer: '#/notess', value: 'notess', suggestion: 'notes' },
  ]);

  test('has the members of RFC 9457 and every error', async () => {
    expect(await failing(twoProblems)).toMatchObject({
      status: 422,
      body: {
        type: 'https://docs.example.com/problems/validation-failed',
        title: 'The content is not valid',
        status: 422,
        detail: '2 problems',
        instance: '/v1/orders#req-8f2c',
        requestId: 'req-8f2c',
        errors: [
          {
            pointer: '#/lines/0/quantity',
            code: 'QUANTITY_NOT_POSITIVE',
            value: '-2',
            detail: expect.any(String),
          },
          {
            pointer: '#/notess',
            code: 'UNKNOWN_FIELD',
            value: 'notess',
            suggestion: expect.stringContaining('notes'),
          },
        ],
      },
    });
  });

  test('is told in the language that was asked for, under the same codes', async () => {
    const [english, chinese] = [
      await failing(twoProblems, { headers: { ...json, 'accept-language': 'en-GB' } }),
      await failing(twoProblems, { headers: { ...json, 'accept-language': 'zh-TW' } }),
    ];
    expect(chinese.body).toMatchObject({ title: '内容无效', detail: '共 2 处问题' });
    const codes = ({ body }: typeof english) => body.errors.map(({ code }: { code: string }) => code);
    expect(codes(chinese)).toEqual(codes(english));
    expect(chinese.body.errors[0].detail).not.toBe(english.body.errors[0].detail);
  });

  test.for([
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not-found', 404],
    ['duplicate-order-reference', 409],
    ['idempotency-key-reused', 422],
  ] as const)('%s is answered %i', async ([type, status]) => {
    expect((await failing(new HttpProblem(type))).status).toBe(status);
  });

  test('may carry members of its own', async () => {
    const { body } = await failing(
      new HttpProblem('duplicate-order-reference', { existingOrderNumber: 'SO-1' }),
    );
    expect(body).toMatchObject({ existingOrderNumber: 'SO-1' });
  });
});

describe('a fault', () => {
  test('that may pass is 503 with the time to try again', async () => {
    const answer = await failing(new Retryable('another parcel'));
    expect(answer).toMatchObject({ status: 503, headers: { 'Retry-After': '2' } });
  });

  test('that stays is 500 and tells nothing of itself', async () => {
    const answer = await failing(new TypeError('secret of the house'));
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  test('of a status that does not allow it is 409 with what is allowed', async () => {
    expect(await failing(new IllegalTransition('SHIPPED', 'PAID'))).toMatchObject({
      status: 409,
      body: { currentStatus: 'SHIPPED', allowed: ['DELIVERY_EXCEPTION', 'COMPLETED'] },
    });
  });
});

test('a call that the authorizer has not seen is 401', async () => {
  const event = aProxyEvent({ body: '{}' });
  const { status } = await call({ ...event, requestContext: { ...event.requestContext, authorizer: null } });
  expect(status).toBe(401);
});

describe('a small body', () => {
  const schema = z.strictObject({
    id: z.string().regex(/^\w+$/),
    kind: z.enum(['A', 'B']),
    count: z.number().positive().optional(),
  });
  const problems = (value: unknown) => {
    try {
      return parseBody(schema, value);
    } catch (error) {
      return error instanceof HttpProblem ? error.problems : error;
    }
  };

  test('that fits is read', () => {
    expect(problems({ id: 'x', kind: 'A' })).toEqual({ id: 'x', kind: 'A' });
  });

  test('has all its problems told at once', () => {
    expect(problems({ id: 'not ok', kind: 'C', count: 'x', more: 1 })).toEqual([
      { code: 'FORMAT_INVALID', pointer: '#/id', value: 'not ok' },
      { code: 'ENUM_UNKNOWN', pointer: '#/kind', value: 'C' },
      { code: 'TYPE_INVALID', pointer: '#/count', value: 'x' },
      { code: 'UNKNOWN_FIELD', pointer: '#/more', value: 'more' },
    ]);
    expect(problems({ count: 0 })).toMatchObject([
      { code: 'REQUIRED_MISSING', pointer: '#/id' },
      { code: 'REQUIRED_MISSING', pointer: '#/kind' },
      { code: 'FORMAT_INVALID', pointer: '#/count', value: '0' },
    ]);
    expect(problems(null)).toMatchObject([{ code: 'REQUIRED_MISSING', pointer: '#' }]);
  });
});
