import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../calls/call.ts';
import type { Perform } from '../calls/call-port.ts';
import type { JsonValue } from '../json.ts';
import { type Guard, openGuard } from './guard.ts';
import type { HttpHandler, HttpResponse } from './serve.ts';
import { ServiceError } from './service-error.ts';

/** An operation of a JSON service: its input and its output. Throws ServiceError. */
export type JsonOperation = (input: JsonObject) => Promise<JsonValue>;

/** The object in a request's body. Throws SerializationException. */
export const parseInput = (body: Buffer): JsonObject => {
  if (body.length === 0) return {};
  try {
    const value: JsonValue = JSON.parse(body.toString('utf8'));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  } catch {
    // falls through to the one answer for a body that is no JSON object
  }
  throw new ServiceError('SerializationException', 'The request body is not a JSON object.');
};

/** How the port carries out an operation. */
export const performing =
  (operation: JsonOperation, input: JsonObject): Perform<JsonValue> =>
  async (alteration) => {
    if (alteration === undefined) return operation(input);
    return alteration.toAnswer(alteration.input ? await operation(alteration.input) : {});
  };

/** A response of AWS JSON 1.0, or of the version that was asked in. */
const jsonResponse = (
  { headers }: { headers: Record<string, string> },
  status: number,
  value: JsonValue,
  more: Record<string, string> = {},
): HttpResponse => {
  const asked = headers['content-type'] ?? '';
  const contentType = asked.startsWith('application/x-amz-json-') ? asked : 'application/x-amz-json-1.0';
  return {
    status,
    headers: { 'content-type': contentType, 'x-amzn-requestid': randomUUID(), ...more },
    body: JSON.stringify(value),
  };
};

/** A ServiceError as AWS JSON: {"__type","message"} and what else it tells. Throws any other error. */
export const jsonFailure = (request: { headers: Record<string, string> }, error: unknown): HttpResponse => {
  if (!(error instanceof ServiceError)) throw error;
  const { code, message, status, details } = error;
  return jsonResponse(request, status, { __type: code, message, ...details }, { 'x-amzn-errortype': code });
};

/** Dispatches by X-Amz-Target (AWS JSON 1.0 and 1.1), past the guard; a ServiceError becomes its answer. */
export const awsJsonHandler = (
  operations: Record<string, JsonOperation>,
  guard: Guard<JsonObject> = openGuard,
): HttpHandler => {
  const byName = new Map(Object.entries(operations));
  return async (request) => {
    try {
      const caller = guard.identify(request);
      const action = request.headers['x-amz-target']?.split('.').at(-1) ?? '';
      const operation = byName.get(action);
      if (!operation) {
        throw new ServiceError('UnknownOperationException', `The local cloud does not serve '${action}'.`);
      }
      const input = parseInput(request.body);
      const answer = await guard.admit(request, { caller, action, input }, performing(operation, input));
      return jsonResponse(request, 200, answer);
    } catch (error) {
      return jsonFailure(request, error);
    }
  };
};
