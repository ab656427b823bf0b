import type { JsonValue } from '../json.ts';

/** What a template's functions may ask for; undefined means there is no such thing. */
export type Scope = {
  ref(name: string): JsonValue | undefined;
  attribute(logicalId: string, name: string): JsonValue | undefined;
  mapping(map: string, first: string, second: string): JsonValue | undefined;
  condition(name: string): JsonValue | undefined;
  importValue(name: string): JsonValue | undefined;
};

type JsonObject = { [key: string]: JsonValue };
type Intrinsic = (argument: JsonValue, scope: Scope, path: string) => JsonValue | undefined;

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fail = (path: string, why: string): never => {
  throw new Error(`Cannot resolve ${path}: ${why}`);
};

const found = (value: JsonValue | undefined, path: string, why: string): JsonValue =>
  value === undefined ? fail(path, why) : value;

const asText = (value: JsonValue | undefined, path: string): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return fail(path, `a text was expected, not ${JSON.stringify(value)}.`);
};

const asList = (value: JsonValue | undefined, path: string): JsonValue[] =>
  Array.isArray(value) ? value : fail(path, `a list was expected, not ${JSON.stringify(value)}.`);

const asBoolean = (value: JsonValue | undefined, path: string): boolean =>
  typeof value === 'boolean' ? value : fail(path, `a condition was expected, not ${JSON.stringify(value)}.`);

const resolved = (argument: JsonValue | undefined, scope: Scope, path: string): JsonValue =>
  found(
    argument === undefined ? undefined : resolveIntrinsics(argument, scope, path),
    path,
    'a value is missing.',
  );

const resolvedList = (argument: JsonValue, scope: Scope, path: string): JsonValue[] =>
  asList(resolved(argument, scope, path), path);

const attribute = (logicalId: string, name: string, scope: Scope, path: string): JsonValue =>
  found(scope.attribute(logicalId, name), path, `the local cloud gives ${logicalId} no attribute ${name}.`);

const reference = (name: string, scope: Scope, path: string): JsonValue =>
  found(scope.ref(name), path, `nothing is called ${name}.`);

const substitute: Intrinsic = (argument, scope, path) => {
  const [template, own] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = isObject(own) ? own : {};
  return asText(template, path).replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const variable = variables[name];
    if (variable !== undefined) return asText(resolved(variable, scope, path), path);
    const [logicalId = '', ...attributePath] = name.split('.');
    const value =
      attributePath.length > 0
        ? attribute(logicalId, attributePath.join('.'), scope, path)
        : reference(name, scope, path);
    return asText(value, path);
  });
};

const choose: Intrinsic = (argument, scope, path) => {
  const [name, whenTrue, whenFalse] = asList(argument, path);
  const condition = scope.condition(asText(name, path));
  const chosen = asBoolean(found(condition, path, `there is no condition ${name}.`), path)
    ? whenTrue
    : whenFalse;
  return chosen === undefined ? undefined : resolveIntrinsics(chosen, scope, path);
};

const getAttribute: Intrinsic = (argument, scope, path) => {
  const [logicalId = '', name = ''] = Array.isArray(argument)
    ? argument
    : asText(argument, path).split('.', 2);
  return attribute(asText(logicalId, path), asText(resolved(name, scope, path), path), scope, path);
};

const intrinsics: Record<string, Intrinsic> = {
  Ref: (argument, scope, path) => {
    const name = asText(argument, path);
    return name === 'AWS::NoValue' ? undefined : reference(name, scope, path);
  },
  'Fn::GetAtt': getAttribute,
  'Fn::Sub': substitute,
  'Fn::If': choose,
  'Fn::Join': (argument, scope, path) => {
    const [separator, parts] = asList(argument, path);
    const texts = resolvedList(parts ?? null, scope, path).map((part) => asText(part, path));
    return texts.join(asText(separator, path));
  },
  'Fn::Select': (argument, scope, path) => {
    const [index, list] = asList(argument, path);
    const at = Number(asText(resolved(index, scope, path), path));
    return found(resolvedList(list ?? null, scope, path)[at], path, `the list has no element ${at}.`);
  },
  'Fn::Split': (argument, scope, path) => {
    const [separator, text] = asList(argument, path);
    return asText(resolved(text, scope, path), path).split(asText(separator, path));
  },
  'Fn::FindInMap': (argument, scope, path) => {
    const [map = '', first = '', second = ''] = resolvedList(argument, scope, path).map((key) =>
      asText(key, path),
    );
    return found(scope.mapping(map, first, second), path, `there is no mapping ${map}.${first}.${second}.`);
  },
  'Fn::ImportValue': (argument, scope, path) => {
    const name = asText(resolved(argument, scope, path), path);
    return found(scope.importValue(name), path, `no stack exports ${name}.`);
  },
  'Fn::GetAZs': (_, scope, path) =>
    ['a', 'b', 'c'].map((zone) => `${reference('AWS::Region', scope, path)}${zone}`),
  'Fn::Base64': (argument, scope, path) =>
    Buffer.from(asText(resolved(argument, scope, path), path)).toString('base64'),
  'Fn::Equals': (argument, scope, path) => {
    const [left, right] = resolvedList(argument, scope, path);
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::Not': (argument, scope, path) => !asBoolean(resolvedList(argument, scope, path)[0], path),
  'Fn::And': (argument, scope, path) =>
    resolvedList(argument, scope, path).every((one) => asBoolean(one, path)),
  'Fn::Or': (argument, scope, path) =>
    resolvedList(argument, scope, path).some((one) => asBoolean(one, path)),
  Condition: (argument, scope, path) => {
    const name = asText(argument, path);
    return found(scope.condition(name), path, `there is no condition ${name}.`);
  },
};

/** IAM statements have a `Condition` of their own: only a text makes it CloudFormation's function. */
const intrinsicOf = (value: JsonObject): [Intrinsic, string, JsonValue] | undefined => {
  const [entry, ...more] = Object.entries(value);
  if (entry === undefined || more.length > 0) return undefined;
  const [name, argument] = entry;
  if ((name === 'Condition' || name === 'Ref') && typeof argument !== 'string') return undefined;
  const intrinsic = Object.hasOwn(intrinsics, name) ? intrinsics[name] : undefined;
  return intrinsic && [intrinsic, name, argument];
};

/**
 * Evaluates the intrinsic functions in a template value; AWS::NoValue (undefined) drops its property or element.
 * Throws an Error naming `path` (stack, logical id, property) when something cannot be resolved.
 */
export const resolveIntrinsics = (value: JsonValue, scope: Scope, path: string): JsonValue | undefined => {
  if (Array.isArray(value)) {
    return value
      .map((element, index) => resolveIntrinsics(element, scope, `${path}/${index}`))
      .filter((element) => element !== undefined);
  }
  if (!isObject(value)) return value;
  const call = intrinsicOf(value);
  if (call) return call[0](call[2], scope, `${path}/${call[1]}`);
  const unknown = Object.keys(value).find((name) => name.startsWith('Fn::'));
  if (unknown !== undefined) return fail(path, `the local cloud does not know ${unknown}.`);
  const entries: [string, JsonValue][] = [];
  for (const [key, property] of Object.entries(value)) {
    const result = resolveIntrinsics(property, scope, `${path}/${key}`);
    if (result !== undefined) entries.push([key, result]);
  }
  return Object.fromEntries(entries);
};
