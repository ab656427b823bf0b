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

/** Lambda's Invoke: RequestResponse, Event and DryRun. */
export const invokeApi = ({ invoke, invokeAsync }: Invoke): HttpHandler => {
  const answer: HttpHandler = async ({ method, path, headers, body }) => {
    const name = invocationPath.exec(path)?.[1];
    if (method !== 'POST' || name === undefined) {
      throw new ServiceError(
        'UnknownOperationException',
        `The local cloud does not serve ${method} ${path}.`,
        404,
      );
    }
    const functionName = decodeURIComponent(name);
    const payload = checkedPayload(body);
    const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (type === 'DryRun') return { status: 204 };
    if (type === 'Event') {
      await invokeAsync(functionName, payload);
      return { status: 202 };
    }
    const context = headers['x-amz-client-context'];
    const clientContext = context && Buffer.from(context, 'base64').toString('utf8');
    const {
      functionError,
      requestId,
      payload: result,
    } = await invoke(functionName, payload, { clientContext });
    return {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'x-amz-executed-version': '$LATEST',
        'x-amzn-requestid': requestId,
        ...(functionError && { 'x-amz-function-error': functionError }),
      },
      body: result,
    };
  };
  return (request) =>
    answer(request).catch((error: unknown) => {
      if (error instanceof ServiceError) return failure(error);
      throw error;
    });
};
