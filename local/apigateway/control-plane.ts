import type { Clock } from '../clock.ts';
import { type Guard, openGuard } from '../http/guard.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from '../http/serve.ts';
import { ServiceError } from '../http/service-error.ts';
import type { JsonValue } from '../json.ts';
import { apiKeyOperations } from './api-key-operations.ts';
import { type ControlOperation, notFound, pageOf } from './control-operation.ts';
import { operationName } from './operation-name.ts';
import { planKeyOperations } from './plan-key-operations.ts';
import type { RestApiSpec } from './rest-api-spec.ts';
import { usagePlanOperations } from './usage-plan-operations.ts';
import type { UsagePlans } from './usage-plans.ts';

const restApiOperations = (apis: RestApiSpec[]): ControlOperation[] => [
  {
    method: 'GET',
    path: /^\/restapis$/,
    async run({ query }) {
      const items = apis.map(({ id, logicalId, apiKeySource }) => ({ id, name: logicalId, apiKeySource }));
      return { status: 200, value: pageOf(items, query) };
    },
  },
];

const readBody = ({ body }: HttpRequest): unknown => {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ServiceError('SerializationException', 'The request body is not JSON.');
  }
};

const respond = (status: number, value: JsonValue, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

/** API Gateway's own API: usage plans, API keys, which key is in which plan, and the list of REST APIs. */
export const createControlPlane = (options: {
  usagePlans: UsagePlans;
  apis: RestApiSpec[];
  clock: Clock;
  guard?: Guard<{ method: string; path: string }> | undefined;
}): HttpHandler => {
  const { usagePlans, apis, clock, guard = openGuard } = options;
  const operations = [
    ...usagePlanOperations(usagePlans),
    ...apiKeyOperations(usagePlans, clock),
    ...planKeyOperations(usagePlans),
    ...restApiOperations(apis),
  ];
  const dispatch = async (request: HttpRequest): Promise<HttpResponse> => {
    const caller = guard.identify(request);
    for (const { method, path, run } of operations) {
      const matched = method === request.method ? path.exec(request.path) : null;
      if (matched === null) continue;
      const ids = matched.slice(1).map(decodeURIComponent);
      const action = operationName(method, request.path);
      const input = { method, path: request.path };
      const { status, value } = await guard.admit(request, { caller, action, input }, () =>
        run({ ids, query: request.query, body: readBody(request) }),
      );
      return value === undefined ? { status } : respond(status, value);
    }
    throw notFound(`The local cloud does not serve ${request.method} ${request.path}.`);
  };
  return (request) =>
    dispatch(request).catch((error: unknown) => {
      if (!(error instanceof ServiceError)) throw error;
      return respond(error.status, { message: error.message }, { 'x-amzn-errortype': error.code });
    });
};
