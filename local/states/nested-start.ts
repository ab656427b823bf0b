import { ServiceError } from '../http/service-error.ts';
import type { ExecutionEntry } from './execution.ts';
import { TaskError } from './integration.ts';
import type { NestedStart } from './nested.ts';

type Starter = {
  start(input: { stateMachineArn: string; name: string; input: string }): Promise<ExecutionEntry>;
  findNamed(machineArn: string, name: string): ExecutionEntry | undefined;
};

/** Starts an execution for a task, or finds the one the same task started before a crash. Throws TaskError. */
export const startNested =
  ({ start, findNamed }: Starter) =>
  async ({ stateMachineArn, name, input, isDerivedName }: NestedStart): Promise<ExecutionEntry> => {
    try {
      return await start({ stateMachineArn, name, input });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const earlier = isDerivedName ? findNamed(stateMachineArn, name) : undefined;
      if (earlier !== undefined) return earlier;
      throw new TaskError(`StepFunctions.${error.code}Exception`, error.message);
    }
  };
