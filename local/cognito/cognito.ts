import { createHash, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import type { Clock } from '../clock.ts';
import type { HttpHandler, HttpResponse } from '../http/serve.ts';
import { openSigningKey, publicPart, type SigningKey } from './signing-key.ts';

export type UserPoolSpec = { id: string; groups: string[]; clientIds: string[] };

export type Cognito = {
  /** /{poolId}/.well-known/jwks.json and openid-configuration. */
  handler: HttpHandler;
  /** An access token of the group's test user, good for twelve hours. */
  token(poolId: string, group: string, issuer: string): Promise<string>;
  close(): Promise<void>;
};

const tokenSeconds = 12 * 60 * 60;

/** The same user for the same group, always: a UUID made from both names. */
const subjectOf = (poolId: string, group: string): string => {
  const hex = createHash('sha256').update(`${poolId}/${group}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
};

const json = (value: object): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** An issuer for each user pool, with one test user for each of its groups. */
export const createCognito = async (options: {
  pools: UserPoolSpec[];
  stateDir: string;
  clock: Clock;
}): Promise<Cognito> => {
  const { clock } = options;
  const folder = join(options.stateDir, 'cognito');
  await mkdir(folder, { recursive: true });
  const pools = new Map<string, { spec: UserPoolSpec; key: SigningKey }>();
  for (const spec of options.pools) {
    pools.set(spec.id, { spec, key: await openSigningKey(join(folder, `${spec.id}.json`)) });
  }

  const token: Cognito['token'] = async (poolId, group, issuer) => {
    const pool = pools.get(poolId);
    if (!pool?.spec.groups.includes(group))
      throw new Error(`There is no group '${group}' in pool '${poolId}'.`);
    const nowSeconds = Math.floor(clock.now() / 1000);
    const subject = subjectOf(poolId, group);
    const claims = {
      'cognito:groups': [group],
      client_id: pool.spec.clientIds[0] ?? 'local',
      origin_jti: randomUUID(),
      event_id: randomUUID(),
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: nowSeconds,
      username: subject,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ kid: pool.key.kid, alg: 'RS256' })
      .setSubject(subject)
      .setIssuer(issuer)
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + tokenSeconds)
      .setJti(randomUUID())
      .sign(await importJWK(pool.key, 'RS256'));
  };

  return {
    token,
    handler: async ({ path, headers }) => {
      const [, poolId = '', document = ''] =
        /^\/([\w-]+)\/\.well-known\/([\w-]+(?:\.json)?)$/.exec(path) ?? [];
      const pool = pools.get(poolId);
      if (pool && document === 'jwks.json') return json({ keys: [publicPart(pool.key)] });
      if (!pool || document !== 'openid-configuration') return { status: 404 };
      const issuer = `http://${headers.host}/${poolId}`;
      return json({
        issuer,
        jwks_uri: `${issuer}/.well-known/jwks.json`,
        id_token_signing_alg_values_supported: ['RS256'],
        response_types_supported: ['code', 'token'],
        subject_types_supported: ['public'],
      });
    },
    close: async () => undefined,
  };
};
