import type { JsonValue } from '../../json.ts';
import type { Journal, Position } from '../journal/journal.ts';
import type { ChildInput } from './child-inputs.ts';
import type { MapRun } from './map-run.ts';

/** Reads the inputs of a prepared map run's children from the journal, by their places; the last chunk is kept. */
export const createInputReader = (journal: Pick<Journal, 'read'>, run: MapRun) => {
  let latest: { position: Position; inputs: Promise<ChildInput[]> } | undefined;
  const inputsAt = async (position: Position): Promise<ChildInput[]> => {
    const { mapRuns = [] } = await journal.read(position);
    const change = mapRuns.find(({ kind }) => kind === 'inputs');
    return change?.kind === 'inputs' ? change.inputs : [];
  };
  return async (index: number): Promise<ChildInput> => {
    const chunk = run.chunks.find(({ from, count }) => from <= index && index < from + count);
    if (chunk === undefined) throw new Error(`The map run ${run.arn} has no child ${index}.`);
    if (latest?.position !== chunk.position) {
      latest = { position: chunk.position, inputs: inputsAt(chunk.position) };
    }
    const input = (await latest.inputs)[index - chunk.from];
    if (input === undefined) throw new Error(`The map run ${run.arn} has lost its child ${index}.`);
    return input satisfies { input: JsonValue };
  };
};
