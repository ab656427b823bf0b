import { randomUUID } from 'node:crypto';
import { ServiceError } from '../http/service-error.ts';
import type { ExecutionEntry } from './execution.ts';
import { TaskError } from './integration.ts';
import type { NestedStart } from './nested.ts';

type Starter = {
  start(input: Omit<NestedStart, 'isDerivedName' | 'isSdk'>): Promise<ExecutionEntry>;
  findNamed(machineArn: string, name: string): ExecutionEntry | undefined;
};

/** The error of a refused start as each of the two integrations tells of it. */
const toTaskError = ({ code, message, status }: ServiceError, isSdk: boolean): TaskError => {
  const requestId = randomUUID();
  if (isSdk) {
    const about = `Service: Sfn, Status Code: ${status}, Request ID: ${requestId}`;
    return new TaskError(`Sfn.${code}Exception`, `${message} (${about})`);
  }
  const about = `Service: AWSStepFunctions; Status Code: ${status}; Error Code: ${code}; Request ID: ${requestId}`;
  return new TaskError(`StepFunctions.${code}Exception`, `${message} (${about}; Proxy: null)`);
};

/** Starts an execution for a task, or finds the one the same task started before a crash. Throws TaskError. */
export const startNested =
  ({ start, findNamed }: Starter) =>
  async ({ isDerivedName, isSdk, ...given }: NestedStart): Promise<ExecutionEntry> => {
    try {
      return await start(given);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const earlier = isDerivedName ? findNamed(given.stateMachineArn, given.name) : undefined;
      if (earlier !== undefined) return earlier;
      throw toTaskError(error, isSdk);
    }
  };
