import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConnectionCut } from '../calls/call-port.ts';

type RequestHead = {
  method: string;
  /** As sent: undecoded, without the query. */
  path: string;
  query: URLSearchParams;
  rawQuery: string;
  /** Names in lower case; a repeated header is joined by commas. */
  headers: Record<string, string>;
  /** One by one, in the order and with the names that the client sent. */
  rawHeaders?: readonly (readonly [name: string, value: string])[];
  /** Aborts when the client has gone before its answer. */
  hungUp?: AbortSignal;
};

export type HttpRequest = RequestHead & { body: Buffer };
export type HttpResponse = {
  status: number;
  headers?: Record<string, string>;
  /** Headers that stand on several lines, such as Set-Cookie. */
  repeatedHeaders?: Record<string, string[]>;
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

const pairsOf = (flat: readonly string[]): [name: string, value: string][] =>
  flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? '']] : []));

const readHead = (message: IncomingMessage): RequestHead => {
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const rawQuery = mark < 0 ? '' : target.slice(mark + 1);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return {
    method: message.method ?? 'GET',
    path,
    query: new URLSearchParams(rawQuery),
    rawQuery,
    headers,
    rawHeaders: pairsOf(message.rawHeaders),
  };
};

const hungUpOf = (response: ServerResponse): AbortSignal => {
  const hangUp = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) hangUp.abort();
  });
  return hangUp.signal;
};

export type ServeOptions = {
  port: number;
  onError?: (error: unknown) => void;
  /** For the date of every answer, by which SDK clients set their own clocks. */
  now?: () => number;
};

const answer = async (response: ServerResponse, method: string, answered: HttpResponse) => {
  const { status, headers, repeatedHeaders, body } = answered;
  const length =
    typeof body === 'string' || Buffer.isBuffer(body) ? { 'content-length': Buffer.byteLength(body) } : {};
  response.writeHead(status, { ...length, ...headers, ...repeatedHeaders });
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
 * An error thrown by the handler becomes a 500 and goes to onError; a ConnectionCut ends the connection.
 */
export const serveStreaming = async (
  handler: StreamingHandler,
  options: ServeOptions,
): Promise<HttpServer> => {
  const { onError = console.error, now = Date.now } = options;
  const server = createServer(
    { keepAliveTimeout: keepAliveMs, requestTimeout: 0 },
    async (message, response) => {
      try {
        const body: AsyncIterable<Buffer> = { [Symbol.asyncIterator]: () => message.iterator(leaveOpen) };
        const request = { ...readHead(message), hungUp: hungUpOf(response), body };
        const result = await handler(request).catch((error: unknown) => {
          if (error instanceof ConnectionCut) throw error;
          if (!message.destroyed || message.readableEnded) onError(error);
          return internalError();
        });
        // A client still sending would see a reset instead of the answer.
        if (!message.readableEnded) message.resume();
        response.setHeader('date', new Date(now()).toUTCString());
        await answer(response, request.method, result);
      } catch (error) {
        if (error instanceof ConnectionCut) message.socket.resetAndDestroy();
        else if (!response.destroyed) onError(error);
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
  options: ServeOptions & { maxBodyBytes?: number },
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
