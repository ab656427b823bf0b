import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { createVirtualClock } from '../../../local/clock.ts';
import { createCognito } from '../../../local/cognito/cognito.ts';
import { serve } from '../../../local/http/serve.ts';

const poolId = 'us-east-1_Desk';
const nowMs = Date.parse('2026-01-31T12:00:00Z');

const temporaryFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rudan-cognito-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const startCognito = async (stateDir: string) => {
  const cognito = await createCognito({
    pools: [
      { id: poolId, groups: ['clerks', 'managers'], clientIds: ['desk-client'] },
      { id: 'us-east-1_Other', groups: ['clerks'], clientIds: [] },
    ],
    stateDir,
    clock: createVirtualClock(nowMs),
  });
  const server = await serve(cognito.handler, { port: 0 });
  onTestFinished(server.close);
  const keysOf = (id: string) => createRemoteJWKSet(new URL(`${server.url}/${id}/.well-known/jwks.json`));
  return { cognito, url: server.url, issuer: `${server.url}/${poolId}`, keysOf };
};

const currentDate = new Date(nowMs + 1000);

test('an access token is made as Cognito makes it, and verifies by the published key', async () => {
  const { cognito, issuer, keysOf } = await startCognito(await temporaryFolder());
  const token = await cognito.token(poolId, 'clerks', issuer);
  const { payload } = await jwtVerify(token, keysOf(poolId), { issuer, currentDate, algorithms: ['RS256'] });
  const nowSeconds = nowMs / 1000;
  expect(payload).toEqual({
    sub: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
    'cognito:groups': ['clerks'],
    iss: issuer,
    client_id: 'desk-client',
    origin_jti: expect.any(String),
    event_id: expect.any(String),
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin',
    auth_time: nowSeconds,
    iat: nowSeconds,
    exp: nowSeconds + 12 * 60 * 60,
    jti: expect.any(String),
    username: payload.sub,
  });
});

test('tokens outlive a restart, and the user of a group stays the same', async () => {
  const stateDir = await temporaryFolder();
  const before = await startCognito(stateDir);
  const token = await before.cognito.token(poolId, 'clerks', before.issuer);
  const after = await startCognito(stateDir);
  const { payload } = await jwtVerify(token, after.keysOf(poolId), { currentDate });
  const again = await jwtVerify(await after.cognito.token(poolId, 'clerks', 'x'), after.keysOf(poolId), {
    currentDate,
  });
  const other = await jwtVerify(await after.cognito.token(poolId, 'managers', 'x'), after.keysOf(poolId), {
    currentDate,
  });
  expect(again.payload.sub).toBe(payload.sub);
  expect(other.payload.sub).not.toBe(payload.sub);
});

test('each pool has its own key, and gives only the public part away', async () => {
  const stateDir = await temporaryFolder();
  const { cognito, url, issuer, keysOf } = await startCognito(stateDir);
  const token = await cognito.token(poolId, 'clerks', issuer);
  await expect(jwtVerify(token, keysOf('us-east-1_Other'), { currentDate })).rejects.toThrow(
    'no applicable key',
  );
  const published = await (await fetch(`${url}/${poolId}/.well-known/jwks.json`)).json();
  expect(published).toEqual({
    keys: [
      {
        kty: 'RSA',
        kid: decodeProtectedHeader(token).kid,
        alg: 'RS256',
        use: 'sig',
        n: expect.any(String),
        e: 'AQAB',
      },
    ],
  });
  const { mode } = await stat(join(stateDir, 'cognito', `${poolId}.json`));
  expect(mode & 0o077).toBe(0);
});

test('the configuration names the issuer and its keys', async () => {
  const { url, issuer } = await startCognito(await temporaryFolder());
  const configuration = await (await fetch(`${url}/${poolId}/.well-known/openid-configuration`)).json();
  expect(configuration).toMatchObject({ issuer, jwks_uri: `${issuer}/.well-known/jwks.json` });
  expect((await fetch(`${url}/us-east-1_None/.well-known/jwks.json`)).status).toBe(404);
});

test('a group that the pool does not have gets no token', async () => {
  const { cognito } = await startCognito(await temporaryFolder());
  await expect(cognito.token(poolId, 'owners', 'x')).rejects.toThrow("no group 'owners'");
  await expect(cognito.token('none', 'clerks', 'x')).rejects.toThrow("in pool 'none'");
});
