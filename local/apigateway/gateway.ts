import type { Registry } from '../assembly/registry.ts';
import type { CallPort } from '../calls/call-port.ts';
import type { Clock } from '../clock.ts';
import type { HttpHandler } from '../http/serve.ts';
import type { PoolIssuer } from './cognito-authorizer.ts';
import { createControlPlane } from './control-plane.ts';
import { declaredUsagePlans } from './declared-usage-plans.ts';
import type { InvokeFunction } from './lambda-proxy.ts';
import { createRestApi } from './rest-api.ts';
import type { RestApiSpec } from './rest-api-spec.ts';
import { createUsageControl } from './usage-control.ts';
import { openUsagePlans } from './usage-plans.ts';

export type Gateway = {
  /** The handler of each REST API, by logical id. */
  apis: ReadonlyMap<string, HttpHandler>;
  controlPlane: HttpHandler;
  close(): Promise<void>;
};

export type GatewayOptions = {
  registry: Registry;
  apis: RestApiSpec[];
  stateDir: string;
  clock: Clock;
  region: string;
  accountId: string;
  invoke: InvokeFunction;
  /** What stands at the door of API Gateway's own API. */
  guard?: Parameters<typeof createControlPlane>[0]['guard'];
  issuerOf: (poolArn: string) => PoolIssuer | undefined;
  reach?: CallPort['reach'] | undefined;
};

/** API Gateway: all REST APIs, their common usage plans and API keys, and the API to change those. */
export const createGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const { registry, apis, stateDir, clock, reach } = options;
  const usagePlans = await openUsagePlans(stateDir, declaredUsagePlans(registry, clock.now()), reach);
  const usage = createUsageControl({ usagePlans, stateDir, clock });
  return {
    apis: new Map(
      apis.map((api) => [api.logicalId, createRestApi({ ...options, api, checkUsage: usage.check })]),
    ),
    controlPlane: createControlPlane({ usagePlans, apis, clock, guard: options.guard }),
    async close() {
      await usage.close();
      await usagePlans.close();
    },
  };
};
