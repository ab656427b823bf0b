import { randomUUID } from 'node:crypto';
import { ServiceError } from '../http/service-error.ts';
import type { JsonValue } from '../json.ts';
import type { Machine } from './definition/load-machine.ts';
import type { Frame } from './frame.ts';
import type { JournalRecord } from './journal/record.ts';
import { isTooLarge } from './limits.ts';

const executionName = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

const parseInput = (text: string): JsonValue => {
  try {
    const input: JsonValue = JSON.parse(text);
    if (!isTooLarge(input)) return input;
  } catch (error) {
    throw new ServiceError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: '${String(error)}'`,
    );
  }
  throw new ServiceError('InvalidExecutionInput', 'The input is larger than 262144 bytes.');
};

/** Checks a start's name and input as AWS does; throws InvalidName or InvalidExecutionInput. */
export const readStart = (start: { name?: string | undefined; input?: string | undefined }) => {
  const name = start.name ?? randomUUID();
  if (!executionName.test(name)) throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
  return { name, input: parseInput(start.input ?? '{}') };
};

export type Beginning = Pick<NonNullable<JournalRecord['start']>, 'name' | 'input' | 'owner' | 'mapRun'> & {
  arn: string;
  machineArn: string;
  machine: Machine;
  roleArn: string;
  /** Where it begins: the machine's first state unless it is a child of a map run. */
  region?: { path: Frame['region']; startAt: string };
};

/** The record that makes an execution exist, with its first event and its frame at the first state. */
export const startRecord = (beginning: Beginning, nowMs: number): JournalRecord => {
  const { arn, machineArn, machine, roleArn, name, input, owner, mapRun, region } = beginning;
  const root: Frame = {
    id: '',
    index: 0,
    region: region?.path ?? [],
    status: 'running',
    state: region?.startAt ?? machine.root.startAt,
    input,
    variables: {},
    phase: { kind: 'ready', isReentry: false },
    // AWS gives the first state's events 0 as the event before, not ExecutionStarted.
    lastEventId: 0,
    enteredEventId: 0,
    beforeEntryEventId: 0,
    enteredAtMs: nowMs,
    attempts: [],
  };
  const { definitionHash } = machine;
  return {
    execution: arn,
    atMs: nowMs,
    start: { machineArn, name, definitionHash, input, owner, mapRun },
    events: [
      { id: 1, previousEventId: 0, type: 'ExecutionStarted', atMs: nowMs, details: { input, roleArn } },
    ],
    put: [root],
    removed: [],
  };
};
