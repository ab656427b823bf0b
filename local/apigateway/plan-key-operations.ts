import * as z from 'zod';
import type { JsonValue } from '../json.ts';
import { type ControlOperation, conflict, notFound, pageOf, parseBody } from './control-operation.ts';
import type { ApiKey, UsagePlans } from './usage-plans.ts';

const newPlanKeySchema = z.object({ keyId: z.string(), keyType: z.literal('API_KEY') });

/** CreateUsagePlanKey, GetUsagePlanKeys, GetUsagePlanKey, DeleteUsagePlanKey. */
export const planKeyOperations = (store: UsagePlans): ControlOperation[] => {
  const keysOf = (planId: string) => {
    const ids = store
      .planKeys()
      .filter((one) => one.planId === planId)
      .map(({ keyId }) => keyId);
    return store.keys().filter(({ id }) => ids.includes(id));
  };
  const show = ({ id, name, value }: ApiKey): JsonValue => ({ id, type: 'API_KEY', name, value });
  const planKeyOf = (planId: string, keyId: string): ApiKey => {
    const key = keysOf(planId).find(({ id }) => id === keyId);
    if (key) return key;
    throw notFound(`Usage Plan ${planId} or API Key ${keyId} not found.`);
  };
  return [
    {
      method: 'POST',
      path: /^\/usageplans\/([^/]+)\/keys$/,
      async run({ ids: [planId = ''], body }) {
        const { keyId } = parseBody(newPlanKeySchema, body);
        const key = store.keys().find(({ id }) => id === keyId);
        if (key === undefined) throw notFound('Invalid API Key identifier specified');
        if (!store.plans().some(({ id }) => id === planId)) throw notFound('Invalid Usage Plan ID specified');
        if (keysOf(planId).includes(key)) {
          throw conflict('Usage Plan already contains the API Key');
        }
        await store.change({ kind: 'plan key', planKey: { planId, keyId } });
        return { status: 201, value: show(key) };
      },
    },
    {
      method: 'GET',
      path: /^\/usageplans\/([^/]+)\/keys$/,
      async run({ ids: [planId = ''], query }) {
        const prefix = query.get('name') ?? '';
        const keys = keysOf(planId).filter(({ name }) => name.startsWith(prefix));
        return { status: 200, value: pageOf(keys.map(show), query) };
      },
    },
    {
      method: 'GET',
      path: /^\/usageplans\/([^/]+)\/keys\/([^/]+)$/,
      run: async ({ ids: [planId = '', keyId = ''] }) => ({
        status: 200,
        value: show(planKeyOf(planId, keyId)),
      }),
    },
    {
      method: 'DELETE',
      path: /^\/usageplans\/([^/]+)\/keys\/([^/]+)$/,
      async run({ ids: [planId = '', keyId = ''] }) {
        planKeyOf(planId, keyId);
        await store.change({ kind: 'plan key gone', planKey: { planId, keyId } });
        return { status: 202 };
      },
    },
  ];
};
