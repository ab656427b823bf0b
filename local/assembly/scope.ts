import type { JsonValue } from '../json.ts';
import type { Place } from './identity.ts';
import { resolveIntrinsics, type Scope } from './intrinsics.ts';
import type { StackTemplate } from './read-assembly.ts';
import type { Resource } from './resource.ts';

export type ScopeOptions = {
  stack: StackTemplate;
  resources: ReadonlyMap<string, Resource>;
  place: Place;
  /** Values for stack parameters, before their defaults. */
  parameters: Record<string, string>;
  importValue: Scope['importValue'];
};

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

/** What the functions in a stack's template can refer to. */
export const createScope = (options: ScopeOptions): Scope => {
  const { stack, resources, place, parameters, importValue } = options;
  const { name, template } = stack;
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
