import * as z from 'zod';
import type { JsonValue } from '../../json.ts';
import type { MapState } from '../definition/state-schemas.ts';
import { queryFailure } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { inlineConcurrencyLimit } from '../limits.ts';
import { itemsOfState, scopeOf } from '../scope.ts';
import { emit, type Turn } from '../turn.ts';
import { runDistributedMap } from './distributed-map.ts';
import { completeFork, startIterations } from './fork.ts';
import { mapLimits } from './map-fields.ts';

const jsonArray = z.array(z.custom<JsonValue>());

const itemsOf = async (turn: Turn, frame: Frame, { Items }: MapState): Promise<JsonValue[]> => {
  if (Items !== undefined) {
    return turn.surroundings.evaluator.fillAs(jsonArray, 'array', Items, 'Items', scopeOf(turn, frame));
  }
  if (Array.isArray(frame.input)) return frame.input;
  throw queryFailure(`Map state input must be an array but was: ${JSON.stringify(frame.input)}`);
};

const inputsOf = async (
  turn: Turn,
  frame: Frame,
  state: MapState,
  items: JsonValue[],
): Promise<JsonValue[]> => {
  const inputs: JsonValue[] = [];
  for (const [Index, Value] of items.entries()) {
    const scope = scopeOf(turn, frame, { item: { Index, Value, Source: itemsOfState } });
    inputs.push(await turn.surroundings.evaluator.fill(state.ItemSelector ?? Value, 'ItemSelector', scope));
  }
  return inputs;
};

export const runMap = async (turn: Turn, frame: Frame, state: MapState): Promise<void> => {
  if (state.config.Mode === 'DISTRIBUTED') return runDistributedMap(turn, frame, state);
  const items = await itemsOf(turn, frame, state);
  const { maxConcurrency } = await mapLimits(turn, scopeOf(turn, frame), state);
  const inputs = state.ItemSelector === undefined ? undefined : await inputsOf(turn, frame, state, items);

  emit(turn, frame, 'MapStateStarted', { length: items.length });
  const concurrency = Math.min(maxConcurrency || inlineConcurrencyLimit, inlineConcurrencyLimit);
  frame.phase = { kind: 'map', items, inputs, concurrency };
  if (items.length === 0) return completeFork(turn, frame, []);
  startIterations(turn, frame, 0, frame.lastEventId);
};
