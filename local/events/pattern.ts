import type { JsonValue } from '../json.ts';
import { compileMatcher, type Matcher } from './pattern-matcher.ts';

type JsonObject = { [key: string]: JsonValue };
type Test = (event: JsonValue | undefined) => boolean;

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The leaf values of a field: an event's array offers each of its elements, an object none. */
const leaves = (value: JsonValue | undefined): JsonValue[] => {
  if (Array.isArray(value)) return value.flatMap(leaves);
  return value === undefined || isObject(value) ? [] : [value];
};

const compileField = (matchers: Matcher[]): Test => {
  return (value) => {
    const found = leaves(value);
    return matchers.some((matches) => (found.length === 0 ? matches(undefined) : found.some(matches)));
  };
};

const compileAlternatives = (alternatives: JsonObject[]): Test => {
  const tests = alternatives.map(compileObject);
  return (event) => tests.some((test) => test(event));
};

const compileEntry = (name: string, wanted: JsonValue): Test => {
  if (name === '$or' && Array.isArray(wanted) && wanted.length > 1 && wanted.every(isObject)) {
    return compileAlternatives(wanted);
  }
  const test = compileValue(name, wanted);
  return (event) => test(isObject(event) ? event[name] : undefined);
};

const compileValue = (name: string, wanted: JsonValue): Test => {
  if (isObject(wanted)) return compileObject(wanted);
  if (Array.isArray(wanted) && wanted.length > 0) return compileField(wanted.map(compileMatcher));
  throw new Error(`Event pattern: '${name}' must be an object or a non-empty array.`);
};

function compileObject(pattern: JsonObject): Test {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new Error('Event pattern: empty objects are not allowed.');
  const tests = entries.map(([name, wanted]) => compileEntry(name, wanted));
  const matchesOne: Test = (event) => tests.every((test) => test(event));
  // All fields must hold within the same element of an array of objects.
  return (event) => (Array.isArray(event) ? event.some(matchesOne) : matchesOne(event));
}

/** Reads an EventBridge event pattern once; throws an Error that names what it does not understand. */
export const compilePattern = (pattern: JsonValue): ((event: JsonValue) => boolean) => {
  if (!isObject(pattern)) throw new Error('Event pattern: an object is required.');
  return compileObject(pattern);
};

/** Whether an event matches an EventBridge event pattern (also the filter language of event source mappings). */
export const matchesPattern = (pattern: JsonValue, event: JsonValue): boolean =>
  compilePattern(pattern)(event);
