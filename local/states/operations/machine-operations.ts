import * as z from 'zod';
import type { JsonOperation } from '../../http/aws-json.ts';
import { ServiceError } from '../../http/service-error.ts';
import type { JsonValue } from '../../json.ts';
import type { Machine } from '../definition/load-machine.ts';
import { readInput } from './input.ts';
import { pageFields, pageOf } from './page.ts';

export type NamedMachine = Machine & { arn: string; name: string; roleArn: string; createdAtMs: number };

const summaryOf = ({ arn, name, createdAtMs }: NamedMachine): Record<string, JsonValue> => ({
  stateMachineArn: arn,
  name,
  type: 'STANDARD',
  creationDate: createdAtMs / 1000,
});

/** The machine of that ARN; throws StateMachineDoesNotExist. */
export const findMachine = (machines: ReadonlyMap<string, NamedMachine>, arn: string): NamedMachine => {
  const machine = machines.get(arn);
  if (machine !== undefined) return machine;
  throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
};

/** DescribeStateMachine and ListStateMachines. */
export const machineOperations = (
  machines: ReadonlyMap<string, NamedMachine>,
): Record<string, JsonOperation> => ({
  async DescribeStateMachine(given) {
    const { stateMachineArn } = readInput(z.object({ stateMachineArn: z.string() }), given);
    const machine = findMachine(machines, stateMachineArn);
    const { definition, roleArn } = machine;
    return { ...summaryOf(machine), status: 'ACTIVE', definition, roleArn };
  },

  async ListStateMachines(given) {
    const { page, nextToken } = pageOf([...machines.values()], readInput(z.object(pageFields), given));
    return { stateMachines: page.map(summaryOf), ...(nextToken === undefined ? {} : { nextToken }) };
  },
});
