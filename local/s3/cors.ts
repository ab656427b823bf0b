import type { HttpResponse, StreamingRequest } from '../http/serve.ts';
import type { BucketSpec } from './bucket-spec.ts';
import { S3Error } from './s3-error.ts';

/** One rule of a bucket's CORS configuration; origins and headers may hold one `*` each. */
export type CorsRule = {
  origins: string[];
  methods: string[];
  headers: string[];
  exposed: string[];
  maxAgeSeconds?: number | undefined;
};

type Asked = { origin: string; method: string; headers: string[] };

const fits = (pattern: string, text: string): boolean => {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return pattern === text;
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
};

const allows = (rule: CorsRule, { origin, method, headers }: Asked): boolean =>
  rule.origins.some((pattern) => fits(pattern, origin)) &&
  rule.methods.includes(method) &&
  headers.every((header) => rule.headers.some((pattern) => fits(pattern.toLowerCase(), header)));

const forRule = ({ origins, methods, exposed }: CorsRule, origin: string): Record<string, string> => ({
  ...(origins.includes('*')
    ? { 'access-control-allow-origin': '*' }
    : { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }),
  'access-control-allow-methods': methods.join(', '),
  ...(exposed.length === 0 ? {} : { 'access-control-expose-headers': exposed.join(', ') }),
  vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
});

const readHeaderList = (text = ''): string[] =>
  text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');

/** Answers a browser's preflight, which nobody signs; throws AccessForbidden where no rule lets the call pass. */
export const answerPreflight = (
  { headers }: Pick<StreamingRequest, 'headers'>,
  bucket: BucketSpec | undefined,
): HttpResponse => {
  const {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': names,
  } = headers;
  if (origin === undefined) {
    throw new S3Error('BadRequest', {
      message: 'Insufficient information. Origin request header needed.',
    });
  }
  if (method === undefined) {
    throw new S3Error('BadRequest', { message: 'Invalid Access-Control-Request-Method: null' });
  }
  if (!bucket?.cors) throw new S3Error('AccessForbidden');
  const asked = { origin, method, headers: readHeaderList(names) };
  const rule = bucket.cors.find((one) => allows(one, asked));
  if (!rule) {
    throw new S3Error('AccessForbidden', {
      message:
        "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    });
  }
  return {
    status: 200,
    headers: {
      ...forRule(rule, origin),
      ...(asked.headers.length === 0 ? {} : { 'access-control-allow-headers': asked.headers.join(', ') }),
      ...(rule.maxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(rule.maxAgeSeconds) }),
    },
  };
};

/** What a browser is told along with the answer to a call from a page of another origin. */
export const corsHeaders = (
  { method, headers }: Pick<StreamingRequest, 'method' | 'headers'>,
  bucket: BucketSpec | undefined,
): Record<string, string> => {
  const { origin } = headers;
  if (origin === undefined) return {};
  const rule = bucket?.cors?.find((one) => allows(one, { origin, method, headers: [] }));
  return rule ? forRule(rule, origin) : {};
};
