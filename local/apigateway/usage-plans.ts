import { join } from 'node:path';
import * as z from 'zod';
import type { CallPort } from '../calls/call-port.ts';
import { openRecordLog } from '../durable/record-log.ts';

const throttleSchema = z.object({ rateLimit: z.number(), burstLimit: z.number() });
const quotaSchema = z.object({
  limit: z.number(),
  period: z.enum(['DAY', 'WEEK', 'MONTH']),
  offset: z.number().default(0),
});
export const planSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  apiStages: z.array(
    z.object({
      apiId: z.string(),
      stage: z.string(),
      /** By `{resource path}/{METHOD}`. */
      throttle: z.record(z.string(), throttleSchema).default({}),
    }),
  ),
  throttle: throttleSchema.optional(),
  quota: quotaSchema.optional(),
});
const keySchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  value: z.string(),
  enabled: z.boolean(),
  createdDate: z.number(),
  lastUpdatedDate: z.number(),
});
const planKeySchema = z.object({ planId: z.string(), keyId: z.string() });

export type UsagePlan = z.infer<typeof planSchema>;
export type ApiKey = z.infer<typeof keySchema>;
type PlanKey = z.infer<typeof planKeySchema>;

const recordSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('plan'), plan: planSchema }),
  z.object({ kind: z.literal('plan gone'), id: z.string() }),
  z.object({ kind: z.literal('key'), key: keySchema }),
  z.object({ kind: z.literal('key gone'), id: z.string() }),
  z.object({ kind: z.literal('plan key'), planKey: planKeySchema }),
  z.object({ kind: z.literal('plan key gone'), planKey: planKeySchema }),
]);
type UsageRecord = z.infer<typeof recordSchema>;

export type Declared = { plans: UsagePlan[]; keys: ApiKey[]; planKeys: PlanKey[] };

export type UsagePlans = {
  plans(): UsagePlan[];
  keys(): ApiKey[];
  planKeys(): PlanKey[];
  /** Resolves once the change is on disk. */
  change(record: UsageRecord): Promise<void>;
  close(): Promise<void>;
};

const planKeyId = ({ planId, keyId }: PlanKey) => `${planId}/${keyId}`;

/** Plans, keys and which key is in which plan: the templates' own, and those made while running. */
export const openUsagePlans = async (
  stateDir: string,
  declared: Declared,
  reach?: CallPort['reach'],
): Promise<UsagePlans> => {
  const plans = new Map(declared.plans.map((plan) => [plan.id, plan]));
  const keys = new Map(declared.keys.map((key) => [key.id, key]));
  const planKeys = new Map(declared.planKeys.map((planKey) => [planKeyId(planKey), planKey]));
  const changed = new Map<string, UsageRecord>();

  const forgetPlanKeys = (belongs: (planKey: PlanKey) => boolean) => {
    for (const [id, planKey] of planKeys) if (belongs(planKey)) planKeys.delete(id);
  };
  const apply = (record: UsageRecord) => {
    switch (record.kind) {
      case 'plan':
        plans.set(record.plan.id, record.plan);
        changed.set(`plan ${record.plan.id}`, record);
        break;
      case 'plan gone':
        plans.delete(record.id);
        forgetPlanKeys(({ planId }) => planId === record.id);
        changed.set(`plan ${record.id}`, record);
        break;
      case 'key':
        keys.set(record.key.id, record.key);
        changed.set(`key ${record.key.id}`, record);
        break;
      case 'key gone':
        keys.delete(record.id);
        forgetPlanKeys(({ keyId }) => keyId === record.id);
        changed.set(`key ${record.id}`, record);
        break;
      case 'plan key':
        planKeys.set(planKeyId(record.planKey), record.planKey);
        changed.set(`plan key ${planKeyId(record.planKey)}`, record);
        break;
      case 'plan key gone':
        planKeys.delete(planKeyId(record.planKey));
        changed.set(`plan key ${planKeyId(record.planKey)}`, record);
        break;
      default:
        record satisfies never;
    }
  };
  const log = await openRecordLog<UsageRecord>({
    file: join(stateDir, 'usage-plans.jsonl'),
    name: 'usage-plans',
    reach,
    parse: (line) => recordSchema.parse(line),
    apply,
    snapshot: () => [...changed.values()],
  });
  return {
    plans: () => [...plans.values()],
    keys: () => [...keys.values()],
    planKeys: () => [...planKeys.values()],
    change: log.append,
    close: log.close,
  };
};
