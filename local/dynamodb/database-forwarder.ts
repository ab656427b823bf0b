import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ConnectionCut } from '../calls/call-port.ts';

type Forwarded = { status: number; headers: Record<string, string>; body: Buffer };

export type DatabaseForwarder = {
  /** Throws ConnectionCut when the database cannot be reached: its clients try again, as they would without us. */
  forward(headers: Record<string, string>, body: string | Buffer): Promise<Forwarded>;
  close(): void;
};

/** What the database answers of its own connection, not of the call. */
const ofTheConnection = new Set(['connection', 'date', 'keep-alive', 'transfer-encoding']);

const textHeaders = (headers: NodeJS.Dict<string | string[]>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || ofTheConnection.has(name) ? [] : [[name, String(value)]],
    ),
  );

/** Hands requests on to the database over connections that stay open. */
export const createDatabaseForwarder = (databaseUrl: string): DatabaseForwarder => {
  const url = new URL(databaseUrl);
  const isSecure = url.protocol === 'https:';
  const agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const request = isSecure ? httpsRequest : httpRequest;
  return {
    forward: (headers, body) =>
      new Promise((resolve, reject) => {
        const cut = (cause: Error) => reject(new ConnectionCut('The database is gone.', { cause }));
        const outgoing = request(
          url,
          {
            method: 'POST',
            agent,
            headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
          },
          (incoming) => {
            const chunks: Buffer[] = [];
            incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
            incoming.once('error', cut);
            incoming.once('end', () => {
              const { statusCode: status = 500, headers: answered } = incoming;
              resolve({ status, headers: textHeaders(answered), body: Buffer.concat(chunks) });
            });
          },
        );
        outgoing.once('error', cut);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
};
