import type { Issues } from './issues.ts';
import { parseResource } from './resource.ts';
import type { MapState, Region } from './state-schemas.ts';

const distributedOnly = ['Label', 'ItemReader', 'ItemBatcher', 'ResultWriter'] as const;

const checkReader = ({ ItemReader: reader }: MapState, path: string, issues: Issues): void => {
  if (reader === undefined) return;
  const { Resource, ReaderConfig: config } = reader;
  const at = `${path}/ItemReader/ReaderConfig`;
  const isList = Resource.endsWith(':listObjectsV2');
  const readsObjects = !isList || config.Transformation === 'LOAD_AND_FLATTEN';
  if (readsObjects !== (config.InputType !== undefined)) {
    issues.push(`${at}/InputType: ${readsObjects ? 'is missing' : 'needs LOAD_AND_FLATTEN'}`);
  }
  if (!isList && config.Transformation === 'LOAD_AND_FLATTEN') {
    issues.push(`${at}/Transformation: LOAD_AND_FLATTEN needs s3:listObjectsV2`);
  }
  if ((config.InputType === 'CSV') !== (config.CSVHeaderLocation !== undefined)) {
    issues.push(`${at}/CSVHeaderLocation: goes with the InputType CSV`);
  }
  if ((config.CSVHeaderLocation === 'GIVEN') !== (config.CSVHeaders !== undefined)) {
    issues.push(`${at}/CSVHeaders: goes with the CSVHeaderLocation GIVEN`);
  }
  if (config.ItemsPointer !== undefined && config.InputType !== 'JSON') {
    issues.push(`${at}/ItemsPointer: goes with the InputType JSON`);
  }
};

const checkWriter = ({ ResultWriter: writer }: MapState, path: string, issues: Issues): void => {
  if (writer === undefined) return;
  const { Resource, Arguments, WriterConfig } = writer;
  if ((Resource === undefined) !== (Arguments === undefined)) {
    issues.push(`${path}/ResultWriter: needs both Resource and Arguments, or neither`);
  } else if (Resource === undefined && WriterConfig === undefined) {
    issues.push(`${path}/ResultWriter: needs Resource and Arguments, or WriterConfig`);
  }
};

const checkExpress = (region: Region, path: string, issues: Issues): void => {
  for (const [name, state] of region.states) {
    const at = `${path}/States/${name}`;
    const resource = state.Type === 'Task' ? parseResource(state.Resource) : undefined;
    if (resource?.kind === 'service' && resource.pattern !== 'requestResponse') {
      issues.push(`${at}/Resource: an EXPRESS execution cannot wait for '${resource.resource}'`);
    }
    if (state.Type === 'Parallel') {
      for (const [index, branch] of state.branches.entries()) {
        checkExpress(branch, `${at}/Branches/${index}`, issues);
      }
    }
    if (state.Type !== 'Map') continue;
    if (state.config.Mode === 'DISTRIBUTED')
      issues.push(`${at}: an EXPRESS execution has no distributed Map`);
    checkExpress(state.processor, `${at}/ItemProcessor`, issues);
  }
};

/** Notes what the schema of a Map cannot say. */
export const checkMap = (state: MapState, path: string, issues: Issues): void => {
  const config = `${path}/ItemProcessor/ProcessorConfig/ExecutionType`;
  const { Mode, ExecutionType } = state.config;
  if (Mode === 'INLINE') {
    for (const field of distributedOnly) {
      if (state[field] !== undefined) issues.push(`${path}/${field}: only a distributed Map has it`);
    }
    if (ExecutionType !== undefined) issues.push(`${config}: only a distributed Map has it`);
    if (state.Items !== undefined && typeof state.Items === 'object' && !Array.isArray(state.Items)) {
      issues.push(`${path}/Items: only a distributed Map takes an object`);
    }
    return;
  }
  if (ExecutionType === undefined) issues.push(`${config}: is missing`);
  if (ExecutionType === 'EXPRESS') checkExpress(state.processor, `${path}/ItemProcessor`, issues);
  if (state.Items !== undefined && state.ItemReader !== undefined) {
    issues.push(`${path}: needs either Items or ItemReader`);
  }
  checkReader(state, path, issues);
  checkWriter(state, path, issues);
  const batcher = state.ItemBatcher;
  if (batcher && batcher.MaxItemsPerBatch === undefined && batcher.MaxInputBytesPerBatch === undefined) {
    issues.push(`${path}/ItemBatcher: needs MaxItemsPerBatch or MaxInputBytesPerBatch`);
  }
};

/** Notes a label that two Maps of a machine have. */
export const checkLabels = (
  region: Region,
  path: string,
  issues: Issues,
  seen: Set<string> = new Set(),
): void => {
  for (const [name, state] of region.states) {
    const at = `${path}/States/${name}`;
    if (state.Type === 'Map') {
      if (state.Label !== undefined && seen.has(state.Label)) {
        issues.push(`${at}/Label: another Map has it too`);
      }
      if (state.Label !== undefined) seen.add(state.Label);
      checkLabels(state.processor, `${at}/ItemProcessor`, issues, seen);
    }
    if (state.Type !== 'Parallel') continue;
    for (const [index, branch] of state.branches.entries()) {
      checkLabels(branch, `${at}/Branches/${index}`, issues, seen);
    }
  }
};
