import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConnectionCut } from '../../../local/calls/call-port.ts';
import { awsJsonHandler } from '../../../local/http/aws-json.ts';
import { awsQueryHandler, listOf } from '../../../local/http/aws-query.ts';
import { type HttpHandler, type HttpRequest, serve, serveStreaming } from '../../../local/http/serve.ts';
import { ServiceError } from '../../../local/http/service-error.ts';
import { childText, parseXml, toXml } from '../../../local/http/xml.ts';

const start = async (handler: HttpHandler, options: { maxBodyBytes?: number } = {}) => {
  const errors: unknown[] = [];
  const server = await serve(handler, { port: 0, onError: (error) => errors.push(error), ...options });
  onTestFinished(server.close);
  return { ...server, errors };
};

describe('a server', () => {
  test('hands on path and query as they were sent, and headers in lower case', async () => {
    let seen: HttpRequest | undefined;
    const { url } = await start(async (request) => {
      seen = request;
      return { status: 204 };
    });
    await fetch(`${url}/a%2Fb/c%20d?x=1%2B1&y`, {
      method: 'POST',
      body: 'hello',
      headers: { 'X-Custom': 'Yes' },
    });
    expect(seen).toMatchObject({
      method: 'POST',
      path: '/a%2Fb/c%20d',
      rawQuery: 'x=1%2B1&y',
      headers: { 'x-custom': 'Yes' },
      body: Buffer.from('hello'),
    });
    expect(seen?.query.get('x')).toBe('1+1');
  });

  test('refuses a body over its limit, and takes one just within it', async () => {
    const { url } = await start(async ({ body }) => ({ status: 200, body: String(body.length) }), {
      maxBodyBytes: 100_000,
    });
    const send = (bytes: number) => fetch(url, { method: 'POST', body: 'x'.repeat(bytes) });
    expect(await (await send(100_000)).text()).toBe('100000');
    expect((await send(100_001)).status).toBe(413);
    expect((await send(5_000_000)).status).toBe(413);
  });

  test('answers 500 when its handler fails, reports it, and goes on', async () => {
    const { url, errors } = await start(async ({ path }) => {
      if (path === '/bad') throw new Error('broken');
      return { status: 200, body: 'fine' };
    });
    const response = await fetch(`${url}/bad`);
    expect([response.status, await response.json()]).toMatchObject([500, { __type: 'InternalFailure' }]);
    expect(errors).toMatchObject([{ message: 'broken' }]);
    expect(await (await fetch(url)).text()).toBe('fine');
  });

  test('answers HEAD with the headers alone', async () => {
    const { url } = await start(async () => ({ status: 200, body: 'hello' }));
    const response = await fetch(url, { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe('5');
    expect(await response.text()).toBe('');
  });

  test('closes while a connection is open', async () => {
    const server = await serve(() => new Promise(() => undefined), { port: 0 });
    const pending = new Promise((resolve) => httpRequest(server.url).on('error', resolve).end());
    await new Promise((resolve) => setImmediate(resolve));
    await server.close();
    await expect(pending).resolves.toBeInstanceOf(Error);
  });
});

describe('a streaming server', () => {
  test('answers before the body is read, without cutting the sender off', async () => {
    const server = await serveStreaming(
      async ({ body }) => {
        for await (const chunk of body) return { status: 400, body: `after ${chunk.length > 0}` };
        return { status: 200 };
      },
      { port: 0 },
    );
    onTestFinished(server.close);
    const response = await fetch(server.url, { method: 'POST', body: 'x'.repeat(8_000_000) });
    expect([response.status, await response.text()]).toEqual([400, 'after true']);
  });

  test('can cut the connection instead of answering, and goes on', async () => {
    const { url, errors } = await start(async ({ path }) => {
      if (path === '/cut') throw new ConnectionCut();
      return { status: 200, body: 'fine' };
    });
    const failure: unknown = await fetch(`${url}/cut`).catch((error: Error) => error.cause);
    expect(failure).toMatchObject({ code: 'ECONNRESET' });
    expect(errors).toEqual([]);
    expect(await (await fetch(url)).text()).toBe('fine');
  });

  test('learns that its client has hung up', async () => {
    const hungUp = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const { url } = await start(async (request) => {
      request.hungUp?.addEventListener('abort', () => hungUp.resolve());
      asked.resolve();
      await hungUp.promise;
      return { status: 204 };
    });
    const client = httpRequest(url).on('error', () => {});
    client.end();
    await asked.promise;
    client.destroy();
    await hungUp.promise;
  });

  test('takes a client that has its answer for no hang-up', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const { url, close } = await start(async ({ hungUp }) => {
      signals.push(hungUp);
      return { status: 200, body: 'done' };
    });
    await (await fetch(url)).text();
    await close();
    expect(signals.map((signal) => signal?.aborted)).toEqual([false]);
  });

  test('streams its answer', async () => {
    const server = await serveStreaming(
      async () => ({ status: 200, body: Readable.from([Buffer.from('a'), Buffer.from('b')]) }),
      { port: 0 },
    );
    onTestFinished(server.close);
    expect(await (await fetch(server.url)).text()).toBe('ab');
  });
});

describe('the JSON protocol', () => {
  const post = async (target: string, body: string) => {
    const { url } = await start(
      awsJsonHandler({
        Echo: async (input) => ({ input }),
        Fail: async () => {
          throw new ServiceError('ConditionalCheckFailedException', 'The conditional request failed', 400, {
            Item: { id: { S: 'a' } },
          });
        },
      }),
    );
    const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' };
    const response = await fetch(url, { method: 'POST', headers, body });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: await response.json(),
    };
  };

  test('calls the operation with its input', async () => {
    expect(await post('Some.Service.Echo', '{"a":1}')).toEqual({
      status: 200,
      type: 'application/x-amz-json-1.1',
      body: { input: { a: 1 } },
    });
  });

  test('tells what an error tells beside its message', async () => {
    expect((await post('X.Fail', '{}')).body).toMatchObject({ Item: { id: { S: 'a' } } });
  });

  test.for([
    { target: 'X.Fail', body: '{}', type: 'ConditionalCheckFailedException' },
    { target: 'X.Other', body: '{}', type: 'UnknownOperationException' },
    { target: 'X.constructor', body: '{}', type: 'UnknownOperationException' },
    { target: 'X.Echo', body: '{', type: 'SerializationException' },
    { target: 'X.Echo', body: '[1]', type: 'SerializationException' },
  ])('answers $target of $body with $type', async ({ target, body, type }) => {
    expect(await post(target, body)).toMatchObject({
      status: 400,
      body: { __type: type, message: expect.any(String) },
    });
  });
});

test('the query protocol reads lists, and writes results and errors as XML', async () => {
  const { url } = await start(
    awsQueryHandler(
      { List: async (form) => ({ Names: { member: listOf(form, 'Names.member') } }) },
      'http://example.com/doc/',
    ),
  );
  const call = async (body: string) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return parseXml(await (await fetch(url, { method: 'POST', headers, body })).text());
  };
  const answer = await call('Action=List&Names.member.1=a%26b&Names.member.2=c&Names.member.4=d');
  expect(answer.name).toBe('ListResponse');
  expect(answer.children[0]?.children[0]?.children.map(({ text }) => text)).toEqual(['a&b', 'c']);
  const refused = await call('Action=Other');
  expect(refused.children[0] && childText(refused.children[0], 'Code')).toBe('InvalidAction');
});

describe('XML', () => {
  test('is read back as it was written', () => {
    const text = 'a<b>&"c"\r\n\u0007 订单'.replace('\u0007', '');
    const root = parseXml(
      toXml('Root', { Item: [text, ''], Gone: undefined, Deep: { Number: 1 } }, 'http://example.com/'),
    );
    expect(root.children.map(({ name, text: value }) => [name, value])).toEqual([
      ['Item', text],
      ['Item', ''],
      ['Deep', ''],
    ]);
  });

  test.for(['', '<a>', '<a></b>', 'text', '<a/><b/>'])('%j is refused', (text) => {
    expect(() => parseXml(text)).toThrow();
  });
});
