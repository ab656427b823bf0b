import type { JsonValue } from '../json.ts';

const ignored = new Set([
  'SdkHttpMetadata',
  'SdkResponseMetadata',
  'roleArn',
  'requestId',
  'stackTrace',
  'LogResult',
  'MessageId',
]);
const isIgnored = (key: string) => ignored.has(key) || key.startsWith('MD5Of');

const mask = /<mask:[^>]*>/;
const onlyMask = /^<mask:[^>]*>$/;

const parseObjectText = (text: string): JsonValue | undefined => {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const textMatches = (expected: string, actual: string): boolean => {
  const parts = expected.split(mask).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`).test(actual);
};

const show = (value: JsonValue | undefined): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
};

const isObject = (value: JsonValue): value is Record<string, JsonValue> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * The first place where an actual value differs from a recorded one, or undefined. Masks match anything, what
 * AWS makes anew in every run is ignored, and texts that are JSON objects are compared as such. Fields that are
 * `newer` than the recording may be missing from it.
 */
export const differenceIn = (
  expected: JsonValue | undefined,
  actual: JsonValue | undefined,
  path: string,
  newer: ReadonlySet<string> = new Set(),
): string | undefined => {
  const differs = `${path}: expected ${show(expected)}, found ${show(actual)}`;
  if (typeof expected === 'string' && onlyMask.test(expected))
    return actual === undefined ? differs : undefined;
  if (expected === undefined || actual === undefined) return expected === actual ? undefined : differs;
  if (typeof expected === 'string' && typeof actual === 'string') {
    const expectedObject = parseObjectText(expected);
    const actualObject = parseObjectText(actual);
    if (expectedObject !== undefined && actualObject !== undefined) {
      return differenceIn(expectedObject, actualObject, path, newer);
    }
    return textMatches(expected, actual) ? undefined : differs;
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) return differs;
    for (const [index, item] of expected.entries()) {
      const difference = differenceIn(item, actual[index], `${path}[${index}]`, newer);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (isObject(expected) && isObject(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      if (isIgnored(key) || (newer.has(key) && expected[key] === undefined)) continue;
      const difference = differenceIn(expected[key], actual[key], `${path}.${key}`, newer);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  return expected === actual ? undefined : differs;
};
