import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { customerLinks } from './a-link.ts';

type Links = Pick<ReturnType<typeof customerLinks>, 'get' | 'post'>;

/** The link's two routes over HTTP, below a stage as API Gateway has it; `close` leaves nothing behind. */
export const serveLinks = async (links: Links) => {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [, token = '', answers] = /^\/live\/t\/([^/]+)(\/answers)?$/.exec(url.pathname) ?? [];
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const call = {
      headers,
      query: Object.fromEntries(url.searchParams),
      body: Buffer.concat(chunks).toString(),
    };
    const found: APIGatewayProxyResult =
      request.method === 'POST' && answers ? await links.post(token, call) : await links.get(token, call);
    response.writeHead(
      found.statusCode,
      Object.fromEntries(Object.entries(found.headers ?? {}).map(([name, value]) => [name, String(value)])),
    );
    response.end(found.body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (token: string) => `http://127.0.0.1:${port}/live/t/${token}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};
