import type { GatewayRequest } from './gateway-request.ts';

type HeaderList = readonly (readonly [name: string, value: string])[];

/** Headers of the connection, and those that API Gateway keeps from functions. */
const dropped = new Set([
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'keep-alive',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
]);

const replaced = new Set(['x-amzn-trace-id', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);

const isSigned = (name: string, value: string): boolean =>
  name === 'authorization' && value.startsWith('AWS4-HMAC-SHA256');

/** What API Gateway adds: where the request came from, and by which trace it is followed. */
const added = ({ headers, traceId, sourceIp }: GatewayRequest): HeaderList => {
  const { host = '', 'x-forwarded-for': earlier, 'x-amzn-trace-id': trace = `Root=${traceId}` } = headers;
  return [
    ['X-Amzn-Trace-Id', trace],
    ['X-Forwarded-For', earlier === undefined ? sourceIp : `${earlier}, ${sourceIp}`],
    ['X-Forwarded-Port', host.split(':')[1] ?? '80'],
    ['X-Forwarded-Proto', 'http'],
  ];
};

const passed = ({ rawHeaders }: GatewayRequest): HeaderList =>
  rawHeaders.filter(([name, value]) => {
    const lowerCase = name.toLowerCase();
    return !dropped.has(lowerCase) && !replaced.has(lowerCase) && !isSigned(lowerCase, value);
  });

/** The headers of an event, with the names that the client sent: all values of each, and the last one alone. */
export const eventHeaders = (request: GatewayRequest) => {
  const all: HeaderList = [...passed(request), ...added(request)];
  const multiValueHeaders: Record<string, string[]> = {};
  for (const [name, value] of all) multiValueHeaders[name] = [...(multiValueHeaders[name] ?? []), value];
  return { headers: Object.fromEntries(all), multiValueHeaders };
};
