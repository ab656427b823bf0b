import type { JsonValue } from '../json.ts';
import type { Place } from './identity.ts';
import { resolveIntrinsics, type Scope } from './intrinsics.ts';
import type { Assembly, StackTemplate } from './read-assembly.ts';
import { createResource, type Resource } from './resource.ts';
import { localMeaning } from './resource-types.ts';
import { createScope } from './scope.ts';

export type { Resource };

export type Registry = {
  ofType(...types: string[]): Resource[];
  /** Every type in the templates, once. */
  types(): string[];
  /** Outputs of every stack, by output key; `unresolved` says why the others have no value here. */
  outputs(): { values: Record<string, string>; unresolved: string[] };
  /** What the template has and the local cloud does not serve, one line each. */
  notEmulated: string[];
  /** The file or folder in cdk.out behind an asset's object key. */
  assetPath(objectKey: string): string;
};

export type RegistryOptions = {
  assembly: Assembly;
  place: Place;
  /** Values for stack parameters, before their defaults. */
  parameters?: Record<string, string> | undefined;
  /** Turns the AWS URLs in resolved texts into those of the local services. */
  localize?: (text: string) => string;
};

const asIs = (text: string): string => text;

type Stack = { resources: Map<string, Resource>; scope: Scope; template: StackTemplate['template'] };

const createStack = (
  stack: StackTemplate,
  options: RegistryOptions,
  importValue: Scope['importValue'],
): Stack => {
  const { template } = stack;
  const { place, parameters = {}, localize = asIs } = options;
  const resources = new Map<string, Resource>();
  const scope = createScope({ stack, resources, place, parameters, importValue });
  for (const [logicalId, { Condition: condition }] of Object.entries(template.Resources)) {
    if (condition !== undefined && scope.condition(condition) === false) continue;
    resources.set(logicalId, createResource({ stack, logicalId, scope, place, localize }));
  }
  return { resources, scope, template };
};

const readOutputs = (stacks: ReadonlyMap<string, Stack>, localize: (text: string) => string) => {
  const values: Record<string, string> = {};
  const unresolved: string[] = [];
  for (const [stackName, { template, scope }] of stacks) {
    for (const [key, { Value: value, Condition: condition }] of Object.entries(template.Outputs)) {
      if (condition !== undefined && scope.condition(condition) === false) continue;
      try {
        values[key] = localize(String(resolveIntrinsics(value, scope, `${stackName}/Outputs/${key}`)));
      } catch (error) {
        unresolved.push(`Output ${key}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return { values, unresolved };
};

/** All resources of a synthesized app with their local names, ARNs and resolved properties. */
export const createRegistry = (options: RegistryOptions): Registry => {
  const { assembly } = options;
  const stacks = new Map<string, Stack>();
  const importValue = (name: string): JsonValue | undefined => {
    for (const [stackName, { template, scope }] of stacks) {
      for (const { Value: value, Export: exported } of Object.values(template.Outputs)) {
        const path = `${stackName}/Outputs`;
        if (exported && resolveIntrinsics(exported.Name, scope, path) === name) {
          return resolveIntrinsics(value, scope, path);
        }
      }
    }
    return undefined;
  };
  for (const stack of assembly.stacks) stacks.set(stack.name, createStack(stack, options, importValue));
  const all = [...stacks.values()].flatMap(({ resources }) => [...resources.values()]);
  const notEmulated = all
    .filter(({ type }) => localMeaning(type) === undefined)
    .map(({ type, logicalId }) => `${type} (${logicalId})`);
  return {
    ofType: (...types) => all.filter(({ type }) => types.includes(type)),
    types: () => [...new Set(all.map(({ type }) => type))],
    outputs: () => readOutputs(stacks, options.localize ?? asIs),
    notEmulated,
    assetPath(objectKey) {
      const path = assembly.assets.get(objectKey);
      if (path === undefined) throw new Error(`cdk.out holds no asset ${objectKey}.`);
      return path;
    },
  };
};
