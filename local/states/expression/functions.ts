import { createHash, randomUUID } from 'node:crypto';
import type { JsonValue } from '../../json.ts';
import { parseExpression } from './parse.ts';

const hashNames: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};
const rangeLimit = 1_000;

/** jsonata's own rule for sequences: nothing for none, the value itself for one. */
const asSequence = <T>(values: T[]): T[] | T | undefined => (values.length > 1 ? values : values[0]);

const partition = (values: unknown, size: unknown): unknown[][] => {
  const list = Array.isArray(values) ? values : [values];
  if (typeof size !== 'number' || !(size >= 1)) {
    throw new Error('The second argument of the partition function must be a positive number.');
  }
  const chunk = Math.floor(size);
  return Array.from({ length: Math.ceil(list.length / chunk) }, (_, index) =>
    list.slice(index * chunk, (index + 1) * chunk),
  );
};

const range = (first: unknown, last: unknown, step: unknown): number[] | number | undefined => {
  if (typeof first !== 'number' || typeof last !== 'number' || typeof step !== 'number' || step === 0) {
    throw new Error('The arguments of the range function must be numbers, and the step not zero.');
  }
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > rangeLimit) throw new Error(`The range function gives at most ${rangeLimit} numbers.`);
  return asSequence(Array.from({ length }, (_, index) => first + index * step));
};

const hash = (content: unknown, algorithm: unknown): string | undefined => {
  if (content === undefined) return undefined;
  const name = typeof algorithm === 'string' ? hashNames[algorithm] : undefined;
  if (name === undefined) {
    throw new Error(`The hash function takes one of ${Object.keys(hashNames).join(', ')}.`);
  }
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return createHash(name).update(text).digest('hex');
};

/** [0, 1) from the seed by way of SHA-256: the same seed gives the same number, though not AWS's number. */
const random = (seed: unknown): number => {
  if (seed === undefined) return Math.random();
  return createHash('sha256').update(String(seed)).digest().readUInt32BE(0) / 2 ** 32;
};

const parse = (text: unknown): JsonValue | undefined => {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw new Error('The argument of the parse function must be a string.');
  return JSON.parse(text);
};

const refuseEval = (): never => {
  throw new Error('The eval function is not available; use parse.');
};

/** Step Functions' own functions, and jsonata's clock functions moved to the given clock. */
export const stepFunctionsFunctions = (nowMs: () => number): Record<string, unknown> => ({
  partition,
  range,
  hash,
  random,
  uuid: () => randomUUID(),
  parse,
  eval: refuseEval,
  millis: nowMs,
  now: (picture?: string, timezone?: string): Promise<unknown> =>
    parseExpression('$fromMillis($at, $picture, $timezone)').evaluate(undefined, {
      at: nowMs(),
      picture,
      timezone,
    }),
});
