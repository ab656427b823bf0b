import { isServed } from './call-service.ts';
import { loadMachine } from './definition/load-machine.ts';
import { parseResource } from './definition/resource.ts';
import type { MapState, Region, State } from './definition/state-schemas.ts';
import type { Integration } from './integration.ts';
import { s3Integrations } from './map-run/s3-calls.ts';
import type { NamedMachine } from './operations/machine-operations.ts';

export type StateMachineSpec = {
  arn: string;
  name: string;
  /** ASL text, substitutions already applied. */
  definition: string;
  /** As whom its tasks call; the machine's ARN unless given. */
  roleArn?: string | undefined;
};

type Integrations = Readonly<Record<string, Integration>>;

const s3Needs = ({ ItemReader, ResultWriter }: MapState): string[] => {
  const { getObject, listObjectsV2, putObject } = s3Integrations;
  const isList = ItemReader?.Resource.endsWith(':listObjectsV2');
  const readsObjects = ItemReader !== undefined && ItemReader.ReaderConfig.InputType !== undefined;
  return [
    ...(isList ? [listObjectsV2] : []),
    ...(readsObjects ? [getObject] : []),
    ...(ResultWriter?.Resource === undefined ? [] : [putObject]),
  ];
};

/** What a state needs of others that is not served. */
const missingOf = (state: State, integrations: Integrations): string[] => {
  if (state.Type === 'Map') return s3Needs(state).filter((key) => !(key in integrations));
  if (state.Type !== 'Task') return [];
  const resource = parseResource(state.Resource);
  return resource !== undefined && isServed(resource, integrations) ? [] : [state.Resource];
};

function* missingIn(region: Region, integrations: Integrations, path: string): Generator<string> {
  for (const [name, state] of region.states) {
    const at = `${path}/States/${name}`;
    for (const missing of missingOf(state, integrations)) {
      yield `${at}: needs '${missing}', which is not served`;
    }
    if (state.Type === 'Map') yield* missingIn(state.processor, integrations, `${at}/ItemProcessor`);
    if (state.Type !== 'Parallel') continue;
    for (const [index, branch] of state.branches.entries()) {
      yield* missingIn(branch, integrations, `${at}/Branches/${index}`);
    }
  }
}

/** Loads state machines, by ARN. Throws an Error that lists everything of them that cannot be run. */
export const loadMachines = (
  specs: readonly StateMachineSpec[],
  integrations: Integrations,
  nowMs: number,
): Map<string, NamedMachine> => {
  const machines = new Map<string, NamedMachine>();
  const refused: string[] = [];
  for (const { arn, name, definition, roleArn = arn } of specs) {
    const machine = loadMachine(name, definition);
    const missing = [...missingIn(machine.root, integrations, '')];
    refused.push(...missing.map((message) => `${name}: ${message}`));
    machines.set(arn, { ...machine, arn, name, roleArn, createdAtMs: nowMs });
  }
  if (refused.length > 0) throw new Error(`State machines cannot be loaded:\n  ${refused.join('\n  ')}`);
  return machines;
};
