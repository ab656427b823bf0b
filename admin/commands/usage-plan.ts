import { randomBytes } from 'node:crypto';
import {
  ConflictException,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  type PatchOperation,
  paginateGetApiKeys,
  paginateGetUsagePlanKeys,
  paginateGetUsagePlans,
  UpdateUsagePlanCommand,
  type UsagePlan,
} from '@aws-sdk/client-api-gateway';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { existingPartner, profileKey } from '../partners.ts';
import { Refusal } from '../refusal.ts';
import type { Target } from '../targets.ts';

export const periods = ['DAY', 'WEEK', 'MONTH'] as const;

/** Requests per second, requests at once, and requests in a period that a partner may send. */
export type Limits = { rate: number; burst: number; quota: number; period: (typeof periods)[number] };

/** What a partner gets with its first key. */
export const defaultLimits: Limits = { rate: 10, burst: 20, quota: 10_000, period: 'DAY' };

const nameOf = ({ api }: Target, partnerId: string): string => `rudan-${api.restApiId}-${partnerId}`;

const usageKeySchema = z.object({ usageKey: z.string() });

/** The id that the authorizer meters the partner's requests under, made once. Not a credential. */
const ensureUsageKey = async ({ dynamodb, tables }: Target, partnerId: string): Promise<string> => {
  const { Attributes } = await dynamodb.send(
    new UpdateCommand({
      TableName: tables.partners,
      Key: profileKey(partnerId),
      UpdateExpression: 'SET usageKey = if_not_exists(usageKey, :usageKey)',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':usageKey': `usage-${randomBytes(16).toString('hex')}` },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return usageKeySchema.parse(Attributes).usageKey;
};

const findApiKey = async (target: Target, name: string): Promise<string | undefined> => {
  for await (const page of paginateGetApiKeys({ client: target.apiGateway }, { nameQuery: name })) {
    const found = page.items?.find((key) => key.name === name);
    if (found) return found.id;
  }
  return undefined;
};

const findPlan = async (target: Target, name: string): Promise<UsagePlan | undefined> => {
  for await (const page of paginateGetUsagePlans({ client: target.apiGateway }, {})) {
    const found = page.items?.find((plan) => plan.name === name);
    if (found) return found;
  }
  return undefined;
};

const createPlan = async (
  { apiGateway, api }: Target,
  name: string,
  { rate, burst, quota, period }: Limits,
): Promise<UsagePlan> =>
  apiGateway.send(
    new CreateUsagePlanCommand({
      name,
      apiStages: [{ apiId: api.restApiId, stage: api.stageName }],
      throttle: { rateLimit: rate, burstLimit: burst },
      quota: { limit: quota, period },
    }),
  );

const isOnPlan = async ({ apiGateway }: Target, usagePlanId: string, keyId: string): Promise<boolean> => {
  for await (const page of paginateGetUsagePlanKeys({ client: apiGateway }, { usagePlanId })) {
    if (page.items?.some(({ id }) => id === keyId)) return true;
  }
  return false;
};

const putOnPlan = async (target: Target, usagePlanId: string, keyId: string): Promise<void> => {
  if (await isOnPlan(target, usagePlanId, keyId)) return;
  try {
    await target.apiGateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
  }
};

const identified = (id: string | undefined, what: string): string => {
  if (id === undefined) throw new Error(`API Gateway answered a ${what} without an id`);
  return id;
};

/** Makes whatever is missing of a partner's usage plan; each step can be repeated. A plan that exists keeps its limits. */
const ensurePlan = async (
  target: Target,
  partnerId: string,
  limits: Limits,
): Promise<{ plan: UsagePlan; isNew: boolean }> => {
  const { apiGateway } = target;
  await existingPartner(target, partnerId);
  const name = nameOf(target, partnerId);
  const value = await ensureUsageKey(target, partnerId);
  const keyId =
    (await findApiKey(target, name)) ??
    (await apiGateway.send(new CreateApiKeyCommand({ name, value, enabled: true }))).id;
  const existing = await findPlan(target, name);
  const plan = existing ?? (await createPlan(target, name, limits));
  await putOnPlan(target, identified(plan.id, 'usage plan'), identified(keyId, 'key'));
  return { plan, isNew: !existing };
};

/** Puts a partner on a usage plan of its own, with the default limits when it has none. Throws Refusal. */
export const ensureUsagePlan = async (target: Target, partnerId: string): Promise<void> => {
  await ensurePlan(target, partnerId, defaultLimits);
};

const limitsOf = ({ throttle, quota }: UsagePlan): Limits => ({
  rate: throttle?.rateLimit ?? 0,
  burst: throttle?.burstLimit ?? 0,
  quota: quota?.limit ?? 0,
  period: quota?.period ?? 'DAY',
});

/** Sets a partner's limits; those not named stay as they are, or are the default on a new plan. Throws Refusal. */
export const setPlan = async (
  target: Target,
  partnerId: string,
  wanted: Partial<Limits>,
): Promise<Limits> => {
  const { plan, isNew } = await ensurePlan(target, partnerId, { ...defaultLimits, ...wanted });
  const limits = { ...limitsOf(plan), ...wanted };
  if (limits.burst < 1) throw new Refusal('A burst below 1 lets no request through.');
  if (isNew) return limits;
  const replace = (path: string, value: number | string): PatchOperation => ({
    op: 'replace',
    path,
    value: String(value),
  });
  await target.apiGateway.send(
    new UpdateUsagePlanCommand({
      usagePlanId: plan.id,
      patchOperations: [
        replace('/throttle/rateLimit', limits.rate),
        replace('/throttle/burstLimit', limits.burst),
        replace('/quota/limit', limits.quota),
        replace('/quota/period', limits.period),
      ],
    }),
  );
  return limits;
};
