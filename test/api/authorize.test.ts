import { createServer, type Server } from 'node:http';
import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { hashApiKey, newApiKey } from '../../functions/shared/api-key.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';

const at = useOrderDesk();
const clientId = 'client-1';
const poolId = 'us-east-1_Pool';

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
let [own, foreign]: Keys[] = [];
let server: Server | undefined;
let poolUrl = '';
let isPoolAway = false;

beforeAll(async () => {
  [own, foreign] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')];
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
  server = createServer((request, response) => {
    const isFound = request.url === `/${poolId}/.well-known/jwks.json` && !isPoolAway;
    response.writeHead(isFound ? 200 : 503, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address === 'object' && address) poolUrl = `http://127.0.0.1:${address.port}`;
});
afterAll(() => server?.close());

beforeEach(() => {
  isPoolAway = false;
  for (const [name, value] of Object.entries({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: at.desk.url,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: poolUrl,
    PARTNERS_TABLE: tables.partners,
    USER_POOL_ID: poolId,
    USER_POOL_CLIENT_ID: clientId,
    STAFF_USAGE_KEY: 'usage-staff',
  }))
    vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

/** The authorizer as a new sandbox runs it: it keeps its environment and the pool's keys. */
const authorize = async (authorizationToken: string): Promise<APIGatewayAuthorizerResult> => {
  const { handler } = await import('../../functions/api/authorize.ts');
  return handler({
    type: 'TOKEN',
    authorizationToken,
    methodArn: 'arn:aws:execute-api:us-east-1:000000000000:api1/live/GET/v1/orders',
  });
};

let partners = 0;
/** A partner with a live key, changed as told. */
const aKey = async (changes: { active?: boolean; revokedAt?: string; usageKey?: string } = {}) => {
  const { revokedAt, ...profile } = changes;
  const { partnerId } = await at.desk.addPartner({
    partnerId: `partner-${++partners}`,
    roles: ['CARRIER'],
    ...profile,
  });
  const key = newApiKey();
  await at.desk.put(tables.partners, {
    pk: `KEY#${hashApiKey(key)}`,
    sk: 'KEY',
    partnerId,
    keyId: 'k1',
    ...(revokedAt && { revokedAt }),
  });
  return { key, partnerId };
};

const claims = { sub: 'u1', username: 'li.lei', token_use: 'access', client_id: clientId };
const sign = (
  change: JWTPayload = {},
  { keys = own, expires = '5m', issuer = `${poolUrl}/${poolId}`, kid = 'key-1' } = {},
): Promise<string> => {
  if (!keys) throw new Error('keys are there from beforeAll on');
  const token = new SignJWT({ ...claims, 'cognito:groups': ['finance', 'desk'], ...change })
    .setProtectedHeader({ alg: 'RS256', kid })
    .setIssuer(issuer);
  if (expires) token.setExpirationTime(expires);
  return token.sign(keys.privateKey);
};
const principalOf = ({ context }: APIGatewayAuthorizerResult): unknown =>
  JSON.parse(String(context?.principal));

describe('a partner’s key', () => {
  test('names the partner, its roles and its usage plan, for the whole stage', async () => {
    const { key, partnerId } = await aKey({ usageKey: 'usage-1' });
    const allowed = await authorize(`Bearer ${key}`);
    expect(allowed).toMatchObject({
      principalId: partnerId,
      usageIdentifierKey: 'usage-1',
      policyDocument: {
        Statement: [
          {
            Action: 'execute-api:Invoke',
            Effect: 'Allow',
            Resource: 'arn:aws:execute-api:us-east-1:000000000000:api1/live/*',
          },
        ],
      },
    });
    expect(principalOf(allowed)).toEqual({ kind: 'partner', partnerId, roles: ['CARRIER'] });
  });

  const swapLastTwo = (key: string): string => {
    const [a = '', b = ''] = key.slice(-2);
    return key.slice(0, -2) + (a === b ? (a === '0' ? '11' : '00') : b + a);
  };
  test.for([
    ['unknown', () => newApiKey()],
    ['truncated', (key: string) => key.slice(0, -1)],
    ['prolonged', (key: string) => `${key}0`],
    ['with the end of its checksum swapped', swapLastTwo],
    ['in another case', (key: string) => key.toUpperCase()],
    ['without its prefix', (key: string) => key.slice(3)],
    ['empty', () => ''],
  ] as const)('that is %s is refused', async ([, spoil]) => {
    const { key } = await aKey();
    await expect(authorize(`Bearer ${spoil(key)}`)).rejects.toThrow(/^Unauthorized$/);
  });

  test.for([
    ['revoked', { revokedAt: '2026-03-01T00:00:00.000Z' }],
    ['of a partner that is no longer active', { active: false }],
  ] as const)('that is %s is refused', async ([, changes]) => {
    const { key } = await aKey(changes);
    await expect(authorize(`Bearer ${key}`)).rejects.toThrow(/^Unauthorized$/);
  });

  test.for(['Basic', 'bearer-token', ''])('under the scheme %j is refused', async (scheme) => {
    const { key } = await aKey();
    await expect(authorize(`${scheme} ${key}`.trim())).rejects.toThrow(/^Unauthorized$/);
  });

  test('that cannot be looked up is a fault of ours, not a wrong key', async () => {
    const { key } = await aKey();
    vi.stubEnv('PARTNERS_TABLE', 'Absent');
    await expect(authorize(`Bearer ${key}`)).rejects.not.toThrow(/^Unauthorized$/);
  });
});

describe('a staff member’s token', () => {
  test('names the person and the groups that we know', async () => {
    const allowed = await authorize(
      `Bearer ${await sign({ 'cognito:groups': ['finance', 'desk', 'choir'] })}`,
    );
    expect(principalOf(allowed)).toEqual({ kind: 'staff', username: 'li.lei', groups: ['desk', 'finance'] });
    expect(allowed).toMatchObject({ principalId: 'li.lei', usageIdentifierKey: 'usage-staff' });
  });

  test('without groups is of somebody who may do nothing special', async () => {
    const allowed = await authorize(`Bearer ${await sign({ 'cognito:groups': undefined })}`);
    expect(principalOf(allowed)).toMatchObject({ groups: [] });
  });

  const wrong: [string, () => Promise<string>][] = [
    ['signed by somebody else', () => sign({}, { keys: foreign })],
    ['signed with a key that the pool does not have', () => sign({}, { kid: 'key-2' })],
    ['that has expired', () => sign({}, { expires: '-1m' })],
    ['that never expires', () => sign({}, { expires: '' })],
    ['of another pool', () => sign({}, { issuer: `${poolUrl}/us-east-1_Other` })],
    ['for another client', () => sign({ client_id: 'client-2' })],
    ['that is an id token', () => sign({ token_use: 'id' })],
    ['without a name', () => sign({ username: undefined })],
    ['that is no token', async () => 'not.a.token'],
    [
      'that is not signed',
      async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await sign()).split('.')[1]}.`,
    ],
  ];
  test.for(wrong)('%s is refused', async ([, token]) => {
    await expect(authorize(`Bearer ${await token()}`)).rejects.toThrow(/^Unauthorized$/);
  });

  test('that cannot be checked, because the pool is away, is a fault of ours', async () => {
    isPoolAway = true;
    const token = await sign();
    await expect(authorize(`Bearer ${token}`)).rejects.not.toThrow(/^Unauthorized$/);
  });
});
