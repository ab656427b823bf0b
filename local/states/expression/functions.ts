import { createHash, randomUUID } from 'node:crypto';
import type { JsonValue } from '../../json.ts';
import { memoryExceeded } from './budget.ts';
import { parseExpression } from './parse.ts';

const hashNames: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};
/** The most numbers that AWS lets a range have. */
const rangeLimit = 360_145;

/** jsonata's own rule for sequences: nothing for none, the value itself for one. */
const asSequence = <T>(values: T[]): T[] | T | undefined => (values.length > 1 ? values : values[0]);

const partition = (values: unknown, size: unknown): unknown[][] | undefined => {
  if (values === undefined) return undefined;
  const list = Array.isArray(values) ? values : [values];
  if (typeof size !== 'number' || size < 0) {
    throw new Error('The second argument of the partition function must be a positive number.');
  }
  const chunk = Math.trunc(size);
  if (chunk === 0 || list.length === 0) return undefined;
  return Array.from({ length: Math.ceil(list.length / chunk) }, (_, index) =>
    list.slice(index * chunk, (index + 1) * chunk),
  );
};

const range = (first: unknown, last: unknown, step: unknown): number[] | number | undefined => {
  if (first === undefined || last === undefined || step === undefined) return undefined;
  if (typeof first !== 'number' || typeof last !== 'number' || typeof step !== 'number') {
    throw new Error('The arguments of the range function must be numbers.');
  }
  const [from, to, by] = [Math.trunc(first), Math.trunc(last), Math.trunc(step)];
  if (by === 0) throw new Error('The step of the range function must not be zero.');
  const length = Math.max(0, Math.floor((to - from) / by) + 1);
  if (length > rangeLimit) throw memoryExceeded();
  return asSequence(Array.from({ length }, (_, index) => from + index * by));
};

const hash = (content: unknown, algorithm: unknown): string | undefined => {
  if (content === undefined || algorithm === undefined) return undefined;
  const name = typeof algorithm === 'string' ? hashNames[algorithm] : undefined;
  if (name === undefined) {
    throw new Error(`The hash function takes one of ${Object.keys(hashNames).join(', ')}.`);
  }
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return createHash(name).update(text).digest('hex');
};

/** [0, 1); with a seed the first number of a java.util.Random of that seed, as on AWS. */
const random = (seed: unknown): number => {
  if (seed === undefined) return Math.random();
  if (typeof seed !== 'number') throw new Error('The argument of the random function must be a number.');
  let state = BigInt.asUintN(48, BigInt(Math.trunc(seed)) ^ 0x5deece66dn);
  const next = (bits: bigint): bigint => {
    state = BigInt.asUintN(48, state * 0x5deece66dn + 0xbn);
    return state >> (48n - bits);
  };
  return Number((next(26n) << 27n) + next(27n)) / 2 ** 53;
};

const parse = (text: unknown): JsonValue | undefined => {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw new Error('The argument of the parse function must be a string.');
  return JSON.parse(text);
};

/** Step Functions' own functions. */
export const stepFunctionsFunctions: Readonly<Record<string, unknown>> = {
  partition,
  range,
  hash,
  random,
  uuid: () => randomUUID(),
  parse,
  // As on AWS there is none: a call is T1006, attempted to invoke a non-function.
  eval: undefined,
};

/** jsonata's functions of time, which all tell the same moment throughout one evaluation. */
export const functionsOfTime = (atMs: number): Record<string, unknown> => ({
  millis: () => atMs,
  now: (picture?: string, timezone?: string): Promise<unknown> =>
    parseExpression('$fromMillis($at, $picture, $timezone)').evaluate(undefined, {
      at: atMs,
      picture,
      timezone,
    }),
});
