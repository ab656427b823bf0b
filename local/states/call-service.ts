import type { JsonValue } from '../json.ts';
import { lambdaIntegration, type TaskResource } from './definition/resource.ts';
import type { ExecutionEntry, LiveExecution } from './execution.ts';
import type { Frame, TaskPhase } from './frame.ts';
import { stateOfType } from './frame-tree.ts';
import { type Integration, type TaskContext, TaskError } from './integration.ts';
import { type NestedStart, nestedIntegrations, readNestedStart } from './nested.ts';
import { withMetadata } from './response-metadata.ts';
import type { TaskOutcome } from './settle.ts';
import { resourceOf } from './state/task.ts';

export type ServiceDeps = {
  integrations: Readonly<Record<string, Integration>>;
  roleOf(machineArn: string): string;
  /** Starts another execution, or finds the one it started before a crash. */
  startNested(start: NestedStart): Promise<ExecutionEntry>;
  admitStart: AdmitStart;
};

/** Lets the start of another execution pass, or fails with TaskError. */
export type AdmitStart = <Answer>(
  context: TaskContext,
  start: { stateMachineArn: string; name: string; isSdk?: boolean },
  perform: () => Promise<Answer>,
) => Promise<Answer>;

const payloadOf = (result: JsonValue): JsonValue =>
  result !== null && typeof result === 'object' && !Array.isArray(result) ? (result.Payload ?? null) : result;

/** What lambda:invoke sends: a text is the payload itself, and nothing stands for an empty object. */
const withPayload = (args: JsonValue): JsonValue => {
  if (args === null || typeof args !== 'object' || Array.isArray(args)) return args;
  const { Payload } = args;
  if (typeof Payload !== 'string') return { ...args, Payload: Payload ?? {} };
  try {
    const payload: JsonValue = JSON.parse(Payload);
    return { ...args, Payload: payload };
  } catch (error) {
    const cause = `Could not parse request body into json: ${String(error)}`;
    throw new TaskError('Lambda.InvalidRequestContentException', cause);
  }
};

/** Whether the engine can carry out the resource, given these integrations. */
export const isServed = (
  resource: TaskResource,
  integrations: Readonly<Record<string, Integration>>,
): boolean => {
  if (resource.kind === 'lambda') return lambdaIntegration in integrations;
  const isNested = nestedIntegrations.has(resource.integration);
  if (resource.pattern === 'sync' || resource.pattern === 'sync:2') return isNested;
  return isNested || resource.integration in integrations;
};

/** Calls a service by the key of its integration; fails with TaskError. */
export const callIntegration = (
  integrations: Readonly<Record<string, Integration>>,
  key: string,
  args: JsonValue,
  context: Parameters<Integration>[1],
): Promise<JsonValue> => {
  const integration = integrations[key];
  if (integration === undefined) throw new TaskError('States.Runtime', `'${key}' is not served.`);
  return integration(args, context);
};

/** Makes the caller of services; whatever a call throws becomes a failed task. */
export const createServiceCaller =
  ({ integrations, roleOf, startNested, admitStart }: ServiceDeps) =>
  async (execution: LiveExecution, frame: Frame, phase: TaskPhase): Promise<TaskOutcome> => {
    const { entry } = execution;
    const resource = resourceOf(stateOfType(execution, frame, 'Task'));
    const context = {
      executionArn: entry.arn,
      stateName: frame.state,
      caller: phase.roleArn ?? roleOf(entry.machineArn),
    };

    const callNested = async (how: {
      isSdk: boolean;
      isAwaited: boolean;
    }): Promise<{ arn: string; output: JsonValue }> => {
      const start = readNestedStart(phase.arguments, entry.arn, phase.scheduledEventId, how);
      const { arn, startedAtMs } = await admitStart(context, start, () => startNested(start));
      const output = how.isSdk
        ? { ExecutionArn: arn, StartDate: new Date(startedAtMs).toISOString() }
        : withMetadata({ ExecutionArn: arn, StartDate: startedAtMs });
      return { arn, output };
    };

    const call = async (): Promise<TaskOutcome> => {
      if (resource.kind === 'lambda') {
        const request = { FunctionName: resource.functionArn, Payload: phase.arguments };
        return {
          kind: 'succeeded',
          result: payloadOf(await callIntegration(integrations, lambdaIntegration, request, context)),
        };
      }
      const { integration, pattern, resourceType } = resource;
      const args = integration === lambdaIntegration ? withPayload(phase.arguments) : phase.arguments;
      const isNested = nestedIntegrations.has(integration) && !(integration in integrations);
      const how = {
        isSdk: resourceType.startsWith('aws-sdk:'),
        isAwaited: pattern === 'sync' || pattern === 'sync:2',
      };
      const { arn, output } = isNested
        ? await callNested(how)
        : { arn: undefined, output: await callIntegration(integrations, integration, args, context) };
      if (pattern === 'requestResponse') return { kind: 'succeeded', result: output };
      return {
        kind: 'submitted',
        output,
        awaitedExecution: pattern === 'waitForTaskToken' ? undefined : arn,
      };
    };

    try {
      return await call();
    } catch (error) {
      const isRefused = resource.kind === 'service' && resource.pattern !== 'requestResponse';
      return error instanceof TaskError
        ? { kind: 'failed', error: error.error, cause: error.cause, isRefused }
        : { kind: 'failed', error: 'States.TaskFailed', cause: String(error), isRefused };
    }
  };
