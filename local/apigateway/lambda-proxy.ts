import * as z from 'zod';
import type { HttpResponse } from '../http/serve.ts';
import type { InvokeResult } from '../lambda/function-runner.ts';
import { GatewayError } from './gateway-error.ts';
import { type AuthorizerContext, type GatewayRequest, sharedEventFields } from './gateway-request.ts';

const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const responseSchema = z.strictObject({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), headerValue).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).nullish(),
  body: z.union([z.string(), z.number(), z.boolean()]).transform(String).nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

const isBinary = (contentType: string | undefined, binaryMediaTypes: string[]): boolean => {
  const type = contentType?.split(';')[0]?.trim() ?? '';
  return binaryMediaTypes.some(
    (one) => one === '*/*' || one === type || (one.endsWith('/*') && type.startsWith(one.slice(0, -1))),
  );
};

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

const readResponse = ({ payload, functionError }: InvokeResult): HttpResponse => {
  const malformed = () => new GatewayError('INTEGRATION_FAILURE');
  if (functionError) throw malformed();
  const parsed = responseSchema.safeParse(JSON.parse(payload));
  if (!parsed.success) throw malformed();
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = parsed.data;
  const answered: Record<string, string> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(headers ?? {})) answered[name.toLowerCase()] = value;
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
    answered[name.toLowerCase()] = values.join(', ');
  }
  return {
    status: statusCode,
    headers: answered,
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
};

export type InvokeFunction = (functionArn: string, payload: string) => Promise<InvokeResult>;

/** Calls the function with the request and turns what it answers into the response; a wrong answer is a 502. */
export const callLambdaProxy = async (
  request: GatewayRequest,
  authorizer: AuthorizerContext | undefined,
  { functionArn, timeoutMs }: { functionArn: string; timeoutMs: number },
  invoke: InvokeFunction,
): Promise<HttpResponse> => {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new GatewayError('INTEGRATION_TIMEOUT')), timeoutMs);
  const call = invoke(functionArn, JSON.stringify(proxyEvent(request, authorizer))).catch((): never => {
    throw new GatewayError('INTEGRATION_FAILURE');
  });
  try {
    return readResponse(await Promise.race([call, timeout.promise]));
  } finally {
    clearTimeout(timer);
    call.catch(() => {});
  }
};
