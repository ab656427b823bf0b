import type * as z from 'zod';
import type { JsonValue } from '../../json.ts';
import { queryFailure, StateFailure } from '../failure.ts';
import { withinBudget } from './budget.ts';
import { functionsOfTime, stepFunctionsFunctions } from './functions.ts';
import { describeJsonataError, parseExpression } from './parse.ts';
import { expressionIn } from './template.ts';

/** What an expression can name: `$states` and the variables in scope. */
export type Scope = { states: Record<string, JsonValue>; variables: Record<string, JsonValue> };

export type Evaluator = {
  /** Fills in a template; throws StateFailure States.QueryEvaluationError naming expression and field. */
  fill(template: JsonValue, field: string, scope: Scope): Promise<JsonValue>;
  /** Like fill, for a field that takes only values of the given schema, called `expected` in the error. */
  fillAs<T extends JsonValue>(
    schema: z.ZodType<T>,
    expected: string,
    template: JsonValue,
    field: string,
    scope: Scope,
  ): Promise<T>;
};

const isPlainObject = (value: object): value is Record<string, unknown> =>
  !(value instanceof RegExp) && !('_jsonata_lambda' in value) && !('_jsonata_function' in value);

/** A copy without jsonata's marks on arrays; undefined where the value is no JSON. AWS writes 1/0 as "Infinity". */
const toJson = (value: unknown): JsonValue | undefined => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return undefined;
  if (Array.isArray(value)) {
    const items: JsonValue[] = [];
    for (const item of value) {
      const json = toJson(item);
      if (json === undefined) return undefined;
      items.push(json);
    }
    return items;
  }
  if (!isPlainObject(value)) return undefined;
  const fields: [string, JsonValue][] = [];
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    const json = toJson(field);
    if (json === undefined) return undefined;
    fields.push([key, json]);
  }
  // Made so, a field may be named __proto__.
  return Object.fromEntries(fields);
};

const typeName = (value: JsonValue): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
};

/** Makes an evaluator whose `$now` and `$millis` follow the given clock. */
export const createEvaluator = (nowMs: () => number): Evaluator => {
  const evaluate = async (expression: string, field: string, scope: Scope): Promise<JsonValue> => {
    const subject = `The JSONata expression '${expression}' specified for the field '${field}'`;
    let value: unknown;
    try {
      const functions = { ...stepFunctionsFunctions, ...functionsOfTime(nowMs()) };
      const bindings = { ...functions, ...scope.variables, states: scope.states };
      value = await withinBudget(() => parseExpression(expression).evaluate(undefined, bindings));
    } catch (error) {
      if (error instanceof StateFailure) throw error;
      const { code, message } = describeJsonataError(error);
      const detail = code === undefined ? `: ${message}` : `. ${code}: ${message}`;
      throw queryFailure(`${subject} threw an error during evaluation${detail}`, field);
    }
    if (value === undefined) throw queryFailure(`${subject} returned nothing (undefined).`, field);
    const json = toJson(value);
    if (json === undefined) throw queryFailure(`${subject} returned an unsupported result type.`, field);
    return json;
  };

  const fill = async (template: JsonValue, field: string, scope: Scope): Promise<JsonValue> => {
    const expression = expressionIn(template);
    if (expression !== undefined) return evaluate(expression, field, scope);
    if (Array.isArray(template)) {
      const items: JsonValue[] = [];
      for (const [index, item] of template.entries())
        items.push(await fill(item, `${field}[${index}]`, scope));
      return items;
    }
    if (template === null || typeof template !== 'object') return template;
    const filled: [string, JsonValue][] = [];
    for (const [key, value] of Object.entries(template))
      filled.push([key, await fill(value, `${field}/${key}`, scope)]);
    return Object.fromEntries(filled);
  };

  return {
    fill,
    async fillAs(schema, expected, template, field, scope) {
      const value = await fill(template, field, scope);
      const result = schema.safeParse(value);
      if (result.success) return result.data;
      const subject = `The JSONata expression '${expressionIn(template) ?? ''}' specified for the field '${field}'`;
      if (typeName(value) === expected) {
        throw queryFailure(`${subject} returned a value out of range: ${JSON.stringify(value)}`, field);
      }
      const found = `Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`;
      throw queryFailure(`${subject} returned an unexpected result type. ${found}`, field);
    },
  };
};
