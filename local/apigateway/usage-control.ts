import type { Clock } from '../clock.ts';
import { GatewayError } from './gateway-error.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { openQuotaCounters } from './quota-counters.ts';
import type { StageSpec, ThrottleSpec } from './rest-api-spec.ts';
import { createTokenBuckets } from './token-buckets.ts';
import type { UsagePlan, UsagePlans } from './usage-plans.ts';

type Usage = { plan: UsagePlan; keyId: string };

const findUsage = (
  usagePlans: UsagePlans,
  { api, stage }: GatewayRequest,
  value: string,
): Usage | undefined => {
  const key = usagePlans.keys().find((one) => one.value === value && one.enabled);
  if (key === undefined) return undefined;
  const planIds = usagePlans
    .planKeys()
    .filter(({ keyId }) => keyId === key.id)
    .map(({ planId }) => planId);
  const plan = usagePlans
    .plans()
    .find(
      ({ id, apiStages }) =>
        planIds.includes(id) && apiStages.some((one) => one.apiId === api.id && one.stage === stage.name),
    );
  return plan && { plan, keyId: key.id };
};

const stageThrottle = (
  { throttles }: StageSpec,
  httpMethod: string,
  resourcePath: string,
): ThrottleSpec | undefined =>
  throttles.get(`${httpMethod} ${resourcePath}`) ??
  throttles.get(`* ${resourcePath}`) ??
  throttles.get(`${httpMethod} *`) ??
  throttles.get('* *');

/** Lets a request pass by stage throttle, API key, plan throttle and quota; throws the GatewayError of the first that stops it. */
export const createUsageControl = ({
  usagePlans,
  stateDir,
  clock,
}: {
  usagePlans: UsagePlans;
  stateDir: string;
  clock: Clock;
}) => {
  const buckets = createTokenBuckets(clock);
  const quotas = openQuotaCounters(stateDir, clock);
  const checkKey = (request: GatewayRequest, apiKey: string | undefined) => {
    const { api, stage, route } = request;
    const usage = apiKey === undefined ? undefined : findUsage(usagePlans, request, apiKey);
    if (usage === undefined) throw new GatewayError('INVALID_API_KEY');
    const { plan, keyId } = usage;
    const name = `${plan.id}/${keyId}`;
    const method = `${route.method.resourcePath}/${route.method.httpMethod}`;
    const ofStage = plan.apiStages.find((one) => one.apiId === api.id && one.stage === stage.name);
    const ofMethod = ofStage?.throttle[method];
    const isFree =
      ofMethod !== undefined
        ? buckets.take(`${name}/${method}`, ofMethod)
        : plan.throttle === undefined || buckets.take(name, plan.throttle);
    if (!isFree) throw new GatewayError('THROTTLED');
    if (plan.quota && !quotas.take(name, plan.quota)) throw new GatewayError('QUOTA_EXCEEDED');
  };
  return {
    check(request: GatewayRequest, apiKey: string | undefined) {
      const { api, stage, route } = request;
      const { httpMethod, resourcePath, apiKeyRequired } = route.method;
      const throttle = stageThrottle(stage, httpMethod, resourcePath);
      const name = `${api.id}/${stage.name}/${httpMethod} ${resourcePath}`;
      if (throttle && !buckets.take(name, throttle)) throw new GatewayError('THROTTLED');
      if (apiKeyRequired) checkKey(request, apiKey);
    },
    close: quotas.close,
  };
};
