import * as z from 'zod';
import { ServiceError } from '../http/service-error.ts';
import type { ApiKey, UsagePlan } from './usage-plans.ts';

export const patchSchema = z.object({
  patchOperations: z
    .array(
      z.object({ op: z.enum(['add', 'remove', 'replace']), path: z.string(), value: z.string().optional() }),
    )
    .default([]),
});
type PatchOperation = z.infer<typeof patchSchema>['patchOperations'][number];

const refuse = ({ op, path }: PatchOperation): never => {
  throw new ServiceError('BadRequestException', `Invalid patch operation specified: ${op} ${path}`);
};

const positive = (operation: PatchOperation): number => {
  const number = Number(operation.value);
  return Number.isFinite(number) && number >= 0 ? number : refuse(operation);
};

const period = (operation: PatchOperation): 'DAY' | 'WEEK' | 'MONTH' => {
  const { value } = operation;
  return value === 'DAY' || value === 'WEEK' || value === 'MONTH' ? value : refuse(operation);
};

const stageOf = (operation: PatchOperation): { apiId: string; stage: string } => {
  const [apiId, stage] = (operation.value ?? '').split(':');
  return apiId && stage ? { apiId, stage } : refuse(operation);
};

const noThrottle = { rateLimit: 0, burstLimit: 0 };
const noQuota = { limit: 0, period: 'DAY', offset: 0 } as const;

const patchPlanOnce = (plan: UsagePlan, operation: PatchOperation): UsagePlan => {
  const { throttle = noThrottle, quota = noQuota } = plan;
  switch (`${operation.op === 'remove' ? 'remove ' : ''}${operation.path}`) {
    case '/name':
      return { ...plan, name: operation.value ?? plan.name };
    case '/description':
      return { ...plan, description: operation.value };
    case '/throttle/rateLimit':
      return { ...plan, throttle: { ...throttle, rateLimit: positive(operation) } };
    case '/throttle/burstLimit':
      return { ...plan, throttle: { ...throttle, burstLimit: positive(operation) } };
    case 'remove /throttle':
      return { ...plan, throttle: undefined };
    case '/quota/limit':
      return { ...plan, quota: { ...quota, limit: positive(operation) } };
    case '/quota/offset':
      return { ...plan, quota: { ...quota, offset: positive(operation) } };
    case '/quota/period':
      return { ...plan, quota: { ...quota, period: period(operation) } };
    case 'remove /quota':
      return { ...plan, quota: undefined };
    case '/apiStages':
      return { ...plan, apiStages: [...plan.apiStages, { ...stageOf(operation), throttle: {} }] };
    case 'remove /apiStages': {
      const gone = stageOf(operation);
      const stays = plan.apiStages.filter(({ apiId, stage }) => apiId !== gone.apiId || stage !== gone.stage);
      return { ...plan, apiStages: stays };
    }
    default:
      return refuse(operation);
  }
};

/** Applies patch operations in order; throws BadRequestException at the first that is not known. */
export const patchPlan = (plan: UsagePlan, operations: PatchOperation[]): UsagePlan =>
  operations.reduce(patchPlanOnce, plan);

const patchKeyOnce = (key: ApiKey, operation: PatchOperation): ApiKey => {
  switch (operation.path) {
    case '/name':
      return { ...key, name: operation.value ?? key.name };
    case '/description':
      return { ...key, description: operation.value };
    case '/enabled':
      return { ...key, enabled: operation.value === 'true' };
    default:
      return refuse(operation);
  }
};

/** Applies patch operations in order; throws BadRequestException at the first that is not known. */
export const patchKey = (key: ApiKey, operations: PatchOperation[]): ApiKey =>
  operations.reduce(patchKeyOnce, key);
