import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { type ExecutePolicy, evaluatePolicy, readExecutePolicy } from './execute-policy.ts';
import { GatewayError } from './gateway-error.ts';
import {
  type AuthorizerContext,
  authorizerSource,
  type GatewayRequest,
  requestContext,
  sharedEventFields,
} from './gateway-request.ts';
import type { InvokeFunction } from './lambda-proxy.ts';
import type { AuthorizerSpec } from './rest-api-spec.ts';
import { mapParameter } from './value-mapping.ts';

/** Who the caller is, as $context.authorizer, and the API key that the authorizer names. */
export type Authorization = { context: AuthorizerContext; usageIdentifierKey?: string | undefined };

const answerSchema = z.object({
  principalId: z.string(),
  policyDocument: z.unknown(),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullish(),
  usageIdentifierKey: z.string().nullish(),
});
type Answer = Omit<z.infer<typeof answerSchema>, 'policyDocument'> & { policy: ExecutePolicy };

/** Throws where the answer or its policy cannot be read. */
const readAnswer = (body: unknown): Answer => {
  const { policyDocument, ...answer } = answerSchema.parse(body);
  return { ...answer, policy: readExecutePolicy(policyDocument) };
};

const errorSchema = z.object({ errorMessage: z.string() });

/** The identity source values, in order; undefined when one is missing or empty. */
const readIdentity = (request: GatewayRequest, { identitySources }: AuthorizerSpec): string[] | undefined => {
  const values = {
    context: requestContext(request),
    stageVariables: request.stage.variables,
    headers: request.headers,
    query: Object.fromEntries(request.query),
    pathParameters: request.route.pathParameters,
  };
  const found = identitySources.map((source) => mapParameter(source, values));
  return found.every((value) => value !== undefined && value !== '')
    ? found.filter((value) => value !== undefined)
    : undefined;
};

const eventOf = (request: GatewayRequest, { type }: AuthorizerSpec, identity: string[]) =>
  type === 'TOKEN'
    ? { type, methodArn: request.methodArn, authorizationToken: identity[0] }
    : { type, methodArn: request.methodArn, ...sharedEventFields(request) };

const mostCached = 10_000;

/** Runs Lambda authorizers, TOKEN and REQUEST, and keeps their answers for their time to live. */
export const createLambdaAuthorizers = ({ invoke, clock }: { invoke: InvokeFunction; clock: Clock }) => {
  const cache = new Map<string, { answer: Answer; untilMs: number }>();

  const ask = async (
    request: GatewayRequest,
    authorizer: AuthorizerSpec,
    identity: string[],
  ): Promise<Answer> => {
    if (authorizer.functionArn === undefined) throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR');
    const event = JSON.stringify(eventOf(request, authorizer, identity));
    const source = authorizerSource(request, authorizer.id);
    const result = await invoke(authorizer.functionArn, event, source).catch((): never => {
      throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR');
    });
    const body: unknown = JSON.parse(result.payload);
    if (result.functionError) {
      const error = errorSchema.safeParse(body);
      throw new GatewayError(
        error.data?.errorMessage === 'Unauthorized' ? 'UNAUTHORIZED' : 'AUTHORIZER_FAILURE',
      );
    }
    try {
      return readAnswer(body);
    } catch {
      throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR');
    }
  };
  const keep = (key: string, answer: Answer, untilMs: number) => {
    if (cache.size >= mostCached) {
      const now = clock.now();
      for (const [old, entry] of cache)
        if (entry.untilMs <= now || cache.size >= mostCached) cache.delete(old);
    }
    cache.set(key, { answer, untilMs });
  };
  const cachedOrAsked = async (request: GatewayRequest, authorizer: AuthorizerSpec, identity: string[]) => {
    if (authorizer.ttlMs === 0 || identity.length === 0) return ask(request, authorizer, identity);
    const key = JSON.stringify([request.api.id, request.stage.name, authorizer.id, ...identity]);
    const known = cache.get(key);
    if (known && known.untilMs > clock.now()) return known.answer;
    const answer = await ask(request, authorizer, identity);
    keep(key, answer, clock.now() + authorizer.ttlMs);
    return answer;
  };

  return async (request: GatewayRequest, authorizer: AuthorizerSpec): Promise<Authorization> => {
    const startedAt = clock.now();
    const identity = readIdentity(request, authorizer);
    if (identity === undefined) throw new GatewayError('UNAUTHORIZED');
    const { validation } = authorizer;
    if (validation !== undefined && !new RegExp(`^(?:${validation})$`).test(identity[0] ?? '')) {
      throw new GatewayError('UNAUTHORIZED');
    }
    const answer = await cachedOrAsked(request, authorizer, identity);
    // A cached policy is asked about this method, not about the one it was made for: as on AWS.
    const { methodArn, sourceIp, headers } = request;
    const verdict = evaluatePolicy(answer.policy, { methodArn, sourceIp, headers, nowMs: clock.now() });
    if (verdict !== 'allowed') {
      const detail = 'User is not authorized to access this resource';
      throw new GatewayError(
        'ACCESS_DENIED',
        verdict === 'denied' ? detail : `${detail} with an explicit deny`,
      );
    }
    const given = Object.entries(answer.context ?? {}).filter(([, value]) => value !== null);
    return {
      context: {
        ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
        principalId: answer.principalId,
        integrationLatency: clock.now() - startedAt,
      },
      usageIdentifierKey: answer.usageIdentifierKey ?? undefined,
    };
  };
};
