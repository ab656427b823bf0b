import {
  APIGatewayClient,
  CreateUsagePlanKeyCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { loadPartners } from '../../../admin/commands/load-partners.ts';
import { ensureUsagePlan, setPlan } from '../../../admin/commands/usage-plan.ts';
import { partnersTable } from '../../../functions/shared/partners-table.ts';
import { createControlPlane } from '../../../local/apigateway/control-plane.ts';
import { openUsagePlans } from '../../../local/apigateway/usage-plans.ts';
import { systemClock } from '../../../local/clock.ts';
import { serve } from '../../../local/http/serve.ts';
import { mockApiGateway } from '../api-gateway.ts';
import { useLocalTarget } from '../local-target.ts';

const local = useLocalTarget();
let gateway: ReturnType<typeof mockApiGateway>;

beforeEach(async () => {
  gateway = mockApiGateway(local.target);
  const partners = [
    'shop,Example Shop,en,USD,no',
    'mill,Example Mill,en,USD,no',
    'inn,Example Inn,en,USD,no',
  ];
  await loadPartners(
    local.target,
    await local.file('partnerId,name,language,currencies,pricesIncludeTax', ...partners),
  );
});

const usageKey = async (partnerId: string) =>
  (await partnersTable(local.target.dynamodb, () => local.target.tables.partners).readPartner(partnerId))
    ?.usageKey;

test('a new plan has the limits given, and the default ones where none are', async () => {
  expect(await setPlan(local.target, 'shop', { rate: 50, quota: 500 })).toEqual({
    rate: 50,
    burst: 20,
    quota: 500,
    period: 'DAY',
  });
  expect(gateway.held.plans).toMatchObject([
    { throttle: { rateLimit: 50, burstLimit: 20 }, quota: { limit: 500, period: 'DAY' } },
  ]);
  expect(gateway.mock.commandCalls(UpdateUsagePlanCommand)).toHaveLength(0);
});

test('an existing plan keeps the limits not named', async () => {
  await setPlan(local.target, 'shop', { rate: 50, quota: 500 });
  expect(await setPlan(local.target, 'shop', { burst: 99, period: 'MONTH' })).toEqual({
    rate: 50,
    burst: 99,
    quota: 500,
    period: 'MONTH',
  });
  expect(gateway.mock.commandCalls(UpdateUsagePlanCommand).map(({ args }) => args[0].input)).toEqual([
    {
      usagePlanId: 'plan0',
      patchOperations: [
        { op: 'replace', path: '/throttle/rateLimit', value: '50' },
        { op: 'replace', path: '/throttle/burstLimit', value: '99' },
        { op: 'replace', path: '/quota/limit', value: '500' },
        { op: 'replace', path: '/quota/period', value: 'MONTH' },
      ],
    },
  ]);
});

test('each partner has a plan and a metering id of its own, made once', async () => {
  for (const partner of ['shop', 'mill', 'inn', 'shop', 'mill', 'inn'])
    await ensureUsagePlan(local.target, partner);
  expect(gateway.held.plans.map(({ keyIds }) => keyIds)).toEqual([['key0'], ['key1'], ['key2']]);
  const usageKeys = await Promise.all(['shop', 'mill', 'inn'].map(usageKey));
  expect(gateway.held.keys.map(({ value }) => value)).toEqual(usageKeys);
  expect(new Set(usageKeys).size).toBe(3);
});

test('what a crash left unfinished is finished', async () => {
  gateway.mock.on(CreateUsagePlanKeyCommand).rejectsOnce(new Error('connection reset'));
  await expect(ensureUsagePlan(local.target, 'shop')).rejects.toThrow('connection reset');
  gateway = mockApiGateway(local.target, gateway.held);
  await ensureUsagePlan(local.target, 'shop');
  expect(gateway.held).toMatchObject({
    keys: [{ value: await usageKey('shop') }],
    plans: [{ keyIds: ['key0'] }],
  });
});

test('a partner that is not on file gets no plan', async () => {
  await expect(setPlan(local.target, 'nobody', {})).rejects.toThrow(/no partner nobody/);
  expect(gateway.held).toEqual({ keys: [], plans: [] });
});

test('a plan made and changed over the wire meters the partner by the id in its profile', async () => {
  const usagePlans = await openUsagePlans(local.folder, { plans: [], keys: [], planKeys: [] });
  const server = await serve(createControlPlane({ usagePlans, apis: [], clock: systemClock }), { port: 0 });
  onTestFinished(async () => {
    await server.close();
    await usagePlans.close();
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const apiGateway = new APIGatewayClient({ region: 'us-east-1', credentials, endpoint: server.url });
  const target = { ...local.target, apiGateway };
  await setPlan(target, 'shop', { rate: 5 });
  await setPlan(target, 'shop', { burst: 7, quota: 70, period: 'WEEK' });
  const [plan] = usagePlans.plans();
  const [key] = usagePlans.keys();
  expect(usagePlans.plans()).toMatchObject([
    {
      apiStages: [{ apiId: 'api1', stage: 'live' }],
      throttle: { rateLimit: 5, burstLimit: 7 },
      quota: { limit: 70, period: 'WEEK' },
    },
  ]);
  expect(usagePlans.keys()).toMatchObject([{ value: await usageKey('shop'), enabled: true }]);
  expect(usagePlans.planKeys()).toMatchObject([{ planId: plan?.id, keyId: key?.id }]);
});
