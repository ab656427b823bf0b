import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

type Problem = { status: number; type: string; title: string; headers?: Record<string, string> };

const unauthenticated: Problem = {
  status: 401,
  type: 'unauthenticated',
  title: 'Not authenticated',
  headers: { 'WWW-Authenticate': 'Bearer' },
};
const forbidden: Problem = { status: 403, type: 'forbidden', title: 'Not allowed' };
const notFound: Problem = { status: 404, type: 'not-found', title: 'Not found' };
const malformed: Problem = { status: 400, type: 'malformed-json', title: 'Request is not well formed' };
const tooLarge: Problem = { status: 413, type: 'too-large', title: 'Request is too large' };
const unsupported: Problem = {
  status: 415,
  type: 'unsupported-media-type',
  title: 'Media type is not supported',
};
const rateLimited = (retryAfterSeconds: number): Problem => ({
  status: 429,
  type: 'rate-limited',
  title: 'Too many requests',
  headers: { 'Retry-After': String(retryAfterSeconds) },
});
const unavailable: Problem = {
  status: 503,
  type: 'unavailable',
  title: 'Service is not available',
  headers: { 'Retry-After': '5' },
};

/** The gateway calls a path that it does not have a missing token; a partner is told that there is no such path. */
const problems: [ResponseType, Problem][] = [
  [ResponseType.UNAUTHORIZED, unauthenticated],
  [ResponseType.ACCESS_DENIED, forbidden],
  [ResponseType.INVALID_API_KEY, forbidden],
  [ResponseType.MISSING_AUTHENTICATION_TOKEN, notFound],
  [ResponseType.RESOURCE_NOT_FOUND, notFound],
  [ResponseType.BAD_REQUEST_BODY, malformed],
  [ResponseType.BAD_REQUEST_PARAMETERS, malformed],
  [ResponseType.REQUEST_TOO_LARGE, tooLarge],
  [ResponseType.UNSUPPORTED_MEDIA_TYPE, unsupported],
  [ResponseType.THROTTLED, rateLimited(1)],
  [ResponseType.QUOTA_EXCEEDED, rateLimited(3600)],
  [ResponseType.AUTHORIZER_FAILURE, unavailable],
  [ResponseType.AUTHORIZER_CONFIGURATION_ERROR, unavailable],
  [ResponseType.API_CONFIGURATION_ERROR, unavailable],
  [ResponseType.INTEGRATION_FAILURE, unavailable],
  [ResponseType.INTEGRATION_TIMEOUT, unavailable],
  [ResponseType.DEFAULT_5XX, unavailable],
];

const quoted = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `'${value}'`]));

/** What the gateway itself refuses is told as an RFC 9457 problem, as the functions tell theirs. */
export const addGatewayProblems = (api: RestApi): void => {
  for (const [type, { status, type: suffix, title, headers = {} }] of problems) {
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: String(status),
      responseHeaders: quoted({ 'Content-Type': 'application/problem+json', ...headers }),
      templates: {
        'application/json': JSON.stringify({
          type: `https://docs.example.com/problems/${suffix}`,
          title,
          status,
          instance: '#$context.requestId',
          requestId: '$context.requestId',
        }),
      },
    });
  }
};
