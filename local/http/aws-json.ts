import { randomUUID } from 'node:crypto';
import type { JsonValue } from '../json.ts';
import type { HttpHandler, HttpResponse } from './serve.ts';
import { ServiceError } from './service-error.ts';

/** An operation of a JSON service: its input, the caller's access key id, its output. Throws ServiceError. */
export type JsonOperation = (input: Record<string, JsonValue>, caller?: string) => Promise<JsonValue>;

const parseInput = (body: Buffer): Record<string, JsonValue> => {
  if (body.length === 0) return {};
  try {
    const value: JsonValue = JSON.parse(body.toString('utf8'));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  } catch {
    // falls through to the one answer for a body that is no JSON object
  }
  throw new ServiceError('SerializationException', 'The request body is not a JSON object.');
};

/** Dispatches by X-Amz-Target (AWS JSON 1.0 and 1.1); a ServiceError becomes {"__type","message"}. */
export const awsJsonHandler = (operations: Record<string, JsonOperation>): HttpHandler => {
  const byName = new Map(Object.entries(operations));
  return async ({ headers, body, callerAccessKeyId }) => {
    const asked = headers['content-type'] ?? '';
    const contentType = asked.startsWith('application/x-amz-json-') ? asked : 'application/x-amz-json-1.0';
    const answer = (status: number, value: JsonValue, more: Record<string, string> = {}): HttpResponse => ({
      status,
      headers: {
        'content-type': contentType,
        'x-amzn-requestid': randomUUID(),
        ...more,
      },
      body: JSON.stringify(value),
    });
    try {
      const name = headers['x-amz-target']?.split('.').at(-1) ?? '';
      const operation = byName.get(name);
      if (!operation) {
        throw new ServiceError('UnknownOperationException', `The local cloud does not serve '${name}'.`);
      }
      return answer(200, await operation(parseInput(body), callerAccessKeyId));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const { code, message, status } = error;
      return answer(status, { __type: code, message }, { 'x-amzn-errortype': code });
    }
  };
};
