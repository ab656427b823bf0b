import type { FaultPort } from '../../../local/calls/fault-port.ts';
import { allCases, type FaultCase, idOf, type RecordedSites } from './cases.ts';
import { openFaultDesk } from './fault-desk.ts';
import { recordSites } from './record-sites.ts';
import { type CaseResult, createRunner, type Outage, type Runner } from './run-case.ts';
import { tallyOf } from './tally.ts';

export type SweepOptions = {
  createPort: () => FaultPort;
  choose: (cases: readonly FaultCase[]) => readonly FaultCase[];
  outage: Outage;
  tell: (line: string) => void;
};

/** After so many stories a desk is full: to look at it takes longer than to open another, and its shelves are empty. */
const storiesOnDesk = 300;

type Played = { one: FaultCase; result: CaseResult };

/**
 * Lists every call that the stories make, chooses among the faults that these can meet, and plays them one after another
 * on one desk. What a broken case leaves behind is not handed on to the next.
 */
export const sweepFaults = async ({ createPort, choose, outage, tell }: SweepOptions) => {
  let runner: Runner | undefined;
  const close = async () => {
    await runner?.desk.close();
    runner = undefined;
  };
  const open = async (tries: FaultCase['tries']): Promise<Runner> => {
    runner = createRunner(await openFaultDesk(createPort(), { tries }), outage);
    return runner;
  };

  const playAll = async (cases: readonly FaultCase[], tries: FaultCase['tries']): Promise<Played[]> => {
    const played: Played[] = [];
    for (const one of cases.filter((each) => each.tries === tries)) {
      const result = await (runner ?? (await open(tries))).run(one);
      played.push({ one, result });
      if (result.broken.length > 0) tell(`${idOf(one)}: ${result.broken.join('; ')}`);
      if (played.length % storiesOnDesk === 0)
        tell(`${played.length} cases played, clients that try ${tries}`);
      if (result.broken.length > 0 || played.length % storiesOnDesk === 0) await close();
    }
    await close();
    return played;
  };

  try {
    const recorded: RecordedSites[] = await recordSites(
      await open('many'),
      ['prepaid', 'file'],
      ['on account', 'held'],
    );
    const cases = choose(allCases(recorded));
    const played = [...(await playAll(cases, 'many')), ...(await playAll(cases, 'once'))];
    return tallyOf(recorded, played);
  } finally {
    await close();
  }
};
