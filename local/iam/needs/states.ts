import * as z from 'zod';
import type { AccessNeed } from '../access.ts';
import { anything } from './arn.ts';

export type StatesPlace = {
  /** The execution that a task token was made for. */
  executionOf: (taskToken: string) => string | undefined;
};

/** The state machine of an execution, both as ARNs. */
export const machineOf = (executionArn: string): string => {
  const [arn, aws, states, region, account, , machine] = executionArn.split(':');
  return [arn, aws, states, region, account, 'stateMachine', machine].join(':');
};

const named = z.object({
  stateMachineArn: z.string().optional(),
  executionArn: z.string().optional(),
  mapRunArn: z.string().optional(),
  taskToken: z.string().optional(),
});

/** A map run's executions have its label in their machine's name. */
const withoutLabel = (machineArn: string): string => machineArn.split('/')[0] ?? machineArn;

/**
 * What an operation takes: on the machine, the execution or the map run that it names, or on the machine that the
 * token's task belongs to. A token of no task takes nothing: the operation refuses it.
 */
export const statesNeeds = (operation: string, input: unknown, place: StatesPlace): AccessNeed[] => {
  const action = `states:${operation}`;
  const asked = named.safeParse(input).data;
  if (asked?.taskToken !== undefined) {
    const executionArn = place.executionOf(asked.taskToken);
    return executionArn === undefined ? [] : [{ action, resource: withoutLabel(machineOf(executionArn)) }];
  }
  const resource = asked?.mapRunArn ?? asked?.executionArn ?? asked?.stateMachineArn;
  return [{ action, resource: resource ?? anything }];
};
