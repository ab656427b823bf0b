import type { JsonValue } from '../json.ts';

/** What templates and mapping expressions may read of a request. */
export type RequestValues = {
  context: { [key: string]: JsonValue };
  stageVariables: Record<string, string>;
  /** Names in lower case. */
  headers: Record<string, string>;
  query: Record<string, string>;
  pathParameters: Record<string, string>;
};

const lookUp = (value: JsonValue, path: string[]): JsonValue | undefined => {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const next = Object.hasOwn(value, name) ? value[name] : undefined;
  return next === undefined ? undefined : lookUp(next, rest);
};

const asText = (value: JsonValue | undefined): string | undefined => {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** A mapping expression: 'constant', context.…, stageVariables.…, method.request.header|querystring|path.…. */
export const mapParameter = (expression: string, values: RequestValues): string | undefined => {
  const constant = /^'(.*)'$/s.exec(expression)?.[1];
  if (constant !== undefined) return constant;
  const [source, ...path] = expression.split('.');
  if (source === 'context') return asText(lookUp(values.context, path));
  if (source === 'stageVariables') return values.stageVariables[path.join('.')];
  const [, , place, name = ''] = expression.split('.');
  if (place === 'header') return values.headers[name.toLowerCase()];
  if (place === 'querystring') return values.query[name];
  return place === 'path' ? values.pathParameters[name] : undefined;
};

const variable = /\$(context|stageVariables)\.([A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*)/g;

/** A body template with its $context and $stageVariables; what is unknown becomes empty, as in Velocity on AWS. */
export const renderTemplate = (template: string, values: RequestValues): string =>
  template.replaceAll(variable, (_, source: string, path: string) =>
    source === 'context'
      ? (asText(lookUp(values.context, path.split('.'))) ?? '')
      : (values.stageVariables[path] ?? ''),
  );
