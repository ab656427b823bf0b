import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { JsonValue } from '../../json.ts';
import type { MapState } from '../definition/state-schemas.ts';
import type { Scope } from '../expression/evaluate.ts';
import { queryFailure } from '../failure.ts';
import type { Frame, MapRunPhase } from '../frame.ts';
import { rootMachineArn } from '../map-run/arns.ts';
import { scopeOf } from '../scope.ts';
import { emit, type Turn } from '../turn.ts';
import { mapLimits, mapNumber } from './map-fields.ts';

type Source = MapRunPhase['source'];

const json = z.custom<JsonValue>();
const items = z.union([z.array(json), z.record(z.string(), json)]);

const sourceOf = async (turn: Turn, frame: Frame, scope: Scope, state: MapState): Promise<Source> => {
  const { evaluator } = turn.surroundings;
  const { Items, ItemReader } = state;
  if (ItemReader !== undefined) {
    const { MaxItems } = ItemReader.ReaderConfig;
    return {
      arguments: await evaluator.fill(ItemReader.Arguments, 'ItemReader/Arguments', scope),
      maxItems: await mapNumber(turn, scope, 'ItemReader/ReaderConfig/MaxItems', MaxItems),
    };
  }
  if (Items !== undefined) {
    return { items: await evaluator.fillAs(items, 'array', Items, 'Items', scope) };
  }
  const given = items.safeParse(frame.input);
  if (given.success) return { items: given.data };
  throw queryFailure(`Map state input must be an array but was: ${JSON.stringify(frame.input)}`);
};

const batchOf = async (
  turn: Turn,
  scope: Scope,
  { ItemBatcher }: MapState,
): Promise<MapRunPhase['batch']> => {
  if (ItemBatcher === undefined) return undefined;
  const { MaxItemsPerBatch, MaxInputBytesPerBatch, BatchInput } = ItemBatcher;
  const size = 'ItemBatcher/MaxInputBytesPerBatch';
  return {
    maxItems: (await mapNumber(turn, scope, 'ItemBatcher/MaxItemsPerBatch', MaxItemsPerBatch)) || undefined,
    maxBytes: (await mapNumber(turn, scope, size, MaxInputBytesPerBatch)) || undefined,
    input:
      BatchInput === undefined
        ? undefined
        : await turn.surroundings.evaluator.fill(BatchInput, 'ItemBatcher/BatchInput', scope),
  };
};

const countOf = (source: Source): number => {
  // AWS knows only later how many items a reader finds.
  if (!('items' in source)) return 0;
  return Array.isArray(source.items) ? source.items.length : Object.keys(source.items).length;
};

/** Where AWS makes up a label, it is made here from where the state stands. */
const labelOf = (frame: Frame, { Label }: MapState): string =>
  Label ??
  createHash('sha256')
    .update(JSON.stringify([frame.region, frame.state]))
    .digest('hex')
    .slice(0, 32);

/** Begins a map run; its child executions are started once this is on disk. */
export const runDistributedMap = async (turn: Turn, frame: Frame, state: MapState): Promise<void> => {
  const scope = scopeOf(turn, frame);
  const source = await sourceOf(turn, frame, scope, state);
  const limits = await mapLimits(turn, scope, state);
  const batch = await batchOf(turn, scope, state);
  const writer = state.ResultWriter?.Arguments;
  const destination =
    writer === undefined
      ? undefined
      : await turn.surroundings.evaluator.fill(writer, 'ResultWriter/Arguments', scope);

  const machineArn = `${rootMachineArn(turn.execution.entry.machineArn)}/${labelOf(frame, state)}`;
  const mapRunArn = `${machineArn.replace(':stateMachine:', ':mapRun:')}:${randomUUID()}`;
  emit(turn, frame, 'MapStateStarted', { length: countOf(source) });
  emit(turn, frame, 'MapRunStarted', { mapRunArn });
  turn.mapRuns.push({ kind: 'started', arn: mapRunArn, machineArn, ...limits });
  frame.phase = { kind: 'mapRun', mapRunArn, source, batch, destination };
};
