import type { JsonValue } from '../../json.ts';
import type { LiveExecution } from '../execution.ts';
import { StateFailure } from '../failure.ts';
import type { Frame, MapRunPhase } from '../frame.ts';
import { stateOfType } from '../frame-tree.ts';
import type { JournalRecord } from '../journal/record.ts';
import { sizeOf } from '../limits.ts';
import { scopeOf } from '../scope.ts';
import type { Surroundings } from '../turn.ts';
import { type ChildInput, childInputs } from './child-inputs.ts';
import { MapRunError } from './map-run-error.ts';
import { readItems } from './read-items.ts';
import type { CallService } from './s3-calls.ts';

const chunkBytes = 1024 * 1024;
const chunkCount = 1_000;

type Deps = {
  surroundings: Surroundings;
  call: CallService;
  /** Resolves once the record is on disk and taken in. */
  write(record: JournalRecord): Promise<void>;
};

async function* selectedItems(
  execution: LiveExecution,
  frame: Frame,
  phase: MapRunPhase,
  { surroundings, call }: Deps,
): AsyncGenerator<JsonValue> {
  const { ItemReader, ItemSelector } = stateOfType(execution, frame, 'Map');
  let index = 0;
  for await (const { input, value, key, source } of readItems(phase.source, ItemReader, call)) {
    const item = { Index: index, Value: value, ...(key === undefined ? {} : { Key: key }), Source: source };
    const scope = scopeOf({ execution, surroundings }, frame, { item });
    index += 1;
    yield ItemSelector === undefined
      ? input
      : await surroundings.evaluator.fill(ItemSelector, 'ItemSelector', scope);
  }
}

/** Reads all items of a map run and writes down what its child executions get; throws MapRunError. */
export const prepareMapRun = async (
  execution: LiveExecution,
  frame: Frame,
  phase: MapRunPhase,
  deps: Deps,
): Promise<void> => {
  let from = 0;
  let chunk: ChildInput[] = [];
  let bytes = 0;
  const writeChunk = async (isLast: boolean) => {
    await deps.write({
      execution: execution.entry.arn,
      atMs: deps.surroundings.clock.now(),
      events: [],
      put: [],
      removed: [],
      mapRuns: [{ kind: 'inputs', arn: phase.mapRunArn, from, inputs: chunk, isLast }],
    });
    from += chunk.length;
    chunk = [];
    bytes = 0;
  };
  try {
    const inputs = childInputs(selectedItems(execution, frame, phase, deps), phase.batch);
    for await (const input of inputs) {
      chunk.push(input);
      bytes += sizeOf(input.input);
      if (bytes >= chunkBytes || chunk.length >= chunkCount) await writeChunk(false);
    }
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    throw new MapRunError(error.error ?? 'States.Runtime', error.cause ?? '');
  }
  await writeChunk(true);
};
