import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { callerAccessKeyId } from './caller.ts';

type RequestHead = {
  method: string;
  /** As sent: undecoded, without the query. */
  path: string;
  query: URLSearchParams;
  rawQuery: string;
  /** Names in lower case; a repeated header is joined by commas. */
  headers: Record<string, string>;
  callerAccessKeyId?: string;
};

export type HttpRequest = RequestHead & { body: Buffer };
export type HttpResponse = {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer | Readable;
};
export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>;

/** For bodies that must not be held in memory: the handler reads the stream, or leaves it and it is drained. */
export type StreamingRequest = RequestHead & { body: AsyncIterable<Buffer> };
export type StreamingHandler = (request: StreamingRequest) => Promise<HttpResponse>;

export type HttpServer = { port: number; url: string; close(): Promise<void> };

// A handler that stops reading early must not take the connection away before its answer.
const leaveOpen = { destroyOnReturn: false };
const keepAliveMs = 75_000;
const defaultMaxBodyBytes = 32 * 1024 * 1024;

const readHead = (message: IncomingMessage): RequestHead => {
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const rawQuery = mark < 0 ? '' : target.slice(mark + 1);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  const head = {
    method: message.method ?? 'GET',
    path,
    query: new URLSearchParams(rawQuery),
    rawQuery,
    headers,
  };
  const caller = callerAccessKeyId(head);
  return caller === undefined ? head : { ...head, callerAccessKeyId: caller };
};

const answer = async (response: ServerResponse, method: string, { status, headers, body }: HttpResponse) => {
  const length =
    typeof body === 'string' || Buffer.isBuffer(body) ? { 'content-length': Buffer.byteLength(body) } : {};
  response.writeHead(status, { ...length, ...headers });
  if (body instanceof Readable && method !== 'HEAD') return pipeline(body, response);
  if (body instanceof Readable) body.destroy();
  response.end(method === 'HEAD' || body instanceof Readable ? undefined : body);
};

const internalError = (): HttpResponse => ({
  status: 500,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ __type: 'InternalFailure', message: 'The local cloud failed; see its log.' }),
});

/**
 * Serves on 127.0.0.1; port 0 takes a free one. close() ends open sockets too.
 * An error thrown by the handler becomes a 500 and goes to onError.
 */
export const serveStreaming = async (
  handler: StreamingHandler,
  options: { port: number; onError?: (error: unknown) => void },
): Promise<HttpServer> => {
  const onError = options.onError ?? console.error;
  const server = createServer(
    { keepAliveTimeout: keepAliveMs, requestTimeout: 0 },
    async (message, response) => {
      try {
        const body: AsyncIterable<Buffer> = { [Symbol.asyncIterator]: () => message.iterator(leaveOpen) };
        const request = { ...readHead(message), body };
        const result = await handler(request).catch((error: unknown) => {
          if (!message.destroyed || message.readableEnded) onError(error);
          return internalError();
        });
        // A client still sending would see a reset instead of the answer.
        if (!message.readableEnded) message.resume();
        await answer(response, request.method, result);
      } catch (error) {
        if (!response.destroyed) onError(error);
        response.destroy();
      }
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no TCP port.');
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const tooLarge: HttpResponse = {
  status: 413,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message: 'Request Entity Too Large' }),
};

/** Like serveStreaming, with the body read into memory first: 413 beyond maxBodyBytes (32 MiB unless told). */
export const serve = (
  handler: HttpHandler,
  options: { port: number; maxBodyBytes?: number; onError?: (error: unknown) => void },
): Promise<HttpServer> => {
  const limit = options.maxBodyBytes ?? defaultMaxBodyBytes;
  return serveStreaming(async ({ body: stream, ...head }) => {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream) {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
    }
    return size > limit ? tooLarge : handler({ ...head, body: Buffer.concat(chunks) });
  }, options);
};
