import * as z from 'zod';
import { isRead, type JsonObject } from '../calls/call.ts';
import type { Alteration } from '../calls/call-port.ts';
import { jsonFailure, parseInput } from '../http/aws-json.ts';
import { type Guard, openGuard } from '../http/guard.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from '../http/serve.ts';
import { ServiceError } from '../http/service-error.ts';
import { createDatabaseForwarder, type DatabaseForwarder } from './database-forwarder.ts';

export type DatabaseDoorOptions = {
  /** Where the database itself answers. */
  databaseUrl: string;
  guard?: Guard<JsonObject>;
  /** A table may have changed. */
  onWrite?: () => void;
};

export type DatabaseDoor = { handler: HttpHandler; close(): Promise<void> };

/** DynamoDB Local keeps a database per access key: it must see the caller's own. */
const passedOn = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target'];

const headersFor = ({ headers }: HttpRequest): Record<string, string> =>
  Object.fromEntries(passedOn.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));

const operationIn = ({ headers }: HttpRequest): string => {
  const [, operation] = /^DynamoDB(?:Streams)?_20120810\.(\w+)$/.exec(headers['x-amz-target'] ?? '') ?? [];
  if (operation !== undefined) return operation;
  throw new ServiceError('com.amazon.coral.service#UnknownOperationException', '');
};

const carryOut = async (
  request: HttpRequest,
  { forward }: DatabaseForwarder,
  alteration: Alteration | undefined,
): Promise<HttpResponse> => {
  if (alteration === undefined) return forward(headersFor(request), request.body);
  const { status, headers, body } = await forward(headersFor(request), JSON.stringify(alteration.input));
  if (status !== 200) return { status, headers, body };
  const answer = alteration.toAnswer(z.json().parse(JSON.parse(body.toString('utf8'))));
  // The database's length and checksum are those of its own answer.
  const { 'content-length': _, 'x-amz-crc32': __, ...kept } = headers;
  return { status, headers: kept, body: JSON.stringify(answer) };
};

/** The door to DynamoDB and its streams: whoever comes is proven and may be refused, then the database answers. */
export const createDatabaseDoor = (options: DatabaseDoorOptions): DatabaseDoor => {
  const { databaseUrl, guard = openGuard, onWrite = () => {} } = options;
  const forwarder = createDatabaseForwarder(databaseUrl);
  return {
    async handler(request) {
      try {
        const caller = guard.identify(request);
        const action = operationIn(request);
        const input = parseInput(request.body);
        return await guard.admit(request, { caller, action, input }, async (alteration) => {
          const response = await carryOut(request, forwarder, alteration);
          if (!isRead(action)) onWrite();
          return response;
        });
      } catch (error) {
        return jsonFailure(request, error);
      }
    },
    async close() {
      forwarder.close();
    },
  };
};
