import { GatewayError } from './gateway-error.ts';
import { type GatewayRequest, requestValues } from './gateway-request.ts';
import { mapParameter } from './value-mapping.ts';

/** Checks a parsed body against a model; answers what is wrong with it, nothing when it fits. */
export type ModelCheck = (body: unknown) => string[];

/** What is checked of a request before it reaches its integration. */
export type RequestValidation = {
  /** `method.request.header.X`, `…querystring.x`, `…path.x`. */
  requiredParameters: readonly string[];
  /** By media type. */
  models: ReadonlyMap<string, ModelCheck>;
};

const checkParameters = (request: GatewayRequest, required: readonly string[]) => {
  const values = requestValues(request);
  const missing = required.filter((parameter) => !mapParameter(parameter, values)?.trim());
  if (missing.length === 0) return;
  const names = missing.map((parameter) => parameter.split('.').slice(3).join('.'));
  throw new GatewayError(
    'BAD_REQUEST_PARAMETERS',
    `Missing required request parameters: [${names.join(', ')}]`,
  );
};

const parseBody = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new GatewayError('BAD_REQUEST_BODY', undefined, 'The body is not JSON.');
  }
};

const checkBody = ({ headers, body }: GatewayRequest, models: RequestValidation['models']) => {
  const mediaType = (headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
  // A body of a type that no model is for passes unchecked, as on AWS.
  const problems = models.get(mediaType)?.(parseBody(body)) ?? [];
  if (problems.length > 0) throw new GatewayError('BAD_REQUEST_BODY', undefined, `[${problems.join(', ')}]`);
};

/** Throws BAD_REQUEST_PARAMETERS or BAD_REQUEST_BODY for a request that its method's validator does not let pass. */
export const validateRequest = (request: GatewayRequest): void => {
  const { validation } = request.route.method;
  if (validation === undefined) return;
  checkParameters(request, validation.requiredParameters);
  checkBody(request, validation.models);
};
