import { stateOfType } from '../frame-tree.ts';
import type { Beginning } from '../start.ts';
import { childName, executionArn } from './arns.ts';
import type { ChildInput } from './child-inputs.ts';
import type { MapRunPlace } from './drive-map-run.ts';

/** How a child of a map run begins: in its parent's definition, at the first state of the item processor. */
export const childBeginning = (
  { run, execution, frame }: MapRunPlace,
  index: number,
  { input, items }: ChildInput,
  roleOf: (machineArn: string) => string,
): Beginning => {
  const { processor } = stateOfType(execution, frame, 'Map');
  const name = childName(run.arn, index);
  return {
    arn: executionArn(run.machineArn, name),
    machineArn: run.machineArn,
    machine: execution.machine,
    roleArn: roleOf(run.machineArn),
    name,
    input,
    mapRun: { arn: run.arn, index, items, redrives: run.redriveCount },
    region: { path: [...frame.region, [frame.state, 0]], startAt: processor.startAt },
  };
};
