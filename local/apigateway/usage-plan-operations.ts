import {
  badRequest,
  type ControlOperation,
  newId,
  notFound,
  pageOf,
  parseBody,
  plain,
} from './control-operation.ts';
import { patchPlan, patchSchema } from './patch-operations.ts';
import { planSchema, type UsagePlan, type UsagePlans } from './usage-plans.ts';

const newPlanSchema = planSchema.omit({ id: true }).extend({
  apiStages: planSchema.shape.apiStages.default([]),
});

/** CreateUsagePlan, GetUsagePlans, GetUsagePlan, UpdateUsagePlan, DeleteUsagePlan. */
export const usagePlanOperations = (store: UsagePlans): ControlOperation[] => {
  const planOf = (id = ''): UsagePlan => {
    const plan = store.plans().find((one) => one.id === id);
    if (plan) return plan;
    throw notFound('Invalid Usage Plan ID specified');
  };
  return [
    {
      method: 'POST',
      path: /^\/usageplans$/,
      async run({ body }) {
        const plan = { ...parseBody(newPlanSchema, body), id: newId(6) };
        await store.change({ kind: 'plan', plan });
        return { status: 201, value: plain(plan) };
      },
    },
    {
      method: 'GET',
      path: /^\/usageplans$/,
      async run({ query }) {
        const keyId = query.get('keyId');
        const isOfKey = ({ id }: UsagePlan) =>
          store.planKeys().some((one) => one.keyId === keyId && one.planId === id);
        const plans = store.plans().filter((plan) => keyId === null || isOfKey(plan));
        return { status: 200, value: pageOf(plans.map(plain), query) };
      },
    },
    {
      method: 'GET',
      path: /^\/usageplans\/([^/]+)$/,
      run: async ({ ids: [id] }) => ({ status: 200, value: plain(planOf(id)) }),
    },
    {
      method: 'PATCH',
      path: /^\/usageplans\/([^/]+)$/,
      async run({ ids: [id], body }) {
        const plan = patchPlan(planOf(id), parseBody(patchSchema, body).patchOperations);
        await store.change({ kind: 'plan', plan });
        return { status: 200, value: plain(plan) };
      },
    },
    {
      method: 'DELETE',
      path: /^\/usageplans\/([^/]+)$/,
      async run({ ids: [id] }) {
        const plan = planOf(id);
        if (plan.apiStages.length > 0) {
          throw badRequest(
            `Cannot delete usage plan ${plan.id} because there are API Stages associated with it`,
          );
        }
        await store.change({ kind: 'plan gone', id: plan.id });
        return { status: 202 };
      },
    },
  ];
};
