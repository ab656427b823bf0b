import { createHash } from 'node:crypto';
import type * as z from 'zod';
import type { JsonValue } from '../../json.ts';
import { checkGraph } from './check-graph.ts';
import { checkLabels } from './check-map.ts';
import { checkNames } from './check-names.ts';
import { checkScopes } from './check-scopes.ts';
import { checkExpressions, checkState } from './check-state.ts';
import { type Issues, parsed } from './issues.ts';
import {
  machineSchema,
  processorSchema,
  type Region,
  regionSchema,
  type State,
  stateSchema,
} from './state-schemas.ts';

export type Machine = {
  root: Region;
  timeoutSeconds: number | undefined;
  /** The ASL text and its SHA-256, by which an execution keeps the definition it was started with. */
  definition: string;
  definitionHash: string;
};

type Language = z.infer<typeof machineSchema>['QueryLanguage'];

const languageOf = (value: JsonValue, otherwise: Language): JsonValue =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && value.QueryLanguage !== undefined
    ? value.QueryLanguage
    : otherwise;

const loadState = (value: JsonValue, language: Language, path: string, issues: Issues): State | undefined => {
  if (languageOf(value, language) === 'JSONPath') {
    issues.push(`${path}/QueryLanguage: only "QueryLanguage": "JSONata" is supported`);
  }
  checkExpressions(value, path, issues);
  const state = parsed(stateSchema, value, path, issues);
  if (state?.Type === 'Map') {
    const { ItemProcessor, ...rest } = state;
    const processor = parsed(processorSchema, ItemProcessor, `${path}/ItemProcessor`, issues);
    return (
      processor && {
        ...rest,
        config: processor.ProcessorConfig,
        processor: loadRegion(processor, language, `${path}/ItemProcessor`, issues),
      }
    );
  }
  if (state?.Type === 'Parallel') {
    const { Branches, ...rest } = state;
    const branches = Branches.flatMap((branch, index) => {
      const region = parsed(regionSchema, branch, `${path}/Branches/${index}`, issues);
      return region ? [loadRegion(region, language, `${path}/Branches/${index}`, issues)] : [];
    });
    return { ...rest, branches };
  }
  return state;
};

const loadRegion = (
  region: z.infer<typeof regionSchema>,
  language: Language,
  path: string,
  issues: Issues,
): Region => {
  const states = new Map<string, State>();
  for (const [name, value] of Object.entries(region.States)) {
    const at = `${path}/States/${name}`;
    const state = loadState(value, language, at, issues);
    if (state === undefined) continue;
    checkState(state, at, issues);
    states.set(name, state);
  }
  const loaded = { startAt: region.StartAt, states };
  checkGraph(loaded, region.States, path, issues);
  return loaded;
};

/** Reads an ASL text; throws an Error that lists every unsupported or wrong part with its path. */
export const loadMachine = (name: string, definition: string): Machine => {
  const issues: Issues = [];
  const value: JsonValue = JSON.parse(definition);
  const machine = parsed(machineSchema, value, '', issues);
  const root = machine && loadRegion(machine, machine.QueryLanguage, '', issues);
  if (root !== undefined) {
    checkScopes(root, '', new Set(), issues);
    checkLabels(root, '', issues);
    checkNames(root, '', issues);
  }
  if (root === undefined || issues.length > 0) {
    throw new Error(`State machine '${name}' cannot be loaded:\n  ${issues.join('\n  ')}`);
  }
  return {
    root,
    timeoutSeconds: machine?.TimeoutSeconds,
    definition,
    definitionHash: createHash('sha256').update(definition).digest('hex'),
  };
};
