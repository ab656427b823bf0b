import { rm } from 'node:fs/promises';
import { synthesize } from '../../../demo/synthesize.ts';
import type { FaultPort } from '../../../local/calls/fault-port.ts';
import { createVirtualClock } from '../../../local/clock.ts';
import { openTestDesk } from '../test-desk.ts';
import type { FaultCase } from './cases.ts';
import { deskEyes } from './desk-eyes.ts';
import { createDeskTime } from './desk-time.ts';
import { impatientAssembly } from './impatient-assembly.ts';
import { withServiceOutages } from './service-outage.ts';
import { watchedPort } from './watched-port.ts';

/**
 * A desk whose time stands still until told, whose sweep comes by on the fives, and whose calls pass the port.
 */
export const openFaultDesk = async (sites: FaultPort, { tries }: Pick<FaultCase, 'tries'>) => {
  const port = withServiceOutages(sites);
  const clock = createVirtualClock(Date.now());
  const { calls, untilHeld } = watchedPort(port);
  const cdkOut = tries === 'once' ? await impatientAssembly(await synthesize()) : undefined;
  const desk = await openTestDesk({ clock, calls, schedules: false, ...(cdkOut && { cdkOut }) });
  return {
    port,
    endpoints: desk.endpoints,
    time: createDeskTime({ cloud: desk.cloud, clock, sweepRule: 'EveryFiveMinutes', untilHeld }),
    eyes: await deskEyes(desk),
    close: async () => {
      await desk.close();
      if (cdkOut) await rm(cdkOut, { recursive: true });
    },
  };
};

export type FaultDesk = Awaited<ReturnType<typeof openFaultDesk>>;
