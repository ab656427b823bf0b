import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanCommand,
  DeleteUsagePlanKeyCommand,
  GetApiKeysCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  UpdateApiKeyCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createControlPlane } from '../../../local/apigateway/control-plane.ts';
import { quotaPeriod } from '../../../local/apigateway/quota-counters.ts';
import { createUsageControl } from '../../../local/apigateway/usage-control.ts';
import { type Declared, openUsagePlans } from '../../../local/apigateway/usage-plans.ts';
import { createVirtualClock, type VirtualClock } from '../../../local/clock.ts';
import { serve } from '../../../local/http/serve.ts';
import { aMethod, anApi, serveApi } from './a-rest-api.ts';

let folder: string;
let clock: VirtualClock;
const cleanUps: (() => Promise<unknown> | unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'usage-'));
  clock = createVirtualClock(Date.parse('2026-03-04T10:00:00Z'));
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  rmSync(folder, { recursive: true });
});

const keyValue = 'a-key-value-of-twenty-letters';
const aKey = { id: 'key1', name: 'ann', value: keyValue, enabled: true, createdDate: 0, lastUpdatedDate: 0 };
const aPlan = { id: 'plan1', name: 'basic', apiStages: [{ apiId: 'abc123', stage: 'prod', throttle: {} }] };
const nothing: Declared = { plans: [], keys: [], planKeys: [] };

const openGateway = async (declared: Declared, stateDir = folder) => {
  const usagePlans = await openUsagePlans(stateDir, declared);
  const usage = createUsageControl({ usagePlans, stateDir, clock });
  const api = anApi({ apiKeySource: 'HEADER', methods: [aMethod('/entries', { apiKeyRequired: true })] });
  const { ask } = serveApi(api, undefined, { checkUsage: usage.check });
  const close = async () => {
    await usage.close();
    await usagePlans.close();
  };
  const statusWith = async (value?: string) =>
    (await ask({ path: '/entries', headers: value === undefined ? {} : { 'x-api-key': value } })).status;
  return { usagePlans, api, close, statusWith, ask };
};

const openControlPlane = async (stateDir = folder) => {
  const gateway = await openGateway(nothing, stateDir);
  const { usagePlans, api } = gateway;
  const server = await serve(createControlPlane({ usagePlans, apis: [api], clock }), { port: 0 });
  const client = new APIGatewayClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  });
  const close = async () => {
    client.destroy();
    await server.close();
    await gateway.close();
  };
  return { ...gateway, client, close };
};

test('a method that wants an API key refuses none, an unknown one, a disabled one and one without a plan', async () => {
  const disabled = { ...aKey, id: 'key2', value: 'another-key-value-that-is-off', enabled: false };
  const planless = { ...aKey, id: 'key3', value: 'a-third-key-value-without-plan' };
  const planKeys = ['key1', 'key2'].map((keyId) => ({ planId: 'plan1', keyId }));
  const { statusWith, close } = await openGateway({
    plans: [aPlan],
    keys: [aKey, disabled, planless],
    planKeys,
  });
  cleanUps.push(close);
  expect(await statusWith()).toBe(403);
  expect(await statusWith('unknown')).toBe(403);
  expect(await statusWith(disabled.value)).toBe(403);
  expect(await statusWith(planless.value)).toBe(403);
  expect(await statusWith(keyValue)).toBe(200);
});

test('the bucket holds the burst and refills at the rate', async () => {
  const plan = { ...aPlan, throttle: { rateLimit: 2, burstLimit: 3 } };
  const { statusWith, close } = await openGateway({
    plans: [plan],
    keys: [aKey],
    planKeys: [{ planId: 'plan1', keyId: 'key1' }],
  });
  cleanUps.push(close);
  const burst = [];
  for (let n = 0; n < 4; n += 1) burst.push(await statusWith(keyValue));
  expect(burst).toEqual([200, 200, 200, 429]);
  await clock.advance(500);
  expect([await statusWith(keyValue), await statusWith(keyValue)]).toEqual([200, 429]);
});

test('a quota ends with its period and outlives a restart', async () => {
  const plan = { ...aPlan, quota: { limit: 2, period: 'DAY' as const, offset: 0 } };
  const declared = { plans: [plan], keys: [aKey], planKeys: [{ planId: 'plan1', keyId: 'key1' }] };
  const first = await openGateway(declared);
  expect([await first.statusWith(keyValue), await first.statusWith(keyValue)]).toEqual([200, 200]);
  const refused = await first.ask({ path: '/entries', headers: { 'x-api-key': keyValue } });
  expect(refused).toMatchObject({ status: 429, text: '{"message":"Limit Exceeded"}' });
  await first.close();
  const second = await openGateway(declared);
  cleanUps.push(second.close);
  expect(await second.statusWith(keyValue)).toBe(429);
  await clock.advance(14 * 3_600_000);
  expect(await second.statusWith(keyValue)).toBe(200);
});

test.for([
  { period: 'DAY' as const, offset: 0, start: '2026-03-04' },
  { period: 'WEEK' as const, offset: 0, start: '2026-03-01' },
  { period: 'WEEK' as const, offset: 4, start: '2026-02-22' },
  { period: 'MONTH' as const, offset: 0, start: '2026-03-01' },
  { period: 'MONTH' as const, offset: 9, start: '2026-02-01' },
])('a quota by $period with offset $offset counts from $start', ({ period, offset, start }) => {
  expect(quotaPeriod({ limit: 1, period, offset }, Date.parse('2026-03-04T10:00:00Z'))).toBe(start);
});

test('plans and keys made through the API rule at once and are there after a restart', async () => {
  const first = await openControlPlane();
  const { id: usagePlanId } = await first.client.send(
    new CreateUsagePlanCommand({
      name: 'partner',
      apiStages: [{ apiId: 'abc123', stage: 'prod' }],
      throttle: { rateLimit: 1, burstLimit: 1 },
      quota: { limit: 100, period: 'MONTH' },
    }),
  );
  const key = await first.client.send(
    new CreateApiKeyCommand({ name: 'ann', value: keyValue, enabled: true }),
  );
  await first.client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: key.id, keyType: 'API_KEY' }));
  expect(key.createdDate).toEqual(new Date('2026-03-04T10:00:00Z'));
  expect([await first.statusWith(keyValue), await first.statusWith(keyValue)]).toEqual([200, 429]);
  await first.close();

  const second = await openControlPlane();
  cleanUps.push(second.close);
  const { items: plans } = await second.client.send(new GetUsagePlansCommand({ keyId: key.id }));
  expect(plans).toMatchObject([{ id: usagePlanId, name: 'partner', quota: { limit: 100, period: 'MONTH' } }]);
  const { items: keys } = await second.client.send(
    new GetApiKeysCommand({ nameQuery: 'an', includeValues: true }),
  );
  expect(keys).toMatchObject([{ id: key.id, value: keyValue, enabled: true }]);
  const { items: planKeys } = await second.client.send(new GetUsagePlanKeysCommand({ usagePlanId }));
  expect(planKeys).toMatchObject([{ id: key.id, type: 'API_KEY' }]);
  expect(await second.statusWith(keyValue)).toBe(200);
});

test('plans and keys can be changed and taken away', async () => {
  const { client, statusWith, close } = await openControlPlane();
  cleanUps.push(close);
  const stages = [{ apiId: 'abc123', stage: 'prod' }];
  const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: 'p', apiStages: stages }));
  const { id: apiKey } = await client.send(
    new CreateApiKeyCommand({ name: 'k', value: keyValue, enabled: true }),
  );
  await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: apiKey, keyType: 'API_KEY' }));

  const turn = (value: 'true' | 'false') =>
    client.send(
      new UpdateApiKeyCommand({ apiKey, patchOperations: [{ op: 'replace', path: '/enabled', value }] }),
    );
  await turn('false');
  expect(await statusWith(keyValue)).toBe(403);
  await turn('true');
  await client.send(
    new UpdateUsagePlanCommand({
      usagePlanId,
      patchOperations: [
        { op: 'replace', path: '/throttle/burstLimit', value: '1' },
        { op: 'replace', path: '/throttle/rateLimit', value: '1' },
      ],
    }),
  );
  expect([await statusWith(keyValue), await statusWith(keyValue)]).toEqual([200, 429]);

  await client.send(new DeleteUsagePlanKeyCommand({ usagePlanId, keyId: apiKey }));
  expect(await statusWith(keyValue)).toBe(403);
  await expect(client.send(new DeleteUsagePlanCommand({ usagePlanId }))).rejects.toMatchObject({
    name: 'BadRequestException',
  });
  await client.send(
    new UpdateUsagePlanCommand({
      usagePlanId,
      patchOperations: [{ op: 'remove', path: '/apiStages', value: 'abc123:prod' }],
    }),
  );
  await client.send(new DeleteUsagePlanCommand({ usagePlanId }));
  await client.send(new DeleteApiKeyCommand({ apiKey }));
  expect((await client.send(new GetUsagePlansCommand({}))).items ?? []).toEqual([]);
  expect((await client.send(new GetApiKeysCommand({}))).items ?? []).toEqual([]);
});

test('the API refuses as AWS does', async () => {
  const { client, close } = await openControlPlane();
  cleanUps.push(close);
  await client.send(new CreateApiKeyCommand({ name: 'k', value: keyValue }));
  await expect(client.send(new CreateApiKeyCommand({ name: 'k', value: keyValue }))).rejects.toMatchObject({
    name: 'ConflictException',
  });
  await expect(client.send(new DeleteApiKeyCommand({ apiKey: 'none' }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
  await expect(client.send(new CreateApiKeyCommand({ value: 'short' }))).rejects.toMatchObject({
    name: 'BadRequestException',
  });
});
