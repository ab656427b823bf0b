import { type Guard, openGuard } from '../http/guard.ts';
import type { HttpHandler, HttpResponse } from '../http/serve.ts';
import { ServiceError } from '../http/service-error.ts';
import type { InvokeResult } from './function-runner.ts';

type Invoke = {
  invoke(
    name: string,
    payload: string,
    options: { clientContext?: string | undefined },
  ): Promise<InvokeResult>;
  invokeAsync(name: string, payload: string): Promise<void>;
};

/** What a request asks for, in the words of Lambda's API. */
export type Invocation = { FunctionName: string; InvocationType: string };

const invocationPath = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;

const failure = ({ code, message, status }: ServiceError): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
  body: JSON.stringify({ Type: status < 500 ? 'User' : 'Service', Message: message, message }),
});

const checkedPayload = (body: Buffer): string => {
  const payload = body.length === 0 ? '{}' : body.toString('utf8');
  try {
    JSON.parse(payload);
    return payload;
  } catch {
    throw new ServiceError(
      'InvalidRequestContentException',
      'Could not parse request body into json: not JSON.',
    );
  }
};

/** Lambda's Invoke: RequestResponse, Event and DryRun, past the guard. */
export const invokeApi = (
  { invoke, invokeAsync }: Invoke,
  guard: Guard<Invocation> = openGuard,
): HttpHandler => {
  const perform = async (
    { FunctionName, InvocationType }: Invocation,
    payload: string,
    clientContext: string | undefined,
  ): Promise<HttpResponse> => {
    if (InvocationType === 'DryRun') return { status: 204 };
    if (InvocationType === 'Event') {
      await invokeAsync(FunctionName, payload);
      return { status: 202 };
    }
    const {
      functionError,
      requestId,
      payload: body,
    } = await invoke(FunctionName, payload, { clientContext });
    return {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'x-amz-executed-version': '$LATEST',
        'x-amzn-requestid': requestId,
        ...(functionError && { 'x-amz-function-error': functionError }),
      },
      body,
    };
  };
  const answer: HttpHandler = async (request) => {
    const { method, path, headers, body } = request;
    const caller = guard.identify(request);
    const name = invocationPath.exec(path)?.[1];
    if (method !== 'POST' || name === undefined) {
      throw new ServiceError(
        'UnknownOperationException',
        `The local cloud does not serve ${method} ${path}.`,
        404,
      );
    }
    const input = {
      FunctionName: decodeURIComponent(name),
      InvocationType: headers['x-amz-invocation-type'] ?? 'RequestResponse',
    };
    const payload = checkedPayload(body);
    const context = headers['x-amz-client-context'];
    const clientContext = context && Buffer.from(context, 'base64').toString('utf8');
    return guard.admit(request, { caller, action: 'Invoke', input }, () =>
      perform(input, payload, clientContext),
    );
  };
  return (request) =>
    answer(request).catch((error: unknown) => {
      if (error instanceof ServiceError) return failure(error);
      throw error;
    });
};
