import { Agent, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Answered } from './described-api.ts';

export type RawRequest = {
  method: string;
  /** As it stands in the request line, no dot or slash of it tidied up. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: Buffer | undefined;
};

/** Sends requests over a few connections that stay open, exactly as they are written. */
export const rawExchange = (apiUrl: string) => {
  const { hostname, port } = new URL(apiUrl);
  const agent = new Agent({ keepAlive: true });
  const send = ({ method, path, headers, body }: RawRequest): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const length = body && { 'Content-Length': String(body.length) };
      const call = request({ hostname, port, agent, method, path, headers: { ...headers, ...length } });
      call.once('error', reject);
      call.once('response', (response) => {
        const { statusCode: status = 0, headers: answered } = response;
        const mediaType = answered['content-type']?.split(';')[0];
        buffer(response).then(
          (bytes) => resolve({ status, mediaType, text: bytes.toString('utf8') }),
          reject,
        );
      });
      call.end(body);
    });
  return { send, close: () => agent.destroy() };
};
