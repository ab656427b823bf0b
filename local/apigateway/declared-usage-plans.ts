import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Registry } from '../assembly/registry.ts';
import type { Declared } from './usage-plans.ts';

const throttleSchema = z.object({
  RateLimit: z.coerce.number().optional(),
  BurstLimit: z.coerce.number().optional(),
});
const planSchema = z.object({
  UsagePlanName: z.string().optional(),
  Description: z.string().optional(),
  ApiStages: z
    .array(
      z.object({
        ApiId: z.string(),
        Stage: z.string(),
        Throttle: z.record(z.string(), throttleSchema).default({}),
      }),
    )
    .default([]),
  Throttle: throttleSchema.optional(),
  Quota: z
    .object({
      Limit: z.coerce.number(),
      Period: z.enum(['DAY', 'WEEK', 'MONTH']),
      Offset: z.coerce.number().default(0),
    })
    .optional(),
});
const keySchema = z.object({
  Name: z.string().optional(),
  Description: z.string().optional(),
  Value: z.string().optional(),
  Enabled: z.union([z.boolean(), z.stringbool()]).default(false),
});
const planKeySchema = z.object({ UsagePlanId: z.string(), KeyId: z.string() });

/** Large enough never to bind, and a number that JSON can hold. */
const unlimited = Number.MAX_SAFE_INTEGER;

const throttleOf = (declared: z.infer<typeof throttleSchema> | undefined) =>
  declared && { rateLimit: declared.RateLimit ?? unlimited, burstLimit: declared.BurstLimit ?? unlimited };

/** AWS makes up the value of a key that has none; here it stays the same from one start to the next. */
const madeUpValue = (id: string): string =>
  createHash('sha256').update(`api key ${id}`).digest('base64url').slice(0, 40);

/** The usage plans and API keys of the templates. */
export const declaredUsagePlans = (registry: Registry, nowMs: number): Declared => ({
  plans: registry.ofType('AWS::ApiGateway::UsagePlan').map((resource) => {
    const declared = resource.read(planSchema);
    const { Quota: quota } = declared;
    return {
      id: resource.ref,
      name: declared.UsagePlanName ?? resource.logicalId,
      description: declared.Description,
      apiStages: declared.ApiStages.map(({ ApiId: apiId, Stage: stage, Throttle: throttle }) => ({
        apiId,
        stage,
        throttle: Object.fromEntries(
          Object.entries(throttle).flatMap(([method, limits]) => {
            const read = throttleOf(limits);
            return read ? [[method, read]] : [];
          }),
        ),
      })),
      throttle: throttleOf(declared.Throttle),
      quota: quota && { limit: quota.Limit, period: quota.Period, offset: quota.Offset },
    };
  }),
  keys: registry.ofType('AWS::ApiGateway::ApiKey').map((resource) => {
    const declared = resource.read(keySchema);
    return {
      id: resource.ref,
      name: declared.Name ?? resource.logicalId,
      description: declared.Description,
      value: declared.Value ?? madeUpValue(resource.ref),
      enabled: declared.Enabled,
      createdDate: nowMs,
      lastUpdatedDate: nowMs,
    };
  }),
  planKeys: registry.ofType('AWS::ApiGateway::UsagePlanKey').map((resource) => {
    const { UsagePlanId: planId, KeyId: keyId } = resource.read(planKeySchema);
    return { planId, keyId };
  }),
});
