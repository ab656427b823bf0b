import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import type { Clock } from '../clock.ts';
import { GatewayError } from './gateway-error.ts';
import type { GatewayRequest } from './gateway-request.ts';
import type { Authorization } from './lambda-authorizer.ts';
import type { AuthorizerSpec } from './rest-api-spec.ts';
import { mapParameter } from './value-mapping.ts';

/** Where a pool's tokens come from and where its keys are. */
export type PoolIssuer = { issuer: string; jwksUrl: string };

const claimText = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(String).join(',')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);

const hasScope = (claims: JWTPayload, wanted: string[]): boolean => {
  const granted = String(claims.scope ?? '').split(' ');
  return wanted.some((scope) => granted.includes(scope));
};

/** Verifies user-pool tokens: an ID token, or where the method names scopes an access token that has one. */
export const createCognitoAuthorizers = (options: {
  issuerOf: (poolArn: string) => PoolIssuer | undefined;
  clock: Clock;
}) => {
  const { issuerOf, clock } = options;
  const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();
  const keysAt = (url: string) => {
    const known = keySets.get(url) ?? createRemoteJWKSet(new URL(url));
    keySets.set(url, known);
    return known;
  };
  const verify = async (token: string, poolArns: string[]): Promise<JWTPayload | undefined> => {
    for (const arn of poolArns) {
      const pool = issuerOf(arn);
      if (pool === undefined) continue;
      const check = { issuer: pool.issuer, currentDate: new Date(clock.now()) };
      const verified = await jwtVerify(token, keysAt(pool.jwksUrl), check).catch(() => undefined);
      if (verified) return verified.payload;
    }
    return undefined;
  };
  return async (request: GatewayRequest, authorizer: AuthorizerSpec): Promise<Authorization> => {
    const source = authorizer.identitySources[0] ?? 'method.request.header.Authorization';
    const { headers } = request;
    const given = mapParameter(source, {
      context: {},
      stageVariables: {},
      headers,
      query: {},
      pathParameters: {},
    });
    const claims = given && (await verify(given.replace(/^Bearer\s+/i, ''), authorizer.userPoolArns));
    if (!claims) throw new GatewayError('UNAUTHORIZED');
    const scopes = request.route.method.authorizationScopes;
    if (scopes.length > 0 && !hasScope(claims, scopes)) throw new GatewayError('UNAUTHORIZED');
    if (scopes.length === 0 && claims.token_use === 'access') throw new GatewayError('UNAUTHORIZED');
    const texts = Object.entries(claims).map(([name, value]) => [name, claimText(value)]);
    return { context: { claims: Object.fromEntries(texts) } };
  };
};
