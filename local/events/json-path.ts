import type { JsonValue } from '../json.ts';

type Step = string | number;

/** Reads a plain JSON path ($, .name, ['name'], [0]); throws on anything more, as wildcards and filters. */
export const compileJsonPath = (path: string): ((value: JsonValue) => JsonValue | undefined) => {
  const steps: Step[] = [];
  const step = /\.([\w-]+)|\['([^']*)'\]|\[(\d+)\]/y;
  step.lastIndex = 1;
  while (path.startsWith('$') && step.lastIndex < path.length) {
    const [, dotted, quoted, index] = step.exec(path) ?? [];
    if (index !== undefined) steps.push(Number(index));
    else if (dotted !== undefined) steps.push(dotted);
    else if (quoted !== undefined) steps.push(quoted);
    else break;
  }
  if (!path.startsWith('$') || (path.length > 1 && step.lastIndex !== path.length)) {
    throw new Error(`The path '${path}' is not supported.`);
  }
  return (value) => steps.reduce<JsonValue | undefined>(takeStep, value);
};

const takeStep = (value: JsonValue | undefined, step: Step): JsonValue | undefined => {
  if (Array.isArray(value)) return typeof step === 'number' ? value[step] : undefined;
  if (value === null || typeof value !== 'object' || typeof step === 'number') return undefined;
  return value[step];
};
