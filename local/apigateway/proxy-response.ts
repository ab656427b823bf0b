import * as z from 'zod';
import type { HttpResponse } from '../http/serve.ts';
import type { InvokeResult } from '../lambda/function-runner.ts';
import { isBinary } from './binary-media.ts';
import { GatewayError } from './gateway-error.ts';
import type { GatewayRequest } from './gateway-request.ts';

const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const responseSchema = z.strictObject({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), headerValue).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).nullish(),
  body: z.union([z.string(), z.number(), z.boolean()]).transform(String).nullish(),
  isBase64Encoded: z.boolean().nullish(),
});
type ProxyResponse = z.infer<typeof responseSchema>;

/** What a function may not say itself: API Gateway passes it on by another name. */
const remapped = new Set([
  'authorization',
  'connection',
  'content-md5',
  'date',
  'max-forwards',
  'server',
  'user-agent',
  'www-authenticate',
]);
const dropped = new Set([
  'content-length',
  'expect',
  'host',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);

/** Both kinds of headers in one; a value that both have counts once. */
const joinHeaders = ({ headers, multiValueHeaders }: ProxyResponse): Map<string, string[]> => {
  const joined = new Map<string, string[]>();
  const add = (name: string, values: string[]) => {
    const lowerCase = name.toLowerCase();
    if (dropped.has(lowerCase)) return;
    const told = remapped.has(lowerCase) ? `x-amzn-remapped-${lowerCase}` : lowerCase;
    joined.set(told, [...(joined.get(told) ?? []), ...values]);
  };
  const multi = Object.entries(multiValueHeaders ?? {});
  const isRepeated = (name: string, value: string) =>
    multi.some(([other, values]) => other.toLowerCase() === name.toLowerCase() && values.includes(value));
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!isRepeated(name, value)) add(name, [value]);
  }
  for (const [name, values] of multi) add(name, values);
  return joined;
};

/** Turns what a function answered into the response; throws INTEGRATION_FAILURE for anything else. */
export const readProxyResponse = (
  { payload, functionError }: InvokeResult,
  { api, headers: asked }: Pick<GatewayRequest, 'api' | 'headers'>,
): HttpResponse => {
  const parsed = functionError ? undefined : responseSchema.safeParse(JSON.parse(payload));
  if (!parsed?.success) throw new GatewayError('INTEGRATION_FAILURE');
  const { statusCode, body, isBase64Encoded } = parsed.data;
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const repeatedHeaders: Record<string, string[]> = {};
  for (const [name, values] of joinHeaders(parsed.data)) {
    if (values.length === 1) headers[name] = values[0] ?? '';
    else if (values.length > 1) repeatedHeaders[name] = values;
  }
  // Bytes leave only where the API names their type as binary; elsewhere the client gets the base64 text.
  const isBytes =
    isBase64Encoded === true &&
    (isBinary(asked.accept?.split(',')[0], api.binaryMediaTypes) ||
      isBinary(headers['content-type'], api.binaryMediaTypes));
  return {
    status: statusCode,
    headers,
    ...(Object.keys(repeatedHeaders).length === 0 ? {} : { repeatedHeaders }),
    body: Buffer.from(body ?? '', isBytes ? 'base64' : 'utf8'),
  };
};
