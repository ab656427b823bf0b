import * as z from 'zod';
import type { JsonValue } from '../../json.ts';
import { parseResource, type TaskResource } from '../definition/resource.ts';
import type { TaskState } from '../definition/state-schemas.ts';
import type { Scope } from '../expression/evaluate.ts';
import { dataLimitExceeded, StateFailure } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { stateOfType } from '../frame-tree.ts';
import { isTooLarge } from '../limits.ts';
import { scopeOf } from '../scope.ts';
import { emit, type Turn } from '../turn.ts';
import { leaveState } from './leave.ts';

/** The resource of a frame's Task; loading has made sure that it can be read. */
export const resourceOf = ({ Resource }: TaskState): TaskResource => {
  const resource = parseResource(Resource);
  if (resource === undefined) throw new Error(`'${Resource}' is no function or service integration.`);
  return resource;
};

const eventNames = (resource: TaskResource) =>
  resource.kind === 'lambda'
    ? { prefix: 'LambdaFunction', details: {} }
    : { prefix: 'Task', details: { resource: resource.resource, resourceType: resource.resourceType } };

const seconds = async (turn: Turn, scope: Scope, field: string, template: JsonValue | undefined) =>
  template === undefined
    ? undefined
    : turn.surroundings.evaluator.fillAs(z.int().min(1), 'number', template, field, scope);

const text = (turn: Turn, scope: Scope, field: string, template: string) =>
  turn.surroundings.evaluator.fillAs(z.string(), 'string', template, field, scope);

const emitScheduled = (
  turn: Turn,
  frame: Frame,
  resource: TaskResource,
  args: JsonValue,
  limits: { timeoutInSeconds: number | undefined; heartbeatInSeconds: number | undefined },
  roleArn: string | undefined,
): number => {
  const taskCredentials = roleArn === undefined ? undefined : { roleArn };
  if (resource.kind === 'lambda') {
    const { timeoutInSeconds } = limits;
    const details = { input: args, resource: resource.functionArn, timeoutInSeconds, taskCredentials };
    const id = emit(turn, frame, 'LambdaFunctionScheduled', details);
    emit(turn, frame, 'LambdaFunctionStarted');
    return id;
  }
  const { resourceType, resource: name } = resource;
  const { region } = turn.surroundings;
  const details = { parameters: args, region, resource: name, resourceType, ...limits, taskCredentials };
  const id = emit(turn, frame, 'TaskScheduled', details);
  emit(turn, frame, 'TaskStarted', { resource: name, resourceType });
  return id;
};

/** Schedules the task; the service is called once this is on disk. */
export const runTask = async (turn: Turn, frame: Frame, state: TaskState): Promise<void> => {
  const resource = resourceOf(state);
  // What is awaited with .sync can be answered by its token too.
  const needsToken = resource.kind === 'service' && resource.pattern !== 'requestResponse';
  const token = needsToken ? turn.surroundings.newToken(turn.execution.entry.arn, frame.id) : undefined;
  const scope = scopeOf(turn, frame, { token });
  const args =
    state.Arguments === undefined
      ? frame.input
      : await turn.surroundings.evaluator.fill(state.Arguments, 'Arguments', scope);
  if (isTooLarge(args)) throw dataLimitExceeded(frame.state);
  const timeoutInSeconds = await seconds(turn, scope, 'TimeoutSeconds', state.TimeoutSeconds);
  const heartbeatInSeconds = await seconds(turn, scope, 'HeartbeatSeconds', state.HeartbeatSeconds);
  const limits = { timeoutInSeconds, heartbeatInSeconds };
  const roleArn =
    state.Credentials && (await text(turn, scope, 'Credentials/RoleArn', state.Credentials.RoleArn));
  const scheduledEventId = emitScheduled(turn, frame, resource, args, limits, roleArn);
  const after = (time: number | undefined) => (time === undefined ? undefined : turn.nowMs + time * 1000);
  frame.phase = {
    kind: 'task',
    scheduledEventId,
    arguments: args,
    roleArn,
    token,
    isSubmitted: false,
    timeoutAtMs: after(timeoutInSeconds),
    heartbeatSeconds: heartbeatInSeconds,
    heartbeatAtMs: after(heartbeatInSeconds),
  };
};

/** The task has its result: the state is left with it. */
export const completeTask = async (turn: Turn, frame: Frame, result: JsonValue): Promise<void> => {
  const state = stateOfType(turn.execution, frame, 'Task');
  const resource = resourceOf(state);
  if (isTooLarge(result)) {
    const { error, cause } = dataLimitExceeded(
      resource.kind === 'lambda' ? resource.functionArn : resource.resourceType,
    );
    return failTask(turn, frame, { error, cause });
  }
  const { prefix, details } = eventNames(resource);
  emit(turn, frame, `${prefix}Succeeded`, { ...details, output: result });
  const { Type, Output, Assign, Next } = state;
  const scope = scopeOf(turn, frame, { result });
  return leaveState(turn, frame, { type: Type, Output, Assign, Next }, result, scope);
};

/** Writes that the task failed and throws it as the state's failure. */
export const failTask = async (
  turn: Turn,
  frame: Frame,
  failure: { error: string | undefined; cause: string | undefined; isRefused?: boolean },
): Promise<never> => {
  const { error, cause, isRefused } = failure;
  const { prefix, details } = eventNames(resourceOf(stateOfType(turn.execution, frame, 'Task')));
  emit(turn, frame, isRefused ? 'TaskSubmitFailed' : `${prefix}Failed`, { ...details, error, cause });
  throw new StateFailure(error, cause, { source: 'task' });
};

/** Writes that the task took too long, or missed a heartbeat; the state's failure is still to follow. */
export const recordTimeout = (turn: Turn, frame: Frame): void => {
  const { prefix, details } = eventNames(resourceOf(stateOfType(turn.execution, frame, 'Task')));
  emit(turn, frame, `${prefix}TimedOut`, { ...details, error: 'States.Timeout' });
};

/** The service has taken the request; the result will come by token or from the execution it started. */
export const recordSubmission = (
  turn: Turn,
  frame: Frame,
  output: JsonValue,
  awaitedExecution: string | undefined,
): void => {
  const { details } = eventNames(resourceOf(stateOfType(turn.execution, frame, 'Task')));
  emit(turn, frame, 'TaskSubmitted', { ...details, output });
  if (frame.phase.kind !== 'task') return;
  frame.phase = { ...frame.phase, isSubmitted: true, awaitedExecution };
};
