import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import * as z from 'zod';
import { type Principal, staffGroups } from '../../domain/permissions.ts';
import { hashApiKey, isWellFormedApiKey } from '../shared/api-key.ts';
import { env } from '../shared/env.ts';
import { logger } from '../shared/logger.ts';
import { type PartnersTable, partnersTable } from '../shared/partners-table.ts';

const authorizeEnv = env({
  AWS_REGION: z.string(),
  USER_POOL_ID: z.string(),
  USER_POOL_CLIENT_ID: z.string(),
  STAFF_USAGE_KEY: z.string(),
  AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: z.url().optional(),
});

type Caller = { principal: Principal; usageKey: string };

const claimsSchema = z.object({
  username: z.string(),
  token_use: z.literal('access'),
  client_id: z.string(),
  'cognito:groups': z.array(z.string()).default([]),
});

/** Issuer of the staff's tokens: the user pool's own address. */
const issuerOf = (): string => {
  const { AWS_REGION, USER_POOL_ID, AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER } = authorizeEnv();
  return `${AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER ?? `https://cognito-idp.${AWS_REGION}.amazonaws.com`}/${USER_POOL_ID}`;
};

let keys: ReturnType<typeof createRemoteJWKSet> | undefined;

/** Checks a staff member's access token against the pool's published keys. Throws what makes it no such token. */
const verifyStaffToken = async (token: string): Promise<Caller> => {
  const issuer = issuerOf();
  keys ??= createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    algorithms: ['RS256'],
    requiredClaims: ['exp'],
  });
  const claims = claimsSchema.parse(payload);
  if (claims.client_id !== authorizeEnv().USER_POOL_CLIENT_ID)
    throw new errors.JWTInvalid('token of another client');
  const groups = staffGroups.filter((group) => claims['cognito:groups'].includes(group));
  return {
    principal: { kind: 'staff', username: claims.username, groups },
    usageKey: authorizeEnv().STAFF_USAGE_KEY,
  };
};

/** What jose throws when the pool's keys cannot be had: no fault of the token. */
const keyFaults: readonly string[] = [errors.JWKSTimeout.code, errors.JOSEError.code];

const isTokenAtFault = (error: unknown): boolean =>
  error instanceof z.ZodError || (error instanceof errors.JOSEError && !keyFaults.includes(error.code));

type Deps = {
  partners: Pick<PartnersTable, 'findKey' | 'readPartner'>;
  verifyStaff: (token: string) => Promise<Caller>;
};

/** Names the caller of a bearer token: a partner by its API key, staff by their user pool token. Undefined: neither. */
export const createAuthorize =
  ({ partners, verifyStaff }: Deps) =>
  async (authorization: string): Promise<Caller | undefined> => {
    const [, token] = /^Bearer\s+(\S+)$/i.exec(authorization) ?? [];
    if (!token) return undefined;
    if (!token.startsWith('rk_'))
      return verifyStaff(token).catch((error: unknown) => {
        if (!isTokenAtFault(error)) throw error;
        logger.warn('token refused', { reason: error instanceof Error ? error.name : 'unknown' });
        return undefined;
      });
    const key = isWellFormedApiKey(token) ? await partners.findKey(hashApiKey(token)) : undefined;
    const partner = key && (await partners.readPartner(key.partnerId));
    if (!partner?.active) return undefined;
    return {
      principal: { kind: 'partner', partnerId: partner.partnerId, roles: partner.roles },
      usageKey: partner.usageKey ?? '',
    };
  };

/** The whole stage is allowed, since the answer is cached for all methods; each handler decides what its caller may do. */
const allow = (methodArn: string, { principal, usageKey }: Caller): APIGatewayAuthorizerResult => {
  const [api = '', stage = ''] = methodArn.split('/');
  return {
    principalId: principal.kind === 'partner' ? principal.partnerId : principal.username,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: `${api}/${stage}/*` }],
    },
    context: { principal: JSON.stringify(principal) },
    usageIdentifierKey: usageKey,
  };
};

export const handler = async (event: APIGatewayTokenAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
  const authorize = createAuthorize({ partners: partnersTable(), verifyStaff: verifyStaffToken });
  const caller = await authorize(event.authorizationToken);
  if (!caller) throw new Error('Unauthorized'); // the text that API Gateway turns into a 401
  return allow(event.methodArn, caller);
};
