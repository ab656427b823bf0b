import * as z from 'zod';
import type { JsonValue } from '../json.ts';
import { type Identity, identify, type Place } from './identity.ts';
import { resolveIntrinsics, type Scope } from './intrinsics.ts';
import type { StackTemplate } from './read-assembly.ts';

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

export type ResourceOptions = {
  stack: StackTemplate;
  logicalId: string;
  scope: Scope;
  place: Place;
  /** Turns the AWS URLs in resolved texts into those of the local services. */
  localize: (text: string) => string;
};

const localizeDeep = (value: JsonValue, localize: (text: string) => string): JsonValue => {
  if (typeof value === 'string') return localize(value);
  if (Array.isArray(value)) return value.map((element) => localizeDeep(element, localize));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, localizeDeep(inner, localize)]),
  );
};

/** A resource of a template; what it refers to is looked up when it is asked for. */
export const createResource = (options: ResourceOptions): Resource => {
  const { stack, logicalId, scope, place, localize } = options;
  const { name: stackName, template } = stack;
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
