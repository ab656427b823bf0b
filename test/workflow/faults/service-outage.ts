import { siteOf } from '../../../local/calls/call.ts';
import type { Fault } from '../../../local/calls/fault.ts';
import type { FaultPort } from '../../../local/calls/fault-port.ts';

/** The name of all sites of a service at once, those included that no story passes without a fault. */
export const allOf = (service: string): string => `* ${service}`;

/** The operator looks on; and as long as the API answers, work goes on coming in to what lies behind it. */
const isSpared = (caller: string): boolean => /:user\/|:execute-api:|-Api\w+Function/.test(caller);

/** A fault port that can also be armed for a whole service: each of its sites behind the API is, as it is passed. */
export const withServiceOutages = (port: FaultPort): FaultPort => {
  let outages: Fault[] = [];
  const armed = new Set<string>();
  return {
    ...port,
    arm: (fault) => {
      if (fault.site.startsWith(allOf(''))) outages.push(fault);
      else port.arm(fault);
    },
    disarm: () => {
      outages = [];
      armed.clear();
      port.disarm();
    },
    pass: (call, perform, line) => {
      const site = siteOf(call);
      const outage = outages.find((fault) => fault.site === allOf(call.service));
      if (outage && !armed.has(site) && !isSpared(call.caller)) {
        armed.add(site);
        port.arm({ ...outage, site });
      }
      return port.pass(call, perform, line);
    },
  };
};
