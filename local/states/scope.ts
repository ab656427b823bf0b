import type { JsonValue } from '../json.ts';
import type { LiveExecution } from './execution.ts';
import type { Scope } from './expression/evaluate.ts';
import type { Frame } from './frame.ts';
import { parentOf, stateOf } from './frame-tree.ts';
import type { Surroundings } from './turn.ts';

const visibleVariables = (execution: LiveExecution, frame: Frame): Record<string, JsonValue> => {
  const parent = parentOf(execution, frame);
  return parent === undefined
    ? frame.variables
    : { ...visibleVariables(execution, parent), ...frame.variables };
};

/** The item of a Map, as the context shows it; only those of an object have a Key. */
export type MapItem = { Index: number; Value: JsonValue; Key?: string; Source: string };

/** The source of items that were not read from S3. */
export const itemsOfState = 'STATE_DATA';

const mapItem = (execution: LiveExecution, frame: Frame): MapItem | undefined => {
  const parent = parentOf(execution, frame);
  if (parent === undefined) return undefined;
  if (parent.phase.kind !== 'map') return mapItem(execution, parent);
  return { Index: frame.index, Value: parent.phase.items[frame.index] ?? null, Source: itemsOfState };
};

/** As Step Functions writes times: without a fraction of a second where there is none. */
const isoTime = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/** What the expressions of the frame's state can name. */
export const scopeOf = (
  { execution, surroundings }: { execution: LiveExecution; surroundings: Surroundings },
  frame: Frame,
  more: {
    result?: JsonValue;
    errorOutput?: JsonValue;
    token?: string | undefined;
    item?: MapItem;
  } = {},
): Scope => {
  const { entry } = execution;
  const item = more.item ?? mapItem(execution, frame);
  const context: Record<string, JsonValue> = {
    Execution: {
      Id: entry.arn,
      Input: execution.input,
      Name: entry.name,
      RoleArn: surroundings.roleOf(entry.machineArn),
      StartTime: isoTime(entry.startedAtMs),
      RedriveCount: entry.redriveCount,
      ...(entry.redrivenAtMs === undefined ? {} : { RedriveTime: isoTime(entry.redrivenAtMs) }),
    },
    StateMachine: { Id: entry.machineArn, Name: entry.machineArn.split(':').at(-1) ?? '' },
    State: {
      Name: frame.state,
      EnteredTime: isoTime(frame.enteredAtMs),
      ...('Retry' in stateOf(execution, frame)
        ? { RetryCount: frame.attempts.reduce((sum, count) => sum + count, 0) }
        : {}),
    },
    ...(more.token === undefined ? {} : { Task: { Token: more.token } }),
    ...(item === undefined ? {} : { Map: { Item: item } }),
  };
  const states: Record<string, JsonValue> = { input: frame.input, context };
  if (more.result !== undefined) states.result = more.result;
  if (more.errorOutput !== undefined) states.errorOutput = more.errorOutput;
  return { states, variables: visibleVariables(execution, frame) };
};
