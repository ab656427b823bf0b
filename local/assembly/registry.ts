import * as z from 'zod';
import type { JsonValue } from '../json.ts';
import { type Identity, identify, type Place } from './identity.ts';
import { resolveIntrinsics, type Scope } from './intrinsics.ts';
import type { Assembly, StackTemplate } from './read-assembly.ts';
import { localMeaning } from './resource-types.ts';

export type Resource = {
  stackName: string;
  logicalId: string;
  type: string;
  /** What Ref gives. */
  ref: string;
  /** What Fn::GetAtt gives; throws where the local cloud knows no such attribute. */
  attribute(name: string): string;
  /** One property alone, so that what the others refer to does not matter. */
  property(name: string): JsonValue | undefined;
  /** Resolved when first asked for; throws an Error naming logical id and path. */
  properties(): Record<string, JsonValue>;
  /** The properties as the schema has them; throws an Error naming the logical id when they do not fit. */
  read<T>(schema: z.ZodType<T>): T;
};

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

const localizeDeep = (value: JsonValue, localize: (text: string) => string): JsonValue => {
  if (typeof value === 'string') return localize(value);
  if (Array.isArray(value)) return value.map((element) => localizeDeep(element, localize));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, localizeDeep(inner, localize)]),
  );
};

type Stack = { resources: Map<string, Resource>; scope: Scope; template: StackTemplate['template'] };

const pseudoParameters = ({ region, accountId }: Place, stackName: string): Record<string, JsonValue> => ({
  'AWS::AccountId': accountId,
  'AWS::NotificationARNs': [],
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
  'AWS::StackName': stackName,
  'AWS::URLSuffix': 'amazonaws.com',
});

const parameterValue = (type: string, value: JsonValue): JsonValue =>
  typeof value === 'string' && (type === 'CommaDelimitedList' || type.startsWith('List<'))
    ? value.split(',').map((item) => item.trim())
    : value;

const createResource = (
  { name: stackName, template }: StackTemplate,
  logicalId: string,
  scope: Scope,
  { place, localize = (text) => text }: RegistryOptions,
): Resource => {
  const { Type: type, Properties: declared = {} } = template.Resources[logicalId] ?? { Type: '' };
  const path = `${stackName}/${logicalId}`;
  let identity: Identity | undefined;
  let properties: Record<string, JsonValue> | undefined;
  const text = (property: string) => {
    const value = resource.property(property);
    return value === undefined || value === null ? undefined : String(value);
  };
  const identified = () => {
    identity ??= identify({ stackName, logicalId, type, text }, place);
    return identity;
  };
  const resource: Resource = {
    stackName,
    logicalId,
    type,
    get ref() {
      return identified().ref;
    },
    attribute(name) {
      const value = identified().attributes[name];
      if (value === undefined)
        throw new Error(`The local cloud gives ${path} (${type}) no attribute ${name}.`);
      return value;
    },
    property(name) {
      const value = declared[name];
      return value === undefined ? undefined : resolveIntrinsics(value, scope, `${path}/${name}`);
    },
    properties() {
      properties ??= Object.fromEntries(
        Object.entries(declared).flatMap(([key, value]) => {
          const resolved = resolveIntrinsics(value, scope, `${path}/${key}`);
          return resolved === undefined ? [] : [[key, localizeDeep(resolved, localize)]];
        }),
      );
      return properties;
    },
    read(schema) {
      const parsed = schema.safeParse(resource.properties());
      if (parsed.success) return parsed.data;
      throw new Error(`${path} (${type}) is not as expected: ${z.prettifyError(parsed.error)}`);
    },
  };
  return resource;
};

const createScope = (
  { name, template }: StackTemplate,
  resources: ReadonlyMap<string, Resource>,
  { place, parameters = {} }: RegistryOptions,
  importValue: Scope['importValue'],
): Scope => {
  const pseudo = pseudoParameters(place, name);
  const parameter = (id: string): JsonValue | undefined => {
    const declared = template.Parameters[id];
    if (declared === undefined) return undefined;
    const value = parameters[id] ?? declared.Default;
    if (value === undefined) {
      throw new Error(
        `Parameter ${id} of stack ${name} has no default: start with parameters: { ${id}: … }.`,
      );
    }
    return parameterValue(declared.Type, value);
  };
  const scope: Scope = {
    ref: (id) => pseudo[id] ?? parameter(id) ?? resources.get(id)?.ref,
    attribute: (id, attribute) => resources.get(id)?.attribute(attribute),
    mapping: (map, first, second) => template.Mappings[map]?.[first]?.[second],
    condition: (id) => {
      const declared = template.Conditions[id];
      return declared === undefined
        ? undefined
        : resolveIntrinsics(declared, scope, `${name}/Conditions/${id}`);
    },
    importValue,
  };
  return scope;
};

const createStack = (
  stack: StackTemplate,
  options: RegistryOptions,
  importValue: Scope['importValue'],
): Stack => {
  const { template } = stack;
  const resources = new Map<string, Resource>();
  const scope = createScope(stack, resources, options, importValue);
  for (const [logicalId, { Condition: condition }] of Object.entries(template.Resources)) {
    if (condition !== undefined && scope.condition(condition) === false) continue;
    resources.set(logicalId, createResource(stack, logicalId, scope, options));
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
    outputs: () => readOutputs(stacks, options.localize ?? ((text) => text)),
    notEmulated,
    assetPath(objectKey) {
      const path = assembly.assets.get(objectKey);
      if (path === undefined) throw new Error(`cdk.out holds no asset ${objectKey}.`);
      return path;
    },
  };
};
