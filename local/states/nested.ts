import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { JsonValue } from '../json.ts';
import type { ExecutionEntry } from './execution.ts';
import { TaskError } from './integration.ts';
import type { Outcome } from './journal/record.ts';
import type { TaskOutcome } from './settle.ts';

/** The integrations the engine serves itself: a workflow that starts another. */
export const nestedIntegrations: ReadonlySet<string> = new Set([
  'arn:aws:states:::states:startExecution',
  'arn:aws:states:::aws-sdk:sfn:startExecution',
]);

const argumentsSchema = z.object({
  StateMachineArn: z.string(),
  Name: z.string().optional(),
  Input: z.custom<JsonValue>().optional(),
});

export type NestedStart = {
  stateMachineArn: string;
  name: string;
  input: string;
  isDerivedName: boolean;
  /** By the integration aws-sdk:sfn, not by states:startExecution. */
  isSdk: boolean;
  /** The task that awaits it, if one does. */
  owner: ExecutionEntry['owner'];
};

/**
 * Reads the arguments of startExecution. Without a Name it takes one that follows from the task, so that a task
 * run again after a crash finds the execution it had already started.
 */
export const readNestedStart = (
  args: JsonValue,
  parentArn: string,
  scheduledEventId: number,
  how: { isSdk: boolean; isAwaited: boolean },
): NestedStart => {
  const known = argumentsSchema.safeParse(args);
  if (!known.success) throw new TaskError('States.Runtime', `startExecution: ${known.error.message}`);
  const { StateMachineArn, Name, Input } = known.data;
  const derived = createHash('sha256').update(`${parentArn}#${scheduledEventId}`).digest('hex').slice(0, 36);
  return {
    stateMachineArn: StateMachineArn,
    name: Name ?? derived,
    isDerivedName: Name === undefined,
    isSdk: how.isSdk,
    input: typeof Input === 'string' ? Input : JSON.stringify(Input ?? {}),
    owner: how.isAwaited ? { execution: parentArn, scheduledEventId } : undefined,
  };
};

/** The result of a `.sync` (payloads as text) or `.sync:2` (as JSON) task whose execution has ended. */
export const nestedOutcome = (
  entry: ExecutionEntry,
  input: JsonValue,
  outcome: Outcome,
  asJson: boolean,
  redrive: { status: string; reason: string | undefined },
): TaskOutcome => {
  const payload = (value: JsonValue): JsonValue => (asJson ? value : JSON.stringify(value));
  const described: Record<string, JsonValue> = {
    ExecutionArn: entry.arn,
    Input: payload(input),
    InputDetails: { Included: true },
    Name: entry.name,
    RedriveCount: entry.redriveCount,
    RedriveStatus: redrive.status,
    ...(redrive.reason === undefined ? {} : { RedriveStatusReason: redrive.reason }),
    StartDate: entry.startedAtMs,
    StateMachineArn: entry.machineArn,
    Status: outcome.status,
    StopDate: entry.stoppedAtMs ?? entry.startedAtMs,
  };
  if (outcome.status === 'SUCCEEDED') {
    const output = { Output: payload(outcome.output), OutputDetails: { Included: true } };
    return { kind: 'succeeded', result: { ...described, ...output } };
  }
  const cause: Record<string, JsonValue> = {
    ...described,
    ...(outcome.error === undefined ? {} : { Error: outcome.error }),
    ...(outcome.cause === undefined ? {} : { Cause: outcome.cause }),
  };
  return { kind: 'failed', error: 'States.TaskFailed', cause: JSON.stringify(cause) };
};
