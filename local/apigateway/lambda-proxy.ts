import type { Clock } from '../clock.ts';
import type { HttpResponse } from '../http/serve.ts';
import type { InvokeResult } from '../lambda/function-runner.ts';
import { isBinary } from './binary-media.ts';
import { GatewayError } from './gateway-error.ts';
import {
  type AuthorizerContext,
  type GatewayRequest,
  methodSource,
  sharedEventFields,
} from './gateway-request.ts';
import { readProxyResponse } from './proxy-response.ts';

/** The event of a Lambda proxy integration, payload version 1.0. */
const proxyEvent = (request: GatewayRequest, authorizer: AuthorizerContext | undefined) => {
  const { body, headers, api } = request;
  const isBase64Encoded = body.length > 0 && isBinary(headers['content-type'], api.binaryMediaTypes);
  return {
    ...sharedEventFields(request, authorizer),
    body: body.length === 0 ? null : body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
};

/** Calls a function for the method or the authorizer of that ARN. */
export type InvokeFunction = (
  functionArn: string,
  payload: string,
  sourceArn: string,
) => Promise<InvokeResult>;

/**
 * Calls the function with the request and turns what it answers into the response: a wrong answer is a 502, a call
 * that Lambda refuses a 500. Nothing is tried twice.
 */
export const callLambdaProxy = async (
  request: GatewayRequest,
  authorizer: AuthorizerContext | undefined,
  { functionArn, timeoutMs }: { functionArn: string; timeoutMs: number },
  { invoke, clock }: { invoke: InvokeFunction; clock: Clock },
): Promise<HttpResponse> => {
  const timeout = Promise.withResolvers<never>();
  const cancelTimeout = clock.setTimer(clock.now() + timeoutMs, () =>
    timeout.reject(new GatewayError('INTEGRATION_TIMEOUT')),
  );
  const event = JSON.stringify(proxyEvent(request, authorizer));
  const call = invoke(functionArn, event, methodSource(request)).catch((): never => {
    throw new GatewayError('API_CONFIGURATION_ERROR');
  });
  try {
    return readProxyResponse(await Promise.race([call, timeout.promise]), request);
  } finally {
    cancelTimeout();
    call.catch(() => {});
  }
};
