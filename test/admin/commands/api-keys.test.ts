import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, test } from 'vitest';
import { issueKey, listKeys, revokeKey, rotateKey } from '../../../admin/commands/api-keys.ts';
import { loadPartners } from '../../../admin/commands/load-partners.ts';
import { hashApiKey, isWellFormedApiKey } from '../../../functions/shared/api-key.ts';
import { partnersTable } from '../../../functions/shared/partners-table.ts';
import { mockApiGateway } from '../api-gateway.ts';
import { useLocalTarget } from '../local-target.ts';

const local = useLocalTarget();
let gateway: ReturnType<typeof mockApiGateway>;

beforeEach(async () => {
  gateway = mockApiGateway(local.target);
  const partners = ['shop,Example Shop,en,USD,no', 'mill,Example Mill,en,USD,no'];
  await loadPartners(
    local.target,
    await local.file('partnerId,name,language,currencies,pricesIncludeTax', ...partners),
  );
});

const findKey = (key: string) =>
  partnersTable(local.target.dynamodb, () => local.target.tables.partners).findKey(hashApiKey(key));

test('an issued key leads to its partner, and nothing stored holds it', async () => {
  const { key, keyId, partnerId } = await issueKey(local.target, 'shop');
  expect(isWellFormedApiKey(key)).toBe(true);
  expect(partnerId).toBe('shop');
  expect(await findKey(key)).toEqual({ partnerId: 'shop', keyId });
  const { Items } = await local.target.dynamodb.send(
    new ScanCommand({ TableName: local.target.tables.partners }),
  );
  expect(JSON.stringify(Items)).toContain(hashApiKey(key));
  expect(JSON.stringify(Items)).not.toContain(key.slice(8));
  expect(JSON.stringify(gateway.held)).not.toContain(key.slice(3, 20));
});

test('an issued key puts its partner on a usage plan, under the id that its profile holds', async () => {
  await issueKey(local.target, 'shop');
  const partner = await partnersTable(local.target.dynamodb, () => local.target.tables.partners).readPartner(
    'shop',
  );
  expect(gateway.held.keys).toMatchObject([{ value: partner?.usageKey }]);
  expect(gateway.held.plans).toMatchObject([
    {
      apiStages: [{ apiId: 'api1', stage: 'live' }],
      throttle: { rateLimit: 10, burstLimit: 20 },
      quota: { limit: 10_000, period: 'DAY' },
      keyIds: ['key0'],
    },
  ]);
});

test('a partner has two live keys at most, and both work until one is revoked', async () => {
  const first = await issueKey(local.target, 'shop');
  await expect(issueKey(local.target, 'shop')).rejects.toThrow(/has a live key already/);
  const second = await rotateKey(local.target, 'shop');
  await expect(rotateKey(local.target, 'shop')).rejects.toThrow(/2 live keys.*Revoke one first/);
  expect(await findKey(first.key)).toBeDefined();
  expect(await findKey(second.key)).toBeDefined();

  await revokeKey(local.target, 'shop', first.keyId);
  expect(await findKey(first.key)).toBeUndefined();
  expect(await findKey(second.key)).toEqual({ partnerId: 'shop', keyId: second.keyId });

  await rotateKey(local.target, 'shop');
  const keys = await listKeys(local.target, 'shop');
  expect(keys.map(({ revokedAt }) => revokedAt !== undefined).toSorted()).toEqual([false, false, true]);
  expect(gateway.held.plans).toHaveLength(1);
});

test('however many ask at once, two keys live', async () => {
  await issueKey(local.target, 'shop');
  const rotations = await Promise.allSettled(
    Array.from({ length: 5 }, () => rotateKey(local.target, 'shop')),
  );
  expect(rotations.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const keys = await listKeys(local.target, 'shop');
  expect(keys.filter(({ revokedAt }) => revokedAt === undefined)).toHaveLength(2);
});

test('a list shows how to tell keys, never what they are', async () => {
  const { key, keyId } = await issueKey(local.target, 'shop');
  expect(await listKeys(local.target, 'shop')).toEqual([
    { keyId, prefix: key.slice(0, 8), createdAt: '2026-03-02T08:00:00.000Z' },
  ]);
});

test('revoking twice changes nothing', async () => {
  const { keyId } = await issueKey(local.target, 'shop');
  const first = await revokeKey(
    { ...local.target, now: () => new Date('2026-03-03T08:00:00Z') },
    'shop',
    keyId,
  );
  expect(first.revokedAt).toBe('2026-03-03T08:00:00.000Z');
  expect(
    await revokeKey({ ...local.target, now: () => new Date('2026-03-04T08:00:00Z') }, 'shop', keyId),
  ).toEqual(first);
});

test('a key is revoked only as its own partner’s', async () => {
  const { key, keyId } = await issueKey(local.target, 'shop');
  await expect(revokeKey(local.target, 'mill', keyId)).rejects.toThrow(/mill has no key/);
  expect(await findKey(key)).toBeDefined();
});

test('a partner without a live key is given one by issue, not by rotate', async () => {
  await expect(rotateKey(local.target, 'shop')).rejects.toThrow(/no live key/);
  const { keyId } = await issueKey(local.target, 'shop');
  await revokeKey(local.target, 'shop', keyId);
  await expect(issueKey(local.target, 'shop')).resolves.toMatchObject({ partnerId: 'shop' });
});

test.for([issueKey, rotateKey, listKeys].map((command) => ({ name: command.name, command })))(
  '$name refuses a partner that is not on file',
  async ({ command }) => {
    await expect(command(local.target, 'nobody')).rejects.toThrow(/no partner nobody/);
  },
);

test('no key is made when the usage plan cannot be', async () => {
  gateway.mock.reset();
  gateway.mock.rejects(new Error('access denied'));
  await expect(issueKey(local.target, 'shop')).rejects.toThrow('access denied');
  expect(await listKeys(local.target, 'shop')).toEqual([]);
});
