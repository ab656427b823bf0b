import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import type { AuthorizerSpec } from '../../../local/apigateway/rest-api-spec.ts';
import { serve } from '../../../local/http/serve.ts';
import { aMethod, anApi, anAuthorizer, answering, failing, serveApi } from './a-rest-api.ts';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

const anApiWith = (authorizer: AuthorizerSpec, scopes: string[] = []) =>
  anApi({
    methods: ['/entries', '/entries/{id}'].map((path) =>
      aMethod(path, { authorizerId: authorizer.id, authorizationScopes: scopes }),
    ),
    authorizers: new Map([[authorizer.id, authorizer]]),
  });

const policy = (effect: string, resource: string, more: object = {}) =>
  answering({
    principalId: 'ann',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }],
    },
    ...more,
  });
const ok = answering({ statusCode: 200, body: 'ok' });
const everything = 'arn:aws:execute-api:us-east-1:000000000000:abc123/prod/*';
const withToken = (token = 'secret') => ({ path: '/entries', headers: { authorization: token } });

test('a TOKEN authorizer is given the token and the method, and its context reaches the function as texts', async () => {
  const { ask, events } = serveApi(anApiWith(anAuthorizer()), {
    api: ok,
    authorize: policy('Allow', everything, { context: { tier: 3, staff: true } }),
  });
  expect((await ask(withToken())).status).toBe(200);
  expect(events.authorize).toEqual([
    {
      type: 'TOKEN',
      authorizationToken: 'secret',
      methodArn: 'arn:aws:execute-api:us-east-1:000000000000:abc123/prod/GET/entries',
    },
  ]);
  expect(events.api?.[0]).toMatchObject({
    requestContext: { authorizer: { principalId: 'ann', tier: '3', staff: 'true' } },
  });
});

test('an answer is kept for its time to live, per token', async () => {
  const { ask, events, clock } = serveApi(anApiWith(anAuthorizer({ ttlMs: 60_000 })), {
    api: ok,
    authorize: policy('Allow', everything),
  });
  await ask(withToken('one'));
  await ask(withToken('one'));
  expect(events.authorize).toHaveLength(1);
  await ask(withToken('two'));
  expect(events.authorize).toHaveLength(2);
  await clock.advance(60_000);
  await ask(withToken('one'));
  expect(events.authorize).toHaveLength(3);
});

test('a kept policy decides about other methods too', async () => {
  const { ask, events } = serveApi(anApiWith(anAuthorizer()), {
    api: ok,
    authorize: (event) => policy('Allow', String(event.methodArn)),
  });
  expect((await ask(withToken())).status).toBe(200);
  expect((await ask({ ...withToken(), path: '/entries/1' })).status).toBe(403);
  expect(events.authorize).toHaveLength(1);
});

test('with a time to live of nothing the authorizer is asked each time', async () => {
  const { ask, events } = serveApi(anApiWith(anAuthorizer({ ttlMs: 0 })), {
    api: ok,
    authorize: policy('Allow', everything),
  });
  await ask(withToken());
  await ask(withToken());
  expect(events.authorize).toHaveLength(2);
});

test.for([
  {
    name: 'no token',
    asked: { path: '/entries' },
    authorize: ok,
    status: 401,
    message: 'Unauthorized',
    calls: 0,
  },
  {
    name: 'an Unauthorized error',
    asked: withToken(),
    authorize: failing('Unauthorized'),
    status: 401,
    message: 'Unauthorized',
    calls: 1,
  },
  {
    name: 'any other error',
    asked: withToken(),
    authorize: failing('database down'),
    status: 500,
    message: null,
    calls: 1,
  },
  {
    name: 'an answer that is no policy',
    asked: withToken(),
    authorize: answering({ principalId: 'ann' }),
    status: 500,
    message: null,
    calls: 1,
  },
  {
    name: 'nested context',
    asked: withToken(),
    authorize: policy('Allow', everything, { context: { a: {} } }),
    status: 500,
    message: null,
    calls: 1,
  },
  {
    name: 'a Deny',
    asked: withToken(),
    authorize: policy('Deny', everything),
    status: 403,
    message: 'User is not authorized to access this resource with an explicit deny',
    calls: 1,
  },
  {
    name: 'a policy for something else',
    asked: withToken(),
    authorize: policy('Allow', everything.replace('abc123', 'other')),
    status: 403,
    message: 'User is not authorized to access this resource',
    calls: 1,
  },
])('$name is refused with $status', async ({ asked, authorize, status, message, calls }) => {
  const { ask, events } = serveApi(anApiWith(anAuthorizer()), { api: ok, authorize });
  const answer = await ask(asked);
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.text)).toEqual({ message });
  expect(events.authorize ?? []).toHaveLength(calls);
  expect(events.api).toBeUndefined();
});

test('a token that does not look right is refused before the function is asked', async () => {
  const { ask, events } = serveApi(anApiWith(anAuthorizer({ validation: 'Bearer rk_[a-z]+' })), {
    api: ok,
    authorize: policy('Allow', everything),
  });
  expect((await ask(withToken('Bearer other'))).status).toBe(401);
  expect(events.authorize).toBeUndefined();
  expect((await ask(withToken('Bearer rk_abc'))).status).toBe(200);
});

test('a REQUEST authorizer is given the request, and needs every identity source', async () => {
  const authorizer = anAuthorizer({
    type: 'REQUEST',
    identitySources: ['method.request.header.x-partner', 'method.request.querystring.key'],
  });
  const { ask, events } = serveApi(anApiWith(authorizer), {
    api: ok,
    authorize: policy('Allow', everything),
  });
  expect((await ask({ path: '/entries', headers: { 'x-partner': 'p' } })).status).toBe(401);
  expect((await ask({ path: '/entries/7?key=k', headers: { 'x-partner': 'p' } })).status).toBe(200);
  expect(events.authorize?.[0]).toMatchObject({
    type: 'REQUEST',
    resource: '/entries/{id}',
    path: '/entries/7',
    headers: { 'x-partner': 'p' },
    queryStringParameters: { key: 'k' },
    pathParameters: { id: '7' },
  });
});

test('the API key that the authorizer names is what usage is checked with', async () => {
  const seen: (string | undefined)[] = [];
  const { ask } = serveApi(
    anApiWith(anAuthorizer()),
    { api: ok, authorize: policy('Allow', everything, { usageIdentifierKey: 'key-of-ann' }) },
    { checkUsage: (_, apiKey) => void seen.push(apiKey) },
  );
  await ask({ ...withToken(), headers: { authorization: 'secret', 'x-api-key': 'ignored' } });
  expect(seen).toEqual(['key-of-ann']);
});

test('a user-pool authorizer passes tokens of its pool only, and its claims reach the function', async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const stranger = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' };
  const issuer = await serve(async () => ({ status: 200, body: JSON.stringify({ keys: [jwk] }) }), {
    port: 0,
  });
  const token = (
    key: KeyPair['privateKey'],
    claims: Record<string, unknown>,
    expires = '2026-03-02T09:00:00Z',
  ) =>
    new SignJWT({ token_use: 'id', ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer(issuer.url)
      .setExpirationTime(new Date(expires))
      .sign(key);
  const poolArn = 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/pool';
  const authorizer = anAuthorizer({
    type: 'COGNITO_USER_POOLS',
    functionArn: undefined,
    userPoolArns: [poolArn],
  });
  const issuerOf = () => ({ issuer: issuer.url, jwksUrl: `${issuer.url}/keys` });
  const { ask, events } = serveApi(anApiWith(authorizer), { api: ok }, { issuerOf });
  const scoped = serveApi(anApiWith(authorizer, ['desk/read']), { api: ok }, { issuerOf });
  try {
    const good = await token(privateKey, { sub: 'u1', 'cognito:groups': ['desk', 'manager'] });
    expect((await ask(withToken(`Bearer ${good}`))).status).toBe(200);
    expect((await ask(withToken(good))).status).toBe(200);
    expect(events.api?.[0]).toMatchObject({
      requestContext: { authorizer: { claims: { sub: 'u1', 'cognito:groups': 'desk,manager' } } },
    });
    expect((await ask(withToken(await token(stranger.privateKey, {})))).status).toBe(401);
    expect((await ask(withToken(await token(privateKey, {}, '2026-03-02T08:00:00Z')))).status).toBe(401);
    expect((await ask(withToken(await token(privateKey, { token_use: 'access' })))).status).toBe(401);
    const access = { token_use: 'access', scope: 'openid desk/read' };
    expect((await scoped.ask(withToken(await token(privateKey, access)))).status).toBe(200);
    expect((await scoped.ask(withToken(good))).status).toBe(401);
  } finally {
    await issuer.close();
  }
});
